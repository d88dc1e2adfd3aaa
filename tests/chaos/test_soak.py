"""The short form of `make soak`."""

import os
import sys
from pathlib import Path

import pytest

from sandbox.holding import holding
from sandbox.soak.run import soak

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="what a process holds is read from /proc")


def test_every_webhook_becomes_a_request_that_ends_well(tmp_path: Path) -> None:
    """Webhooks as fast as a host takes them: each is one request, posted once and approved, and nothing is left over."""
    soaked = soak(tmp_path, 60)
    assert soaked.all_final, soaked
    assert soaked.percentile(50) <= soaked.percentile(99)
    assert min(held.memory for held in soaked.held) > 0
    assert all(held.sockets > 0 and held.threads > 0 and held.tasks > 0 for held in soaked.held)
    assert soaked.health == {"200": 6}
    assert soaked.is_flat, soaked.held


def test_what_a_process_holds_is_counted(tmp_path: Path) -> None:
    """A file that is opened is one more."""
    before = holding(os.getpid())
    with (tmp_path / "file").open("w"):
        assert holding(os.getpid()).files == before.files + 1
    assert before.memory > 1
