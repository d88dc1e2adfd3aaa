"""A write whose outcome nobody knows: how often it is sent, when somebody is alerted, and what becomes of it."""

from datetime import timedelta

import pytest

from qualification.domain.actions import cancelled
from qualification.domain.record import Record
from qualification.domain.status import Status
from qualification.domain.transition import Step
from qualification.use_cases.order import Withdrawal
from tests.unit.builders import CUSTOMER, REFUSED, UNKNOWN, order, row, throttled
from tests.unit.stage import Stage
from tests.unit.stand_ins.partner_center import Write

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def unanswered(after: timedelta | None) -> Write:
    """A POST that times out and takes effect so much later, or never."""
    return Write(error=UNKNOWN, after=after)


@pytest.mark.parametrize("minutes", [1.5, 10, 30])
async def test_a_late_effect_within_the_hour_costs_one_write(stage: Stage, minutes: float) -> None:
    """The reads find it; nobody is alerted."""
    stage.partner_center.otherwise = unanswered(timedelta(minutes=minutes))
    record = await stage.accept(order())
    await stage.live(3 * DAY)
    assert len(stage.partner_center.sent) == 1
    assert (await stage.stored(record)).status is Status.IN_REVIEW
    assert stage.alerts == []


async def test_a_late_effect_after_an_hour_costs_two_writes_at_most(stage: Stage) -> None:
    """Microsoft leaves a POST unanswered for an hour; the one that is sent again is the last."""
    stage.partner_center.otherwise = unanswered(timedelta(minutes=65))
    record = await stage.accept(order())
    await stage.live(3 * DAY)
    assert len(stage.partner_center.sent) <= 2
    assert (await stage.stored(record)).status is Status.IN_REVIEW


async def test_what_never_shows_is_written_twice_and_then_waits_for_a_person(stage: Stage) -> None:
    """81 times in 72 hours before; somebody is alerted within three hours of the second write."""
    stage.partner_center.otherwise = unanswered(None)
    record = await stage.accept(order())
    await stage.live(timedelta(hours=5))
    assert len(stage.partner_center.sent) == 2
    assert stage.alerts == ["outcome-unknown"]
    await stage.live(3 * DAY)
    assert len(stage.partner_center.sent) == 2
    assert stage.alerts == ["outcome-unknown"]
    found = await stage.stored(record)
    assert found.status is Status.SUBMITTING
    assert found.waiting
    assert found.waiting.reason == "outcome-unknown"


async def test_no_write_follows_within_an_hour_and_five_reads(stage: Stage) -> None:
    """However quickly it might."""
    stage.partner_center.otherwise = unanswered(None)
    await stage.accept(order())
    await stage.live(timedelta(minutes=55))
    assert len(stage.partner_center.sent) == 1


async def test_429_and_504_in_turn_are_two_writes_besides_those_that_got_429(stage: Stage) -> None:
    """706 in 14 days before, without an event."""
    answers = [Write(error=throttled(timedelta(minutes=1), stage.clock.now), after=None), unanswered(None)]
    for _ in range(50):
        stage.partner_center.writes.extend(answers)
    await stage.accept(order())
    await stage.live(14 * DAY)
    assert len(stage.partner_center.sent) <= 6
    assert "outcome-unknown" in stage.alerts


async def test_a_refusal_answers_no_earlier_write(stage: Stage) -> None:
    """The second is refused while the first took effect: it stays, and the read that shows it decides."""
    stage.partner_center.writes.extend([unanswered(timedelta(hours=30)), Write(error=REFUSED, after=None)])
    record = await stage.accept(order())
    await stage.live(timedelta(hours=20))
    found = await stage.stored(record)
    assert (found.status, found.waiting and found.waiting.reason) == (Status.SUBMITTING, "outcome-unknown")
    await stage.live(2 * DAY)
    stage.partner_center.held[CUSTOMER] = [row("Approved", created=stage.clock.now.isoformat())]
    await stage.live(2 * DAY)
    assert (await stage.stored(record)).status is Status.APPROVED


async def test_a_host_that_dies_during_the_read_has_sent_nothing(stage: Stage) -> None:
    """Nothing is counted, and it is tried again."""

    def dies() -> None:
        stage.partner_center.during_a_look = lambda: None
        raise ConnectionAbortedError("the process ends")

    stage.partner_center.during_a_look = dies
    record = await stage.accept(order())
    with pytest.raises(ConnectionAbortedError):
        await stage.deliver()
    found = await stage.stored(record)
    assert (found.status, found.attempts) == (Status.QUEUED, 0)
    await stage.live(HOUR)
    assert len(stage.partner_center.sent) == 1
    assert (await stage.stored(record)).status is Status.IN_REVIEW


