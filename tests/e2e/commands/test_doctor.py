"""`python -m qualification doctor`: its rows, their form, and the faults of single settings."""

import contextlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from sandbox.host_process import ROOT
from tests.e2e.command_process import ALL_WELL, FAULTS, environment, run, run_apart
from tests.e2e.commands.finding import finding


def test_the_doctor_finds_a_sound_set_up_sound(settings: dict[str, str]) -> None:
    """Every check says ok, and the exit code says so to scripts."""
    code, output = run("doctor", settings)
    assert code == ALL_WELL, output
    rows = [line for line in output.splitlines()[:-2] if not line.startswith(" ")]
    assert len(rows) == 19
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
        assert "ServiceBusConnection and QUALIFICATION_TOPIC" in checks["Topic, sending"]["remedy"]
        detail = "reads and writes; no role needed"
        store = {"name": "Record store", "finding": "ok", "detail": detail, "remedy": None, "seenAs": None}
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
        ("Topic, sending", "QUALIFICATION_TOPIC", "nowhere", "its key needs the right Send"),
        ("Topic, properties", "QUALIFICATION_TOPIC", "qualification-requests", "service-bus.bicep"),
        ("Queue, sending", "QUALIFICATION_QUEUE", "nowhere", "its key needs the right Send"),
        ("Queue, receiving", "QUALIFICATION_QUEUE", "nowhere", "its key needs the right Listen"),
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
    assert "it takes the role Azure Service Bus Data Sender" in " ".join(output.split())
    assert finding(output, "Service Bus, entities").startswith("not checked")


def test_the_doctor_lists_missing_settings_and_shows_no_value(settings: dict[str, str]) -> None:
    """Without sound settings nothing can be checked, and all of them are named at once."""
    code, output = run("doctor", {**settings, "PARTNER_CENTER_TENANT_ID": "not-a-guid", "RETRY_FIRST": "soon"})
    assert code == FAULTS
    assert "PARTNER_CENTER_TENANT_ID" in output
    assert "RETRY_FIRST" in output
    assert "not-a-guid" not in output


def test_the_doctor_makes_no_store(settings: dict[str, str], tmp_path: Path) -> None:
    """A file that is missing is a fault, and its advice is about a file; so is a folder in its place."""
    place = tmp_path / "records"
    place.mkdir()
    code, output = run("doctor", {**settings, "RecordStorage": f"sqlite:///{place / 'records.db'}"})
    assert code == FAULTS
    assert finding(output, "Record store").startswith("FAULT")
    assert list(place.iterdir()) == []
    told = " ".join(run("doctor", {**settings, "RecordStorage": f"sqlite:///{place}"})[1].split())
    assert "-> Check the path in RecordStorage" in told
    assert "Data Contributor" not in told
