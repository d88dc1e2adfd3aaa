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


def test_a_code_is_used_up_elsewhere_between_reading_and_sending(user: httpx.Client, qualifications: str) -> None:
    """It was listed with a create left, and is refused; read again, it is used up."""
    user.put("/_control/codes", json=[{"validationId": "123456", "maxCreates": 5, "remainingCreates": 1}])
    user.post("/_control/faults", json={"operation": "post", "then": "proceed", "times": 1, "createsLost": 1})
    path = "/v1/customers/all/validations"
    assert [each["remainingCreates"] for each in user.get(path).json()] == [1]
    assert user.post(qualifications, json=GOVERNMENT).status_code == 400
    assert [each["remainingCreates"] for each in user.get(path).json()] == [0]


def test_a_code_that_is_used_up_can_be_gone(user: httpx.Client) -> None:
    """And others than our customers use it, at any time."""
    user.put("/_control/codes", json=[{"validationId": "777", "remainingCreates": 2, "listedWhenUsedUp": False}])
    assert user.post("/_control/codes/777/uses", json={}).json()["remainingCreates"] == 1
    assert len(user.get("/v1/customers/all/validations").json()) == 1
    user.post("/_control/codes/777/uses", json={"times": 9})
    assert user.get("/v1/customers/all/validations").json() == []
    assert user.post("/_control/codes/778/uses", json={}).status_code == 404
