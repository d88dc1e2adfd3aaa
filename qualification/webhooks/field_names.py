"""Finds a field of a CRM's record by the name that somebody has typed into the mapping. Pure."""

from collections.abc import Collection, Mapping
from typing import Any

_NOTHING = object()
"""Where there is no field; an empty one is None."""


def dig(record: Mapping[str, Any], path: str) -> Any:
    """The value of a field, or of a nested one with dots in between; None where there is none.

    Raises:
        ValueError: several names differ from the typed one in case only.
    """
    value = _found(record, path)
    return None if value is _NOTHING else value


def is_sent(record: Mapping[str, Any], path: str) -> bool:
    """Whether the record has the field, empty or not.

    Raises:
        ValueError: several names differ from the typed one in case only.
    """
    return _found(record, path) is not _NOTHING


def has(record: Mapping[str, Any], path: str) -> bool:
    """Whether the record has a field of that name, or the one in which a nested one would be."""
    typed = {path.casefold(), path.split(".", 1)[0].casefold()}
    return any(name.casefold() in typed for name in record)


def same_name(names: Collection[str], typed: str) -> str | None:
    """The name that somebody has typed, in another case where it is not there as it was typed; None where it is missing.

    Dataverse sends logical names, which are lower case, where people copy schema names; API names of Salesforce have no
    case. A name that never matches would be passed over in silence for ever.

    Raises:
        ValueError: several differ in case only.
    """
    if typed in names:
        return typed
    folded = typed.casefold()
    found = [name for name in names if name.casefold() == folded]
    if len(found) > 1:
        raise ValueError("is there several times in the CRM's record, under names that differ in case only")
    return found[0] if found else None


def _found(record: Mapping[str, Any], path: str) -> Any:
    # A name with a dot in it is taken before a path of that spelling.
    if (whole := same_name(record, path)) is not None:
        return record[whole]
    value: Any = record
    for step in path.split("."):
        name = same_name(value, step) if isinstance(value, Mapping) else None
        if name is None:
            return _NOTHING
        value = value[name]
    return value
