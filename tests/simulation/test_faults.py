"""The planted faults, which a change of the product may make unplantable."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.simulation.faults import FAULTS, ROOT, plant

PATCHES = sorted(FAULTS.glob("*.patch"))


def test_there_are_enough() -> None:
    """Each is a promise that somebody watches."""
    assert len(PATCHES) >= 25


@pytest.mark.parametrize("fault", PATCHES, ids=lambda patch: patch.stem)
def test_a_fault_can_be_planted(fault: Path) -> None:
    """The lines that it changes are there."""
    command = ["git", "apply", "--recount", "--check", str(fault)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603  a patch of ours
    assert not done.returncode, done.stderr


def test_planting_leaves_the_product_alone(tmp_path: Path) -> None:
    """The copy is changed."""
    changed = ROOT / "qualification/use_cases/hold.py"
    before = changed.read_bytes()
    plant(FAULTS / "hold-read-once-an-hour.patch", tmp_path)
    assert changed.read_bytes() == before
    assert (tmp_path / "qualification/use_cases/hold.py").read_bytes() != before


def test_what_is_planted_can_be_played(tmp_path: Path) -> None:
    """Nothing that a simulation needs is left behind, or no fault would ever be found."""
    plant(FAULTS / "hold-read-once-an-hour.patch", tmp_path)
    command = [sys.executable, "-m", "tests.simulation", "--help"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)  # noqa: S603  ours
    assert not done.returncode, done.stderr
