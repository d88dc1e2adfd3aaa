from uuid import RFC_4122, UUID

import pytest

from qualification.domain.addressed_request import parse_addressed
from qualification.domain.errors import Fault, InvalidRequest
from qualification.domain.guid import parse_tenant_id, tracing_guid
from tests.unit.builders import CUSTOMER, OTHER_CUSTOMER, STATE_OWNED


@pytest.mark.parametrize(
    "spelling",
    [
        f"{{{CUSTOMER}}}",
        CUSTOMER.hex,
        f"{{{CUSTOMER.hex.upper()}}}",
        f"({CUSTOMER})",
        f"{CUSTOMER}\n",
        f" {{ {CUSTOMER} }}\t",
        f"\u00a0{CUSTOMER}\u3000",
    ],
)
def test_a_customer_is_known_in_the_spellings_that_people_paste(spelling: str) -> None:
    """It is one customer with one id."""
    assert parse_addressed(STATE_OWNED | {"customerTenantId": spelling})[0] == CUSTOMER
    assert parse_addressed(STATE_OWNED | {"customerTenantId": spelling}, CUSTOMER)[0] == CUSTOMER


@pytest.mark.parametrize("path", [None, UUID(int=0)])
def test_no_tenant_has_the_id_of_all_zeros(path: UUID | None) -> None:
    """It is what an empty field of a lookup looks like."""
    body = {} if path else {"customerTenantId": str(UUID(int=0))}
    with pytest.raises(InvalidRequest) as refused:
        parse_addressed(STATE_OWNED | body, path)
    (fault,) = refused.value.faults
    assert (fault.pointer, "all zeros" in fault.detail) == ("/customerTenantId", True)


@pytest.mark.parametrize(
    "value",
    [None, "", "me", str(CUSTOMER)[:-1], f"{{{CUSTOMER}", f"{CUSTOMER})", f"urn:uuid:{CUSTOMER}", 7, CUSTOMER.hex[1:]],
)
def test_a_customer_is_a_guid(value: object) -> None:
    """Nothing else names a tenant."""
    with pytest.raises(InvalidRequest) as refused:
        parse_addressed(STATE_OWNED | {"customerTenantId": value})
    (fault,) = refused.value.faults
    assert fault.pointer == "/customerTenantId"
    assert fault.detail.startswith("is required" if value in {None, ""} else "must be a GUID")


def test_a_guid_may_be_in_any_case() -> None:
    """It is the same customer."""
    assert parse_addressed(STATE_OWNED | {"customerTenantId": str(CUSTOMER).upper()})[0] == CUSTOMER


def test_the_path_may_name_the_customer() -> None:
    """The body may repeat it, and must not contradict it."""
    assert parse_addressed(STATE_OWNED, CUSTOMER)[0] == CUSTOMER
    assert parse_addressed(STATE_OWNED | {"customerTenantId": str(CUSTOMER)}, CUSTOMER)[0] == CUSTOMER
    with pytest.raises(InvalidRequest) as refused:
        parse_addressed(STATE_OWNED | {"customerTenantId": str(OTHER_CUSTOMER)}, CUSTOMER)
    fault = Fault("/customerTenantId", "must be the customer in the path, or be left out", value=str(OTHER_CUSTOMER))
    assert refused.value.faults == (fault,)


def test_the_id_of_nobody_is_refused_in_words() -> None:
    """A CRM's empty lookup field is all zeros."""
    with pytest.raises(ValueError, match=r"^must be the id of a tenant, and no tenant has the one of all zeros$"):
        parse_tenant_id(str(UUID(int=0)))


def test_a_call_is_traced_by_a_random_guid() -> None:
    """Of version 4 (RFC 9562), another each time, in all its bits."""
    ids = {tracing_guid() for _ in range(200)}
    assert len(ids) == 200
    assert {(each.version, each.variant) for each in ids} == {(4, RFC_4122)}
    assert len({each.int >> 64 for each in ids}) == 200
