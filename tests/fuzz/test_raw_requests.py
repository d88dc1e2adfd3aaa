"""Requests that no HTTP library would send are answered, or the connection ends; the host goes on."""

import re
import socket
from urllib.parse import urlsplit
from uuid import uuid4

import httpx
import pytest

from sandbox.world import World

BODY = b'{"qualification": "StateOwnedEntity"}'
STATUS = re.compile(rb"HTTP/1\.[01] (\d{3})")


def status(running: World, *, path: bytes = b"", host: bytes = b"localhost", headers: bytes = b"") -> int:
    """The status of the answer to a POST."""
    path = path or f"/api/customers/{uuid4()}/qualifications".encode()
    key = running.host.address.function_key.encode()
    lines = [b"POST %s HTTP/1.1" % path, b"Host: %s" % host, b"x-functions-key: %s" % key, b"Connection: close"]
    lines += [b"Content-Length: %d" % len(BODY), *headers.splitlines()]
    address = urlsplit(running.host.address.url)
    with socket.create_connection((address.hostname, address.port), timeout=10) as connection:
        connection.sendall(b"\r\n".join(lines) + b"\r\n\r\n" + BODY)
        answer = b""
        while part := connection.recv(65536):
            answer += part
    found = STATUS.match(answer)
    assert found, answer
    return int(found[1])


@pytest.mark.parametrize("host", [b"x:99999", b"x:y", b"[", b"[::1", b"", b"a b", b"\\\\x@y", b"\xff"])
def test_a_host_header_may_be_anything(running: World, host: bytes) -> None:
    """Taken, or refused as a bad request."""
    assert status(running, host=host) in {202, 400}


@pytest.mark.parametrize("value", [b"\xff\xfe", b"\xc3\x28", b"x" * 8000, b"%00", b" ", b"\xed\xa0\x80"])
def test_an_idempotency_key_may_be_anything(running: World, value: bytes) -> None:
    """Bytes that are no UTF-8 were answered 500."""
    assert status(running, headers=b"Idempotency-Key: " + value) == 202


@pytest.mark.parametrize("value", [b"a\x00b", b"a\x1bb", b"x" * 9000])
def test_a_header_that_no_server_takes_is_a_bad_request(running: World, value: bytes) -> None:
    """Control characters, and more than a header may have."""
    assert status(running, headers=b"Idempotency-Key: " + value) == 400


@pytest.mark.parametrize(
    "name", [b"%0d%0aERROR", b"%ff%fe", b"%00", b"%ed%a0%80", b"%1b%5b2J", b"%2e%2e", b"x" * 8000, b"\xff"]
)
def test_the_name_of_a_source_may_be_anything(running: World, name: bytes) -> None:
    """There is none of that name."""
    assert status(running, path=b"/api/webhooks/" + name) in {400, 404}


def test_the_host_goes_on(running: World) -> None:
    """After all of that."""
    assert httpx.get(f"{running.host.address.url}/api/health").json()["status"] == "healthy"
