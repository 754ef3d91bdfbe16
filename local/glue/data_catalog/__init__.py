"""The Data Catalog of one account and region: databases, tables with their versions, partitions and indexes."""

from local.glue.data_catalog.service import DataCatalog

__all__ = ["DataCatalog"]
