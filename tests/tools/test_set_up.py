"""Setting up shows how far it is."""

import pytest

from tools.set_up import step


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("Collecting azure-core==1.41.0 (from -r requirements-dev.txt (line 12))\n", "azure-core"),
        ("Collecting pip\n", "pip"),
        ("Installing collected packages: azure-core, rich", "installing"),
        ("  Downloading azure_core-1.41.0-py3-none-any.whl.metadata (42 kB)", ""),
        ("Successfully installed azure-core-1.41.0", ""),
    ],
)
def test_a_line_of_pip_is_a_step_or_nothing(line: str, shown: str) -> None:
    """A package is named as it is looked for, once."""
    assert step(line) == shown
