"""The rows that version 0.2 writes for a request in every status, and for all that is kept beside requests.

    python -m tests.unit.stores.rows_of_02 > tests/unit/golden/rows-0.2.json

wrote the fixture. It is written again only as long as 0.2 is not released; later versions read it as it is.
"""

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from qualification.domain.call_errors import Refused
from qualification.domain.record import Record
from tests.unit.builders import NO_RELATIONSHIP, REFUSED, UNKNOWN, order, row, wanted
from tests.unit.stage import Stage
from tests.unit.stand_ins.partner_center import Write
from tests.unit.use_cases.decisions import cancel

DAY = timedelta(days=1)
NOTHING = Write(error=UNKNOWN, after=None)

type Story = Callable[[Stage, UUID], Awaitable[Record]]


async def _accepted(stage: Stage, customer_id: UUID, **content: Any) -> Record:
    return await stage.accept(
        order(wanted(**content), customer_tenant_id=customer_id, event_id=f"evt-{customer_id.int}")
    )


async def _submitted(stage: Stage, customer_id: UUID, write: Write) -> Record:
    stage.partner_center.writes.append(write)
    return await stage.submit(await _accepted(stage, customer_id))


async def _waits_for_last_attempt(stage: Stage, customer_id: UUID) -> Record:
    stage.partner_center.held[customer_id] = [row("Denied", created=f"2025-0{month}-01T00:00:00Z") for month in (1, 2)]
    return await stage.submit(await _accepted(stage, customer_id))


async def _waits_for_relationship(stage: Stage, customer_id: UUID) -> Record:
    stage.partner_center.failing_reads[customer_id] = NO_RELATIONSHIP
    return await stage.submit(await _accepted(stage, customer_id))


async def _in_doubt(stage: Stage, customer_id: UUID) -> Record:
    return await _submitted(stage, customer_id, NOTHING)


async def _outcome_unknown(stage: Stage, customer_id: UUID) -> Record:
    stage.partner_center.writes.extend([NOTHING, NOTHING])
    record = await stage.submit(await _accepted(stage, customer_id))
    await stage.live(DAY / 2)
    return await stage.stored(record)


async def _corrected_in_doubt(stage: Stage, customer_id: UUID) -> Record:
    record = await _submitted(stage, customer_id, NOTHING)
    correction = order(
        wanted(website="fabrikam.edu"), customer_tenant_id=customer_id, event_id=f"fix-{customer_id.int}"
    )
    await stage.accept(correction)
    return await stage.stored(record)


async def _in_review(stage: Stage, customer_id: UUID) -> Record:
    return await _submitted(stage, customer_id, Write())


async def _approved(stage: Stage, customer_id: UUID) -> Record:
    return await _submitted(stage, customer_id, Write(vetting_status="Approved"))


async def _denied(stage: Stage, customer_id: UUID) -> Record:
    record = await _in_review(stage, customer_id)
    stage.partner_center.held[customer_id] = [row("Denied", created=stage.clock.now.isoformat())]
    await stage.live(DAY / 12)
    return await stage.stored(record)


async def _failed(stage: Stage, customer_id: UUID) -> Record:
    refused = Refused(REFUSED.code, REFUSED.description, http_status=400, remedy=REFUSED.remedy)
    return await _submitted(stage, customer_id, Write(error=refused, after=None))


async def _revoked(stage: Stage, customer_id: UUID) -> Record:
    record = await _approved(stage, customer_id)
    stage.partner_center.held[customer_id] = [row("Denied", created=stage.clock.now.isoformat())]
    await stage.live(40 * DAY)
    return await stage.stored(record)


async def _cancelled(stage: Stage, customer_id: UUID) -> Record:
    return await cancel(stage, await _accepted(stage, customer_id), note="ordered by mistake")


STORIES: dict[str, tuple[Story, str]] = {
    "revoked": (_revoked, "Approved"),
    "outcome-unknown": (_outcome_unknown, "Approved"),
    "denied": (_denied, "Denied"),
    "failed": (_failed, "Failed"),
    "cancelled": (_cancelled, "Cancelled"),
    "approved": (_approved, "Approved"),
    "customer-unreachable": (_waits_for_relationship, "Approved"),
    "last-attempt": (_waits_for_last_attempt, "Approved"),
    "submitting": (_in_doubt, "Approved"),
    "corrected": (_corrected_in_doubt, "Approved"),
    "in-review": (_in_review, "Approved"),
    "queued": (_accepted, "Approved"),
}
"""What happens to a request, those first that take time; and how it ends once Partner Center approves all it can."""


async def written() -> dict[str, object]:
    """The rows, and about each request what it is and how it ends; nothing that was published last is published yet."""
    stage = Stage()
    about = {}
    for number, (name, (story, ends)) in enumerate(STORIES.items()):
        record = await story(stage, UUID(int=1_000 + number))
        about[name] = {
            "customerTenantId": str(record.customer_tenant_id),
            "requestId": str(record.request_id),
            "ends": ends,
        }
    stage.bus.down = True
    await stage.service.holds.stop("operator", "an upgrade")
    rows = {
        shard: {row.key: row.value for row in sorted(found.values(), key=lambda row: row.key)}
        for shard, found in sorted(stage.rows.shards.items())
    }
    return {"at": stage.clock.now.isoformat(), "requests": about, "rows": rows}


if __name__ == "__main__":
    json.dump(asyncio.run(written()), sys.stdout, indent=1)
    sys.stdout.write("\n")
