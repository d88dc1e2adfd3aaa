"""Addresses of link ends (AMQP 1.0 part 3, sections 3.5.3 and 3.5.4)."""

import re
from typing import Any

from sandbox.service_bus.amqp.types import Described, Symbol

CBS = "$cbs"
MANAGEMENT = "/$management"
SESSION_FILTER = Symbol("com.microsoft:session-filter")
_SCHEME_AND_HOST = re.compile(r"^\w+://[^/]*/")
_ADDRESS, _FILTER = 0, 7


def address_of(terminus: Described | None) -> str:
    """Return the entity path of a source or target: scheme and host say nothing here. Empty if there is none."""
    fields = terminus.value if terminus else []
    address = fields[_ADDRESS] if fields else None
    return _SCHEME_AND_HOST.sub("", address).strip("/") if isinstance(address, str) else ""


def wants_session(source: Described | None) -> bool:
    """Tell whether a source asks for a session."""
    return SESSION_FILTER in _filters(source)


def session_id_of(source: Described | None) -> str | None:
    """Return the session id that a source asks for, None for any session."""
    wanted = _filters(source).get(SESSION_FILTER)
    wanted = wanted.value if isinstance(wanted, Described) else wanted
    return None if wanted is None else str(wanted)


def with_session_id(source: Described, session_id: str) -> Described:
    """Return the source with the id of the session that was found, as the receiver expects it in the answer."""
    fields = list(source.value)
    fields[_FILTER] = _filters(source) | {SESSION_FILTER: session_id}
    return Described(source.descriptor, fields)


def _filters(source: Described | None) -> dict[Any, Any]:
    fields = source.value if source else []
    return (fields[_FILTER] if len(fields) > _FILTER else None) or {}
