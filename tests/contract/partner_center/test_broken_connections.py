"""Time-outs, resets and nonsense: what is known of a call that got no proper answer, and that none is sent twice."""

import gzip
import socket
from collections.abc import Awaitable, Callable
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from qualification.domain.call_errors import OutcomeUnknown, PartnerCenterError, Unavailable, Unsent
from qualification.partner_center.client import PartnerCenterClient
from sandbox.partner_center import PartnerCenterThread
from sandbox.partner_center.fault import Act, Fault, Moment
from sandbox.partner_center.vocabulary import Operation
from tests.contract.partner_center.conftest import PATIENCE, OpenClient
from tests.contract.partner_center.requests import EDUCATION, GOVERNMENT
from tests.contract.partner_center.wire_server import WireServer

IMPATIENCE = timedelta(seconds=0.5)
OK = b"HTTP/1.1 200 OK\r\n"

type Write = Callable[[PartnerCenterClient, UUID], Awaitable[object]]


def post(client: PartnerCenterClient, customer_id: UUID) -> Awaitable[object]:
    """A POST."""
    return client.create_qualification(customer_id, EDUCATION, ms_request_id=uuid4())


def put(client: PartnerCenterClient, customer_id: UUID) -> Awaitable[object]:
    """A PUT."""
    return client.update_qualification(customer_id, GOVERNMENT, ms_request_id=uuid4())


WRITES = pytest.mark.parametrize(("operation", "write"), [(Operation.POST, post), (Operation.PUT, put)])


@WRITES
@pytest.mark.parametrize("moment", Moment)
@pytest.mark.parametrize("act", [Act.HANG, Act.RESET])
async def test_a_write_without_an_answer_has_an_unknown_outcome_and_is_sent_once(
    open_client: OpenClient,
    partner_center: PartnerCenterThread,
    customer_id: UUID,
    operation: Operation,
    write: Write,
    moment: Moment,
    act: Act,
) -> None:
    """The client cannot know whether it took effect; HTTP calls a PUT repeatable, yet nothing below repeats it."""
    client = open_client(timeout=IMPATIENCE if act is Act.HANG else PATIENCE)
    await client.validate_mfa()
    partner_center.run(lambda state: state.fault(Fault(operation=operation, moment=moment, then=act)))
    with pytest.raises(OutcomeUnknown) as unknown:
        await write(client, customer_id)
    assert unknown.value.http_status is None
    calls = partner_center.run(lambda state: state.books.calls(operation))
    assert [call.effect for call in calls] == [moment is Moment.AFTER]
    assert str(unknown.value.correlation_id) == calls[0].correlation_id


async def test_a_write_has_a_time_limit_of_its_own(
    open_client: OpenClient, wire_server: WireServer, customer_id: UUID
) -> None:
    """Microsoft's own SDK waits three minutes for one, and a read is worth no such wait."""
    wire_server.answers(b" " * 10_000)
    wire_server.pace = 0.05
    client = open_client(wire_server.url, write_timeout=IMPATIENCE)
    with pytest.raises(OutcomeUnknown) as unknown:
        await post(client, customer_id)
    assert "no answer within 0.5 s" in unknown.value.description


@WRITES
async def test_a_write_on_a_new_connection_that_breaks_is_not_repeated_on_another(
    open_client: OpenClient,
    partner_center: PartnerCenterThread,
    customer_id: UUID,
    operation: Operation,
    write: Write,
) -> None:
    """What holds for a connection that had served other calls before holds for the first call as well."""
    client = open_client()
    partner_center.run(lambda state: state.fault(Fault(operation=operation, moment=Moment.AFTER, then=Act.RESET)))
    with pytest.raises(OutcomeUnknown):
        await write(client, customer_id)
    assert len(partner_center.run(lambda state: state.books.calls(operation))) == 1


@pytest.mark.parametrize("act", [Act.HANG, Act.RESET])
async def test_a_read_without_an_answer_may_be_asked_again(
    open_client: OpenClient, partner_center: PartnerCenterThread, customer_id: UUID, act: Act
) -> None:
    """Reading changes nothing."""
    client = open_client(timeout=IMPATIENCE)
    number = partner_center.run(lambda state: state.fault(Fault(operation=Operation.GET, then=act)))
    with pytest.raises(Unavailable):
        await client.get_qualifications(customer_id)
    partner_center.run(lambda state: state.faults.clear(number))
    assert (await client.get_qualifications(customer_id)).rows == ()


@pytest.mark.parametrize("write", [post, put])
async def test_a_write_that_found_nobody_has_not_been_sent(
    open_client: OpenClient, customer_id: UUID, write: Write
) -> None:
    """A refused connection carries nothing, so the write is simply asked again."""
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        client = open_client(f"http://127.0.0.1:{nobody.getsockname()[1]}")
        with pytest.raises(Unsent) as unavailable:
            await write(client, customer_id)
    assert unavailable.value.code == "unreachable"


