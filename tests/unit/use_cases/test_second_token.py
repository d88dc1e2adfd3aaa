"""The second write after one whose token was not taken: what it needs, and what is told where it does not go."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import pytest

from qualification.domain.call_errors import AccessLost, PartnerCenterError, Throttled, Unsent
from qualification.domain.customer import Customer
from qualification.domain.record import RequestError
from qualification.domain.request import Qualification
from qualification.domain.status import Status
from qualification.use_cases.hold import READ_EVERY
from tests.unit.builders import CUSTOMER, MS_REQUEST, NOW, PARTNER, REQUEST, claim, queued, submitting, wanted
from tests.unit.stage import Stage
from tests.unit.stand_ins.partner_center import Write
from tests.unit.use_cases.claims import CAUSE, held, hold, send

HOUR = timedelta(hours=1)
EXCLUDED = queued(wanted(Qualification.GOVERNMENT_COMMUNITY_CLOUD), request_id=PARTNER)
EARLIER = RequestError(code="unreachable", description="No connection.")
CHANGED = RequestError(code="not-begun", description="The request changed before it could go again with a new token.")


def not_taken(at: datetime | None = None) -> AccessLost:
    """A write's token is too old."""
    error = AccessLost("http-401", "Not signed in.", partner_wide=True, http_status=401, remedy="Sign in.")
    error.at = at
    return error


@pytest.mark.parametrize(
    "error",
    [
        Throttled(NOW + HOUR, at=NOW - 2 * HOUR),
        Unsent("no-token", "The sign-in said nothing.", remedy="Wait.", at=NOW - 2 * HOUR, retry_at=NOW + HOUR),
    ],
    ids=lambda error: error.code,
)
async def test_a_sign_in_that_asks_to_wait_is_told_with_its_own_words(stage: Stage, error: PartnerCenterError) -> None:
    """Nothing of the request is at fault; it goes when the sign-in said, by the clock that the sign-in told."""
    stage.partner_center.signing_in_fails = error
    stage.partner_center.writes.append(Write(not_taken(), after=None))
    after = await send(stage)
    assert after.error == RequestError(code=error.code, description=error.description)
    assert (after.status, after.remedy, after.not_before) == (Status.QUEUED, error.remedy, NOW + HOUR)
    assert stage.alerts == ["clock-wrong"]


@pytest.mark.parametrize("at", [NOW - timedelta(minutes=1), None], ids=["dated", "not dated"])
async def test_a_sign_in_that_is_refused_is_everybodys_cause_since_the_answer(
    stage: Stage, at: datetime | None
) -> None:
    """An operator reads since when nothing goes; an answer without a date counts from this clock."""
    stage.partner_center.signing_in_fails = AccessLost("invalid_grant", "Expired.", partner_wide=True, remedy="Renew.")
    stage.partner_center.writes.append(Write(not_taken(at), after=None))
    await send(stage)
    cause = (await held(stage)).cause
    assert cause
    assert (cause.code, cause.detail, cause.remedy, cause.since) == ("invalid_grant", "Expired.", "Renew.", at or NOW)


async def test_nobody_is_shown_a_token_that_was_only_too_old(stage: Stage) -> None:
    """While the second write is out the request shows what it showed before the first."""
    shown = []

    async def look() -> None:
        shown.append(await stage.stored(submitting()))

    stage.partner_center.writes.extend([Write(not_taken(), after=None), Write(meanwhile=look)])
    await send(stage, submitting(error=EARLIER, remedy="Wait."))
    (record,) = shown
    assert (record.error, record.remedy, record.attempts) == (EARLIER, "Wait.", 1)
    assert record.ms_request_id == MS_REQUEST


async def customer_is_read(stage: Stage) -> None:
    """A read has found something new."""
    state = await stage.state(CUSTOMER)
    await stage.store.commit(state, [], Customer(customer_tenant_id=CUSTOMER, looks=7))


async def excluded_is_claimed(stage: Stage) -> None:
    """The request that must not be sent beside this one goes out."""
    await stage.put(claim(EXCLUDED))


@pytest.mark.parametrize("change", [customer_is_read, excluded_is_claimed])
async def test_what_changes_beside_the_request_keeps_the_second_write_back(
    stage: Stage, change: Callable[[Stage], Awaitable[None]]
) -> None:
    """It was decided on what was there; the request goes again by itself, after another read."""

    async def rival() -> None:
        await change(stage)

    stage.partner_center.writes.append(Write(not_taken(), after=None))
    await stage.put(EXCLUDED)
    await stage.put(submitting(), Customer(customer_tenant_id=CUSTOMER, looks=1))
    stage.rows.rivals.extend([nothing, rival])
    after = await send(stage)
    assert (after.status, after.error, after.remedy) == (Status.QUEUED, CHANGED, "Nothing to do: it goes again.")
    assert [call[1] for call in stage.partner_center.sent] == [CUSTOMER]


async def nothing() -> None:
    """Nobody else is there."""


async def test_a_cause_that_is_met_meanwhile_keeps_the_second_write_back(stage: Stage) -> None:
    """A write that is repeated is no probe."""

    async def others_meet_a_cause() -> None:
        await hold(stage)
        stage.clock.advance(READ_EVERY)

    stage.partner_center.writes.append(Write(not_taken(), after=None, meanwhile=others_meet_a_cause))
    after = await send(stage)
    assert (after.request_id, after.status, len(stage.partner_center.sent)) == (REQUEST, Status.QUEUED, 1)
    assert after.error == RequestError(code=CAUSE.code, description=CAUSE.detail)
