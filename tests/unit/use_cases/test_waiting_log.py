"""What waits is logged as a state: a line a request and quarter of an hour, for as long as it waits."""

from collections import Counter
from datetime import timedelta
from uuid import UUID

import pytest

from qualification.domain.errors import StoreUnavailable
from qualification.domain.hold import Cause, Hold, Pause, Stop
from qualification.domain.record import Record
from qualification.domain.waiting import Reason, Waiting, WaitingRequest
from qualification.stores.keys import request_key, shard_of, waiting_key
from qualification.stores.rows import Row
from qualification.use_cases.ports import StoredHold
from qualification.use_cases.waiting_log import COUNTED, EVERY, LINES, WaitingLog, first_of_each_reason
from tests.unit.builders import CUSTOMER, NOW, PARTNER, REQUEST, queued, wanted
from tests.unit.stage import Stage

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
CRM = {"type": "Account", "id": "0015e00000ZkM3hAAF"}


async def waits(
    stage: Stage, reason: Reason = Reason.LAST_ATTEMPT, hours: float = 2, customer_id: UUID | None = None
) -> Record:
    """A request that has waited for so long."""
    waiting = Waiting(reason=reason, detail="It waits.", remedy="Confirm or cancel.", since=NOW - hours * HOUR)
    record = queued(wanted(reference=CRM), waiting=waiting.model_copy(update={"alerted": True}))
    new = customer_id or stage.new_id()
    return await stage.put(record.changed(customer_tenant_id=new, request_id=new if customer_id is None else REQUEST))


def lines(caplog: pytest.LogCaptureFixture, event: str) -> list[dict[str, object]]:
    """What the lines of an event say."""
    return [vars(each) for each in caplog.records if vars(each).get("event") == event]


