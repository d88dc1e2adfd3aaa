"""What `make serve` does with a local.settings.json that is there already."""

import pytest

from sandbox.local_settings import is_ours


@pytest.mark.parametrize(
    ("content", "ours"),
    [
        (b'{"WrittenBySandbox": true, "Values": {}}', True),
        (b'{"Values": {}}', False),
        (b'// mine\n{"WrittenBySandbox": true}', False),
        (b"[]", False),
        (b"", False),
    ],
)
def test_a_file_that_somebody_has_changed_is_theirs(content: bytes, *, ours: bool) -> None:
    """Also one that Python's reader cannot parse, as Core Tools' can."""
    assert is_ours(content) is ours
