"""The validation resources: GCC codes, a customer's code, and its account status."""

import httpx

from sandbox.partner_center import CustomerScript, PartnerCenterThread

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


def test_a_customer_has_no_account_status_by_default(user: httpx.Client, customer: str) -> None:
    """404 with the numeric code 600074, which is not retryable."""
    answer = user.get(f"/v1/customers/{customer}/validationStatus", params={"type": "account"})
    document = answer.json()
    assert (answer.status_code, document["code"], document["isRetryable"]) == (404, 600074, False)
    assert document["errorName"] == "AccountStatusNotFound"


def test_an_account_status_can_be_scripted(
    user: httpx.Client, customer: str, partner_center: PartnerCenterThread
) -> None:
    """Its date has no zone, and there is no type besides `account`."""
    partner_center.run(lambda state: state.script(CustomerScript(account_status="Not Ready"), customer))
    path = f"/v1/customers/{customer}/validationStatus"
    document = user.get(path, params={"type": "account"}).json()
    assert document == {"type": "account", "status": "Not Ready", "lastUpdateDateTime": "2021-07-14T18:02:00"}
    assert user.get(path).status_code == 400
