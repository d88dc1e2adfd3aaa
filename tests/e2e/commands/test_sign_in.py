"""`python -m qualification sign-in`."""

import signal
import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from sandbox.partner_center import PartnerCenterThread, RefreshFailure
from tests.e2e.command_process import ALL_WELL, FAULTS, begin, run
from tests.e2e.eventually import DEADLINE


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
    output, _ = process.communicate(timeout=DEADLINE)
    assert (page.status_code, process.returncode) == (200, ALL_WELL), output
    token = (tmp_path / "refresh-token").read_text()
    assert token not in {before, ""}
    assert token not in output
    partner_center.run(lambda state: state.sign_in.refuse_refresh(None))
    assert run("doctor", settings)[0] == ALL_WELL


@pytest.fixture
def interruptible() -> Iterator[None]:
    """A shell has what it runs in the background ignore Ctrl-C, and what that starts inherits it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interruptible")
def test_an_interrupt_ends_a_command_in_one_word(settings: dict[str, str]) -> None:
    """Ctrl-C while the browser is waited for."""
    process = begin("sign-in", "--no-browser", "--port", str(free_port()), settings=settings)
    assert process.stdout
    next(line for line in process.stdout if "/authorize?" in line)
    process.send_signal(signal.SIGINT)
    output, _ = process.communicate(timeout=DEADLINE)
    assert process.returncode == FAULTS
    assert output.splitlines()[-1] == "Stopped."
    assert "Traceback" not in output


def test_a_refused_sign_in_says_what_to_do_and_nothing_of_ports(settings: dict[str, str]) -> None:
    """The browser brings the refusal in Microsoft's words."""
    port = free_port()
    process = begin("sign-in", "--no-browser", "--port", str(port), settings=settings)
    assert process.stdout
    url = next(line.strip() for line in process.stdout if "/authorize?" in line)
    state = parse_qs(urlsplit(url).query)["state"][0]
    refusal = {"state": state, "error": "access_denied", "error_description": "AADSTS65004: declined"}
    httpx.get(f"http://localhost:{port}/", params=refusal)
    output, _ = process.communicate(timeout=DEADLINE)
    assert process.returncode == FAULTS
    assert "access_denied: AADSTS65004: declined" in output
    assert output.splitlines()[-1] == "Sign in as the service account, with MFA."
    assert "--port" not in output


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
