"""What callers of HTTP see of each mishap, and what the far end does."""

import time

import pytest
from aiohttp import ClientError, ClientPayloadError, ClientSession

from sandbox.fault_proxy import Faults, HttpProxy, Mishap, Rule
from tests.contract.fault_proxy.conftest import ANSWER, FarEnd


async def test_without_mishaps_all_is_as_without_a_proxy(
    session: ClientSession, proxy: HttpProxy, far_end: FarEnd
) -> None:
    """Method, path as it was written, Host and body arrive; status, headers and body come back."""
    async with session.post(f"{proxy.url}/a%2Fb?c=%20d", data=b"body", headers={"Host": "named"}) as answer:
        assert (answer.status, answer.headers["ETag"], await answer.text()) == (201, '"1"', ANSWER)
    assert far_end.seen == [("POST", "/a%2Fb?c=%20d", "named", b"body")]


@pytest.mark.parametrize(("mishap", "effects"), [(Mishap.RESET, 0), (Mishap.LOSE_ANSWER, 1)])
async def test_a_connection_breaks_before_or_after_the_effect(
    session: ClientSession, proxy: HttpProxy, far_end: FarEnd, faults: Faults, mishap: Mishap, effects: int
) -> None:
    """The caller cannot tell which."""
    faults.add(Rule(mishap))
    with pytest.raises(ClientError):
        await session.post(proxy.url)
    assert len(far_end.seen) == effects
    assert faults.struck == {mishap: 1}


async def test_half_an_answer_is_no_answer(
    session: ClientSession, proxy: HttpProxy, far_end: FarEnd, faults: Faults
) -> None:
    """Status and headers come, and half the body."""
    faults.add(Rule(Mishap.HALF))
    async with session.get(proxy.url) as answer:
        assert answer.status == 201
        with pytest.raises(ClientPayloadError):
            await answer.read()
    assert len(far_end.seen) == 1


async def test_a_gateway_answers_after_the_effect(
    session: ClientSession, proxy: HttpProxy, far_end: FarEnd, faults: Faults
) -> None:
    """The caller is invited to do it again."""
    faults.add(Rule(Mishap.UNAVAILABLE_AFTER))
    async with session.post(proxy.url) as answer:
        assert answer.status == 503
    assert len(far_end.seen) == 1


@pytest.mark.parametrize(("mishap", "status", "kind"), [(Mishap.UNAVAILABLE, 503, "plain"), (Mishap.HTML, 200, "html")])
async def test_a_gateway_answers_instead(
    session: ClientSession,
    proxy: HttpProxy,
    far_end: FarEnd,
    faults: Faults,
    mishap: Mishap,
    status: int,
    kind: str,
) -> None:
    """And nothing takes effect."""
    faults.add(Rule(mishap))
    async with session.put(proxy.url) as answer:
        assert (answer.status, answer.content_type) == (status, f"text/{kind}")
    assert far_end.seen == []


async def test_a_delay_is_only_that(session: ClientSession, proxy: HttpProxy, faults: Faults) -> None:
    """It takes the time that its rule says."""
    faults.add(Rule(Mishap.DELAY, seconds=0.2))
    began = time.monotonic()
    async with session.get(proxy.url) as answer:
        assert answer.status == 201
    assert time.monotonic() - began >= 0.2


async def test_a_far_end_that_is_not_there_is_a_connection_that_breaks(session: ClientSession) -> None:
    """As it would be without the proxy."""
    async with HttpProxy("http://127.0.0.1:1", Faults()) as proxy:
        with pytest.raises(ClientError):
            await session.get(proxy.url)
