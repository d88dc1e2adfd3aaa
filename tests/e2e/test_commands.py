"""What the people who run the service see: `python -m qualification doctor` and `python -m qualification sign-in`."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from azure.servicebus import ServiceBusClient, ServiceBusMessage

from sandbox.host_process import ROOT
from sandbox.partner_center import Fault, Operation, PartnerCenter, PartnerCenterThread, RefreshFailure, Reply
from sandbox.service_bus import BrokerThread, Topology
from sandbox.service_settings import service_settings, webhook_secret
from sandbox.world import TOPOLOGY
from tests.e2e.command_process import ALL_WELL, FAULTS, WARNINGS, begin, environment, run, run_apart
from tests.e2e.eventually import DEADLINE
from tests.e2e.world import World


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


def finding(output: str, name: str) -> str:
    """The line of the doctor's output about one check."""
    return next(line for line in output.splitlines() if name in line)


def a_topology(**changes: Any) -> Topology:
    """The sandbox's own topology with other properties: `queue`, `topic` or `subscriptions`."""
    data = json.loads(TOPOLOGY.read_text())
    namespace = data["UserConfig"]["Namespaces"][0]
    namespace["Queues"][0]["Properties"] |= changes.get("queue", {})
    namespace["Topics"][0]["Properties"] |= changes.get("topic", {})
    namespace["Topics"][0]["Subscriptions"] = changes.get("subscriptions", namespace["Topics"][0]["Subscriptions"])
    return Topology(data)


def test_the_doctor_finds_a_sound_set_up_sound(settings: dict[str, str]) -> None:
    """Every check says ok, and the exit code says so to scripts."""
    code, output = run("doctor", settings)
    assert code == ALL_WELL, output
    rows = [line for line in output.splitlines()[:-2] if not line.startswith(" ")]
    assert len(rows) == 16
    assert all(row.startswith("ok ") for row in rows)
    assert output.splitlines()[-1].startswith("all is well")


def test_a_script_reads_json(settings: dict[str, str]) -> None:
    """The option may stand on either side; what is well has no remedy."""
    for arguments in (["doctor", "--json"], ["--json", "doctor"]):
        done = run_apart(*arguments, settings={**settings, "QUALIFICATION_TOPIC": "nowhere"})
        assert (done.returncode, done.stderr) == (FAULTS, "")
        document = json.loads(done.stdout)
        checks = {check["name"]: check for check in document["checks"]}
        assert document["exitCode"] == FAULTS
        assert checks["Topic, sending"]["finding"] == "fault"
        assert "Azure Service Bus Data Sender" in checks["Topic, sending"]["remedy"]
        store = {"name": "Record store", "finding": "ok", "detail": "reads and writes; no role needed", "remedy": None}
        assert checks["Record store"] == store
        assert checks["Service Bus, entities"]["finding"] == "not-checked"


def test_a_pipe_gets_80_columns_without_colours_and_no_word_is_cut(settings: dict[str, str], tmp_path: Path) -> None:
    """A word that is wider makes its own line longer: a path is to be copied."""
    sound = run_apart("doctor", settings=settings)
    assert (sound.returncode, sound.stderr) == (ALL_WELL, "")
    assert max(map(len, sound.stdout.splitlines())) == 80
    assert "whether it may write (Admin agent or Sales agent; GDAP with the customer)" in " ".join(sound.stdout.split())
    token = tmp_path / ("x" * 70) / "token"
    lost = run_apart("doctor", settings={**settings, "PARTNER_CENTER_REFRESH_TOKEN": token.as_uri()})
    assert str(token) in lost.stdout
    assert "\x1b" not in sound.stdout + lost.stdout


