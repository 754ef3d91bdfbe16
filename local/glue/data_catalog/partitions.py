"""The partitions of the catalog's tables."""

import json
import zlib

from local.glue import model
from local.glue.data_catalog.expressions import predicate
from local.glue.data_catalog.stores import Stores
from local.glue.data_catalog.tables import detail
from local.glue.errors import AlreadyExists, EntityNotFound, GlueError, InvalidInput
from local.glue.paging import page
from local.glue.platform import now
from local.glue.requests import Action, Request, Response

PAGE = 1000

Values = tuple[str, ...]


class Partitions:
    """The actions on partitions. Source: AWS Glue API, 'Partition API'."""

    def __init__(self, stores: Stores) -> None:
        self._stores = stores
        self.actions: dict[str, Action] = {
            "CreatePartition": self.create,
            "BatchCreatePartition": self.create_all,
            "UpdatePartition": self.update,
            "BatchUpdatePartition": self.update_all,
            "DeletePartition": self.delete,
            "BatchDeletePartition": self.delete_all,
            "GetPartition": self.get,
            "BatchGetPartition": self.get_batch,
            "GetPartitions": self.get_all,
        }

    def create(self, request: Request) -> Response:
        """CreatePartition."""
        key = self._stores.key(request)
        found = self._by_values(key)
        self._add(key, found, request["PartitionInput"])
        self._keep(key, found)
        return {}

    def create_all(self, request: Request) -> Response:
        """BatchCreatePartition: each partition that cannot be made is an error of its own."""
        key = self._stores.key(request)
        found, errors = self._by_values(key), []
        for given in request["PartitionInputList"]:
            try:
                self._add(key, found, given)
            except GlueError as problem:
                errors.append({"PartitionValues": given.get("Values", []), "ErrorDetail": detail(problem)})
        self._keep(key, found)
        return {"Errors": errors}

    def update(self, request: Request) -> Response:
        """UpdatePartition: the whole definition is replaced; the values stay."""
        key = self._stores.key(request)
        found = self._by_values(key)
        self._put(key, found, request["PartitionValueList"], request["PartitionInput"])
        self._keep(key, found)
        return {}

    def update_all(self, request: Request) -> Response:
        """BatchUpdatePartition: each partition that cannot be changed is an error of its own."""
        key = self._stores.key(request)
        found, errors = self._by_values(key), []
        for entry in request["Entries"]:
            try:
                self._put(key, found, entry["PartitionValueList"], entry["PartitionInput"])
            except GlueError as problem:
                errors.append({"PartitionValueList": entry["PartitionValueList"], "ErrorDetail": detail(problem)})
        self._keep(key, found)
        return {"Errors": errors}

    def delete(self, request: Request) -> Response:
        """DeletePartition."""
        key = self._stores.key(request)
        found = self._by_values(key)
        self._existing(found, request["PartitionValues"])
        del found[tuple(request["PartitionValues"])]
        self._keep(key, found)
        return {}

    def delete_all(self, request: Request) -> Response:
        """BatchDeletePartition: each partition that is not there is an error of its own."""
        key = self._stores.key(request)
        found, errors = self._by_values(key), []
        for entry in request["PartitionsToDelete"]:
            try:
                self._existing(found, entry["Values"])
                del found[tuple(entry["Values"])]
            except EntityNotFound as problem:
                errors.append({"PartitionValues": entry["Values"], "ErrorDetail": detail(problem)})
        self._keep(key, found)
        return {"Errors": errors}

    def get(self, request: Request) -> Response:
        """GetPartition."""
        found = self._by_values(self._stores.key(request))
        return {"Partition": self._existing(found, request["PartitionValues"])}

    def get_batch(self, request: Request) -> Response:
        """BatchGetPartition: 'the partition values for which partitions were not returned' are unprocessed keys."""
        found = self._by_values(self._stores.key(request))
        asked = {tuple(entry["Values"]): entry for entry in request["PartitionsToGet"]}
        return {
            "Partitions": [found[values] for values in asked if values in found],
            "UnprocessedKeys": [entry for values, entry in asked.items() if values not in found],
        }

    def get_all(self, request: Request) -> Response:
        """GetPartitions: those that the Expression holds for, of the Segment that is asked for."""
        key = self._stores.key(request)
        found = self._by_values(key)
        if request.get("Expression"):
            keys = self._stores.tables[key].get("PartitionKeys", [])
            holds = predicate(request["Expression"], keys)
            found = {values: one for values, one in found.items() if holds(values)}
        if request.get("Segment"):
            found = {values: one for values, one in found.items() if _in_segment(values, request["Segment"])}
        answer = page(found, request, key="Partitions", size=PAGE)
        if request.get("ExcludeColumnSchema"):
            answer["Partitions"] = [_without_columns(one) for one in answer["Partitions"]]
        return answer

    def _by_values(self, key: str) -> dict[Values, Response]:
        return {tuple(one["Values"]): one for one in self._stores.partitions.get(key, [])}

    def _keep(self, key: str, found: dict[Values, Response]) -> None:
        self._stores.partitions[key] = list(found.values())

    def _existing(self, found: dict[Values, Response], values: list[str]) -> Response:
        if tuple(values) not in found:
            raise EntityNotFound(f"Cannot find partition {values}.")
        return found[tuple(values)]

    def _add(self, key: str, found: dict[Values, Response], given: Request) -> None:
        values = tuple(given.get("Values", []))
        if len(values) != len(self._stores.tables[key].get("PartitionKeys", [])):
            raise InvalidInput("The number of partition keys do not match the number of partition values.")
        if values in found:
            raise AlreadyExists("Partition already exists.")
        found[values] = self._made(key, given, list(values), created=now())

    def _put(self, key: str, found: dict[Values, Response], values: list[str], given: Request) -> None:
        before = self._existing(found, values)
        if given.get("Values", values) != values:
            raise InvalidInput(f"The values of partition {values} cannot be changed: delete it and make another.")
        found[tuple(values)] = self._made(key, given, values, created=before["CreationTime"])

    def _made(self, key: str, given: Request, values: list[str], *, created: float) -> Response:
        table = self._stores.tables[key]
        return model.members(
            "Partition",
            {
                **given,
                "Values": values,
                "DatabaseName": table["DatabaseName"],
                "TableName": table["Name"],
                "CatalogId": self._stores.account,
                "CreationTime": created,
            },
        )


def _in_segment(values: Values, segment: Request) -> bool:
    """Each partition is in one of the segments, always the same."""
    number, total = segment["SegmentNumber"], segment["TotalSegments"]
    if number >= total:
        raise InvalidInput(f"SegmentNumber must be from 0 to {total - 1}, one less than TotalSegments, not {number}.")
    return bool(zlib.crc32(json.dumps(values).encode()) % total == number)


def _without_columns(partition: Response) -> Response:
    descriptor = partition.get("StorageDescriptor")
    if descriptor is None:
        return partition
    kept = {name: value for name, value in descriptor.items() if name != "Columns"}
    return {**partition, "StorageDescriptor": kept}
