"""An alert says whether a state is logged as well: the rule on single happenings reads only those of which none is."""

from datetime import timedelta

import pytest

from qualification.domain.status import Status
from tests.unit.builders import (
    ACCESS_LOST,
    CUSTOMER,
    NO_RELATIONSHIP,
    OLD_DENIAL,
    approved,
    order,
    row,
    wanted,
)
from tests.unit.stage import Stage

DAY = timedelta(days=1)


def told(caplog: pytest.LogCaptureFixture) -> dict[str, bool]:
    """Whether each alert, by its reason, is lasting."""
    found = [vars(each) for each in caplog.records if vars(each).get("event") == "attention"]
    return {each["reason"]: each["lasting"] for each in found}


def states(caplog: pytest.LogCaptureFixture) -> set[str]:
    """The reasons of all states that were logged."""
    found = [vars(each) for each in caplog.records]
    return {each["reason"] for each in found if each.get("event") in {"request_waiting", "everybody_held"}}


async def test_what_a_request_waits_for_lasts(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    """And has its line with the next run."""
    stage.partner_center.held[CUSTOMER] = [
        row("Denied", created=OLD_DENIAL),
        row("Denied", created="2025-12-20T08:00:00Z"),
    ]
    await stage.accept(order())
    await stage.deliver()
    await stage.service.waiting_log.write()
    assert told(caplog) == {"last-attempt": True}
    assert states(caplog) == {"last-attempt"}


async def test_what_holds_everybody_lasts(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    """A cause, and a person's stop."""
    stage.partner_center.signing_in_fails = ACCESS_LOST
    await stage.accept(order())
    await stage.deliver()
    await stage.service.holds.stop("anna", None)
    await stage.service.waiting_log.write()
    assert told(caplog) == {"access-lost": True, "stopped": True}
    assert states(caplog) == {"access-lost", "stopped"}


async def test_what_is_above_a_daily_limit_lasts(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    """The alert is about the source, the lines are about the requests."""
    for number in range(2):
        customer_id = stage.new_id()
        await stage.accept(order(customer_tenant_id=customer_id, event_id=str(number), daily_limit=1))
    await stage.service.waiting_log.write()
    assert told(caplog) == {"daily-limit": True}
    assert states(caplog) == {"daily-limit"}


async def test_a_correction_that_is_not_sent_does_not_last(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    """No request waits for anything because of it."""
    await stage.put(approved())
    await stage.accept(order(wanted(website="newer.edu"), event_id="evt-2"))
    await stage.service.waiting_log.write()
    assert told(caplog) == {"correction-ignored": False}
    assert states(caplog) == set()


async def test_what_a_later_read_of_an_ended_request_meets_does_not_last(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    """It is told once, and nothing waits."""
    stage.partner_center.failing_reads[CUSTOMER] = NO_RELATIONSHIP
    record = await stage.put(approved())
    await stage.live(40 * DAY, every=DAY)
    await stage.service.waiting_log.write()
    assert (await stage.stored(record)).status is Status.APPROVED
    assert told(caplog) == {"customer-unreachable": False}
    assert states(caplog) == set()
