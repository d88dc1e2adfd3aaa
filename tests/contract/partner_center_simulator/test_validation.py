"""The validation resources: GCC codes, and a customer's code."""

import httpx

from sandbox.partner_center import PartnerCenterThread

GOVERNMENT = {"qualification": "GovernmentCommunityCloud", "validationCode": "123456"}


def test_the_partners_codes_are_a_bare_array(app: httpx.Client, partner_center: PartnerCenterThread) -> None:
    """Each with what is left of it, and its id as a string."""
    (code,) = app.get("/v1/customers/all/validations").json()
    assert code.pop("eTag").startswith("W/\"datetime'")
    assert code == {
        "partnerId": partner_center.tenant_id,
        "organizationName": "Contoso City Council",
        "validationId": "123456",
        "maxCreates": 20,
        "remainingCreates": 20,
    }


def test_a_customer_granted_under_a_code_is_related_to_it(
    user: httpx.Client, customer: str, qualifications: str
) -> None:
    """404 before the grant, the relationship after it."""
    path = f"/v1/customers/{customer}/validations"
    assert user.get(path).json()["code"] == "1000"
    user.post(qualifications, json=GOVERNMENT)
    relationship = user.get(path).json()
    assert (relationship["customerId"], relationship["validationId"]) == (customer, "123456")
