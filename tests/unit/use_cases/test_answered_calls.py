"""What a call that was answered, or that failed, changes of what holds everybody."""

from typing import Any

import pytest

from qualification.domain.call_errors import PartnerCenterError
from qualification.domain.hold import Cause, Hold, Pause, Personal
from qualification.domain.lone_throttle import LoneThrottle
from tests.unit.builders import CUSTOMER, NOW, OTHER_CUSTOMER, REFUSED, REQUEST
from tests.unit.call_errors import HELD, UNSENT
from tests.unit.stage import Stage
from tests.unit.use_cases.holds import AT_FIRST, CAUSE, HOUR, LOST, hold, stored_hold, told

OVER = Pause(since=NOW - 2 * HOUR, until=NOW - HOUR)
OWN = LoneThrottle(customer_id=CUSTOMER, times=2, others=True, until=NOW)
OTHERS = LoneThrottle(customer_id=OTHER_CUSTOMER, times=2, others=True, until=NOW)
MET: Cause = CAUSE.model_copy(update={"met_by": (OTHER_CUSTOMER,)})
WRITE, PROBE = {"writes": True}, {"writes": True, "probe": True}


@pytest.mark.parametrize(
    ("before", "call", "after"),
    [
        ({"pause": OVER}, {}, {}),
        ({"silent": 2, "silent_since": NOW}, {}, {}),
        ({"lone": OWN}, {}, {}),
        ({"lone": OTHERS.model_copy(update={"others": False})}, {}, {"lone": OTHERS}),
        ({"doubts": (REQUEST,)}, WRITE, {}),
        ({"cause": CAUSE}, {}, {}),
        ({"cause": CAUSE}, PROBE, {}),
        ({"cause": MET}, PROBE, {"personal": (Personal(customer_id=OTHER_CUSTOMER, code="1002"),)}),
    ],
    ids=["pause", "silence", "own row", "somebody's row", "doubts", "cause of reads", "probe", "somebody's cause"],
)
async def test_an_answer_ends_what_it_disproves(
    stage: Stage, before: dict[str, Any], call: dict[str, bool], after: dict[str, Any]
) -> None:
    """Nobody is held longer than there is a reason to."""
    await hold(stage, **before)
    await stage.service.holds.answered(CUSTOMER, NOW, **call)
    assert await stored_hold(stage) == Hold(**after)


@pytest.mark.parametrize(
    ("before", "call"),
    [
        ({}, WRITE),
        ({"doubts": (REQUEST,)}, {}),
        ({"lone": OTHERS}, {}),
        ({"cause": MET}, {}),
        ({"cause": MET}, WRITE),
    ],
    ids=["nothing", "doubts", "somebody's row", "cause of writes", "no probe"],
)
async def test_an_answer_that_changes_nothing_asks_no_store(
    stage: Stage, before: dict[str, Any], call: dict[str, bool]
) -> None:
    """Nearly every call is one: each would read the one row that all share, and fail with it."""
    await hold(stage, **before)
    await stage.service.holds.current()
    stage.rows.down = True
    await stage.service.holds.answered(CUSTOMER, NOW, **call)


async def test_what_never_left_for_a_hold_of_our_own_is_no_silence(stage: Stage) -> None:
    """Partner Center was not asked; the store need not be either."""
    stage.rows.down = True
    assert await stage.service.holds.failed(HELD, CUSTOMER, REQUEST) is HELD


async def test_what_did_not_reach_partner_center_is_a_silence(stage: Stage) -> None:
    """Some of them over hours are an outage, and somebody is told."""
    assert await stage.service.holds.failed(UNSENT, CUSTOMER, REQUEST) is UNSENT
    assert await stored_hold(stage) == Hold(silent=1, silent_since=AT_FIRST)


@pytest.mark.parametrize(("call", "cause"), [({}, CAUSE), ({"probe": True}, None)])
async def test_a_refusal_ends_a_cause_only_as_its_probe(
    stage: Stage, call: dict[str, bool], cause: Cause | None
) -> None:
    """A write that was under way when the cause came says nothing of it."""
    await hold(stage, cause=CAUSE)
    assert await stage.service.holds.failed(REFUSED, CUSTOMER, REQUEST, **call) is REFUSED
    assert await stored_hold(stage) == Hold(cause=cause)


async def test_a_cause_that_one_customer_alone_meets_is_about_that_customer(stage: Stage) -> None:
    """Its own request waits for a person; nobody else is held."""
    before = await hold(stage, personal=(Personal(customer_id=CUSTOMER, code="1002"),))
    error: PartnerCenterError = await stage.service.holds.failed(LOST, CUSTOMER, REQUEST)
    assert (told(error), vars(error)) == (told(LOST), vars(LOST) | {"partner_wide": False})
    assert await stored_hold(stage) == before


async def test_a_read_that_meets_that_cause_is_about_everybody(stage: Stage) -> None:
    """Reads need less than writes: where they are refused, all are."""
    await hold(stage, personal=(Personal(customer_id=CUSTOMER, code="1002"),))
    assert await stage.service.holds.failed(LOST, CUSTOMER) is LOST
    cause = (await stored_hold(stage)).cause
    assert cause == CAUSE.model_copy(update={"since": AT_FIRST, "next_probe": AT_FIRST + HOUR})
