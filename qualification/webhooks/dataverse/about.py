"""What a RemoteExecutionContext says of its event: which row, who, and when (Microsoft Learn, "RemoteExecutionContext class")."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from qualification.domain.caller import Caller, CallerKind
from qualification.domain.guid import parse_guid
from qualification.domain.request import Reference
from qualification.webhooks.source import About

ENVIRONMENT = "x-ms-dynamics-organization"
"""Header with the domain name of the environment ("Use webhooks to create external handlers for server events")."""
DOMAIN = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)*\.dynamics\.com", re.ASCII | re.IGNORECASE)
DATE = re.compile(r"/Date\((-?[0-9]{1,14})([+-][0-9]{4})?\)/", re.ASCII)
"""Milliseconds since 1970 in UTC; the offset says only where it was written (.NET, "Stand-Alone JSON Serialization")."""
TABLE = re.compile(r"[a-z0-9_]{1,64}", re.ASCII)


def about_event(context: Mapping[str, Any], headers: Mapping[str, str], row_id: str = "") -> About:
    """The row, who changed it, and when that was; what cannot be read is left out.

    Args:
        context: the RemoteExecutionContext.
        headers: of the call.
        row_id: the row, where the message is about several.
    """
    user = guid(context, "InitiatingUserId")
    return About(
        reference=_reference(context, headers.get(ENVIRONMENT, ""), row_id),
        requested_by=Caller(kind=CallerKind.USER, id=str(user)) if user else None,
        occurred_at=_moment(context.get("OperationCreatedOn")),
    )


def guid(context: Mapping[str, Any], name: str) -> UUID | None:
    """An id in the context; None where there is none."""
    try:
        return parse_guid(context.get(name))
    except ValueError:
        return None


def _reference(context: Mapping[str, Any], environment: str, row_id: str) -> Reference | None:
    table, row = (
        context.get("PrimaryEntityName"),
        guid({"Id": row_id or context.get("PrimaryEntityId")}, "Id"),
    )
    if row is None or not isinstance(table, str) or not TABLE.fullmatch(table):
        return None
    # Microsoft Learn, "Open forms, views, dialogs, and reports with a URL".
    link = f"https://{environment}/main.aspx?pagetype=entityrecord&etn={table}&id={row}"
    return Reference(type=table, id=str(row), url=link if DOMAIN.fullmatch(environment) else None)


def _moment(written: object) -> datetime | None:
    found = DATE.fullmatch(written) if isinstance(written, str) else None
    try:
        return datetime.fromtimestamp(int(found[1]) / 1000, UTC) if found else None
    except (ValueError, OverflowError, OSError):
        return None
