import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualification.domain.errors import (
    MalformedMessage,
    PartnerCenterError,
    PersonNeeded,
    RequestNotFound,
    StoreUnavailable,
)
from qualification.domain.record import Posted, Record, Status
from qualification.domain.request import GovernmentRequest, Mode, Qualification
from qualification.use_cases.submission import parse_message
from tests.unit.builders import (
    CODE,
    CUSTOMER,
    OTHER_CUSTOMER,
    PERSON_NEEDED,
    POLICY,
    REFUSED,
    REQUEST,
    TROUBLES,
    approved,
    in_review,
    queued,
    row,
    submitting,
    wanted,
)
from tests.unit.stage import Stage
from tests.unit.stand_ins.partner_center import Write

GOVERNMENT = Qualification.GOVERNMENT_COMMUNITY_CLOUD
BODY = {"customerTenantId": str(CUSTOMER), "requestId": str(REQUEST)}


async def test_a_queued_request_is_posted_and_is_in_review(stage: Stage) -> None:
    """Looked for first, claimed, sent once, and told."""
    record = await stage.submit(stage.put(queued()))
    assert (record.status, record.posted, record.attempts) == (Status.IN_REVIEW, Posted.YES, 1)
    assert stage.partner_center.looks == [CUSTOMER]
    assert [(method, customer) for method, customer, _, _ in stage.partner_center.sent] == [("POST", CUSTOMER)]
    assert [event.data["status"] for event in stage.bus.topic] == ["InReview"]
    assert stage.store.outbox == {}


async def test_the_claim_is_stored_before_the_post(stage: Stage) -> None:
    """With its MS-RequestId, so that a crash during the call leaves a trace."""
    seen: list[Record] = []

    async def looks() -> None:
        seen.append(stage.stored(queued()))

    stage.partner_center.writes.append(Write(meanwhile=looks))
    await stage.submit(stage.put(queued()))
    (_, _, _, ms_request_id) = stage.partner_center.sent[0]
    assert (seen[0].status, seen[0].posted) == (Status.SUBMITTING, Posted.PERHAPS)
    assert seen[0].ms_request_id == ms_request_id


async def test_synchronous_mode_puts(stage: Stage) -> None:
    """And looks over the same API; it is granted at once, where Partner Center grants."""
    stage.partner_center.writes.append(Write(vetting_status=None))
    record = await stage.submit(stage.put(queued(wanted(mode=Mode.SYNCHRONOUS))))
    assert record.status is Status.APPROVED
    assert [method for method, *_ in stage.partner_center.sent] == ["PUT"]
    assert stage.partner_center.synchronous_looks == [CUSTOMER]


async def test_asynchronous_mode_does_not_ask_the_synchronous_api(stage: Stage) -> None:
    """It knows one qualification of a customer, and no vetting."""
    await stage.submit(stage.put(queued()))
    assert stage.partner_center.synchronous_looks == []


@pytest.mark.parametrize("word", ["InReview", "Approved", None])
async def test_what_is_there_already_is_not_sent(stage: Stage, word: str | None) -> None:
    """Somebody set it by hand, or an earlier call took effect."""
    stage.partner_center.held[CUSTOMER] = [row(word)]
    record = await stage.submit(stage.put(queued()))
    assert record.status is (Status.IN_REVIEW if word == "InReview" else Status.APPROVED)
    assert (record.posted, stage.partner_center.sent) == (Posted.NO, [])


async def test_what_cannot_be_combined_is_not_sent(stage: Stage) -> None:
    """It fails with a remedy."""
    stage.partner_center.held[CUSTOMER] = [row("Approved", GOVERNMENT)]
    record = await stage.submit(stage.put(queued()))
    assert (record.status, stage.partner_center.sent) == (Status.FAILED, [])
    assert record.remedy


async def test_a_government_request_without_a_code_takes_one_of_the_partners(stage: Stage) -> None:
    """And keeps it for a repeat."""
    stage.partner_center.codes = [CODE]
    await stage.submit(stage.put(queued(wanted(GOVERNMENT, validationCode=None))))
    (_, _, request, _) = stage.partner_center.sent[0]
    assert isinstance(request, GovernmentRequest)
    assert request.validation_code
    assert request.validation_code.get_secret_value() == CODE


async def test_a_government_request_with_a_code_uses_it(stage: Stage) -> None:
    """The partner's codes are left alone."""
    stage.partner_center.codes = ["another"]
    await stage.submit(stage.put(queued(wanted(GOVERNMENT))))
    assert stage.partner_center.sent[0][2] == wanted(GOVERNMENT)


async def test_without_any_code_a_government_request_waits_for_a_person(stage: Stage) -> None:
    """Nothing is sent that could only be refused."""
    record = await stage.submit(stage.put(queued(wanted(GOVERNMENT, validationCode=None))))
    assert (record.status, stage.partner_center.sent) == (Status.QUEUED, [])
    assert [event.data["reason"] for event in stage.bus.topic] == ["validation-codes-exhausted"]


@pytest.mark.parametrize(
    ("others", "status"), [(0, Status.IN_REVIEW), (1, Status.IN_REVIEW), (2, Status.QUEUED), (3, Status.FAILED)]
)
async def test_the_education_budget_is_counted_from_the_records(stage: Stage, others: int, status: Status) -> None:
    """Two go by themselves, the third waits for a confirmation, a fourth is never sent."""
    for _ in range(others):
        stage.put(in_review(request_id=stage.new_id(), status=Status.DENIED, work=None))
    record = await stage.submit(stage.put(queued()))
    assert record.status is status
    assert len(stage.partner_center.sent) == (status is Status.IN_REVIEW)
    reasons = [event.data.get("reason") for event in stage.bus.topic]
    assert ("last-attempt" in reasons) == (status is Status.QUEUED)


