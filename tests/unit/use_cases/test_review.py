from datetime import timedelta

import pytest

from qualification.domain.call_errors import PartnerCenterError
from qualification.domain.errors import StoreUnavailable
from qualification.domain.record import Record
from qualification.domain.request import Qualification
from qualification.domain.status import Status
from qualification.domain.work import Work, WorkAction
from qualification.use_cases.due_work import RUN_FOR, Run
from tests.unit.builders import (
    ACCESS_LOST,
    CUSTOMER,
    NEW_DENIAL,
    NO_RELATIONSHIP,
    NOW,
    OTHER_CUSTOMER,
    PARTNER,
    POLICY,
    REFUSED,
    TROUBLES,
    UNAVAILABLE,
    in_review,
    queued,
    row,
    submitting,
    throttled,
    wanted,
)
from tests.unit.stage import Stage
from tests.unit.use_cases.reviews import reviewed

MICROSECOND = timedelta(microseconds=1)
ONE_AT_A_TIME = {"PARTNER_CENTER_MAX_CONCURRENCY": "1"}


async def review(stage: Stage, after: timedelta = POLICY.review_first) -> Run:
    """The timer fires when the first read is due."""
    return await stage.advance(by=after)


async def in_reviews(stage: Stage, count: int) -> list[Record]:
    """So many customers of whom Partner Center says what it said before."""
    records = []
    for _ in range(count):
        record = await stage.put(in_review(request_id=stage.new_id(), customer_tenant_id=stage.new_id()))
        stage.partner_center.held[record.customer_tenant_id] = [row("InReview")]
        records.append(record)
    return records


async def test_one_read_serves_all_of_a_customers_requests(stage: Stage) -> None:
    """Due or not: what Partner Center says is about all of them."""
    education = await stage.put(in_review(work=Work(action=WorkAction.REVIEW, due=NOW + POLICY.review_max)))
    state_owned = await stage.put(in_review(wanted(Qualification.STATE_OWNED_ENTITY), request_id=stage.new_id()))
    stage.partner_center.held[CUSTOMER] = [
        row("Denied", created=NEW_DENIAL),
        row("Approved", Qualification.STATE_OWNED_ENTITY),
    ]
    run = await review(stage)
    assert stage.partner_center.looks == [CUSTOMER]
    assert (await stage.stored(education)).status is Status.DENIED
    assert (await stage.stored(state_owned)).status is Status.APPROVED
    assert (run.reviewed.customers, run.reviewed.changed) == (1, 2)


async def test_a_customer_without_a_due_review_is_not_read(stage: Stage) -> None:
    """A moment too early is too early."""
    await stage.put(in_review())
    await review(stage, POLICY.review_first - MICROSECOND)
    assert stage.partner_center.looks == []


async def test_a_customer_is_read_once_a_run(stage: Stage) -> None:
    """Even where two of its requests are due on two pages."""
    stage.rows.page = 1
    await stage.put(in_review())
    await stage.put(in_review(wanted(Qualification.STATE_OWNED_ENTITY), request_id=stage.new_id()))
    await review(stage)
    assert stage.partner_center.looks == [CUSTOMER]


async def test_only_the_newest_request_of_a_qualification_speaks(stage: Stage) -> None:
    """What Partner Center shows is published of one of them; the older one has nothing to come any more."""
    older = await stage.put(in_review())
    await stage.put(older.changed(status=Status.DENIED))
    newer = await stage.put(in_review(request_id=stage.new_id()))
    stage.partner_center.held[CUSTOMER] = [row("Approved", created=NEW_DENIAL)]
    await review(stage)
    assert (await stage.stored(newer)).status is Status.APPROVED
    after = await stage.stored(older)
    assert (after.status, after.work) == (Status.DENIED, None)
    assert stage.news == ["Approved"]


async def test_a_newer_request_that_has_sent_nothing_does_not_speak_yet(stage: Stage) -> None:
    """It is on the queue; nobody reads for the one before it meanwhile."""
    older = await stage.put(in_review())
    await stage.put(older.changed(status=Status.DENIED))
    await stage.put(queued(request_id=stage.new_id(), work=Work(action=WorkAction.QUEUE, due=NOW + timedelta(days=1))))
    stage.partner_center.held[CUSTOMER] = [row("Approved", created=NEW_DENIAL)]
    await review(stage)
    assert stage.news == []


async def test_an_end_is_published(stage: Stage) -> None:
    """At once, by the run that saw it."""
    await stage.put(in_review())
    stage.partner_center.held[CUSTOMER] = [row("Denied", created=NEW_DENIAL)]
    await review(stage)
    assert stage.news == ["Denied"]


async def test_what_has_not_changed_is_saved_together(stage: Stage) -> None:
    """Reading costs a transaction a shard, not one a customer."""
    records = await in_reviews(stage, 40)
    await review(stage)
    stage.rows.transactions = 0
    run = await review(stage)
    assert (run.reviewed.customers, run.reviewed.changed) == (40, 0)
    assert stage.rows.transactions <= 16
    for record in records:
        work = (await stage.stored(record)).work
        assert work
        assert work.due > stage.clock.now


