from datetime import timedelta

import pytest

from qualification.domain.call_errors import OutcomeUnknown, PartnerCenterError, PersonNeeded, Throttled
from qualification.domain.customer import Certainty, Customer, Verification
from qualification.domain.errors import StoreUnavailable
from qualification.domain.record import Record
from qualification.domain.request import GovernmentRequest, Mode, Qualification
from qualification.domain.status import Status
from tests.unit.builders import (
    ACCESS_LOST,
    CODE,
    CUSTOMER,
    ELSEWHERE,
    REFUSED,
    REQUEST,
    TROUBLES,
    queued,
    row,
    wanted,
)
from tests.unit.call_errors import OF_A_WRITE, UNAUTHORIZED, UNSENT
from tests.unit.stage import Stage
from tests.unit.stand_ins.partner_center import Write

GOVERNMENT = Qualification.GOVERNMENT_COMMUNITY_CLOUD


def spent(count: int) -> Customer:
    """A customer who has spent so many education verifications for certain."""
    entries = [Verification(certainty=Certainty.CERTAIN, request_id=CUSTOMER, write=n) for n in range(count)]
    return Customer(customer_tenant_id=CUSTOMER, verifications=tuple(entries))


async def test_a_queued_request_is_posted_and_is_in_review(stage: Stage) -> None:
    """Read first, claimed, sent once, and published."""
    record = await stage.submit(await stage.put(queued()))
    assert (record.status, record.attempts, record.taken, record.out) == (Status.IN_REVIEW, 1, True, True)
    assert stage.partner_center.looks == [CUSTOMER]
    assert [(method, customer) for method, customer, _, _ in stage.partner_center.sent] == [("POST", CUSTOMER)]
    assert stage.news == ["InReview"]
    assert stage.outbox == []


async def test_the_claim_is_stored_before_the_post(stage: Stage) -> None:
    """With its MS-RequestId and its verification, so that a crash during the call leaves a trace."""
    seen: list[Record] = []
    kept: list[Customer] = []

    async def looks() -> None:
        seen.append(await stage.stored(queued()))
        kept.append((await stage.state(CUSTOMER)).customer)

    stage.partner_center.writes.append(Write(meanwhile=looks))
    await stage.submit(await stage.put(queued()))
    (_, _, _, ms_request_id) = stage.partner_center.sent[0]
    assert (seen[0].status, seen[0].attempts, seen[0].ms_request_id) == (Status.SUBMITTING, 1, ms_request_id)
    assert [each.certainty for each in kept[0].verifications] == [Certainty.IN_DOUBT]


async def test_the_token_is_there_before_the_claim(stage: Stage) -> None:
    """Who cannot sign in has claimed nothing and spent nothing."""
    stage.partner_center.signing_in_fails = ACCESS_LOST
    record = await stage.submit(await stage.put(queued()))
    assert (record.status, record.attempts, stage.partner_center.sent) == (Status.QUEUED, 0, [])
    assert (await stage.state(CUSTOMER)).customer.verifications == ()


async def test_synchronous_mode_puts(stage: Stage) -> None:
    """And reads as the other does; it is granted at once, where Partner Center grants."""
    stage.partner_center.writes.append(Write(vetting_status="Approved"))
    record = await stage.submit(await stage.put(queued(wanted(mode=Mode.SYNCHRONOUS))))
    assert record.status is Status.APPROVED
    assert [method for method, *_ in stage.partner_center.sent] == ["PUT"]
    assert stage.partner_center.looks == [CUSTOMER]


@pytest.mark.parametrize("word", ["InReview", "Approved"])
async def test_what_is_there_already_is_not_sent(stage: Stage, word: str) -> None:
    """Somebody set it by hand, or an earlier call took effect; it counts as spent."""
    stage.partner_center.held[CUSTOMER] = [row(word)]
    record = await stage.submit(await stage.put(queued()))
    assert record.status is (Status.IN_REVIEW if word == "InReview" else Status.APPROVED)
    assert (record.attempts, stage.partner_center.sent) == (0, [])
    verifications = (await stage.state(CUSTOMER)).customer.verifications
    assert [(each.certainty, each.request_id) for each in verifications] == [(Certainty.CERTAIN, REQUEST)]


async def test_what_cannot_be_combined_is_not_sent(stage: Stage) -> None:
    """It fails with a remedy."""
    stage.partner_center.held[CUSTOMER] = [row("Approved", GOVERNMENT)]
    record = await stage.submit(await stage.put(queued()))
    assert (record.status, stage.partner_center.sent) == (Status.FAILED, [])
    assert record.remedy


async def test_a_government_request_without_a_code_takes_one_of_the_partners(stage: Stage) -> None:
    """And keeps it for a repeat."""
    stage.partner_center.codes = [CODE]
    await stage.submit(await stage.put(queued(wanted(GOVERNMENT, validationCode=None))))
    (_, _, request, _) = stage.partner_center.sent[0]
    assert isinstance(request, GovernmentRequest)
    assert request.validation_code
    assert request.validation_code.get_secret_value() == CODE


async def test_a_government_request_with_a_code_uses_it(stage: Stage) -> None:
    """The partner's codes are left alone."""
    stage.partner_center.codes = ["another"]
    await stage.submit(await stage.put(queued(wanted(GOVERNMENT))))
    assert stage.partner_center.sent[0][2] == wanted(GOVERNMENT)


