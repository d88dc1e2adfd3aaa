import asyncio
from collections.abc import Iterable
from datetime import timedelta

import pytest

from qualification.domain.errors import PartnerCenterError, StepConflict, StoreUnavailable
from qualification.domain.record import Record, Status
from qualification.domain.request import Qualification
from qualification.use_cases.due_work import RUN_FOR, Run
from qualification.use_cases.review import Reviewed
from tests.unit.builders import (
    ACCESS_LOST,
    CUSTOMER,
    NO_RELATIONSHIP,
    OTHER_CUSTOMER,
    PARTNER,
    POLICY,
    REFUSED,
    TROUBLES,
    UNAVAILABLE,
    approved,
    in_review,
    queued,
    row,
    throttled,
    wanted,
)
from tests.unit.stage import Stage
from tests.unit.stand_ins.store import StandInStore

MICROSECOND = timedelta(microseconds=1)


async def reviewed(stage: Stage, records: Iterable[Record], concurrency: int = 1) -> Reviewed:
    """A run that begins now reviews these."""
    until = stage.clock.now + RUN_FOR
    return await stage.reviews(concurrency).review(
        [each.customer_tenant_id for each in records], until, asyncio.Event()
    )


async def review(stage: Stage, after: timedelta = POLICY.review_first) -> Run:
    """The timer fires when the first look is due."""
    return await stage.advance(by=after)


def in_reviews(stage: Stage, count: int) -> list[Record]:
    """So many customers of whom Partner Center says what it said before."""
    records = [stage.put(in_review(request_id=stage.new_id(), customer_tenant_id=stage.new_id())) for _ in range(count)]
    for record in records:
        stage.partner_center.held[record.customer_tenant_id] = [row("InReview")]
    return records


async def test_one_look_serves_all_of_a_customers_requests(stage: Stage) -> None:
    """Due or not: what Partner Center says is about all of them."""
    education = stage.put(approved(request_id=stage.new_id()))
    state_owned = stage.put(in_review(wanted(Qualification.STATE_OWNED_ENTITY)))
    stage.partner_center.held[CUSTOMER] = [row("Denied"), row("Approved", Qualification.STATE_OWNED_ENTITY)]
    run = await review(stage)
    assert stage.partner_center.looks == [CUSTOMER]
    assert stage.stored(education).status is Status.REVOKED
    assert stage.stored(state_owned).status is Status.APPROVED
    assert (run.reviewed.customers, run.reviewed.changed) == (1, 2)


async def test_a_customer_without_a_due_review_is_not_looked_at(stage: Stage) -> None:
    """A moment too early is too early."""
    stage.put(in_review())
    await review(stage, POLICY.review_first - MICROSECOND)
    assert stage.partner_center.looks == []


async def test_a_customer_is_looked_at_once_a_run(stage: Stage) -> None:
    """Even where two of its requests are due on two pages."""
    stage.store.page = 1
    stage.put(in_review())
    stage.put(in_review(wanted(Qualification.STATE_OWNED_ENTITY), request_id=stage.new_id()))
    await review(stage)
    assert stage.partner_center.looks == [CUSTOMER]


async def test_an_end_is_told(stage: Stage) -> None:
    """At once, by the run that saw it."""
    stage.put(in_review())
    stage.partner_center.held[CUSTOMER] = [row("Denied")]
    await review(stage)
    assert [event.data["status"] for event in stage.bus.topic] == ["Denied"]


async def test_what_has_not_changed_is_saved_together(stage: Stage) -> None:
    """Looking costs one transaction for many customers, not one each."""
    records = in_reviews(stage, 20)
    run = await review(stage)
    assert (run.reviewed.customers, run.reviewed.changed) == (20, 0)
    assert stage.store.batches == [20]
    for record in records:
        work = stage.stored(record).work
        assert work
        assert work.due > stage.clock.now


async def test_an_answer_for_somebody_elses_qualification_changes_nothing(stage: Stage) -> None:
    """Rows are told apart by their qualification."""
    stage.put(in_review())
    stage.partner_center.held[CUSTOMER] = [row("Denied", Qualification.STATE_OWNED_ENTITY)]
    await review(stage)
    assert stage.stored(in_review()).status is Status.IN_REVIEW


@pytest.mark.parametrize("error", [throttled(), ACCESS_LOST], ids=lambda error: error.code)
async def test_what_stops_everybody_ends_the_round(stage: Stage, error: PartnerCenterError) -> None:
    """Nobody else is looked at; they are still due at the next run."""
    records = in_reviews(stage, 5)
    stage.partner_center.reading_fails = error
    run = await review(stage)
    assert len(stage.partner_center.looks) == 1
    assert (run.complete, run.reviewed.customers) == (False, 0)
    stage.partner_center.reading_fails = None
    await stage.advance()
    assert sorted(stage.partner_center.looks[1:]) == sorted(record.customer_tenant_id for record in records[1:])


