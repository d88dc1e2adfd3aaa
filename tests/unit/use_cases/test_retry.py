"""A person asks anew, or has the service try or read now."""

import pytest

from qualification.domain.errors import (
    ActionNotAllowed,
    InvalidRequest,
)
from qualification.domain.record import Record
from qualification.domain.request import EducationRequest, GovernmentRequest, Qualification
from qualification.domain.status import Status
from tests.unit.builders import CODE, CUSTOMER, REFUSED, order, row, wanted
from tests.unit.stage import Stage
from tests.unit.stand_ins.partner_center import Write
from tests.unit.use_cases.decisions import ANNA, BERT, HOUR, cancel, retry, waits_for_the_last_attempt


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
