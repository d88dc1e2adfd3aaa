"""The settings of all property tests, and the stage on which the use cases are tested."""

import pytest
from hypothesis import HealthCheck, settings

from tests.unit.stage import Stage

# Other tests run beside these, so no time limit for an example.
settings.register_profile("unit", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unit")


@pytest.fixture
def stage() -> Stage:
    """All use cases over stand-ins, at a fixed time."""
    return Stage()
