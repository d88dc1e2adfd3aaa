"""What the people who run the service see: `python -m qualification doctor` and `python -m qualification sign-in`."""

import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import httpx
import pytest

from sandbox.host_process import ROOT
from sandbox.partner_center import PartnerCenter, PartnerCenterThread, RefreshFailure
from sandbox.service_bus import BrokerThread, Topology
from sandbox.service_settings import service_settings, webhook_secret
from sandbox.world import TOPOLOGY
from tests.e2e.world import World

ALL_WELL, WARNINGS, FAULTS = 0, 1, 2


@pytest.fixture(scope="module")
def broker() -> Iterator[BrokerThread]:
    """A Service Bus of its own, whose dead-letter queue is empty."""
    with BrokerThread(Topology.load(TOPOLOGY)) as broker:
        yield broker


@pytest.fixture(scope="module")
def partner_center(world: World) -> PartnerCenterThread:
    """A Partner Center that these tests may reset."""
    return world.partner_center_of_its_own()


@pytest.fixture
def settings(broker: BrokerThread, partner_center: PartnerCenterThread, tmp_path: Path) -> Iterator[dict[str, str]]:
    """The app settings of a sound local set-up."""
    values = service_settings(
        service_bus=broker.connection_string,
        partner_center_url=partner_center.url,
        credentials=partner_center.credentials,
        folder=tmp_path,
        secret=webhook_secret(),
    )
    yield values
    partner_center.reset()


def begin(command: str, *arguments: str, settings: Mapping[str, str]) -> "subprocess.Popen[str]":
    """Start a command whose app settings come from the environment."""
    return subprocess.Popen(  # noqa: S603  our own module, no shell
        [sys.executable, "-m", "qualification", command, *arguments],
        cwd=ROOT,
        env={**os.environ, **settings},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def run(command: str, settings: Mapping[str, str]) -> tuple[int, str]:
    """Run a command to its end: exit code and output."""
    process = begin(command, settings=settings)
    output, _ = process.communicate(timeout=60)
    return process.returncode, output


def finding(output: str, name: str) -> str:
    """The line of the doctor's output about one check."""
    return next(line for line in output.splitlines() if name in line)


def test_the_doctor_finds_a_sound_set_up_sound(settings: dict[str, str]) -> None:
    """Every check says ok, and the exit code says so to scripts."""
    code, output = run("doctor", settings)
    assert code == ALL_WELL, output
    assert len(output.splitlines()) == 7
    assert all(line.startswith("ok ") for line in output.splitlines())


@pytest.mark.parametrize(
    ("name", "setting", "value", "remedy"),
    [
        ("Record store", "RecordStorage", "sqlite:////proc/nowhere/records.db", "RecordStorage"),
        ("Service Bus, sending", "QUALIFICATION_TOPIC", "nowhere", "QUALIFICATION_TOPIC"),
        ("Service Bus, receiving", "QUALIFICATION_QUEUE", "nowhere", "QUALIFICATION_QUEUE"),
        ("Partner Center, the app", "PARTNER_CENTER_CLIENT_SECRET", "wrong", "PARTNER_CENTER_CLIENT_SECRET"),
        ("Refresh token", "PARTNER_CENTER_REFRESH_TOKEN", "file:///nowhere/token", "sign-in"),
    ],
)
def test_the_doctor_names_a_fault_and_its_remedy(
    settings: dict[str, str], name: str, setting: str, value: str, remedy: str
) -> None:
    """One wrong setting is a fault of the check that needs it, with what to do about it."""
    code, output = run("doctor", {**settings, setting: value})
    assert code == FAULTS
    assert finding(output, name).startswith("FAULT")
    assert remedy in output


@pytest.mark.parametrize(
    "breaks",
    [
        lambda state: state.sign_in.refuse_refresh(RefreshFailure.EXPIRED),
        lambda state: setattr(state.settings, "user_has_mfa", False),
    ],
    ids=["refresh token expired", "no MFA"],
)
def test_the_doctor_sees_that_the_service_account_cannot_work(
    settings: dict[str, str], partner_center: PartnerCenterThread, breaks: Callable[[PartnerCenter], None]
) -> None:
    """The app itself still signs in; the remedy is another sign-in."""
    partner_center.run(breaks)
    code, output = run("doctor", settings)
    assert code == FAULTS
    assert finding(output, "Partner Center, the app").startswith("ok")
    assert finding(output, "the service account").startswith("FAULT")
    assert "sign-in" in output


def test_the_doctor_warns_when_no_validation_code_is_left(
    settings: dict[str, str], partner_center: PartnerCenterThread
) -> None:
    """Nothing fails yet, so it is a warning."""
    codes = partner_center.run(lambda state: list(state.customers.codes))
    partner_center.run(
        lambda state: state.set_codes([each.model_copy(update={"remaining_creates": 0}) for each in codes])
    )
    code, output = run("doctor", settings)
    assert code == WARNINGS
    assert finding(output, "Partner Center, the app").startswith("warning")


def test_the_doctor_lists_missing_settings_and_shows_no_value(settings: dict[str, str]) -> None:
    """Without sound settings nothing can be checked, and all of them are named at once."""
    code, output = run("doctor", {**settings, "PARTNER_CENTER_TENANT_ID": "not-a-guid", "RETRY_FIRST": "soon"})
    assert code == FAULTS
    assert "PARTNER_CENTER_TENANT_ID" in output
    assert "RETRY_FIRST" in output
    assert "not-a-guid" not in output


def test_signing_in_stores_a_refresh_token_that_works(
    settings: dict[str, str], partner_center: PartnerCenterThread, tmp_path: Path
) -> None:
    """The browser comes back with a code, and the token that comes of it replaces the dead one."""
    partner_center.run(lambda state: state.sign_in.refuse_refresh(RefreshFailure.EXPIRED))
    before = (tmp_path / "refresh-token").read_text()
    process = begin("sign-in", "--no-browser", "--port", str(free_port()), settings=settings)
    assert process.stdout
    url = next(line.strip() for line in process.stdout if "/authorize?" in line)
    page = httpx.get(url, follow_redirects=True)
    output, _ = process.communicate(timeout=30)
    assert (page.status_code, process.returncode) == (200, ALL_WELL), output
    token = (tmp_path / "refresh-token").read_text()
    assert token not in {before, ""}
    assert token not in output
    partner_center.run(lambda state: state.sign_in.refuse_refresh(None))
    assert run("doctor", settings)[0] == ALL_WELL


def test_signing_in_asks_for_a_secret_where_there_is_no_managed_identity(settings: dict[str, str]) -> None:
    """A federated identity proves the app in Azure only; waiting for one here would end in a riddle."""
    del settings["PARTNER_CENTER_CLIENT_SECRET"]
    code, output = run("sign-in", {**settings, "PARTNER_CENTER_FEDERATED_IDENTITY": "true"})
    assert code == FAULTS
    assert "PARTNER_CENTER_CLIENT_SECRET" in output


def test_a_browser_that_comes_back_from_elsewhere_is_sent_away(settings: dict[str, str]) -> None:
    """A code without our state may be somebody else's (RFC 6749 section 10.12)."""
    port = free_port()
    process = begin("sign-in", "--no-browser", "--port", str(port), settings=settings)
    assert process.stdout
    next(line for line in process.stdout if "/authorize?" in line)
    assert httpx.get(f"http://localhost:{port}/?code=forged&state=forged").status_code == 400
    assert process.poll() is None
    process.kill()
    process.communicate()


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port
