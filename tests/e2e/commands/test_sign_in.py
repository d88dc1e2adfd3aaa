"""`python -m qualification sign-in`."""

import signal
import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from urllib.request import url2pathname

import httpx
import pytest

from sandbox.partner_center import Fault, Operation, PartnerCenterThread, RefreshFailure, Reply
from tests.e2e.command_process import ALL_WELL, FAULTS, WARNINGS, begin, run
from tests.e2e.eventually import DEADLINE


class Person:
    """Signs in as the service account, in a browser that is one GET.

    Args:
        settings: the app settings.
        options: of the command.
    """

    def __init__(self, settings: dict[str, str], *options: str) -> None:
        self.process = begin("sign-in", "--no-browser", "--port", str(free_port()), *options, settings=settings)
        assert self.process.stdout
        url = next(line.strip() for line in self.process.stdout if "/authorize?" in line)
        self.page = httpx.get(url, follow_redirects=True)

    def says(self, answer: str) -> tuple[int, str]:
        """What comes of it: exit code and output."""
        output, _ = self.process.communicate(answer, timeout=DEADLINE)
        return self.process.returncode, " ".join(output.split())


def stored(settings: dict[str, str]) -> str:
    """The refresh token that the service has."""
    return Path(url2pathname(urlsplit(settings["PARTNER_CENTER_REFRESH_TOKEN"]).path)).read_text()


@pytest.mark.parametrize(("options", "answer"), [((), "y\n"), ((), "YES\n"), (("--yes",), "")])
def test_signing_in_stores_a_refresh_token_that_works(
    settings: dict[str, str], partner_center: PartnerCenterThread, options: tuple[str, ...], answer: str
) -> None:
    """The browser comes back with a code, and the token that comes of it replaces the dead one; it says whose it is."""
    partner_center.run(lambda state: state.sign_in.refuse_refresh(RefreshFailure.EXPIRED))
    before = stored(settings)
    person = Person(settings, *options)
    code, output = person.says(answer)
    assert (person.page.status_code, code) == (200, ALL_WELL), output
    who = "Service Account (service-account@partner.example)"
    assert f"Signed in: {who}, tenant {partner_center.credentials.tenant_id}, with MFA." in output
    assert stored(settings) not in {before, ""}
    assert stored(settings) not in output
    partner_center.run(lambda state: state.sign_in.refuse_refresh(None))
    assert run("doctor", settings)[0] == ALL_WELL


@pytest.mark.parametrize("answer", ["n\n", "\n", "", "yess\n"])
def test_whoever_does_not_say_yes_stores_nothing(settings: dict[str, str], answer: str) -> None:
    """It may have been one's own account, and not the service's."""
    before = stored(settings)
    code, output = Person(settings).says(answer)
    assert code == WARNINGS
    assert output.endswith("Nothing was stored.")
    assert stored(settings) == before


def test_without_mfa_it_takes_a_person_to_store(settings: dict[str, str], partner_center: PartnerCenterThread) -> None:
    """Partner Center would refuse what the service writes, so nothing stores it unseen."""
    partner_center.run(lambda state: setattr(state.settings, "user_has_mfa", False))
    before = stored(settings)
    code, output = Person(settings, "--yes").says("")
    assert code == FAULTS
    assert "without MFA, so Partner Center will refuse" in output
    assert stored(settings) == before
    assert Person(settings).says("y\n")[0] == ALL_WELL
    assert stored(settings) != before


def test_what_could_not_be_asked_is_said(settings: dict[str, str], partner_center: PartnerCenterThread) -> None:
    """Partner Center may be away; the sign-in is good all the same."""
    away = Fault(operation=Operation.CODES, then=Reply(status=503))
    partner_center.run(lambda state: state.fault(away))
    code, output = Person(settings).says("y\n")
    assert code == ALL_WELL
    assert "whether with MFA could not be asked" in output


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


@pytest.mark.usefixtures("interruptible")
def test_an_interrupt_at_the_question_ends_it_at_once(settings: dict[str, str]) -> None:
    """A running loop would wait for the line first."""
    before = stored(settings)
    person = Person(settings)
    output = ""
    assert person.process.stdout
    while not output.endswith("[y/N]"):
        output += person.process.stdout.read(1)
    person.process.send_signal(signal.SIGINT)
    assert person.says("")[1].endswith("Stopped.")
    assert person.process.returncode == FAULTS
    assert stored(settings) == before


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
