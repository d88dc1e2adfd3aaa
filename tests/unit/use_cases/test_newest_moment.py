"""The newest moment of a source, as it is kept: what comes later is told by it from what comes late."""

from datetime import datetime, timedelta

import pytest

from qualification.domain.transition import NewestEvent
from qualification.use_cases.order import Withdrawal, request_id
from tests.unit.builders import CUSTOMER, NOW, POLICY, order, wanted
from tests.unit.stage import Stage

SECOND, MOMENT = timedelta(seconds=1), timedelta(microseconds=1)
FIRST = request_id(order())


async def newest(stage: Stage) -> dict[str, NewestEvent]:
    """What is kept, by source."""
    return dict((await stage.state(CUSTOMER)).newest)


@pytest.mark.parametrize(
    ("at", "believed"),
    [
        (NOW - SECOND, NOW - SECOND),
        (NOW + POLICY.clock_ahead, NOW + POLICY.clock_ahead),
        (NOW + POLICY.clock_ahead + MOMENT, NOW),
    ],
    ids=["past", "ahead by as much as clocks may be", "long to come"],
)
async def test_a_moment_is_believed_unless_it_is_long_to_come(stage: Stage, at: datetime, believed: datetime) -> None:
    """A CRM administrator whose clock is a year ahead is not unheard for a year."""
    await stage.accept(order(occurred_at=at))
    assert await newest(stage) == {"standard": NewestEvent(believed, FIRST)}


async def test_what_comes_late_leaves_the_newest_as_it_is(stage: Stage) -> None:
    """Or the next late one would be taken for the newest."""
    await stage.accept(order(occurred_at=NOW))
    await stage.accept(order(wanted(website="contoso.org"), event_id="evt-0", occurred_at=NOW - SECOND))
    assert await newest(stage) == {"standard": NewestEvent(NOW, FIRST)}


async def test_a_mark_taken_back_is_remembered_where_there_is_no_request(stage: Stage) -> None:
    """The mark itself may come late."""
    assert await stage.service.intake.withdraw(Withdrawal(CUSTOMER, "standard", occurred_at=NOW)) is None
    assert await newest(stage) == {"standard": NewestEvent(NOW, None)}


async def test_the_same_moment_again_stores_nothing(stage: Stage) -> None:
    """A sender that repeats its call costs a read."""
    withdrawal = Withdrawal(CUSTOMER, "standard", occurred_at=NOW)
    await stage.service.intake.withdraw(withdrawal)
    before = stage.rows.transactions
    await stage.service.intake.withdraw(withdrawal)
    assert stage.rows.transactions == before