async def test_a_write_to_a_server_that_does_not_take_connections_has_not_been_sent(
    open_client: OpenClient, customer_id: UUID
) -> None:
    """TLS that never comes about is no call: connecting is given up before the call itself is."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        client = open_client(f"https://127.0.0.1:{silent.getsockname()[1]}", timeout=IMPATIENCE)
        with pytest.raises(Unsent) as unavailable:
            await post(client, customer_id)
    assert unavailable.value.code == "unreachable"


async def test_a_connection_to_a_host_that_does_not_exist_has_not_been_sent(
    open_client: OpenClient, customer_id: UUID
) -> None:
    """Without an address there is nobody to send to (RFC 6761 reserves .invalid for this)."""
    with pytest.raises(Unsent) as unavailable:
        await post(open_client("http://partner-center.invalid"), customer_id)
    assert unavailable.value.code == "unreachable"


async def test_plain_http_where_tls_is_spoken_is_refused(
    open_client: OpenClient, wire_server: WireServer, customer_id: UUID
) -> None:
    """A server that cannot prove who it is never sees the token."""
    wire_server.answers(b"[]")
    client = open_client(wire_server.url.replace("http://", "https://"), timeout=IMPATIENCE)
    with pytest.raises(Unsent):
        await post(client, customer_id)
    assert wire_server.requests == []


@pytest.mark.parametrize(
    "answer",
    [
        b"SSH-2.0-OpenSSH\r\n\r\n",
        b"HTTP/1.1 2xx OK\r\n\r\n",
        OK + b"Content-Length: banana\r\n\r\n",
        OK + b"Content-Length: 50\r\n\r\n[]",
        OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\n[]",
        OK + b"Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\n[]",
        b"HTTP/1.1 200 \xff\xfe\r\nContent-Length: 4\r\n\r\n\xff\xfe[]",
        OK + b"X: " + b"x" * 100_000 + b"\r\n\r\n",
        b"",
    ],
    ids=["ssh", "status", "length", "short", "chunk", "gzip", "bytes", "header", "nothing"],
)
async def test_nonsense_is_no_answer(
    open_client: OpenClient, wire_server: WireServer, customer_id: UUID, answer: bytes
) -> None:
    """Whatever a broken gateway sends, one of the service's errors comes of it, and the write is looked up."""
    wire_server.answer, wire_server.closes = answer, True
    client = open_client(wire_server.url)
    with pytest.raises(Unavailable):
        await client.get_qualifications(customer_id)
    before = len(wire_server.requests)
    with pytest.raises(OutcomeUnknown):
        await post(client, customer_id)
    assert len(wire_server.requests) == before + 1


async def test_a_packed_body_cannot_swell_beyond_the_limit(
    open_client: OpenClient, wire_server: WireServer, customer_id: UUID
) -> None:
    """A server may pack what it was asked not to; the size counts unpacked."""
    wire_server.answers(gzip.compress(b"[" + b" " * 20_000_000 + b"]"), headers="Content-Encoding: gzip\r\n")
    with pytest.raises(Unavailable) as unavailable:
        await open_client(wire_server.url).get_qualifications(customer_id)
    assert unavailable.value.code == "unreadable"


async def test_an_answer_that_trickles_in_is_given_up(
    open_client: OpenClient, wire_server: WireServer, customer_id: UUID
) -> None:
    """The time limit is for the whole call, not for each byte."""
    wire_server.answers(b" " * 10_000)
    wire_server.pace = 0.05
    with pytest.raises(Unavailable) as unavailable:
        await open_client(wire_server.url, timeout=IMPATIENCE).get_qualifications(customer_id)
    assert unavailable.value.code == "no-answer"
    assert "no answer within 0.5 s" in unavailable.value.description


async def test_calls_go_on_after_an_outage(
    client: PartnerCenterClient, partner_center: PartnerCenterThread, customer_id: UUID
) -> None:
    """Nothing of a lost connection is kept."""
    await client.get_qualifications(customer_id)
    partner_center.interrupt()
    try:
        with pytest.raises(PartnerCenterError) as lost:
            await client.get_qualifications(customer_id)
    finally:
        partner_center.resume()
    assert isinstance(lost.value, Unavailable)
    assert (await client.get_qualifications(customer_id)).rows == ()


async def test_a_proxy_of_the_environment_is_used(
    open_client: OpenClient, wire_server: WireServer, customer_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As httpx, curl and the Azure SDKs do, with the user in its URL and NO_PROXY included."""
    wire_server.answers(b"[]")
    monkeypatch.setenv("HTTP_PROXY", wire_server.url.replace("//", "//user:p%40ss@"))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    for client in (open_client("http://partner-center.invalid"), open_client()):
        assert (await client.get_qualifications(customer_id)).rows == ()
    (request,) = wire_server.requests
    assert request.startswith(b"GET http://partner-center.invalid/v1/customers/")
    assert b"Proxy-Authorization: Basic dXNlcjpwQHNz\r\n" in request
