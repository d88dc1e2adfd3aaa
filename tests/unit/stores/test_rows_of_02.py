"""What version 0.2 has stored is read by every later one, and comes to its end."""

import json
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from qualification.domain.budget import VERIFICATIONS
from qualification.domain.record import Record
from qualification.domain.status import Status
from qualification.stores.layout import read_record
from qualification.stores.rows import Row
from tests.unit.builders import row
from tests.unit.golden_file import golden
from tests.unit.stage import Stage
from tests.unit.stand_ins.partner_center import Write
from tests.unit.stores.rows_of_02 import STORIES
from tests.unit.use_cases.decisions import confirm

FIXTURE: dict[str, Any] = golden("rows-0.2.json")
REQUESTS: dict[str, dict[str, str]] = FIXTURE["requests"]
SHOWN = {
    **dict.fromkeys(("revoked", "outcome-unknown", "approved", "submitting", "corrected", "in-review"), "Approved"),
    "denied": "Denied",
}
"""What Partner Center shows from now on of the requests that it has seen."""


def deployed() -> Stage:
    """A service over these rows, at the time when they were last written; Partner Center approves whatever comes."""
    stage = Stage()
    stage.rows.shards = {
        shard: {key: Row(key, value, f"of {key}") for key, value in rows.items()}
        for shard, rows in FIXTURE["rows"].items()
    }
    stage.clock.now = datetime.fromisoformat(FIXTURE["at"])
    stage.partner_center.otherwise = Write(vetting_status="Approved")
    for name, vetting_status in SHOWN.items():
        shown = row(vetting_status, created=stage.clock.now.isoformat())
        stage.partner_center.held[UUID(REQUESTS[name]["customerTenantId"])] = [shown]
    return stage


async def found(stage: Stage, name: str) -> Record:
    """The request of a story, as it is stored now."""
    stored = await stage.store.find(UUID(REQUESTS[name]["customerTenantId"]), UUID(REQUESTS[name]["requestId"]))
    assert stored, name
    return stored.record


def test_there_is_a_row_of_every_kind() -> None:
    """A record in each status, and all that is kept beside them."""
    keys = [key for rows in FIXTURE["rows"].values() for key in rows]
    records = [
        read_record(Row(key, value, "")).record
        for rows in FIXTURE["rows"].values()
        for key, value in rows.items()
        if "|request|" in key
    ]
    assert {record.status for record in records} == set(Status)
    for kind in ("store", "hold", "|guard|", "|customer", "waiting|", "event|", "|queue|", "|review|", "|publish|"):
        assert any(kind in key for key in keys), kind
    assert set(REQUESTS) == set(STORIES)


def test_every_document_has_a_version() -> None:
    """So that a later version can say that an older one must not act on it."""
    for rows in FIXTURE["rows"].values():
        for value in rows.values():
            assert not value.startswith("{") or json.loads(value)["version"] == 1


async def test_each_request_comes_to_its_end() -> None:
    """Somebody resumes and confirms; the rest goes by itself, is published, and leaves nothing behind."""
    stage = deployed()
    await stage.service.holds.resume()
    await confirm(stage, await found(stage, "last-attempt"))
    await stage.live(timedelta(days=45))
    assert {name: (await found(stage, name)).status for name in REQUESTS} == {
        name: each["ends"] for name, each in REQUESTS.items()
    }
    assert "stopped" in stage.alerts
    assert stage.outbox == []
    assert await stage.store.waiting() == []
    corrected = await found(stage, "corrected")
    assert corrected.correction


async def test_nothing_is_sent_that_was_sent_already() -> None:
    """What is in doubt is read, and what counts as spent goes on counting."""
    stage = deployed()
    await stage.service.holds.resume()
    await confirm(stage, await found(stage, "last-attempt"))
    await stage.live(timedelta(days=45))
    sent = [customer_id for _, customer_id, _, _ in stage.partner_center.sent]
    expected = ["customer-unreachable", "last-attempt", "queued"]
    assert sorted(sent) == sorted(UUID(REQUESTS[name]["customerTenantId"]) for name in expected)
    spent = (await stage.state(UUID(REQUESTS["last-attempt"]["customerTenantId"]))).customer.verifications
    assert len(spent) == VERIFICATIONS