async def test_what_is_there_already_spends_nothing(stage: Stage) -> None:
    """It is adopted, whatever is left of the budget."""
    for _ in range(3):
        stage.put(in_review(request_id=stage.new_id(), status=Status.DENIED, work=None))
    stage.partner_center.held[CUSTOMER] = [row("Approved")]
    assert (await stage.submit(stage.put(queued()))).status is Status.APPROVED


async def test_only_what_reached_partner_center_counts(stage: Stage) -> None:
    """Adopted requests, other qualifications and other customers have spent nothing of it."""
    spent: dict[str, Any] = {"status": Status.DENIED, "work": None}
    for _ in range(3):
        stage.put(in_review(request_id=stage.new_id(), posted=Posted.NO, **spent))
        stage.put(in_review(wanted(Qualification.STATE_OWNED_ENTITY), request_id=stage.new_id(), **spent))
        stage.put(in_review(request_id=stage.new_id(), customer_tenant_id=OTHER_CUSTOMER, **spent))
    assert (await stage.submit(stage.put(queued()))).status is Status.IN_REVIEW


async def test_a_confirmed_last_attempt_is_sent(stage: Stage) -> None:
    """Once."""
    for _ in range(2):
        stage.put(in_review(request_id=stage.new_id(), status=Status.DENIED, work=None))
    await stage.submit(stage.put(queued(wanted(confirmLastAttempt=True))))
    assert len(stage.partner_center.sent) == 1


async def test_a_denial_that_is_there_already_is_not_taken_for_the_answer(stage: Stage) -> None:
    """An older denial stands until Microsoft has looked at the new request."""
    stage.partner_center.held[CUSTOMER] = [row("Denied")]
    assert (await stage.submit(stage.put(queued()))).status is Status.IN_REVIEW
    assert len(stage.partner_center.sent) == 1


@pytest.mark.parametrize("error", TROUBLES, ids=lambda error: error.code)
async def test_a_look_that_fails_sends_nothing(stage: Stage, error: PartnerCenterError) -> None:
    """The request waits."""
    stage.partner_center.reading_fails = error
    record = await stage.submit(stage.put(queued()))
    assert (record.status, record.posted, stage.partner_center.sent) == (Status.QUEUED, Posted.NO, [])
    assert record.error


@pytest.mark.parametrize("error", TROUBLES, ids=lambda error: error.code)
async def test_a_post_that_fails_waits_for_the_next_try(stage: Stage, error: PartnerCenterError) -> None:
    """As the error says; a repeated message in between does nothing."""
    stage.partner_center.writes.append(Write(error, takes_effect=False))
    record = await stage.submit(stage.put(queued()))
    assert (record.status, record.attempts) == (Status.QUEUED, 1)
    assert await stage.submit(record) == record
    assert len(stage.partner_center.sent) == 1


async def test_a_refused_post_fails(stage: Stage) -> None:
    """Subscribers are told why."""
    stage.partner_center.writes.append(Write(REFUSED, takes_effect=False))
    record = await stage.submit(stage.put(queued()))
    assert record.status is Status.FAILED
    assert [event.data["status"] for event in stage.bus.topic] == ["Failed"]


@pytest.mark.parametrize("error", PERSON_NEEDED, ids=lambda error: error.code)
async def test_one_alarm_is_raised_for_all_who_wait(stage: Stage, error: PersonNeeded) -> None:
    """And when it is mended, the next time is news again."""
    stage.partner_center.reading_fails = error
    first = stage.put(queued())
    for _ in range(3):
        await stage.submit(stage.put(queued(wanted(GOVERNMENT), request_id=stage.new_id())))
    await stage.submit(first)
    assert [event.data["reason"] for event in stage.bus.topic] == [error.attention]
    stage.partner_center.reading_fails = None
    stage.clock.advance(2 * POLICY.retry_max)
    await stage.submit(first)
    assert stage.store.causes == {}


@pytest.mark.parametrize("record", [submitting(), in_review(), approved()], ids=lambda each: each.status)
async def test_a_repeated_message_does_nothing(stage: Stage, record: Record) -> None:
    """While another worker holds the lease, and after it is over."""
    assert await stage.submit(stage.put(record)) == record
    assert (stage.partner_center.looks, stage.partner_center.sent) == ([], [])


async def test_a_message_for_nothing_is_an_error(stage: Stage) -> None:
    """It ends in the dead-letter queue, where somebody sees it."""
    with pytest.raises(RequestNotFound):
        await stage.submission.submit(CUSTOMER, REQUEST)


async def test_while_the_store_is_down_nothing_is_sent(stage: Stage) -> None:
    """What cannot be noted must not be done."""
    stage.put(queued())
    stage.store.down = True
    with pytest.raises(StoreUnavailable):
        await stage.submit(queued())
    assert stage.partner_center.sent == []


def test_a_message_names_customer_and_request() -> None:
    """Its body and nothing else; metadata can be forged or overwritten."""
    assert parse_message(json.dumps(BODY | {"more": 1}).encode()) == (CUSTOMER, REQUEST)


@given(
    st.binary()
    | st.dictionaries(
        st.sampled_from(sorted(BODY)),
        st.sampled_from([str(CUSTOMER)]) | st.text() | st.none() | st.integers(),
        max_size=1,
    ).map(lambda content: json.dumps(content).encode())
    | st.recursive(st.none() | st.integers(), st.lists).map(lambda value: json.dumps(value).encode())
)
def test_any_other_message_is_malformed(body: bytes) -> None:
    """Whoever wrote it."""
    with pytest.raises(MalformedMessage):
        parse_message(body)
