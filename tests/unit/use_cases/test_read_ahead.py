"""What the read ahead of a write leaves behind, whatever is decided on it."""

import json
import logging
from datetime import timedelta

import pytest

from qualification.domain.errors import RequestNotFound
from qualification.domain.record import Record
from qualification.domain.request import Qualification
from qualification.domain.status import Status
from qualification.domain.work import Work, WorkAction
from tests.unit.builders import CUSTOMER, NOW, OLD_DENIAL, REQUEST, UNKNOWN, queued, row, submitting, wanted
from tests.unit.domain.write_outcomes import after
from tests.unit.stage import Stage

GOVERNMENT = Qualification.GOVERNMENT_COMMUNITY_CLOUD
HOUR = timedelta(hours=1)


async def known_words(stage: Stage) -> list[str | None]:
    """The rows that are kept of the customer."""
    return [each.row.vetting_status for each in (await stage.state(CUSTOMER)).customer.sightings]


def put_on_the_queue_again(**changes: object) -> Record:
    """Its write was not answered, and it is to be written once more."""
    record = after(submitting(), UNKNOWN).record
    return record.changed(work=Work(action=WorkAction.QUEUE, due=NOW), not_before=None, **changes)


async def test_a_denial_that_may_be_the_answer_is_read_on(stage: Stage) -> None:
    """Nothing is sent; the denial is kept until another read shows it, and the row is known from now on."""
    stage.partner_center.held[CUSTOMER] = [row("Denied", created=OLD_DENIAL)]
    record = await stage.submit(await stage.put(put_on_the_queue_again()))
    assert stage.partner_center.sent == []
    assert record.doubtful
    assert record.doubtful.row == row("Denied", created=OLD_DENIAL)
    assert record.work
    assert record.work.action is WorkAction.REVIEW
    assert await known_words(stage) == ["Denied"]


async def test_what_its_sender_has_taken_back_is_read_on(stage: Stage) -> None:
    """One more look without an answer, and no write."""
    before = put_on_the_queue_again(withdrawn="mark taken back")
    stage.clock.advance(HOUR)
    record = await stage.submit(await stage.put(before))
    assert stage.partner_center.sent == []
    assert before.write
    assert record.write
    assert record.write.looks == before.write.looks + 1


async def test_a_refusal_keeps_what_was_seen(stage: Stage) -> None:
    """The next request knows the row."""
    stage.partner_center.held[CUSTOMER] = [row("Approved", GOVERNMENT)]
    assert (await stage.submit(await stage.put(queued()))).status is Status.FAILED
    assert await known_words(stage) == ["Approved"]


async def test_a_request_without_a_code_keeps_what_was_seen(stage: Stage) -> None:
    """While it waits for one."""
    stage.partner_center.held[CUSTOMER] = [row("Denied", GOVERNMENT, OLD_DENIAL)]
    record = await stage.submit(await stage.put(queued(wanted(GOVERNMENT, validationCode=None))))
    assert record.waiting
    assert record.waiting.reason == "validation-codes-exhausted"
    assert await known_words(stage) == ["Denied"]


async def test_a_customer_that_can_be_read_again_is_out_of_reach_no_longer(stage: Stage) -> None:
    """Or somebody would be alerted hours later."""
    unread = queued(unread_since=NOW - HOUR, checked_at=None)
    record = await stage.submit(await stage.put(unread))
    assert (record.unread_since, record.checked_at) == (None, stage.clock.now)


async def test_a_message_leads_to_the_request_that_it_names(stage: Stage) -> None:
    """Of several."""
    await stage.put(queued(wanted(GOVERNMENT), request_id=stage.new_id()))
    await stage.put(queued())
    await stage.service.submission.take(
        json.dumps({"customerTenantId": str(CUSTOMER), "requestId": str(REQUEST)}).encode()
    )
    assert [request.qualification for _, _, request, _ in stage.partner_center.sent] == [Qualification.EDUCATION]


async def test_a_message_that_meets_an_outage_is_given_back_and_told(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    """With the request and its customer; the timer repeats it."""
    await stage.put(queued())
    stage.rows.down = True
    caplog.set_level(logging.INFO)
    body = json.dumps({"customerTenantId": str(CUSTOMER), "requestId": str(REQUEST)}).encode()
    await stage.service.submission.take(body)
    (told,) = [each for each in caplog.records if getattr(each, "event", "") == "hint_given_back"]
    assert (vars(told)["requestId"], vars(told)["customerTenantId"]) == (str(REQUEST), str(CUSTOMER))


async def test_a_message_for_nothing_says_which_request_it_names(stage: Stage) -> None:
    """Whoever reads the dead-letter queue finds it in the log."""
    with pytest.raises(RequestNotFound, match=rf"^No request {REQUEST} is stored for customer {CUSTOMER}\.$"):
        await stage.service.submission.submit(CUSTOMER, REQUEST)
