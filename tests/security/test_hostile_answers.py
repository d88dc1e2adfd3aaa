"""Partner Center and its sign-in are believed in what they say, and still cannot break the service."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from qualification.partner_center.client import PartnerCenterClient
from qualification.partner_center.error_body import LONGEST_TEXT
from qualification.partner_center.sign_in import SignIn
from qualification.partner_center.token_store import FileTokenStore
from qualification.partner_center.tokens import Tokens
from qualification.partner_center.wire import read_qualifications
from tests.contract.partner_center.wire_server import WireServer

NOW = datetime(2026, 11, 21, 10, tzinfo=UTC)
PATIENCE = timedelta(seconds=10)


def tokens(server: WireServer, folder: Path) -> tuple[SignIn, Tokens]:
    """The tokens of a sign-in that answers as the test says."""
    sign_in = SignIn(server.url, "tenant", "client", SecretStr("s"), clock=lambda: NOW, timeout=PATIENCE)
    return sign_in, Tokens(sign_in, FileTokenStore(folder / "token"), clock=lambda: NOW)


@pytest.mark.parametrize("seconds", [10**9, 10**12, 10**18, 10**19, 10**400])
async def test_a_token_that_lives_for_ever_is_used_for_a_day(tmp_path: Path, seconds: int) -> None:
    """A lifetime beyond what a date can hold was an unhandled error in every call."""
    async with WireServer().running() as server:
        server.answers(b'{"access_token": "t", "expires_in": %d}' % seconds)
        sign_in, kept = tokens(server, tmp_path)
        token = await kept.app_only()
        await sign_in.close()
    assert timedelta() < token.use_until - NOW <= timedelta(days=1)


async def test_a_date_without_a_zone_is_utc(tmp_path: Path) -> None:
    """`-0000` says that the zone is unknown (RFC 5322, 3.3); the clock's check reads it as UTC."""
    async with WireServer().running() as server:
        server.answers(
            b'{"access_token": "t", "expires_in": 3600}', headers="Date: Sat, 21 Nov 2026 09:59:00 -0000\r\n"
        )
        sign_in, kept = tokens(server, tmp_path)
        client = PartnerCenterClient(
            server.url, kept, clock=lambda: NOW, timeout=PATIENCE, write_timeout=PATIENCE, max_concurrency=1
        )
        assert await client.clock_skew() == timedelta(minutes=1)
        await client.close()
        await sign_in.close()


def test_a_word_is_never_longer_than_a_row_can_hold() -> None:
    """A vetting reason of a megabyte would otherwise keep a record from ever being stored again."""
    long = "x" * 100_000
    rows = f'[{{"qualification": "Education", "vettingStatus": "{long}", "vettingReason": {{"a": "{long}"}}}}]'
    [row] = read_qualifications(rows.encode())
    assert row.vetting_status == "x" * LONGEST_TEXT
    assert len(row.vetting_reason or "") == LONGEST_TEXT
    [other] = read_qualifications(f'[{{"qualification": "{long}", "vettingCreateDate": "{long}"}}]'.encode())
    assert len(other.qualification) == len(other.vetting_created or "") == LONGEST_TEXT
