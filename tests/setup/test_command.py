"""`python -m qualification setup` itself, in a process of its own, at an Azure CLI that is scripted."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.command_process import FAULTS, environment
from tests.setup.driver import ROOT
from tests.setup.machine import Machine

pytestmark = pytest.mark.timeout(600)
"""Each run of setup starts some fifty processes, which take their time on a busy machine."""

REFUSES = {"deployment sub create": "(AuthorizationFailed) You may not."}


def run(machine: Machine, *arguments: str, typed: str = "", path: str = "") -> "subprocess.CompletedProcess[str]":
    """The command with its file of answers in the machine's folder, and what somebody types."""
    return subprocess.run(  # noqa: S603  our own module, no shell
        [sys.executable, "-m", "qualification", "setup", "--answers", str(machine.folder / "setup.json"), *arguments],
        cwd=ROOT,
        env=environment({"PATH": path or f"{machine.folder}{os.pathsep}{os.environ['PATH']}", "COLUMNS": "1000"}),
        input=typed,
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )


def test_it_asks_keeps_the_answers_and_says_what_azure_says(machine: Machine) -> None:
    """A default is taken by Enter; a person's thing is waited for; what a fault says is on standard error, the steps are not."""
    machine.state.update({"refuses": REFUSES})
    done = run(machine, typed="test\n\n\n\n\nops@example.com\n\n\n")
    assert done.returncode == FAULTS
    assert "AuthorizationFailed" in done.stderr
    assert "A name for this environment [qualifications]: " in done.stderr
    assert "register this app as a web app: app-1, then press Enter: " in done.stderr
    assert "8/16  Resource group" in done.stdout
    assert "az deployment sub create" in done.stdout
    given = {name: machine.answers[name] for name in ("AZURE_ENV_NAME", "AZURE_LOCATION", "WEBHOOK_SOURCES")}
    assert given == {"AZURE_ENV_NAME": "test", "AZURE_LOCATION": "swedencentral", "WEBHOOK_SOURCES": ""}
    assert machine.answers["ALERT_EMAIL"] == "ops@example.com"


def test_nobody_answers(machine: Machine) -> None:
    """As in a pipeline: it is said how to answer."""
    done = run(machine)
    assert done.returncode == FAULTS
    assert done.stderr.splitlines()[-1].endswith(
        f"Nobody answers: write the answer into {machine.folder}/setup.json, or run setup at a terminal."
    )


def test_the_azure_cli_is_missing(machine: Machine, tmp_path: Path) -> None:
    """One sentence, and where to get it."""
    empty = tmp_path / "empty"
    empty.mkdir()
    done = run(machine, path=str(empty))
    assert done.returncode == FAULTS
    assert done.stderr.startswith("The Azure CLI (az) is needed and was not found: https://")


def test_help_shows_examples() -> None:
    """Within 80 columns."""
    done = subprocess.run(
        [sys.executable, "-m", "qualification", "setup", "--help"],
        cwd=ROOT,
        env=environment({}),
        capture_output=True,
        text=True,
        check=True,
    )
    assert "--answers staging.json" in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 80
