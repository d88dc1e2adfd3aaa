"""The service that people call over HTTP."""

import json

import pytest

from tests.unit.api.person import FINGERPRINT
from tests.unit.stage import Stage


@pytest.fixture
def stage() -> Stage:
    """A service that knows whose key it is."""
    return Stage({"API_KEY_NAMES": json.dumps({FINGERPRINT: "Anna"})})