@pytest.mark.parametrize("error", [UNAVAILABLE, REFUSED, NO_RELATIONSHIP], ids=lambda error: error.code)
async def test_what_stops_one_customer_does_not_stop_the_others(stage: Stage, error: PartnerCenterError) -> None:
    """Each is asked, and asked again later."""
    in_reviews(stage, 5)
    stage.partner_center.reading_fails = error
    run = await review(stage)
    assert len(stage.partner_center.looks) == 5
    assert run.complete


@pytest.mark.parametrize("error", [*TROUBLES, REFUSED], ids=lambda error: error.code)
async def test_a_look_that_fails_never_ends_a_request(stage: Stage, error: PartnerCenterError) -> None:
    """It is looked at again when the error says."""
    stage.put(in_review())
    stage.partner_center.reading_fails = error
    await review(stage)
    record = stage.stored(in_review())
    assert record.status is Status.IN_REVIEW
    assert record.work
    assert record.work.due > stage.clock.now
    assert record.error
    assert record.error.code == error.code


async def test_lost_access_is_told_once_and_is_news_again_once_it_was_mended(stage: Stage) -> None:
    """However many requests wait, and however often they are tried."""
    in_reviews(stage, 3)
    for _ in range(5):
        stage.partner_center.reading_fails = ACCESS_LOST
        await stage.advance(by=POLICY.retry_max)
    assert [event.data["reason"] for event in stage.bus.topic] == ["access-lost"]
    assert list(stage.store.causes) == [("access-lost:invalid_grant", PARTNER)]
    stage.partner_center.reading_fails = None
    await stage.advance(by=POLICY.review_max)
    assert stage.store.causes == {}
    stage.partner_center.reading_fails = ACCESS_LOST
    await stage.advance(by=POLICY.review_max)
    assert [event.data["reason"] for event in stage.bus.topic] == ["access-lost", "access-lost"]


async def test_a_record_that_changed_meanwhile_is_left_to_who_changed_it(stage: Stage) -> None:
    """Its siblings are saved all the same."""
    other = stage.put(in_review(request_id=stage.new_id(), customer_tenant_id=OTHER_CUSTOMER))
    stage.put(in_review())
    for customer_id in (CUSTOMER, OTHER_CUSTOMER):
        stage.partner_center.held[customer_id] = [row("Approved")]
    winner = in_review(attempts=9)

    async def changes() -> None:
        stage.put(winner)

    async def nothing() -> None:
        pass

    stage.store.rivals.extend([nothing, changes])
    run = await review(stage)
    assert stage.stored(winner) == winner
    assert stage.stored(other).status is Status.APPROVED
    assert run.reviewed.changed == 1


async def test_a_round_ends_when_its_time_is_over(stage: Stage) -> None:
    """Who was not reached is still due."""
    records = in_reviews(stage, 3)
    stage.clock.advance(POLICY.review_first)
    stage.partner_center.during_a_look = lambda: stage.clock.advance(RUN_FOR / 2)
    assert (await reviewed(stage, records)).customers == 2
    assert stage.stored(records[2]) == records[2]


async def test_so_many_customers_are_looked_at_side_by_side(stage: Stage) -> None:
    """Not more, or Partner Center would throttle."""
    records = in_reviews(stage, 10)
    stage.clock.advance(POLICY.review_first)
    await reviewed(stage, records, concurrency=3)
    assert (stage.partner_center.most_at_once, len(stage.partner_center.looks)) == (3, 10)


async def test_while_the_store_is_down_the_round_fails(stage: Stage) -> None:
    """However many customers meet it at the same time."""
    stage.store.down = True
    records = [queued(customer_tenant_id=each) for each in (CUSTOMER, OTHER_CUSTOMER, PARTNER)]
    with pytest.raises(StoreUnavailable):
        await reviewed(stage, records, concurrency=3)


class ContestedStore(StandInStore):
    """Others keep raising and clearing each cause."""

    async def raise_cause(self, cause: str, *_: object) -> bool:
        """See RecordStore."""
        raise StepConflict(f"the cause {cause!r} could not be noted")


async def test_a_contested_cause_leaves_the_customer_due() -> None:
    """The round goes on without it, and the next run looks again."""
    stage = Stage(ContestedStore())
    records = in_reviews(stage, 2)
    stage.partner_center.reading_fails = NO_RELATIONSHIP
    await review(stage)
    assert len(stage.partner_center.looks) == 2
    assert [stage.stored(record) for record in records] == records
    stage.partner_center.reading_fails = None
    run = await stage.advance()
    assert run.reviewed.customers == 2