async def test_a_request_that_waits_has_a_line_with_all_that_a_mail_needs(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    """Whose it is, why, the CRM's record, and what to do; and one line says how many there are."""
    await waits(stage, customer_id=CUSTOMER)
    await stage.service.waiting_log.write()
    [line] = lines(caplog, "request_waiting")
    assert {
        "requestId": str(REQUEST),
        "customerTenantId": str(CUSTOMER),
        "qualification": "Education",
        "status": "Queued",
        "source": "standard",
        "reference": "Account:0015e00000ZkM3hAAF",
        "reason": "last-attempt",
        "kind": "decision",
        "detail": "It waits.",
        "remedy": "Confirm or cancel.",
        "alerted": True,
        "hours": 2.0,
    }.items() <= line.items()
    [summary] = lines(caplog, "requests_waiting")
    assert (summary["waiting"], summary["logged"], summary["more"]) == (1, 1, 0)


async def test_there_is_a_line_each_quarter_of_an_hour(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    """By the clock, so that a timer that runs a second late misses none; and none once nothing waits."""
    record = await waits(stage)
    for _ in range(30):
        await stage.service.waiting_log.write()
        stage.clock.advance(MINUTE)
    assert len(lines(caplog, "request_waiting")) == 30 * MINUTE / EVERY
    await stage.put(record.changed(waiting=None))
    await stage.service.waiting_log.write()
    assert len(lines(caplog, "request_waiting")) == 2
    assert [each["waiting"] for each in lines(caplog, "requests_waiting")] == [1, 1, 0]


async def test_of_many_a_bounded_number_have_lines(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    """Those that wait longest, each reason in turn; one line says how many more there are."""
    for number in range(LINES + 20):
        await waits(stage, Reason.CUSTOMER_UNREACHABLE, hours=100 + number)
    await waits(stage, Reason.OUTCOME_UNKNOWN, hours=1)
    await stage.service.waiting_log.write()
    found = lines(caplog, "request_waiting")
    assert Counter(each["reason"] for each in found) == {"customer-unreachable": LINES - 1, "outcome-unknown": 1}
    longest = [each["hours"] for each in found if each["reason"] == "customer-unreachable"]
    assert longest == [100.0 + number for number in reversed(range(21, LINES + 20))]
    [summary] = lines(caplog, "requests_waiting")
    assert (summary["waiting"], summary["logged"], summary["more"]) == (LINES + 21, LINES, 21)


def test_the_reasons_take_turns() -> None:
    """A hundred customers out of reach do not hide the one write in doubt; of each reason whoever waits longest is first."""
    unreachable, unknown, last = Reason.CUSTOMER_UNREACHABLE, Reason.OUTCOME_UNKNOWN, Reason.LAST_ATTEMPT
    waiting = [
        (unreachable, 9),
        (unreachable, 8),
        (unreachable, 7),
        (unknown, 6),
        (last, 6),
        (unknown, 5),
        (unknown, 4),
    ]
    found = [WaitingRequest(CUSTOMER, UUID(int=hours), reason, NOW - hours * HOUR) for reason, hours in waiting]
    assert [(each.reason, (NOW - each.since) / HOUR) for each in first_of_each_reason(found)] == [
        *((unreachable, 9), (unknown, 6), (last, 6)),
        *((unreachable, 8), (unknown, 5)),
        *((unreachable, 7), (unknown, 4)),
    ]


async def test_of_each_shard_a_bounded_number_is_looked_for(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    """However many wait, the lines of a quarter of an hour cost the store the same."""
    record = queued()
    for number in range(COUNTED + 1):
        waiting = Waiting(reason=Reason.LAST_ATTEMPT, detail="It waits.", remedy="Confirm.", since=NOW)
        key = waiting_key(record.changed(request_id=UUID(int=number)), waiting)
        stage.rows.shards.setdefault(shard_of(CUSTOMER), {})[key] = Row(key, "{}", "1")
    await stage.service.waiting_log.write()
    [summary] = lines(caplog, "requests_waiting")
    assert summary["waiting"] == COUNTED


async def test_what_has_gone_on_meanwhile_has_no_line(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    """The row that says that it waits is read before its record."""
    record = await waits(stage, customer_id=CUSTOMER)
    other = await waits(stage)
    key = request_key(record.customer_tenant_id, record.request_id)
    stage.rows.during_a_read = lambda: stage.rows.shards[shard_of(CUSTOMER)].pop(key, None)
    await stage.service.waiting_log.write()
    assert [each["requestId"] for each in lines(caplog, "request_waiting")] == [str(other.request_id)]


async def test_what_holds_everybody_has_a_line_for_each_part(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    """The requests that it holds have none, unless they wait for something of their own."""
    await stage.put(queued())
    hold = Hold(
        stop=Stop(since=NOW - HOUR, by="Anna (key 0badcafe)", note="an audit"),
        cause=Cause(
            reason=Reason.ACCESS_LOST,
            code="10001",
            detail="MFA is missing.",
            remedy="Sign in.",
            since=NOW - 3 * HOUR,
            next_probe=NOW,
        ),
        pause=Pause(since=NOW - 2 * HOUR, until=NOW + HOUR),
    )
    await stage.store.put_hold(PARTNER, StoredHold(Hold(), None), hold)
    await stage.service.waiting_log.write()
    found = lines(caplog, "everybody_held")
    assert [(each["part"], each["reason"], each["hours"]) for each in found] == [
        ("pause", "throttled", 2.0),
        ("cause", "access-lost", 3.0),
        ("stop", "stopped", 1.0),
    ]
    assert (found[1]["detail"], found[1]["remedy"]) == ("MFA is missing.", "Sign in.")
    assert (found[2]["by"], "an audit" in str(found[2]["detail"])) == ("Anna (key 0badcafe)", True)
    assert lines(caplog, "request_waiting") == []
    stage.clock.advance(HOUR)
    await stage.service.holds.resume()
    await stage.service.waiting_log.write()
    assert [each["part"] for each in lines(caplog, "everybody_held")[3:]] == ["cause"]


async def test_a_store_that_was_down_has_its_lines_in_the_next_run(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    """A quarter of an hour is done once its lines are written."""
    await waits(stage)
    log = WaitingLog(store=stage.store, holds=stage.service.holds, clock=stage.clock)
    stage.rows.down = True
    with pytest.raises(StoreUnavailable):
        await log.write()
    stage.rows.down = False
    await log.write()
    assert len(lines(caplog, "request_waiting")) == 1
