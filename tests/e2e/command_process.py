"""`python -m qualification` in processes of their own."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from sandbox.host_process import ROOT

ALL_WELL, WARNINGS, FAULTS = 0, 1, 2
ABOUT_THE_TERMINAL = ("COLUMNS", "FORCE_COLOR", "GITHUB_ACTIONS", "NO_COLOR", "PY_COLORS", "TERM", "TTY_COMPATIBLE")


def environment(settings: Mapping[str, str]) -> dict[str, str]:
    """App settings beside what this process has, but for what it knows of its own terminal."""
    return {name: value for name, value in os.environ.items() if name not in ABOUT_THE_TERMINAL} | dict(settings)


def begin(*arguments: str, settings: Mapping[str, str]) -> "subprocess.Popen[str]":
    """Start a command whose app settings come from the environment; standard error goes where its output goes.

    What it asks is answered through `communicate`, which otherwise ends its input.
    """
    return subprocess.Popen(  # noqa: S603  our own module, no shell
        [sys.executable, "-m", "qualification", *arguments],
        cwd=ROOT,
        env=environment(settings),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def run(command: str, settings: Mapping[str, str]) -> tuple[int, str]:
    """Run a command to its end: exit code and output."""
    process = begin(command, settings=settings)
    output, _ = process.communicate(timeout=120)
    return process.returncode, output


def run_apart(*arguments: str, settings: Mapping[str, str] | None = None) -> "subprocess.CompletedProcess[str]":
    """Run a command to its end, with standard output and standard error apart."""
    return subprocess.run(  # noqa: S603  our own module, no shell
        [sys.executable, "-m", "qualification", *arguments],
        cwd=ROOT,
        env=environment(settings or {}),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def without(package: str, folder: Path) -> dict[str, str]:
    """What lets a process find no such package: one that takes its place and raises what Python would."""
    (folder / f"{package}.py").write_text(f"raise ModuleNotFoundError('No module', name='{package}')\n")
    return {"PYTHONPATH": str(folder)}
