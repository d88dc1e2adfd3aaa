"""A request that names its customer as well."""

from typing import Any
from uuid import UUID

import pytest

from qualification.domain.addressed_request import parse_addressed
from qualification.domain.errors import Fault, InvalidRequest
from tests.unit.builders import CUSTOMER, EDUCATION, OTHER_CUSTOMER


@pytest.mark.parametrize(
    ("content", "path", "fault"),
    [
        ({}, None, Fault("/customerTenantId", "is required")),
        (
            {"customerTenantId": "Contoso"},
            None,
            Fault("/customerTenantId", "must be a GUID such as 2a14b164-f983-4048-92e1-4f9591b87445", value="Contoso"),
        ),
        (
            {"customerTenantId": str(OTHER_CUSTOMER)},
            CUSTOMER,
            Fault(
                "/customerTenantId",
                "must be the customer in the path, or be left out",
                value=str(OTHER_CUSTOMER),
            ),
        ),
    ],
    ids=["missing", "no id", "another"],
)
def test_a_customer_that_cannot_be_is_shown(content: dict[str, Any], path: UUID | None, fault: Fault) -> None:
    """Whoever must correct the CRM's record finds it by what stands there."""
    with pytest.raises(InvalidRequest) as refused:
        parse_addressed(EDUCATION | content, path)
    assert refused.value.faults == (fault,)
