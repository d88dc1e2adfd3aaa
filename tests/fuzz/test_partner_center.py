"""Whatever Partner Center and its sign-in answer, it is read or is an error that says what to do."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Self
from uuid import UUID, uuid4

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import SecretStr

from qualification.domain.call_errors import PartnerCenterError
from qualification.domain.request import parse_request
from qualification.partner_center.client import PartnerCenterClient
from qualification.partner_center.sign_in import SignIn
from qualification.partner_center.token_store import FileTokenStore
from qualification.partner_center.tokens import Tokens
from tests.contract.partner_center.wire_server import WireServer
from tests.fuzz.conftest import BOUNDED
from tests.fuzz.json_text import bodies

CODE = "S3CRET-C0DE"
CLIENT_SECRET = "S3CRET-CLIENT"
CUSTOMER = UUID("2a14b164-f983-4048-92e1-4f9591b87445")
ROWS = [
    "qualification",
    "vettingStatus",
    "vettingReason",
    "qualifications",
    "validationId",
    "remainingCreates",
    "status",
]
ERRORS = ["code", "description", "message", "isRetryable", "error", "error_description", "correlation_id"]
TOKENS = ["access_token", "expires_in", "refresh_token", "token_type"]
STATUSES = st.sampled_from(
    [200, 201, 202, 204, 226, 301, 304, 307, 400, 401, 403, 404, 408, 409, 412, 429, 500, 501, 503, 599, 799]
)
HEADER = st.sampled_from(["Retry-After", "Date", "Content-Type", "isMfaCompliant", "Location", "Content-Encoding", "X"])
VALUE = st.sampled_from(
    ["9" * 30, "-1", "Sat, 21 Nov 2026 10:00:00 -0000", "gzip", "Mon, 01 Jan 0001 00:00:00 +2359", "true"]
)
VALUES = VALUE | st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=20)
HEADERS = st.dictionaries(HEADER, VALUES, max_size=3).map(
    lambda headers: "".join(f"{name}: {value}\r\n" for name, value in headers.items())
)


class Line:
    """The client and its sign-in, each with a server that answers as it is told, on one event loop."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._runner = asyncio.Runner()
        self._open = AsyncExitStack()
        self._now = datetime(2026, 11, 21, 10, tzinfo=UTC)

    def __enter__(self) -> Self:
        self._runner.run(self._start())
        return self

    def __exit__(self, *_: object) -> None:
        self._runner.run(self._open.aclose())
        self._runner.close()

    async def _start(self) -> None:
        self.api = await self._open.enter_async_context(WireServer().running())
        self.login = await self._open.enter_async_context(WireServer().running())
        store = FileTokenStore(self._folder / "token")
        await store.write(SecretStr("r3fresh"))
        patience = timedelta(seconds=5)
        sign_in = SignIn(self.login.url, "t", "c", SecretStr(CLIENT_SECRET), clock=self._clock, timeout=patience)
        self.tokens = Tokens(sign_in, store, clock=self._clock)
        self.client = PartnerCenterClient(
            self.api.url, self.tokens, clock=self._clock, timeout=patience, write_timeout=patience, max_concurrency=4
        )
        for close in (sign_in.close, self.client.close):
            self._open.push_async_callback(close)

    def _clock(self) -> datetime:
        # Two hours a look: tokens expire and pauses end, so each call goes to the wire.
        self._now += timedelta(hours=2)
        return self._now

    def ask(self, call: Callable[[], Awaitable[object]], *carried: str) -> None:
        """Make a call; nothing but the error tree may come of it, and that without what the call carried."""

        async def ask() -> object:
            return await call()

        told = ""
        try:
            self._runner.run(ask())
        except PartnerCenterError as error:
            told = f"{error!r} {error} {vars(error)}"
        assert not [secret for secret in carried if secret in told]


@pytest.fixture(scope="module")
def line(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Line]:
    """Opened once."""
    with Line(tmp_path_factory.mktemp("line")) as line:
        yield line


@BOUNDED
@given(status=STATUSES, headers=HEADERS, body=bodies([*ROWS, *ERRORS]))
@example(status=400, headers="", body=f'{{"code": "{CODE}", "description": "{CODE}"}}'.encode())
@example(status=200, headers="Date: Sat, 21 Nov 2026 10:00:00 -0000\r\n", body=b"[]")
def test_any_answer_of_the_api_is_read_or_explained(line: Line, status: int, headers: str, body: bytes) -> None:
    """Reads and writes alike."""
    line.login.answers(b'{"access_token": "t0ken", "expires_in": 3600}')
    line.api.answers(b"" if status in {204, 304} else body, status=f"{status} Whatever", headers=headers)
    request = parse_request({"qualification": "GovernmentCommunityCloud", "validationCode": CODE})
    client = line.client
    line.ask(lambda: client.get_qualifications(CUSTOMER))
    line.ask(lambda: client.create_qualification(CUSTOMER, request, ms_request_id=uuid4()), CODE)
    line.ask(lambda: client.update_qualification(CUSTOMER, request, ms_request_id=uuid4()), CODE)
    line.ask(client.get_validation_codes)
    line.ask(client.validation_codes)
    line.ask(client.sign_in)
    line.ask(client.validate_mfa)
    line.ask(client.clock_skew)


@BOUNDED
@given(status=STATUSES, headers=HEADERS, body=bodies([*TOKENS, *ERRORS]))
@example(status=200, headers="", body=b'{"access_token": "a\\r\\nX: y", "expires_in": 1' + b"0" * 400 + b"}")
@example(status=200, headers="", body='{"access_token": "\u5b66", "expires_in": 3600}'.encode())
@example(status=400, headers="", body=f'{{"error": "invalid_grant", "error_description": "{CLIENT_SECRET}"}}'.encode())
def test_any_answer_of_the_sign_in_is_read_or_explained(line: Line, status: int, headers: str, body: bytes) -> None:
    """And whatever token comes of it, the next call does not break."""
    line.login.answers(b"" if status in {204, 304} else body, status=f"{status} Whatever", headers=headers)
    line.api.answers(b"[]")
    line.ask(line.tokens.app_only, CLIENT_SECRET)
    line.ask(line.tokens.app_and_user, CLIENT_SECRET)
    line.ask(line.tokens.renew_refresh_token)
    line.ask(lambda: line.client.get_qualifications(CUSTOMER))
    line.ask(line.client.validate_mfa)
