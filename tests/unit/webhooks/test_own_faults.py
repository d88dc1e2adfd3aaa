"""What a source has found wrong with an event counts, whatever the rest of the event says."""

import pytest

from qualification.domain.errors import Fault, InvalidRequest
from qualification.webhooks.endpoint import order_of
from qualification.webhooks.source import Notice
from qualification.webhooks.standard.source import Standard
from tests.unit.builders import CUSTOMER, EDUCATION
from tests.unit.webhooks.payloads import settings_of

STANDARD = Standard(settings_of("standard"))
OWN = Fault("/educationSegment", "leads to nothing: the CRM's value is not mapped")


def notice(*faults: Fault, **changes: object) -> Notice:
    """An event that would be a sound request."""
    return Notice("evt-1", {"customerTenantId": str(CUSTOMER), **EDUCATION, **changes}, faults)


def test_a_sound_event_without_faults_is_an_order() -> None:
    """The sample itself."""
    assert order_of(STANDARD, notice(), None).customer_tenant_id == CUSTOMER


def test_a_sources_own_fault_refuses_an_event_that_would_be_sound() -> None:
    """Its content shows something that the CRM never said."""
    with pytest.raises(InvalidRequest) as refused:
        order_of(STANDARD, notice(OWN), None)
    assert refused.value.faults == (OWN,)


def test_a_sources_own_fault_stands_beside_the_others() -> None:
    """All at once; about one field the source knows better."""
    with pytest.raises(InvalidRequest) as refused:
        order_of(STANDARD, notice(OWN, mode="fast", educationSegment="K13"), None)
    assert [fault.pointer for fault in refused.value.faults] == ["/educationSegment", "/mode"]
    assert refused.value.faults[0] == OWN
