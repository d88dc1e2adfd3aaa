"""Requests that wait for a person, and what the person says."""

from datetime import timedelta
from typing import Any

from qualification.domain.caller import Caller, CallerKind
from qualification.domain.etag import etag
from qualification.domain.record import Record
from tests.unit.builders import CUSTOMER, UNKNOWN, order, row
from tests.unit.stage import Stage
from tests.unit.stand_ins.partner_center import Write

HOUR = timedelta(hours=1)


DAY = timedelta(days=1)


ANNA = Caller(kind=CallerKind.FUNCTION_KEY, id="0badcafe", name="Anna")


BERT = Caller(kind=CallerKind.FUNCTION_KEY, id="deadbeef")


async def waits_for_the_last_attempt(stage: Stage) -> Record:
    """Two verifications were spent elsewhere."""
    stage.partner_center.held[CUSTOMER] = [
        row("Denied", created="2025-11-20T08:00:00Z"),
        row("Denied", created="2025-12-20T08:00:00Z"),
    ]
    record = await stage.accept(order())
    await stage.deliver()
    return await stage.stored(record)


async def in_doubt(stage: Stage, content: Any = None) -> Record:
    """Written twice, never answered."""
    stage.partner_center.otherwise = Write(error=UNKNOWN, after=None)
    record = await stage.accept(order(content))
    await stage.live(DAY)
    return await stage.stored(record)


async def confirm(stage: Stage, record: Record, by: Caller = ANNA, seen: str | None = None, **body: Any) -> Record:
    """The person has read the record as it is given."""
    tag = seen or etag(record)
    return await stage.service.decisions.confirm(record.customer_tenant_id, record.request_id, tag, by, body)


async def cancel(stage: Stage, record: Record, by: Caller = ANNA, **body: Any) -> Record:
    """The person ends it."""
    return await stage.service.decisions.cancel(record.customer_tenant_id, record.request_id, by, body)


async def retry(stage: Stage, record: Record, by: Caller = ANNA, **body: Any) -> Record:
    """The person wants it now, or again."""
    return await stage.service.decisions.retry(record.customer_tenant_id, record.request_id, by, body)
