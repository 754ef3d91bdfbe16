"""Whether a change makes CloudFormation replace a resource: by the resource schemas of AWS, as cfn-lint ships them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Any, Final

from lake.review.differences import Difference

_REGION: Final = "us-east-1"
_ELEMENT: Final = re.compile(r"\[[^\]]*\]")


def replacing(resource_type: str, changed: Iterable[Difference]) -> list[str]:
    """Return the changed properties that a resource can only be created with.

    `changed` has paths within Properties. A type that the schemas do not have, such as one of one's own, has none.
    """
    fixed = _fixed(resource_type)
    found = [each.path for each in changed if any(_within(_ELEMENT.sub("", each.path), name) for name in fixed)]
    return list(dict.fromkeys(found))


@cache
def _fixed(resource_type: str) -> tuple[str, ...]:
    from cfnlint.schema import PROVIDER_SCHEMA_MANAGER, ResourceNotFoundError

    try:
        schema: Any = PROVIDER_SCHEMA_MANAGER.get_resource_schema(_REGION, resource_type).schema
    except ResourceNotFoundError:
        return ()
    pointers = [*schema.get("createOnlyProperties", ()), *schema.get("conditionalCreateOnlyProperties", ())]
    return tuple(pointer.removeprefix("/properties/").replace("/*", "").replace("/", ".") for pointer in pointers)


def _within(path: str, name: str) -> bool:
    return path == name or path.startswith(f"{name}.")
