"""One simulator of Partner Center for all tests that want one of their own, reset before each."""

from collections.abc import Iterator

import pytest

from sandbox.partner_center import PartnerCenterThread


@pytest.fixture(scope="session")
def running_partner_center() -> Iterator[PartnerCenterThread]:
    """The simulator, started once."""
    with PartnerCenterThread() as running:
        yield running


@pytest.fixture
def partner_center(running_partner_center: PartnerCenterThread) -> PartnerCenterThread:
    """The simulator as it was at its start."""
    running_partner_center.reset()
    return running_partner_center
