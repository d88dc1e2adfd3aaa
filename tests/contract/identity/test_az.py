"""Whoever is signed in on a developer's machine: an az of the test's own, as slow as it likes to be."""

import asyncio
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from qualification.bootstrap import bootstrap
from qualification.doctor.diagnosis import Diagnosis, Finding
from qualification.doctor.examination import examine
from qualification.domain.errors import StoreUnavailable
from qualification.settings.connections import Identity
from qualification.settings.credential import Credentials
from qualification.settings.no_token import NoToken
from qualification.stores.tables import SCOPE, TableRows
from sandbox.partner_center import PartnerCenterThread
from sandbox.service_settings import service_settings, webhook_secret

SIGNED_IN = Identity(endpoint="https://127.0.0.1:1", managed=False)

type WriteAz = Callable[..., Path]


@pytest.fixture
def write_az(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> WriteAz:
    """Puts an az on the path that notes each call, sleeps, and gives a token or not; returns where it notes."""
    calls = tmp_path / "az-calls"

    def write(*, seconds: float = 0.0, works: bool = True) -> Path:
        expires = int((datetime.now(UTC) + timedelta(hours=1)).timestamp())
        token = json.dumps({"accessToken": "a.b.c", "expires_on": expires, "expiresOn": "2026-11-27 10:00:00.000000"})
        script = tmp_path / "bin" / "az"
        script.parent.mkdir(exist_ok=True)
        ending = f"echo '{token}'" if works else "echo 'Please run az login' >&2; exit 1"
        script.write_text(f'#!/bin/sh\necho "$@" >> {calls}\nsleep {seconds}\n{ending}\n')
        script.chmod(0o700)
        return calls

    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")
    monkeypatch.setenv("AZURE_TOKEN_CREDENTIALS", "AzureCliCredential")
    monkeypatch.delenv("IDENTITY_ENDPOINT", raising=False)
    return write


async def test_a_slow_az_is_waited_for_by_name(write_az: WriteAz, credentials: Credentials) -> None:
    """The store waits less long, does not say that it is table storage, and leaves az running; the next call has its token."""
    calls = write_az(seconds=0.8)
    rows = TableRows.from_endpoint(SIGNED_IN.endpoint, credentials.of(SIGNED_IN), patience=0.2)
    with pytest.raises(StoreUnavailable, match="whoever is signed in here, such as az, gave no token within"):
        await rows.get("shard", "key")
    assert (await credentials.of(SIGNED_IN).get_token(SCOPE)).token == "a.b.c"
    await rows.close()
    assert len(calls.read_text().splitlines()) == 1


async def test_a_token_of_az_is_kept(write_az: WriteAz, credentials: Credentials) -> None:
    """Az itself takes seconds each time; tasks at once and calls afterwards share one."""
    calls = write_az(seconds=0.2)
    await asyncio.gather(*(credentials.of(SIGNED_IN).get_token(SCOPE) for _ in range(10)))
    await credentials.of(SIGNED_IN).get_token(SCOPE)
    assert len(calls.read_text().splitlines()) == 1


async def test_who_is_not_signed_in_is_told_to(write_az: WriteAz, credentials: Credentials) -> None:
    """With the command."""
    write_az(works=False)
    with pytest.raises(NoToken) as failed:
        await credentials.of(SIGNED_IN).get_token(SCOPE)
    assert not failed.value.passing
    assert "az login" in failed.value.remedy


async def _doctor(settings: dict[str, str], say: Callable[[str], None]) -> list[Diagnosis]:
    service = bootstrap(settings)
    try:
        return await examine(service, settings, say)
    finally:
        await service.close()


async def test_the_doctor_waits_for_a_first_token_and_says_for_whom(
    write_az: WriteAz, tmp_path: Path, partner_center: PartnerCenterThread
) -> None:
    """It has its own row; the store is blamed for what the store does, and az is not called again for it."""
    calls = write_az(seconds=0.5)
    settings = service_settings(
        service_bus="Endpoint=sb://127.0.0.1:1;SharedAccessKeyName=n;SharedAccessKey=k;UseDevelopmentEmulator=true;",
        partner_center_url=partner_center.url,
        credentials=partner_center.credentials,
        folder=tmp_path,
        secret=webhook_secret(),
    )
    del settings["RecordStorage"]
    settings["RecordStorage__tableServiceUri"] = "https://nobody.table.core.windows.net"
    said: list[str] = []
    diagnoses = {each.name: each for each in await _doctor(settings, said.append)}
    token = diagnoses["Azure sign-in, record store"]
    assert token.finding is Finding.OK
    assert "whoever is signed in here, such as az, gave a token after 0." in token.detail
    assert said[0] == "Waiting for whoever is signed in here, such as az, to give a token for record store ..."
    assert "table storage cannot be reached" in diagnoses["Record store"].detail
    assert len(calls.read_text().splitlines()) == 1
