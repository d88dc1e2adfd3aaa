"""From a CRM's field names to ours, as WEBHOOK_{SOURCE}_FIELDS says."""

from collections.abc import Mapping
from typing import Any

_ABSENT = object()


def mapped(body: Mapping[str, Any], fields: Mapping[str, str]) -> Mapping[str, Any]:
    """The request in `body`, in our names; without a mapping the body is taken as it is.

    Args:
        body: what the CRM sent.
        fields: our field -> theirs, with dots for nested ones (`data.account.tenantId`). What is absent or null
            stays out.
    """
    if not fields:
        return body
    found = {ours: _dig(body, theirs) for ours, theirs in fields.items()}
    return {ours: value for ours, value in found.items() if value is not _ABSENT and value is not None}


def _dig(body: Mapping[str, Any], path: str) -> Any:
    value: Any = body
    for name in path.split("."):
        if not isinstance(value, Mapping) or name not in value:
            return _ABSENT
        value = value[name]
    return value
