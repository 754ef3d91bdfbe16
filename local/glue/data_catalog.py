"""The Data Catalog's actions as AWS answers them, where MiniStack's answer is another or none."""

import json

from local.glue.errors import Unsupported
from local.glue.requests import Request
from local.ministack_adapter import Answer, catalog


def answer(action: str, request: Request) -> Answer:
    """The answer to an action of the Data Catalog, already authorized.

    Raises Unsupported for a setting that would be passed over.
    """
    match action:
        case "BatchDeletePartition":
            return _batch_delete_partition(request)
        case "DeletePartition":
            return _delete_partition(request)
        case "UpdatePartition":
            return _update_partition(request)
        case "GetPartitions" if request.get("Expression"):
            raise Unsupported(
                "GetPartitions with an Expression is not supported by the Glue on this machine: "
                "get all partitions and choose among their Values."
            )
        case _:
            return catalog(action, request)


def _batch_delete_partition(request: Request) -> Answer:
    """Those that are there are deleted; of the others each is an error of its own, as AWS has it."""
    table = _without(request, "PartitionsToDelete")
    found = catalog("GetTable", {**_without(table, "TableName"), "Name": request["TableName"]})
    if found[0] != 200:
        return found
    errors = []
    for entry in request["PartitionsToDelete"]:
        one = {**table, "PartitionValues": entry["Values"]}
        status, _, body = _delete_partition(one)
        if status != 200:
            errors.append({"PartitionValues": entry["Values"], "ErrorDetail": _detail(body)})
    return 200, dict(found[1]), json.dumps({"Errors": errors}).encode()


def _delete_partition(request: Request) -> Answer:
    """One that is not there is an error, not a success."""
    found = catalog("GetPartition", request)
    return catalog("DeletePartition", request) if found[0] == 200 else found


def _update_partition(request: Request) -> Answer:
    """As a batch of one, whose error is the action's."""
    entry = {"PartitionValueList": request["PartitionValueList"], "PartitionInput": request["PartitionInput"]}
    batch = {**_without(request, "PartitionValueList", "PartitionInput"), "Entries": [entry]}
    status, headers, body = catalog("BatchUpdatePartition", batch)
    errors = json.loads(body).get("Errors")
    if status != 200 or not errors:
        return status, headers, body if status != 200 else b"{}"
    detail = errors[0]["ErrorDetail"]
    refused = json.dumps({"__type": detail["ErrorCode"], "Message": detail["ErrorMessage"]}).encode()
    return 400, {**headers, "x-amzn-errortype": detail["ErrorCode"]}, refused


def _detail(body: bytes) -> dict[str, str]:
    error = json.loads(body)
    message = error.get("Message") or error.get("message") or ""
    return {"ErrorCode": str(error.get("__type", "")).rsplit("#", 1)[-1], "ErrorMessage": message}


def _without(request: Request, *names: str) -> Request:
    return {name: value for name, value in request.items() if name not in names}
