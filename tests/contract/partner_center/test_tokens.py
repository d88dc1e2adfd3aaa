"""Access tokens kept and renewed, the refresh token rotated and stored."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from pydantic import SecretStr

from qualification.domain.call_errors import AccessLost, Unavailable, Unsent
from qualification.partner_center.client import PartnerCenterClient
from qualification.partner_center.sign_in import SignIn
from qualification.partner_center.token_store import FileTokenStore
from qualification.partner_center.tokens import Tokens
from sandbox.partner_center import PartnerCenterThread
from sandbox.partner_center.fault import Act, Fault
from sandbox.partner_center.reply import ReplyName
from sandbox.partner_center.vocabulary import Operation
from tests.contract.partner_center.clock import Clock
from tests.contract.partner_center.requests import EDUCATION


def count(partner_center: PartnerCenterThread, operation: Operation) -> int:
    """How many calls of this kind have arrived."""
    return partner_center.run(lambda state: state.books.count[operation])


async def test_fifty_calls_at_once_ask_for_one_token(
    client: PartnerCenterClient, partner_center: PartnerCenterThread
) -> None:
    """Whoever comes while a token is asked for waits for that one."""
    await asyncio.gather(*(client.get_qualifications(uuid4()) for _ in range(50)))
    assert count(partner_center, Operation.TOKEN) == 1
    assert count(partner_center, Operation.GET) == 50


async def test_fifty_calls_at_once_share_a_refusal_too(
    client: PartnerCenterClient, partner_center: PartnerCenterThread
) -> None:
    """A sign-in that is down is not asked fifty times in a row."""
    fault = Fault(operation=Operation.TOKEN, then=ReplyName.SERVICE_UNAVAILABLE)
    partner_center.run(lambda state: state.fault(fault))
    outcomes = await asyncio.gather(*(client.get_qualifications(uuid4()) for _ in range(50)), return_exceptions=True)
    assert {type(outcome) for outcome in outcomes} == {Unavailable}
    assert count(partner_center, Operation.TOKEN) == 1
    partner_center.run(lambda state: state.faults.clear())
    assert (await client.get_qualifications(uuid4())).rows == ()


async def test_a_cancelled_caller_does_not_spoil_the_token_for_the_others(
    tokens: Tokens, partner_center: PartnerCenterThread
) -> None:
    """The next one in the queue asks instead."""
    slow = Fault(operation=Operation.TOKEN, then=Act.PROCEED, delay=60, times=1)
    partner_center.run(lambda state: state.fault(slow))
    first = asyncio.create_task(tokens.app_only())
    others = [asyncio.create_task(tokens.app_only()) for _ in range(3)]
    async with asyncio.timeout(20):
        while not count(partner_center, Operation.TOKEN):  # noqa: ASYNC110  the simulator is on another thread
            await asyncio.sleep(0.01)
        first.cancel()
        assert len(set(map(id, await asyncio.gather(*others)))) == 1
    assert count(partner_center, Operation.TOKEN) == 2


@pytest.mark.parametrize(("lifetime", "still_good", "too_old"), [(3600, 3299, 3300), (10, 7.9, 8)])
async def test_a_token_is_renewed_before_it_expires(
    tokens: Tokens,
    partner_center: PartnerCenterThread,
    clock: Clock,
    lifetime: int,
    still_good: float,
    too_old: float,
) -> None:
    """Five minutes before, or a fifth of a short life."""
    partner_center.run(lambda state: setattr(state.settings, "access_token_seconds", lifetime))
    first = await tokens.app_only()
    clock.advance(still_good)
    assert await tokens.app_only() is first
    clock.advance(too_old - still_good)
    assert await tokens.app_only() is not first


async def test_a_refused_token_is_replaced_once_and_the_read_repeated(
    client: PartnerCenterClient, partner_center: PartnerCenterThread, customer_id: UUID
) -> None:
    """Nobody notices."""
    await client.get_qualifications(customer_id)
    partner_center.run(lambda state: state.sign_in.tokens.forget_access(without_mfa=False))
    await client.get_qualifications(customer_id)
    reads = partner_center.run(lambda state: state.books.calls(Operation.GET))
    assert [read.status for read in reads] == [200, 401, 200]
    assert len({read.correlation_id for read in reads}) == 3


async def test_a_token_that_stays_refused_is_no_loop(
    client: PartnerCenterClient, partner_center: PartnerCenterThread, customer_id: UUID
) -> None:
    """Two reads, two tokens, then a person is asked."""
    partner_center.run(lambda state: state.fault(Fault(operation=Operation.GET, then=ReplyName.MFA_REQUIRED)))
    with pytest.raises(AccessLost) as lost:
        await client.get_qualifications(customer_id)
    assert (lost.value.code, lost.value.partner_wide) == ("900421", True)
    assert "python -m qualification sign-in" in lost.value.remedy
    assert count(partner_center, Operation.GET) == 2
    assert count(partner_center, Operation.TOKEN) == 2


async def test_a_write_is_never_repeated_here(
    client: PartnerCenterClient, partner_center: PartnerCenterThread, customer_id: UUID
) -> None:
    """It wants a claim of its own; the token is not used again, so that the next sign-in brings another."""
    await client.sign_in()
    partner_center.run(lambda state: state.sign_in.tokens.forget_access(without_mfa=False))
    for tokens in (1, 2):
        with pytest.raises(AccessLost) as lost:
            await client.create_qualification(customer_id, EDUCATION, ms_request_id=uuid4())
        assert (lost.value.http_status, lost.value.partner_wide) == (401, True)
        assert count(partner_center, Operation.POST) == tokens
        assert count(partner_center, Operation.TOKEN) == tokens
        await client.sign_in()
        partner_center.run(lambda state: state.sign_in.tokens.forget_access(without_mfa=False))
    await client.close()


async def test_many_refused_calls_ask_for_one_new_token(
    client: PartnerCenterClient, partner_center: PartnerCenterThread
) -> None:
    """A token that somebody has replaced already is not replaced again."""
    await client.get_qualifications(uuid4())
    partner_center.run(lambda state: state.sign_in.tokens.forget_access(without_mfa=False))
    await asyncio.gather(*(client.get_qualifications(uuid4()) for _ in range(20)))
    assert count(partner_center, Operation.TOKEN) == 2


async def test_the_rotated_refresh_token_is_stored(
    tokens: Tokens, partner_center: PartnerCenterThread, store: FileTokenStore
) -> None:
    """Each redemption gives a new one, and it is in the store before the access token is used."""
    seen = {partner_center.refresh_token}
    await tokens.app_and_user()
    seen.add((await store.read()).value.get_secret_value())
    await tokens.renew_refresh_token()
    seen.add((await store.read()).value.get_secret_value())
    assert len(seen) == 3
    assert count(partner_center, Operation.TOKEN) == 2


async def test_renewing_gives_a_fresh_access_token_as_well(tokens: Tokens) -> None:
    """The redemption for the timer's sake is not wasted."""
    before = await tokens.app_and_user()
    await tokens.renew_refresh_token()
    after = await tokens.app_and_user()
    assert after.value != before.value


