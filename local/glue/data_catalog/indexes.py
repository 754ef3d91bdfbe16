"""Partition indexes: kept and told, as on AWS; nothing here is slow enough to need them."""

from local.glue.data_catalog.stores import Stores
from local.glue.errors import AlreadyExists, EntityNotFound, InvalidInput, ResourceNumberLimitExceeded
from local.glue.paging import page
from local.glue.requests import Action, Request, Response

# 'You can create a maximum of three partition indexes on a table' (AWS Glue guide, 'Partition indexes').
INDEXES_A_TABLE = 3


class Indexes:
    """The actions on partition indexes. Source: AWS Glue API, 'Table API'."""

    def __init__(self, stores: Stores) -> None:
        self._stores = stores
        self.actions: dict[str, Action] = {
            "CreatePartitionIndex": self.create,
            "DeletePartitionIndex": self.delete,
            "GetPartitionIndexes": self.get_all,
        }

    def create(self, request: Request) -> Response:
        """CreatePartitionIndex: ACTIVE at once, where AWS fills it first."""
        key = self._stores.key(request)
        index = described(request["PartitionIndex"], self._stores.tables[key].get("PartitionKeys", []))
        kept = self._stores.indexes.get(key, [])
        if any(one["IndexName"] == index["IndexName"] for one in kept):
            raise AlreadyExists(f"Index {index['IndexName']} already exists.")
        if len(kept) >= INDEXES_A_TABLE:
            raise ResourceNumberLimitExceeded(f"A table has at most {INDEXES_A_TABLE} partition indexes.")
        self._stores.indexes[key] = [*kept, index]
        return {}

    def delete(self, request: Request) -> Response:
        """DeletePartitionIndex."""
        key = self._stores.key(request)
        kept = self._stores.indexes.get(key, [])
        left = [one for one in kept if one["IndexName"] != request["IndexName"]]
        if len(left) == len(kept):
            raise EntityNotFound(f"Index {request['IndexName']} not found.")
        self._stores.indexes[key] = left
        return {}

    def get_all(self, request: Request) -> Response:
        """GetPartitionIndexes."""
        kept = self._stores.indexes.get(self._stores.key(request), [])
        by_name = {one["IndexName"]: one for one in kept}
        return page(by_name, request, key="PartitionIndexDescriptorList", size=INDEXES_A_TABLE)


def described(index: Request, partition_keys: list[Request]) -> Response:
    """The index as it is told (`PartitionIndexDescriptor`). Raises InvalidInput for keys that the table has not."""
    types = {key["Name"].lower(): key.get("Type", "") for key in partition_keys}
    if unknown := [name for name in index["Keys"] if name.lower() not in types]:
        known = ", ".join(types) or "none"
        raise InvalidInput(f"Index {index['IndexName']}: {', '.join(unknown)} is no partition key; there are {known}.")
    keys = [{"Name": name.lower(), "Type": types[name.lower()]} for name in index["Keys"]]
    return {"IndexName": index["IndexName"], "Keys": keys, "IndexStatus": "ACTIVE"}