async def test_without_any_code_a_government_request_waits(stage: Stage) -> None:
    """Nothing is sent that could only be refused; a code that is there later lets it go on."""
    record = await stage.submit(await stage.put(queued(wanted(GOVERNMENT, validationCode=None))))
    assert (record.status, record.attempts, stage.partner_center.sent) == (Status.QUEUED, 0, [])
    assert stage.alerts == ["validation-codes-exhausted"]
    stage.partner_center.codes = [CODE]
    await stage.live(timedelta(days=1))
    assert (await stage.stored(record)).status is Status.IN_REVIEW


@pytest.mark.parametrize(
    ("others", "status"), [(0, Status.IN_REVIEW), (1, Status.IN_REVIEW), (2, Status.QUEUED), (3, Status.FAILED)]
)
async def test_the_education_budget_is_kept_with_the_customer(stage: Stage, others: int, status: Status) -> None:
    """Two go by themselves, the third waits for a confirmation, a fourth is never sent."""
    record = await stage.submit(await stage.put(queued(), spent(others)))
    assert record.status is status
    assert len(stage.partner_center.sent) == (status is Status.IN_REVIEW)
    assert ("last-attempt" in stage.alerts) == (status is Status.QUEUED)


async def test_what_is_there_already_is_adopted_whatever_is_spent(stage: Stage) -> None:
    """Nothing is asked for."""
    await stage.put(queued(), spent(3))
    stage.partner_center.held[CUSTOMER] = [row("Approved")]
    assert (await stage.submit(queued())).status is Status.APPROVED


async def test_a_confirmed_last_attempt_is_sent(stage: Stage) -> None:
    """Once."""
    await stage.submit(await stage.put(queued(wanted(confirmLastAttempt=True)), spent(2)))
    assert len(stage.partner_center.sent) == 1


async def test_a_denial_that_is_there_already_is_not_taken_for_the_answer(stage: Stage) -> None:
    """An older denial stands until Microsoft has looked at the new request; it counts as spent."""
    stage.partner_center.held[CUSTOMER] = [row("Denied")]
    assert (await stage.submit(await stage.put(queued()))).status is Status.IN_REVIEW
    assert len(stage.partner_center.sent) == 1
    assert len((await stage.state(CUSTOMER)).customer.verifications) == 2


@pytest.mark.parametrize("error", TROUBLES, ids=lambda error: error.code)
async def test_a_read_that_fails_sends_nothing(stage: Stage, error: PartnerCenterError) -> None:
    """The request waits."""
    stage.partner_center.reading_fails = error
    record = await stage.submit(await stage.put(queued()))
    assert (record.status, record.attempts, stage.partner_center.sent) == (Status.QUEUED, 0, [])
    assert record.error


@pytest.mark.parametrize("error", [each for each in OF_A_WRITE if each is not REFUSED], ids=lambda error: error.code)
async def test_a_post_that_fails_is_not_repeated_by_a_message(stage: Stage, error: PartnerCenterError) -> None:
    """It waits as the error says; a repeated message in between does nothing."""
    stage.partner_center.otherwise = Write(error, after=None)
    record = await stage.submit(await stage.put(queued()))
    in_doubt = isinstance(error, OutcomeUnknown | Throttled)
    assert record.status is (Status.SUBMITTING if in_doubt else Status.QUEUED)
    assert record.attempts == (0 if error is UNSENT else 1)
    assert await stage.submit(record) == record
    assert len(stage.partner_center.sent) == (2 if error is UNAUTHORIZED else 1)


@pytest.mark.parametrize("error", OF_A_WRITE, ids=lambda error: error.code)
async def test_only_what_may_have_been_taken_counts_as_spent(stage: Stage, error: PartnerCenterError) -> None:
    """In doubt; a 409 was refused."""
    stage.partner_center.otherwise = Write(error, after=None)
    await stage.submit(await stage.put(queued()))
    verifications = (await stage.state(CUSTOMER)).customer.verifications
    counts = isinstance(error, Throttled) or error.code == "no-answer"
    assert [each.certainty for each in verifications] == ([Certainty.IN_DOUBT] if counts else [])


async def test_a_refused_post_fails(stage: Stage) -> None:
    """Subscribers hear why."""
    stage.partner_center.writes.append(Write(REFUSED, after=None))
    record = await stage.submit(await stage.put(queued()))
    assert record.status is Status.FAILED
    assert stage.news == ["Failed"]


@pytest.mark.parametrize("error", [ACCESS_LOST, ELSEWHERE], ids=lambda error: error.code)
async def test_one_alert_is_raised_for_all_who_wait(stage: Stage, error: PersonNeeded) -> None:
    """And a probe that gets through ends it for all."""
    stage.partner_center.reading_fails = error
    records = [await stage.put(queued(request_id=stage.new_id(), customer_tenant_id=stage.new_id())) for _ in range(4)]
    for record in records:
        await stage.submit(record)
    assert stage.alerts == [error.attention]
    stage.partner_center.reading_fails = None
    await stage.live(timedelta(hours=5))
    assert {record.status for record in stage.records} == {Status.IN_REVIEW}
    assert (await stage.service.holds.current()).cause is None


async def test_while_the_store_is_down_nothing_is_sent(stage: Stage) -> None:
    """What cannot be noted must not be done."""
    await stage.put(queued())
    stage.rows.down = True
    with pytest.raises(StoreUnavailable):
        await stage.submit(queued())
    assert stage.partner_center.sent == []