@pytest.mark.parametrize(("choice", "coloured"), [({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)])
def test_a_terminal_gets_colours_unless_it_asks_for_none(
    settings: dict[str, str], choice: dict[str, str], *, coloured: bool
) -> None:
    """As no-color.org asks."""
    pty = pytest.importorskip("pty", reason="Windows has no pseudo-terminal to open")
    ours, theirs = pty.openpty()
    variables = environment(settings | {"TERM": "xterm", "COLUMNS": "80"} | choice)
    process = subprocess.Popen(
        [sys.executable, "-m", "qualification", "doctor"], cwd=ROOT, env=variables, stdout=theirs, stderr=theirs
    )
    os.close(theirs)
    output = read_to_the_end(ours)
    assert process.wait(timeout=60) == ALL_WELL, output
    assert "all is well" in output
    assert ("\x1b[32m" in output) is coloured


def read_to_the_end(terminal: int) -> str:
    """What a process wrote to its terminal; Linux answers EIO once nobody has it open any more."""
    chunks: list[bytes] = []
    with contextlib.suppress(OSError):
        while chunk := os.read(terminal, 65536):
            chunks.append(chunk)
    os.close(terminal)
    return b"".join(chunks).decode()


@pytest.mark.parametrize(
    ("name", "setting", "value", "remedy"),
    [
        ("Record store", "RecordStorage", "sqlite:////proc/nowhere/records.db", "create-store"),
        ("Topic, sending", "QUALIFICATION_TOPIC", "nowhere", "Azure Service Bus Data Sender"),
        ("Topic, properties", "QUALIFICATION_TOPIC", "qualification-requests", "service-bus.bicep"),
        ("Queue, sending", "QUALIFICATION_QUEUE", "nowhere", "Azure Service Bus Data Sender"),
        ("Queue, receiving", "QUALIFICATION_QUEUE", "nowhere", "Azure Service Bus Data Receiver"),
        ("Queue, properties", "QUALIFICATION_QUEUE", "qualification-events", "service-bus.bicep"),
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
    assert remedy in " ".join(output.split())


def test_what_this_sign_in_may_not_see_is_not_checked_and_no_fault(settings: dict[str, str]) -> None:
    """The service itself may only send and receive, and a script that runs the doctor as the service must not fail."""
    key = settings["ServiceBusConnection"].replace("RootManageSharedAccessKey", "SendAndListen")
    code, output = run("doctor", {**settings, "ServiceBusConnection": key})
    assert code == ALL_WELL, output
    assert finding(output, "Service Bus, entities").startswith("not checked")
    assert "Azure Service Bus Data Owner" in " ".join(output.split())
    assert "Subscription decisions" not in output


def test_the_doctor_sees_what_weakens_the_promises(settings: dict[str, str]) -> None:
    """Each warning names the entity and the property; nothing stops yet."""
    rule = {"FilterType": "Sql", "SqlFilter": {"SqlExpression": "state = 'Approved' OR status = 'Aproved'"}}
    correlation = {"FilterType": "Correlation", "CorrelationFilter": {"Properties": {"qualification": "GCC"}}}
    topology = a_topology(
        queue={"RequiresDuplicateDetection": False, "LockDuration": "PT1S", "MaxDeliveryCount": 1},
        topic={"DuplicateDetectionHistoryTimeWindow": "PT30S"},
        subscriptions=[
            {"Name": "shop", "Rules": [{"Name": "mine", "Properties": rule}]},
            {"Name": "billing", "Rules": [{"Name": "gcc", "Properties": correlation}]},
        ],
    )
    with BrokerThread(topology) as weak:
        code, output = run("doctor", {**settings, "ServiceBusConnection": weak.connection_string})
    assert code == WARNINGS, output
    told = " ".join(output.split())
    assert finding(output, "Queue, properties").startswith("warning")
    assert "detects no duplicates" in told
    assert "max delivery count is 1" in told
    assert "PARTNER_CENTER_TIMEOUT" in told
    assert finding(output, "Topic, properties").startswith("warning")
    assert finding(output, "Subscription shop").startswith("warning")
    assert "rule mine: no event has a property state" in told
    assert "rule mine: status is never 'Aproved'" in told
    assert "rule gcc: qualification is never 'GCC'" in told


def test_events_that_reach_nobody_are_a_warning(settings: dict[str, str]) -> None:
    """A topic without a subscription drops what it takes."""
    with BrokerThread(a_topology(subscriptions=[])) as deaf:
        code, output = run("doctor", {**settings, "ServiceBusConnection": deaf.connection_string})
    assert code == WARNINGS, output
    assert finding(output, "events reach nobody").startswith("warning")


def test_dead_letters_of_queue_and_subscription_are_warnings(settings: dict[str, str]) -> None:
    """Somebody should read why they died."""
    queue, topic = settings["QUALIFICATION_QUEUE"], settings["QUALIFICATION_TOPIC"]
    with BrokerThread(a_topology()) as broker:
        with ServiceBusClient.from_connection_string(broker.connection_string) as client:
            for sender, receiver in (
                (client.get_queue_sender(queue), client.get_queue_receiver(queue)),
                (client.get_topic_sender(topic), client.get_subscription_receiver(topic, "all")),
            ):
                with sender, receiver:
                    sender.send_messages(ServiceBusMessage("nonsense"))
                    receiver.dead_letter_message(receiver.receive_messages(1, max_wait_time=20)[0])
        code, output = run("doctor", {**settings, "ServiceBusConnection": broker.connection_string})
    assert code == WARNINGS, output
    assert finding(output, "Queue, receiving").startswith("warning")
    assert finding(output, "Subscription all").startswith("warning")
    assert finding(output, "Subscription decisions").startswith("ok")


@pytest.mark.parametrize(("age", "word"), [(timedelta(days=40), "warning"), (timedelta(days=70), "FAULT")])
def test_the_age_of_the_refresh_token_is_that_before_signing_in(
    settings: dict[str, str], tmp_path: Path, age: timedelta, word: str
) -> None:
    """The doctor signs in, which stores a new one; the age it tells is that of the one it found."""
    then = time.time() - age.total_seconds()
    os.utime(tmp_path / "refresh-token", (then, then))
    _, output = run("doctor", settings)
    assert finding(output, f"stored {age.days} days ago").startswith(word)
    assert finding(output, "Refresh token, storing").startswith("ok")
    assert run("doctor", settings)[0] == ALL_WELL


def test_the_doctor_says_whose_roles_it_has_proven(settings: dict[str, str]) -> None:
    """A person's sign-in says nothing about the managed identity of the deployed service; no cloud answers here."""
    del settings["ServiceBusConnection"]
    nobody = {
        "ServiceBusConnection__fullyQualifiedNamespace": "127.0.0.1",
        "AZURE_TOKEN_CREDENTIALS": "EnvironmentCredential",
    }
    code, output = run("doctor", {**settings, **nobody})
    assert code == FAULTS
    assert finding(output, "Azure identity").startswith("not checked")
    assert finding(output, "Queue, sending").startswith("FAULT")
    assert finding(output, "Service Bus, entities").startswith("not checked")


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


def test_a_right_that_partner_center_misses_is_named(
    settings: dict[str, str], partner_center: PartnerCenterThread
) -> None:
    """Its code for a missing role comes with the role to give; what hangs on that call is not checked."""
    body = {"code": "900150", "description": "The user has insufficient permissions."}
    refusal = Fault(operation=Operation.CODES, then=Reply(status=403, document=body))
    partner_center.run(lambda state: state.fault(refusal))
    code, output = run("doctor", settings)
    assert code == FAULTS
    assert finding(output, "Partner Center, the service account").startswith("FAULT")
    assert finding(output, "Validation codes").startswith("not checked")
    assert "Admin agent or Sales agent role" in " ".join(output.split())


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
    assert finding(output, "Validation codes").startswith("warning")


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
