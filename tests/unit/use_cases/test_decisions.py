"""A person's decisions: what each does, when it is refused, and that it is made once."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from qualification.domain.caller import Caller, CallerKind
from qualification.domain.errors import (
    ActionNotAllowed,
    InvalidRequest,
    PreconditionFailed,
    PreconditionRequired,
    RequestNotFound,
)
from qualification.domain.etag import etag
from qualification.domain.record import Record
from qualification.domain.request import EducationRequest, GovernmentRequest, Qualification
from qualification.domain.status import Status
from qualification.domain.waiting import Reason
from tests.unit.builders import CODE, CUSTOMER, OTHER_CUSTOMER, REFUSED, UNKNOWN, order, row, wanted
from tests.unit.stage import Stage
from tests.unit.stand_ins.partner_center import Write

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
ANNA = Caller(kind=CallerKind.FUNCTION_KEY, id="0badcafe", name="Anna")
BERT = Caller(kind=CallerKind.FUNCTION_KEY, id="deadbeef")


async def waits_for_the_last_attempt(stage: Stage) -> Record:
    """Two verifications were spent elsewhere."""
    stage.partner_center.held[CUSTOMER] = [
        row("Denied", created="2025-11-20T08:00:00Z"),
        row("Denied", created="2025-12-20T08:00:00Z"),
    ]
    record = await stage.accept(order())
    await stage.deliver()
    return await stage.stored(record)


async def in_doubt(stage: Stage, content: Any = None) -> Record:
    """Written twice, never answered."""
    stage.partner_center.otherwise = Write(error=UNKNOWN, after=None)
    record = await stage.accept(order(content))
    await stage.live(DAY)
    return await stage.stored(record)


async def confirm(stage: Stage, record: Record, by: Caller = ANNA, seen: str | None = None, **body: Any) -> Record:
    """The person has read the record as it is given."""
    tag = seen or etag(record)
    return await stage.service.decisions.confirm(record.customer_tenant_id, record.request_id, tag, by, body)


async def cancel(stage: Stage, record: Record, by: Caller = ANNA, **body: Any) -> Record:
    """The person ends it."""
    return await stage.service.decisions.cancel(record.customer_tenant_id, record.request_id, by, body)


async def retry(stage: Stage, record: Record, by: Caller = ANNA, **body: Any) -> Record:
    """The person wants it now, or again."""
    return await stage.service.decisions.retry(record.customer_tenant_id, record.request_id, by, body)


async def test_what_was_confirmed_is_sent(stage: Stage) -> None:
    """With the fields that were corrected, once, and in the history with who and why."""
    record = await waits_for_the_last_attempt(stage)
    after = await confirm(stage, record, website="corrected.edu", note="checked by phone")
    await stage.deliver()
    [(_, _, sent, _)] = stage.partner_center.sent
    assert isinstance(sent, EducationRequest)
    assert sent.website == "corrected.edu"
    assert (after.history[-1].by, after.history[-1].note) == (
        "Anna (key 0badcafe)",
        "confirmed (last-attempt): checked by phone",
    )
    assert (await stage.stored(record)).status is Status.IN_REVIEW


async def test_a_confirmation_needs_the_state_that_was_read(stage: Stage) -> None:
    """Without it nobody knows what was seen; with an old one something else was."""
    record = await waits_for_the_last_attempt(stage)
    with pytest.raises(PreconditionRequired):
        await stage.service.decisions.confirm(CUSTOMER, record.request_id, None, ANNA, {})
    with pytest.raises(PreconditionFailed):
        await confirm(stage, record, seen="another")
    assert await stage.stored(record) == record


async def test_a_confirmation_races_a_correction(stage: Stage) -> None:
    """The correction is stored first: what would be sent is not what was seen."""
    record = await waits_for_the_last_attempt(stage)

    async def corrects() -> None:
        await stage.accept(order(wanted(website="newer.edu"), event_id="evt-2"))

    stage.rows.rivals.append(corrects)
    with pytest.raises(PreconditionFailed):
        await confirm(stage, record)
    await stage.live(HOUR)
    assert stage.partner_center.sent == []
    found = await stage.stored(record)
    assert found.waiting
    assert found.waiting.reason is Reason.LAST_ATTEMPT


async def test_a_correction_after_a_confirmation_asks_again(stage: Stage) -> None:
    """What was confirmed is not what would be sent."""
    record = await waits_for_the_last_attempt(stage)
    await confirm(stage, record)
    await stage.accept(order(wanted(website="newer.edu"), event_id="evt-2"))
    await stage.live(HOUR)
    assert stage.partner_center.sent == []


async def test_the_same_confirmation_is_made_once(stage: Stage) -> None:
    """By the same caller; another one, or other content, is another decision."""
    record = await waits_for_the_last_attempt(stage)
    first = await confirm(stage, record, website="corrected.edu")
    assert await confirm(stage, record, website="corrected.edu") == first
    with pytest.raises(PreconditionFailed):
        await confirm(stage, record, by=BERT, website="corrected.edu")
    with pytest.raises(PreconditionFailed):
        await confirm(stage, record, website="other.edu")
    await stage.deliver()
    assert (await confirm(stage, record, website="corrected.edu")).status is Status.IN_REVIEW
    assert len(stage.partner_center.sent) == 1


async def test_what_waits_for_nothing_cannot_be_confirmed(stage: Stage) -> None:
    """The refusal says what can be done."""
    record = await stage.accept(order())
    with pytest.raises(ActionNotAllowed) as refused:
        await confirm(stage, record)
    assert refused.value.allowed == ("cancel", "retry")


async def test_a_doubt_that_was_confirmed_is_written_once_more(stage: Stage) -> None:
    """And waits again, where that is not answered either."""
    record = await in_doubt(stage)
    assert record.waiting
    assert record.waiting.reason is Reason.OUTCOME_UNKNOWN
    await confirm(stage, record)
    await stage.deliver()
    assert len(stage.partner_center.sent) == 3
    await stage.live(7 * DAY)
    assert len(stage.partner_center.sent) == 3
    again = await stage.stored(record)
    assert again.waiting
    with pytest.raises(PreconditionFailed):
        await confirm(stage, record, by=BERT)


async def test_a_confirmation_outlives_a_stop(stage: Stage) -> None:
    """A hold holds it like all others; when somebody resumes, it goes."""
    record = await in_doubt(stage)
    await stage.service.holds.stop("operator", None)
    await confirm(stage, record)
    await stage.live(DAY)
    assert len(stage.partner_center.sent) == 2
    await stage.service.holds.resume()
    await stage.live(2 * HOUR)
    assert len(stage.partner_center.sent) == 3


async def test_an_unsent_request_is_cancelled(stage: Stage) -> None:
    """It is published, and the next request of the customer is free to go."""
    record = await waits_for_the_last_attempt(stage)
    after = await cancel(stage, record, note="ordered by mistake")
    assert (after.status, after.history[-1].by, after.history[-1].note) == (
        Status.CANCELLED,
        "Anna (key 0badcafe)",
        "ordered by mistake",
    )
    assert stage.news == ["Cancelled"]
    assert (await stage.accept(order(event_id="evt-2"))).request_id != record.request_id


async def test_what_was_written_is_given_up_and_read_on(stage: Stage) -> None:
    """Nothing is taken back: should it take effect, the service says so."""
    record = await in_doubt(stage)
    after = await cancel(stage, record)
    assert (after.status, after.error and after.error.code) == (Status.FAILED, "given-up")
    stage.partner_center.held[CUSTOMER] = [row("Approved", created=stage.clock.now.isoformat())]
    await stage.live(8 * DAY)
    assert (await stage.stored(record)).status is Status.APPROVED


async def test_the_same_cancellation_is_made_once(stage: Stage) -> None:
    """By the same caller; anybody else is told that it has ended."""
    record = await stage.accept(order())
    first = await cancel(stage, record)
    assert await cancel(stage, record) == first
    with pytest.raises(ActionNotAllowed):
        await cancel(stage, record, by=BERT)
    assert stage.news == ["Cancelled"]


async def test_a_cancellation_before_the_claim_wins(stage: Stage) -> None:
    """Whoever stores first: nothing is sent."""
    record = await stage.accept(order())

    async def cancels() -> None:
        await cancel(stage, record)

    stage.rows.rivals.append(cancels)
    await stage.deliver()
    assert stage.partner_center.sent == []
    assert (await stage.stored(record)).status is Status.CANCELLED


@pytest.mark.parametrize("error", [None, REFUSED, UNKNOWN])
async def test_a_cancellation_after_the_claim_stands(stage: Stage, error: Any) -> None:
    """Whatever comes of the write; only an approval that a read shows brings it back."""
    record = await stage.accept(order())

    async def cancels() -> None:
        await cancel(stage, record)

    stage.partner_center.writes.append(Write(error=error, after=None if error else timedelta(), meanwhile=cancels))
    await stage.deliver()
    found = await stage.stored(record)
    assert (found.status, found.out) == (Status.FAILED, error is not REFUSED)
    assert stage.news == ["Failed"]
    newer = await stage.accept(order(event_id="evt-2"))
    assert newer.request_id != record.request_id


async def test_a_cancellation_that_loses_against_the_claim_is_made_all_the_same(stage: Stage) -> None:
    """It is decided anew on what is stored then."""
    record = await stage.accept(order())

    async def claims() -> None:
        await stage.deliver()

    stage.rows.rivals.append(claims)
    assert (await cancel(stage, record)).status is Status.FAILED
    assert len(stage.partner_center.sent) == 1


async def test_an_ended_request_is_retried_as_a_new_one(stage: Stage) -> None:
    """With what the body corrects, linked to the old one; the same retry again is answered with the same."""
    stage.partner_center.writes.append(Write(error=REFUSED, after=None))
    record = await stage.accept(order(wanted(confirmLastAttempt=True)))
    await stage.deliver()
    newer = await retry(stage, record, website="corrected.edu")
    assert (newer.retry_of, newer.requested_by, newer.history[0].by) == (record.request_id, ANNA, "Anna (key 0badcafe)")
    assert isinstance(newer.request, EducationRequest)
    assert (newer.request.website, newer.request.confirm_last_attempt) == ("corrected.edu", False)
    assert (await retry(stage, record, website="corrected.edu")).request_id == newer.request_id
    for other in ({"by": BERT, "website": "corrected.edu"}, {"website": "third.edu"}):
        with pytest.raises(ActionNotAllowed):
            await retry(stage, record, **other)
    await stage.deliver()
    assert (await stage.stored(newer)).status is Status.IN_REVIEW


async def test_a_retry_sends_the_correction_that_was_kept(stage: Stage) -> None:
    """It is the newest content."""
    record = await stage.accept(order())
    await stage.deliver()
    await stage.accept(order(wanted(website="newer.edu"), event_id="evt-2"))
    stage.partner_center.held[CUSTOMER] = [row("Denied", created=stage.clock.now.isoformat())]
    await stage.live(HOUR)
    assert (await stage.stored(record)).status is Status.DENIED
    newer = await retry(stage, record)
    assert isinstance(newer.request, EducationRequest)
    assert newer.request.website == "newer.edu"


async def refused_government(stage: Stage, code: str | None) -> Record:
    """A government request that Partner Center has refused for good."""
    stage.partner_center.codes = ["CHOSEN-1"]
    stage.partner_center.writes.append(Write(error=REFUSED, after=None))
    record = await stage.accept(order(wanted(Qualification.GOVERNMENT_COMMUNITY_CLOUD, validationCode=code)))
    await stage.deliver()
    return await stage.stored(record)


async def test_a_validation_code_must_be_given_again(stage: Stage) -> None:
    """It is not kept beyond the end."""
    record = await refused_government(stage, CODE)
    assert CODE not in str(stage.rows.shards)
    with pytest.raises(InvalidRequest) as refused:
        await retry(stage, record)
    assert [fault.pointer for fault in refused.value.faults] == ["/validationCode"]
    assert (await retry(stage, record, validationCode="GIVEN-AGAIN")).code_given


async def test_a_validation_code_that_the_service_chose_is_chosen_anew(stage: Stage) -> None:
    """Whoever asked for it never knew it."""
    record = await refused_government(stage, None)
    assert "CHOSEN" not in str(stage.rows.shards)
    assert isinstance((await retry(stage, record)).request, GovernmentRequest)


async def test_the_validation_code_of_a_kept_correction_goes_with_the_end(stage: Stage) -> None:
    """And must be given again as well."""
    government = Qualification.GOVERNMENT_COMMUNITY_CLOUD
    record = await stage.accept(order(wanted(government, validationCode=None, mode="synchronous")))
    stage.partner_center.codes = ["CHOSEN-1"]
    await stage.deliver()
    await stage.accept(order(wanted(government), event_id="evt-2"))
    assert (await stage.stored(record)).correction
    await cancel(stage, record)
    assert CODE not in str(stage.rows.shards)
    with pytest.raises(InvalidRequest):
        await retry(stage, record)


async def test_a_retry_of_a_queued_request_tries_now(stage: Stage) -> None:
    """However long it would have waited."""
    record = await waits_for_the_last_attempt(stage)
    stage.partner_center.held[CUSTOMER] = []
    stage.bus.queue.clear()
    reads = len(stage.partner_center.looks)
    await retry(stage, record)
    await stage.deliver()
    assert len(stage.partner_center.looks) == reads + 1


async def test_a_retry_of_a_request_in_review_reads_now(stage: Stage) -> None:
    """And sends nothing."""
    record = await stage.accept(order())
    await stage.deliver()
    stage.partner_center.held[CUSTOMER] = [row("Approved", created=stage.clock.now.isoformat())]
    await retry(stage, record)
    await stage.advance()
    assert (await stage.stored(record)).status is Status.APPROVED
    assert len(stage.partner_center.sent) == 1


async def test_what_is_approved_is_not_retried(stage: Stage) -> None:
    """Nor what a newer request has taken the place of."""
    stage.partner_center.otherwise = Write(vetting_status="Approved")
    record = await stage.accept(order())
    await stage.deliver()
    with pytest.raises(ActionNotAllowed) as refused:
        await retry(stage, record)
    assert refused.value.allowed == ()


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"note": 7}, "/note"),
        ({"note": "two\nlines"}, "/note"),
        ({"note": "x" * 501}, "/note"),
        ({"surprise": None}, "/surprise"),
        ({"website": "not a host"}, "/website"),
        ({"qualification": "StateOwnedEntity"}, "/qualification"),
    ],
)
async def test_a_body_that_can_never_work_is_refused(stage: Stage, body: dict[str, Any], pointer: str) -> None:
    """With the place, and nothing is stored."""
    record = await waits_for_the_last_attempt(stage)
    with pytest.raises(InvalidRequest) as refused:
        await confirm(stage, record, **body)
    assert [fault.pointer for fault in refused.value.faults] == [pointer]
    assert await stage.stored(record) == record


async def test_a_cancellation_takes_no_corrections(stage: Stage) -> None:
    """They would be lost."""
    record = await stage.accept(order())
    for decide in (cancel, retry):
        with pytest.raises(InvalidRequest):
            await decide(stage, record, website="corrected.edu")


async def test_a_request_of_another_customer_is_unknown(stage: Stage) -> None:
    """Whoever asks."""
    record = await stage.accept(order())
    with pytest.raises(RequestNotFound):
        await stage.service.decisions.cancel(OTHER_CUSTOMER, record.request_id, ANNA, {})
    with pytest.raises(RequestNotFound):
        await stage.service.decisions.cancel(CUSTOMER, UUID(int=99), ANNA, {})


async def test_a_queue_that_is_down_costs_a_decision_time_only(stage: Stage) -> None:
    """It is stored; the timer follows it."""
    record = await waits_for_the_last_attempt(stage)
    stage.bus.down = True
    await confirm(stage, record)
    for _ in range(30):
        await stage.advance(timedelta(minutes=1))
    assert len(stage.partner_center.sent) == 1


async def test_the_log_names_who_decided(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    """And what, about which request."""
    record = await stage.accept(order())
    await cancel(stage, record, by=BERT)
    [line] = [each for each in caplog.records if each.__dict__.get("event") == "decision"]
    found = line.__dict__
    assert (found["action"], found["by"], found["requestId"]) == ("cancel", "key deadbeef", str(record.request_id))
