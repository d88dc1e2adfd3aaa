"""An acceptance: what is read for it, what is stored beside the request, and what a lost race costs."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest

from qualification.bootstrap import bootstrap
from qualification.domain.customer import Customer
from qualification.domain.errors import RequestNotFound, StepConflict
from qualification.domain.request import Qualification
from qualification.domain.status import Status
from qualification.use_cases import intake
from qualification.use_cases.intake import Intake
from qualification.use_cases.order import Withdrawal, request_id
from tests.unit.builders import CUSTOMER, NOW, OTHER_CUSTOMER, REQUEST, approved, order, queued, wanted
from tests.unit.stage import SETTINGS, Stage

STATE_OWNED = wanted(Qualification.STATE_OWNED_ENTITY)


def hasty(stage: Stage) -> Intake:
    """The stage's intake, where chance always draws the shortest delay, which is none."""
    return bootstrap(SETTINGS, rows=stage.rows, bus=stage.bus, clock=stage.clock, chance=lambda: 0.0).intake


def reads(stage: Stage) -> list[None]:
    """One entry for each read of all that is stored of a customer, from now on."""
    found: list[None] = []
    stage.rows.during_a_read = lambda: found.append(None)
    return found


async def nothing() -> None:
    """Nobody else is there."""


def others_do(stage: Stage, *changes: Callable[[], Awaitable[object]]) -> None:
    """Another worker does one of these ahead of each of the next transactions, and is not disturbed in it."""

    def undisturbed(change: Callable[[], Awaitable[object]]) -> Callable[[], Awaitable[None]]:
        async def act() -> None:
            others, stage.rows.rivals = stage.rows.rivals, []
            await change()
            stage.rows.rivals = others

        return act

    stage.rows.rivals.extend(undisturbed(each) for each in changes)


@pytest.mark.parametrize(
    ("changes", "count"),
    [({}, 0), ({"daily_limit": 3}, 1), ({"occurred_at": NOW}, 1), ({"daily_limit": 3, "occurred_at": NOW}, 1)],
    ids=["neither", "a daily limit", "a moment", "both"],
)
async def test_a_customer_is_read_first_only_where_that_decides(
    stage: Stage, changes: dict[str, Any], count: int
) -> None:
    """A CRM that marks thousands of new customers waits for one write each; a repeat must not count towards a limit."""
    found = reads(stage)
    await stage.accept(order(**changes))
    assert len(found) == count


async def test_who_finds_somebody_there_reads_what_it_is(stage: Stage) -> None:
    """A repeat is found at the second try: one read for whether it has won after all, and one to decide on."""
    await stage.accept(order())
    stage.clock.advance(timedelta(seconds=1))
    found = reads(stage)
    assert (await stage.accept(order())).request_id == request_id(order())
    assert len(found) == 2


@pytest.mark.parametrize("changes", [{}, {"daily_limit": 0}, {"daily_limit": 3}], ids=["no limit", "above", "below"])
async def test_a_first_request_brings_the_customers_own_row_along(stage: Stage, changes: dict[str, Any]) -> None:
    """Or two requests that exclude each other might both be the first."""
    await stage.accept(order(**changes))
    assert (await stage.state(CUSTOMER)).etag


async def test_what_a_read_changes_of_a_known_customer_holds_up_no_request(stage: Stage) -> None:
    """Only the first one is decided on there being nothing; a review must not make a CRM wait."""
    await stage.put(queued(), Customer(customer_tenant_id=CUSTOMER))

    async def is_read() -> None:
        await stage.store.commit(await stage.state(CUSTOMER), [], Customer(customer_tenant_id=CUSTOMER, looks=1))

    found = reads(stage)
    others_do(stage, is_read)
    await stage.accept(order(STATE_OWNED, source="another", occurred_at=NOW))
    assert len(found) == 2  # the other worker's, and the one that was decided on


async def test_a_lost_race_is_decided_anew_at_once_where_chance_says_so(stage: Stage) -> None:
    """And it takes the number that it has in the day's count already."""

    async def another_begins() -> None:
        await stage.put(queued(), Customer(customer_tenant_id=CUSTOMER))

    others_do(stage, nothing, another_begins)
    record = await hasty(stage).accept(order(STATE_OWNED, source="another", daily_limit=1))
    assert (record.status, record.waiting, record.over_limit) == (Status.QUEUED, None, None)


async def test_who_loses_every_race_is_told_which_request_is_not_stored(stage: Stage) -> None:
    """An engineer finds the customer's other senders from it."""
    active = await stage.put(queued())
    others_do(stage, *[lambda: stage.put(active)] * intake.TRIES)
    with pytest.raises(StepConflict) as lost:
        await hasty(stage).accept(order(wanted(website="contoso.org")))
    expected = f"request {request_id(order())} kept losing races against others for the same customer"
    assert str(lost.value) == expected


async def test_a_mark_that_is_taken_back_survives_a_lost_race(stage: Stage) -> None:
    """The request ends, as the CRM wants it."""
    active = await stage.put(queued())
    others_do(stage, lambda: stage.put(active))
    ended = await hasty(stage).withdraw(Withdrawal(CUSTOMER, "standard"))
    assert ended
    assert ended.status is Status.CANCELLED
    assert await stage.stored(active) == ended


async def test_a_mark_that_cannot_be_taken_back_says_whose_it_is(stage: Stage) -> None:
    """The sender tries again; the log names the customer."""
    active = await stage.put(queued())
    others_do(stage, *[lambda: stage.put(active)] * intake.TRIES)
    with pytest.raises(StepConflict) as lost:
        await hasty(stage).withdraw(Withdrawal(CUSTOMER, "standard"))
    assert str(lost.value) == f"the request of customer {CUSTOMER} kept changing"


async def test_what_is_not_found_is_named(stage: Stage) -> None:
    """Whoever has asked sees which of the two ids is wrong."""
    with pytest.raises(RequestNotFound) as missing:
        await stage.service.intake.find(OTHER_CUSTOMER, REQUEST)
    assert str(missing.value) == f"Customer {OTHER_CUSTOMER} has no request {REQUEST}."


async def test_a_request_above_the_limit_says_so_and_takes_the_place_of_the_unsent(stage: Stage) -> None:
    """It is the CRM's newest mark, whether it may go by itself or not; no hint is queued for it."""
    first = await stage.put(queued())
    record = await stage.accept(order(STATE_OWNED, daily_limit=0, note="website left out"))
    assert (record.over_limit, [entry.note for entry in record.history]) == (0, ["website left out"])
    after = await stage.stored(first)
    assert (after.status, after.history[-1].note) == (Status.CANCELLED, "superseded")
    assert stage.bus.queue == []


async def test_no_hint_is_queued_for_what_is_only_read(stage: Stage) -> None:
    """A correction of an approval is kept, and the next review is due; there is nothing to submit."""
    await stage.put(approved())
    await stage.accept(order(wanted(website="contoso.org")))
    assert stage.bus.queue == []
