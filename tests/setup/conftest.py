"""A machine with a scripted Azure CLI."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.setup.machine import Machine


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    """Where nothing has been done."""
    found = Machine(tmp_path)
    yield found
    found.close()