class UnwritableStore(FileTokenStore):
    """A store whose permission to write has been taken away."""

    async def write(self, token: SecretStr) -> None:
        """Refuse."""
        del token
        raise AccessLost("refresh-token-secret", "No permission.", partner_wide=True, remedy="Give it.")


async def test_a_refresh_token_that_cannot_be_stored_stops_nothing(
    open_sign_in: Callable[..., SignIn], token_file: Path, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    """The older one stays valid, so calls go on; the log and `storing_failed` tell, and renewing fails."""
    tokens = Tokens(open_sign_in(), UnwritableStore(token_file), clock=clock)
    assert (await tokens.app_and_user()).value
    assert tokens.storing_failed is not None
    assert "could not be stored" in caplog.text
    with pytest.raises(AccessLost):
        await tokens.renew_refresh_token()


async def test_a_missing_refresh_token_stops_writes_and_not_reads(
    client: PartnerCenterClient, store: FileTokenStore, customer_id: UUID
) -> None:
    """Reviews go on, and the error says how to sign in."""
    await store.write(SecretStr(""))
    assert (await client.get_qualifications(customer_id)).rows == ()
    with pytest.raises(AccessLost) as lost:
        await client.sign_in()
    assert "python -m qualification sign-in" in lost.value.remedy
    with pytest.raises(Unsent):
        await client.create_qualification(customer_id, EDUCATION, ms_request_id=uuid4())


async def test_both_kinds_of_token_live_side_by_side(tokens: Tokens, clock: Clock) -> None:
    """To discard one leaves the other."""
    calls: list[Callable[[], Awaitable[object]]] = [tokens.app_only, tokens.app_and_user]
    app, user = [await call() for call in calls]
    tokens.discard(await tokens.app_only())
    clock.advance(timedelta(seconds=1).total_seconds())
    assert await tokens.app_only() is not app
    assert await tokens.app_and_user() is user
