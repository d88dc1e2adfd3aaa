"""The sandbox believes everybody, so none of its commands runs where it looks like Azure."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from sandbox.azure import SIGNS

ROOT = Path(__file__).parents[2]
COMMANDS = sorted(".".join(file.parent.relative_to(ROOT).parts) for file in (ROOT / "sandbox").rglob("__main__.py"))


def run(command: str, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """What a command says to --help."""
    return subprocess.run(  # noqa: S603  our own module, no shell
        [sys.executable, "-m", command, "--help"],
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if name not in SIGNS} | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("command", COMMANDS)
def test_no_command_of_the_sandbox_runs_in_azure(command: str) -> None:
    """Not even its help: one sentence, exit code 2."""
    refused = run(command, {"WEBSITE_SITE_NAME": "contoso-functions"})
    assert refused.returncode == 2
    assert refused.stderr.startswith("WEBSITE_SITE_NAME is set, so this looks like Azure")
    assert not refused.stdout


@pytest.mark.parametrize("sign", SIGNS)
def test_each_sign_of_azure_is_enough(sign: str) -> None:
    """One variable, even an empty one."""
    assert run("sandbox", {sign: ""}).returncode == 2


def test_elsewhere_the_sandbox_runs() -> None:
    """The refusal is for Azure, not for everybody."""
    assert run("sandbox", {}).returncode == 0
