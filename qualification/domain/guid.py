"""GUIDs as Microsoft writes them."""

import re
from random import getrandbits
from uuid import UUID

GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE | re.ASCII)
PASTED = re.compile(
    r"(?:([{(])\s*)?([0-9a-f]{8}(-?)(?:[0-9a-f]{4}\3){3}[0-9a-f]{12})(?(1)\s*[})])", re.IGNORECASE | re.ASCII
)
"""In braces or parentheses, without hyphens, with blanks around: the forms of .NET's Guid that people copy."""
WANTED = "must be a GUID such as 2a14b164-f983-4048-92e1-4f9591b87445"


def parse_guid(value: object) -> UUID:
    """A GUID in its usual form (8-4-4-4-12 hexadecimal digits, any case) as a UUID.

    Raises:
        ValueError: anything else, including the other spellings that Python's UUID would take.
    """
    if isinstance(value, UUID):
        return value
    if isinstance(value, str) and GUID.fullmatch(value):
        return UUID(value)
    raise ValueError(WANTED)


def parse_tenant_id(value: object) -> UUID:
    """A tenant id as people paste it into a CRM: also in braces, without hyphens, with blanks around.

    Raises:
        ValueError: it is no GUID, or the one of all zeros, which no tenant has.
    """
    if isinstance(value, str) and (pasted := PASTED.fullmatch(value.strip())):
        value = UUID(pasted[2])
    found = parse_guid(value)
    if not found.int:
        raise ValueError("must be the id of a tenant, and no tenant has the one of all zeros")
    return found


def tracing_guid() -> UUID:
    """A random GUID (version 4) to trace a call by: nobody gains by guessing it, so the operating system is not asked."""
    return UUID(int=getrandbits(128), version=4)
