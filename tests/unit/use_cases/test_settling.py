"""What came of a write is recorded once, on top of whatever else was stored while it was out."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from uuid import UUID

import pytest
from pydantic import SecretStr

from qualification.domain.call_errors import PartnerCenterError
from qualification.domain.correction import correction_of
from qualification.domain.customer import Certainty, Verification
from qualification.domain.record import Correction, Record
from qualification.domain.request import Qualification, QualificationRequest
from qualification.domain.status import Status
from qualification.use_cases.order import fingerprint
from tests.unit.builders import CUSTOMER, NOW, REFUSED, REQUEST, UNKNOWN, claim, queued, submitting, wanted
from tests.unit.stage import Stage
from tests.unit.stand_ins.partner_center import StandInPartnerCenter, Write
from tests.unit.use_cases.claims import send
from tests.unit.use_cases.decisions import cancel
from tests.unit.use_cases.rivals import rival

STATE_OWNED = wanted(Qualification.STATE_OWNED_ENTITY)
UNNAMED = wanted(Qualification.GOVERNMENT_COMMUNITY_CLOUD, validationCode=None)
OTHER = submitting(STATE_OWNED, request_id=CUSTOMER)
REFUSING = Write(REFUSED, after=None)


class Silent(StandInPartnerCenter):
    """Does not tell its validation codes."""

    async def validation_codes(self) -> list[SecretStr]:
        """See PartnerCenter."""
        raise UNKNOWN


def chosen(**changes: object) -> Record:
    """A government request whose code the service has chosen."""
    return claim(queued(UNNAMED), code="CHOSEN").changed(**changes)


def newer(content: QualificationRequest, **changes: object) -> Correction:
    """What the CRM has sent since."""
    return correction_of(content, fingerprint(content), "standard", NOW).model_copy(update=changes)


async def race(stage: Stage, change: Callable[[], Awaitable[object]]) -> None:
    """The next transaction comes second."""
    stage.rows.rivals.append(rival(stage, change))


async def test_an_accepted_write_is_a_verification_spent_for_certain(stage: Stage) -> None:
    """A customer has three: what the CRM administrator is told of those left counts on it."""
    await send(stage)
    spent = Verification(certainty=Certainty.CERTAIN, request_id=REQUEST, write=1)
    assert (await stage.state(CUSTOMER)).customer.verifications == (spent,)


async def test_an_outcome_that_loses_a_race_is_recorded_all_the_same(stage: Stage) -> None:
    """Or a write that was answered would be in doubt, and perhaps sent twice."""

    async def queued_once_more() -> None:
        await stage.put((await stage.stored(submitting())).changed(messages=7))

    await stage.put(submitting())
    stage.partner_center.writes.append(Write(meanwhile=lambda: race(stage, queued_once_more)))
    after = await send(stage)
    assert (after.status, after.messages) == (Status.IN_REVIEW, 7)


async def test_the_outcome_of_an_older_write_changes_nothing(stage: Stage) -> None:
    """The request was claimed again meanwhile, so what is out is another write, with an outcome to come."""
    later = submitting().write
    assert later
    newest = submitting(write=later.model_copy(update={"claimed_at": NOW + timedelta(hours=1)}))
    stage.partner_center.writes.append(Write(REFUSED, after=None, meanwhile=lambda: stage.put(newest)))
    assert await send(stage) == newest


async def test_a_chosen_code_that_somebody_else_has_used_up_is_replaced(stage: Stage) -> None:
    """The refusal is no fault of the request: the service takes another code, and nobody is asked."""
    stage.partner_center.codes = ["ANOTHER"]
    stage.partner_center.writes.append(REFUSING)
    after = await send(stage, chosen())
    assert (after.status, after.request, after.code_chosen, after.out) == (Status.QUEUED, UNNAMED, False, False)


@pytest.mark.parametrize(
    ("record", "error", "codes", "status"),
    [
        (chosen(), REFUSED, ["CHOSEN"], Status.FAILED),
        (chosen(code_chosen=False), REFUSED, [], Status.FAILED),
        (chosen(earlier=chosen().write), REFUSED, [], Status.SUBMITTING),
        (chosen(), UNKNOWN, [], Status.SUBMITTING),
        (submitting(), REFUSED, [], Status.FAILED),
    ],
    ids=["the code has creates left", "the sender's own code", "an earlier write is out", "not refused", "no code"],
)
async def test_another_code_is_no_way_out_of_anything_else(
    stage: Stage, record: Record, error: PartnerCenterError, codes: list[str], status: Status
) -> None:
    """It would be refused for the same reason, or sent beside a write that may take effect."""
    stage.partner_center.codes = codes
    stage.partner_center.writes.append(Write(error, after=None))
    assert (await send(stage, record)).status is status


async def test_where_nobody_tells_the_codes_a_refusal_stands(stage: Stage) -> None:
    """A code is replaced only where it is known to be used up."""
    silent = Silent(stage.clock)
    silent.writes.append(REFUSING)
    assert (await send(stage, chosen(), by=silent)).status is Status.FAILED


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"correction": newer(wanted(Qualification.GOVERNMENT_COMMUNITY_CLOUD))}, Status.QUEUED),
        ({"withdrawn": "mark taken back"}, Status.FAILED),
    ],
    ids=["corrected", "taken back"],
)
async def test_what_the_sender_has_said_goes_ahead_of_another_code(
    stage: Stage, changes: dict[str, Correction | str], status: Status
) -> None:
    """The content that is sent next is the newest, or none at all."""
    stage.partner_center.writes.append(REFUSING)
    after = await send(stage, chosen(**changes))
    correction = changes.get("correction")
    request = correction.request if isinstance(correction, Correction) else UNNAMED
    assert (after.status, after.request, after.correction) == (status, request, None)


async def test_a_code_that_the_sender_names_later_is_its_own(stage: Stage) -> None:
    """Where it is refused the sender learns that: nothing takes its place unasked, though the service chose the first."""
    named = wanted(Qualification.GOVERNMENT_COMMUNITY_CLOUD, validationCode="ITS-OWN")
    stage.partner_center.writes += [REFUSING, REFUSING]
    corrected = await send(stage, chosen(correction=newer(named)))
    assert (corrected.request, corrected.code_chosen) == (named, False)
    after = await stage.submit(corrected)
    assert (after.status, len(stage.partner_center.sent)) == (Status.FAILED, 2)


async def test_another_code_reopens_nothing_that_a_person_has_ended(stage: Stage) -> None:
    """Who cancels a request does not want it sent once more."""

    async def end() -> None:
        await cancel(stage, await stage.stored(chosen()))

    stage.partner_center.writes.append(Write(REFUSED, after=None, meanwhile=end))
    assert (await send(stage, chosen())).status is Status.FAILED


@pytest.mark.parametrize("named", [CUSTOMER, None])
async def test_a_refused_write_makes_room_for_the_other_qualification(stage: Stage, named: UUID | None) -> None:
    """The CRM's mark has changed meanwhile; its event's name, where it has one, leads to the new request."""
    stage.partner_center.writes.append(REFUSING)
    old = await send(stage, submitting(correction=newer(STATE_OWNED, request_id=named)))
    assert (old.status, old.history[-1].note) == (Status.FAILED, "superseded")
    (new,) = [each for each in stage.records if each.request_id != old.request_id]
    assert (new.request_id, new.customer_tenant_id, new.request) == (named or UUID(int=1), CUSTOMER, STATE_OWNED)
    assert (new.status, new.created_at) == (Status.QUEUED, NOW)


async def test_no_second_request_begins_beside_an_unfinished_one(stage: Stage) -> None:
    """A customer has one request of a qualification at a time."""
    await stage.put(OTHER)
    stage.partner_center.writes.append(REFUSING)
    old = await send(stage, submitting(correction=newer(STATE_OWNED)))
    assert old.history[-1].note == "superseded"
    assert [each for each in stage.records if each.request_id != REQUEST] == [OTHER]