async def test_a_429_that_was_taken_is_found(stage: Stage) -> None:
    """The row shows eight minutes later: no second POST before an hour and five reads."""
    error = throttled(timedelta(minutes=1), stage.clock.now)
    stage.partner_center.writes.append(Write(error=error, after=timedelta(minutes=8)))
    record = await stage.accept(order())
    await stage.live(3 * HOUR)
    assert len(stage.partner_center.sent) == 1
    assert (await stage.stored(record)).status is Status.IN_REVIEW


async def test_the_second_write_waits_where_its_own_read_shows_a_denial(stage: Stage) -> None:
    """It may be the answer to the first; two reads an hour apart show that it is."""
    stage.partner_center.otherwise = unanswered(None)
    record = await stage.accept(order())
    await stage.live(timedelta(minutes=50))
    stage.partner_center.held[CUSTOMER] = [row("Denied", created="2025-11-20T08:00:00Z")]
    await stage.live(DAY)
    assert len(stage.partner_center.sent) == 1
    assert (await stage.stored(record)).status is Status.DENIED


async def test_a_mark_taken_back_is_written_no_second_time(stage: Stage) -> None:
    """The CRM wants it no longer; what was sent is read on."""
    stage.partner_center.otherwise = unanswered(None)
    record = await stage.accept(order())
    await stage.live(timedelta(minutes=20))
    await stage.service.intake.withdraw(Withdrawal(CUSTOMER, record.source))
    await stage.live(DAY)
    assert len(stage.partner_center.sent) == 1


async def test_a_mark_taken_back_before_anything_is_sent_ends_the_request(stage: Stage) -> None:
    """Nothing goes out."""
    record = await stage.accept(order())
    await stage.service.intake.withdraw(Withdrawal(CUSTOMER, record.source))
    await stage.live(DAY)
    assert stage.partner_center.sent == []
    assert (await stage.stored(record)).status is Status.CANCELLED


async def test_a_next_request_inherits_the_doubt_of_the_one_that_was_ended(stage: Stage) -> None:
    """Ended by a person while its POST is in doubt: the next one does not follow within minutes."""
    stage.partner_center.writes.append(unanswered(timedelta(minutes=20)))
    first = await stage.accept(order())
    await stage.live(timedelta(minutes=5))
    await end(stage, first)
    await stage.accept(order(event_id="evt-2"))
    await stage.live(timedelta(minutes=50))
    assert len(stage.partner_center.sent) == 1
    await stage.live(DAY)
    assert len(stage.partner_center.sent) == 1


async def test_a_new_review_that_looks_like_one_that_is_gone_is_found(stage: Stage) -> None:
    """Without a date nothing tells them apart; its own write is not sent over it."""
    held = stage.partner_center.held
    held[CUSTOMER] = [row("InReview")]
    first = await stage.accept(order())
    await stage.live(timedelta(minutes=5))
    held[CUSTOMER] = []
    await end(stage, first)
    second = await stage.accept(order(event_id="evt-2"))

    async def takes_effect() -> None:
        held[CUSTOMER] = [row("InReview")]

    stage.partner_center.otherwise = Write(error=UNKNOWN, after=None, meanwhile=takes_effect)
    await stage.live(2 * DAY)
    assert len(stage.partner_center.sent) == 1
    assert (await stage.stored(second)).status is Status.IN_REVIEW


async def test_a_request_that_was_given_up_is_read_on_though_a_newer_one_was_cancelled(stage: Stage) -> None:
    """The newer one was never sent, so what Microsoft approves is the older one's."""
    stage.partner_center.otherwise = unanswered(None)
    first = await stage.accept(order())
    await stage.live(timedelta(minutes=5))
    await end(stage, first)
    second = await stage.accept(order(event_id="evt-2"))
    await end(stage, second)
    stage.partner_center.held[CUSTOMER] = [row("Approved", created=stage.clock.now.isoformat())]
    await stage.live(15 * DAY)
    assert (await stage.stored(first)).status is Status.APPROVED
    assert stage.news[-1] == "Approved"


async def end(stage: Stage, record: Record) -> None:
    """A person ends it."""
    state = await stage.state(record.customer_tenant_id)
    stored = state.find(record.request_id)
    assert stored
    moment = stage.service.submission.moments()
    await stage.service.submission.commit(state, [Step(stored, cancelled(stored.record, "operator", None, moment))])