async def test_an_answer_for_somebody_elses_qualification_changes_nothing(stage: Stage) -> None:
    """Rows are told apart by their qualification."""
    await stage.put(in_review())
    stage.partner_center.held[CUSTOMER] = [row("Denied", Qualification.STATE_OWNED_ENTITY)]
    await review(stage)
    assert (await stage.stored(in_review())).status is Status.IN_REVIEW


@pytest.mark.parametrize("error", [throttled(), ACCESS_LOST], ids=lambda error: error.code)
async def test_what_stops_everybody_ends_the_round(error: PartnerCenterError) -> None:
    """Nobody else is read; they are still due at the next run."""
    stage = Stage(ONE_AT_A_TIME)
    records = await in_reviews(stage, 5)
    stage.partner_center.reading_fails = error
    run = await review(stage)
    assert len(stage.partner_center.looks) == 1
    assert (run.complete, run.reviewed.customers) == (False, 0)
    stage.partner_center.reading_fails = None
    await stage.advance(by=timedelta(minutes=10))
    first = stage.partner_center.looks[0]
    assert {record.customer_tenant_id for record in records} - {first} <= set(stage.partner_center.looks[1:])


@pytest.mark.parametrize("error", [UNAVAILABLE, REFUSED, NO_RELATIONSHIP], ids=lambda error: error.code)
async def test_what_stops_one_customer_does_not_stop_the_others(stage: Stage, error: PartnerCenterError) -> None:
    """Each is asked, and asked again later."""
    await in_reviews(stage, 5)
    stage.partner_center.reading_fails = error
    run = await review(stage)
    assert len(stage.partner_center.looks) == 5
    assert run.complete


@pytest.mark.parametrize("record", [submitting(), in_review()], ids=lambda each: each.status)
@pytest.mark.parametrize("error", [*TROUBLES, REFUSED], ids=lambda error: error.code)
async def test_a_read_that_fails_never_ends_a_request(stage: Stage, error: PartnerCenterError, record: Record) -> None:
    """It is read again when the error says."""
    await stage.put(record)
    stage.partner_center.reading_fails = error
    await review(stage, timedelta(minutes=10))
    after = await stage.stored(record)
    assert after.status is record.status
    assert after.work
    assert after.work.due > stage.clock.now
    assert after.error
    assert after.error.code == error.code


async def test_lost_access_is_alerted_once_and_is_news_again_once_it_was_resolved(stage: Stage) -> None:
    """However many requests wait, and however often they are tried; what ends it is a write that gets through."""
    await in_reviews(stage, 3)
    stage.partner_center.reading_fails = ACCESS_LOST
    for _ in range(5):
        await stage.advance(by=POLICY.retry_max)
    assert stage.alerts == ["access-lost"]
    stage.partner_center.reading_fails = None
    new = await stage.put(queued())
    await stage.live(timedelta(hours=3))
    assert (await stage.stored(new)).status is Status.IN_REVIEW
    stage.partner_center.reading_fails = ACCESS_LOST
    await stage.advance(by=POLICY.review_max)
    assert stage.alerts == ["access-lost", "access-lost"]


async def test_a_record_that_changed_meanwhile_is_left_to_who_changed_it() -> None:
    """Its siblings are saved all the same."""
    stage = Stage(ONE_AT_A_TIME)
    await stage.put(in_review(request_id=stage.new_id(), customer_tenant_id=OTHER_CUSTOMER))
    await stage.put(in_review())
    for customer_id in (CUSTOMER, OTHER_CUSTOMER):
        stage.partner_center.held[customer_id] = [row("Approved")]
    winner = in_review(attempts=9)

    async def changes() -> None:
        await stage.put(winner)

    def meanwhile() -> None:
        stage.partner_center.during_a_look = lambda: None
        stage.rows.rivals.append(changes)

    stage.clock.advance(POLICY.review_first)
    stage.partner_center.during_a_look = meanwhile
    run = await reviewed(stage, [winner, winner.changed(customer_tenant_id=OTHER_CUSTOMER)])
    assert await stage.stored(winner) == winner
    assert run.changed == 1
    assert [record.status for record in stage.records if record.customer_tenant_id == OTHER_CUSTOMER] == ["Approved"]


async def test_a_round_ends_when_its_time_is_over() -> None:
    """Who was not reached is still due."""
    stage = Stage(ONE_AT_A_TIME)
    records = await in_reviews(stage, 3)
    stage.clock.advance(POLICY.review_first)
    stage.partner_center.during_a_look = lambda: stage.clock.advance(RUN_FOR / 2)
    assert (await reviewed(stage, records)).customers == 2
    assert await stage.stored(records[2]) == records[2]


async def test_so_many_customers_are_read_side_by_side() -> None:
    """Not more, or Partner Center would throttle."""
    stage = Stage({"PARTNER_CENTER_MAX_CONCURRENCY": "3"})
    records = await in_reviews(stage, 10)
    stage.clock.advance(POLICY.review_first)
    await reviewed(stage, records)
    assert (stage.partner_center.most_at_once, len(stage.partner_center.looks)) == (3, 10)


async def test_while_the_store_is_down_the_round_fails(stage: Stage) -> None:
    """However many customers meet it at the same time."""
    stage.rows.down = True
    records = [queued(customer_tenant_id=each) for each in (CUSTOMER, OTHER_CUSTOMER, PARTNER)]
    with pytest.raises(StoreUnavailable):
        await reviewed(stage, records)
