"""One short chaos run, which all tests here look at."""

import pytest

from sandbox.chaos.evidence import Evidence
from sandbox.chaos.run import Outcome, chaos

SEED, SECONDS = 3, 5.0


@pytest.fixture(scope="session")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """What the run has come to."""
    return chaos(tmp_path_factory.mktemp("chaos"), SEED, SECONDS)


@pytest.fixture
def evidence(outcome: Outcome) -> Evidence:
    """What it has left behind."""
    return outcome.evidence
