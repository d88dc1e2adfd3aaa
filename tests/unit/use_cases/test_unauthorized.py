"""A write whose token is not taken (401) goes once more, with a new token, under a claim of its own."""

from datetime import timedelta

from qualification.domain.call_errors import Unsent
from qualification.domain.status import Status
from qualification.use_cases.order import Withdrawal
from tests.unit.builders import ACCESS_LOST, CUSTOMER, UNKNOWN, order, queued, wanted
from tests.unit.call_errors import UNAUTHORIZED
from tests.unit.stage import Stage
from tests.unit.stand_ins.partner_center import Write
from tests.unit.use_cases.decisions import cancel

NOT_TAKEN = Write(error=UNAUTHORIZED, after=None)
HOUR = timedelta(hours=1)


async def test_it_goes_once_more_with_a_new_token(stage: Stage) -> None:
    """Nobody is asked, and it is one attempt, one verification and one request to Partner Center."""
    stage.partner_center.writes.append(NOT_TAKEN)
    record = await stage.submit(await stage.put(queued()))
    assert (record.status, record.attempts, record.writes, record.error) == (Status.IN_REVIEW, 1, 1, None)
    first, second = stage.partner_center.sent
    assert first[-1] == second[-1]
    assert stage.partner_center.sign_ins == 2
    assert len((await stage.state(CUSTOMER)).customer.verifications) == 1
    assert stage.alerts == []


async def test_the_second_write_has_a_claim_of_its_own(stage: Stage) -> None:
    """Should the process die while it is out, it is in doubt since then, and whoever reads knows it."""
    claims = []

    async def note() -> None:
        claims.append((await stage.stored(queued())).write)
        stage.clock.advance(timedelta(minutes=1))

    stage.partner_center.writes.extend(
        [Write(error=UNAUTHORIZED, after=None, meanwhile=note), Write(error=UNKNOWN, after=None, meanwhile=note)]
    )
    record = await stage.submit(await stage.put(queued()))
    assert (record.status, record.writes) == (Status.SUBMITTING, 1)
    first, second = claims
    assert first
    assert second
    assert second.claimed_at - first.claimed_at == timedelta(minutes=1)
    assert not second.settled
    assert record.write == second.model_copy(update={"settled": True})
    assert record.earlier is None


async def test_a_new_token_that_is_refused_as_well_is_everybodys_cause(stage: Stage) -> None:
    """Two writes, one event; from then on one probe an hour, which is never repeated."""
    stage.partner_center.otherwise = NOT_TAKEN
    record = await stage.accept(order())
    await stage.deliver()
    assert len(stage.partner_center.sent) == 2
    assert ((await stage.stored(record)).status, stage.alerts) == (Status.QUEUED, ["access-lost"])
    while len(stage.partner_center.sent) < 4:
        before = len(stage.partner_center.sent)
        await stage.live(HOUR / 4)
        assert len(stage.partner_center.sent) - before <= 1
    assert stage.partner_center.sign_ins == 4
    assert stage.alerts == ["access-lost"]
    stage.partner_center.otherwise = Write()
    await stage.live(2 * HOUR)
    assert (await stage.stored(record)).status is Status.IN_REVIEW
    assert len((await stage.state(CUSTOMER)).customer.verifications) == 1


async def test_where_there_is_no_new_token_the_sign_in_says_why(stage: Stage) -> None:
    """The write was not taken; everybody waits for the sign-in, and its words and remedy are told."""

    async def lose() -> None:
        stage.partner_center.signing_in_fails = ACCESS_LOST

    stage.partner_center.writes.append(Write(error=UNAUTHORIZED, after=None, meanwhile=lose))
    record = await stage.submit(await stage.put(queued()))
    assert len(stage.partner_center.sent) == 1
    assert record.status is Status.QUEUED
    assert record.error
    assert (record.error.code, record.error.http_status) == (ACCESS_LOST.code, 401)
    assert record.remedy == ACCESS_LOST.remedy
    assert stage.alerts == ["access-lost"]


async def test_where_the_sign_in_is_away_it_waits(stage: Stage) -> None:
    """Nobody is told, and it goes later with one POST."""

    async def go_away() -> None:
        stage.partner_center.signing_in_fails = Unsent("unreachable", "The sign-in did not answer.", remedy="Wait.")

    stage.partner_center.writes.append(Write(error=UNAUTHORIZED, after=None, meanwhile=go_away))
    record = await stage.submit(await stage.put(queued()))
    assert (record.status, record.attempts, stage.alerts) == (Status.QUEUED, 0, [])
    stage.partner_center.signing_in_fails = None
    await stage.live(HOUR)
    assert (await stage.stored(record)).status is Status.IN_REVIEW


async def test_what_was_corrected_meanwhile_does_not_go_with_the_old_content(stage: Stage) -> None:
    """The newest goes, and nobody is asked: the token was only too old."""
    content = wanted(website="fabrikam.edu")

    async def correct() -> None:
        await stage.accept(order(content, event_id="evt-2"))

    stage.partner_center.writes.append(Write(error=UNAUTHORIZED, after=None, meanwhile=correct))
    await stage.accept(order())
    await stage.deliver()
    await stage.live(HOUR)
    assert [request for _, _, request, _ in stage.partner_center.sent] == [wanted(), content]
    assert "access-lost" not in stage.alerts


async def test_what_was_taken_back_meanwhile_does_not_go(stage: Stage) -> None:
    """The CRM wants it no longer."""

    async def withdraw() -> None:
        await stage.service.intake.withdraw(Withdrawal(CUSTOMER, "standard"))

    stage.partner_center.writes.append(Write(error=UNAUTHORIZED, after=None, meanwhile=withdraw))
    record = await stage.accept(order())
    await stage.deliver()
    await stage.live(HOUR)
    assert not (await stage.stored(record)).status.is_active
    assert len(stage.partner_center.sent) == 1


async def test_what_a_person_has_ended_meanwhile_does_not_go(stage: Stage) -> None:
    """It stays ended."""

    async def end() -> None:
        await cancel(stage, await stage.stored(queued()))

    stage.partner_center.writes.append(Write(error=UNAUTHORIZED, after=None, meanwhile=end))
    record = await stage.submit(await stage.put(queued()))
    assert not record.status.is_active
    assert len(stage.partner_center.sent) == 1


async def test_a_stop_reaches_the_second_write(stage: Stage) -> None:
    """Seconds after it was set nothing leaves."""

    async def stop() -> None:
        await stage.service.holds.stop("operator", None)

    stage.partner_center.writes.append(Write(error=UNAUTHORIZED, after=None, meanwhile=stop))
    record = await stage.submit(await stage.put(queued()))
    assert (record.status, len(stage.partner_center.sent)) == (Status.QUEUED, 1)
