"""Azurite is not there for everybody."""

from pathlib import Path

import pytest

from sandbox.azurite import AzuriteError, free_port, running_azurite


def test_a_machine_without_it_is_told_how_to_get_it(tmp_path: Path) -> None:
    """Nothing is installed behind anybody's back."""
    with pytest.raises(AzuriteError, match="make azurite"), running_azurite(free_port(), tmp_path / "azurite-table"):
        pass
