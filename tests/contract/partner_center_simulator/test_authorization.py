"""Who may call what: missing tokens, App-only against App+User, the MFA claim, unknown customers."""

from uuid import uuid4

import httpx
import pytest

from sandbox.partner_center import CustomerScript, PartnerCenterThread

STATE_OWNED = {"qualification": "StateOwnedEntity"}


def code_of(answer: httpx.Response) -> tuple[int, str]:
    """Return status and code of a refusal."""
    return answer.status_code, str(answer.json()["code"])


def test_a_call_without_a_token_is_refused(anyone: httpx.Client, qualifications: str) -> None:
    """No token is 800001, a token that nobody issued is 400; both name the realm."""
    answer = anyone.get(qualifications)
    assert code_of(answer) == (401, "800001")
    assert answer.headers["WWW-Authenticate"].startswith("OAuth realm=")
    assert code_of(anyone.get(qualifications, headers={"Authorization": "Bearer a.b.c"})) == (401, "400")


def test_app_only_may_read_and_not_write(app: httpx.Client, qualifications: str, qualification: str) -> None:
    """POST and PUT want App+User; reads take either."""
    assert app.get(qualifications).status_code == 200
    assert app.get(qualification).status_code == 200
    assert app.get("/v1/customers/all/validations").status_code == 200
    assert code_of(app.post(qualifications, json=STATE_OWNED)) == (403, "900329")
    assert code_of(app.put(qualification, json=1)) == (403, "900329")


@pytest.fixture
def user_without_mfa(
    partner_center: PartnerCenterThread, anyone: httpx.Client, token_path: str, credentials: dict[str, str]
) -> dict[str, str]:
    """The headers of a user whose token has no MFA claim."""
    partner_center.run(lambda state: setattr(state.settings, "user_has_mfa", False))
    form = credentials | {"grant_type": "refresh_token", "refresh_token": partner_center.refresh_token}
    return {"Authorization": f"Bearer {anyone.post(token_path, data=form).json()['access_token']}"}


def test_a_user_without_mfa_is_refused_while_it_is_enforced(
    anyone: httpx.Client, qualifications: str, user_without_mfa: dict[str, str], partner_center: PartnerCenterThread
) -> None:
    """900421 for every call of such a user, until enforcement ends."""
    asking = {**user_without_mfa, "ValidateMfa": "true"}
    refused = anyone.post(qualifications, json=STATE_OWNED, headers=asking)
    assert (code_of(refused), refused.headers["isMfaCompliant"]) == ((401, "900421"), "false")
    partner_center.run(lambda state: setattr(state.settings, "mfa_enforced", False))
    passed = anyone.post(qualifications, json=STATE_OWNED, headers=asking)
    assert (passed.status_code, passed.headers["isMfaCompliant"]) == (201, "false")


def test_a_call_that_asks_is_told_of_its_mfa(user: httpx.Client, qualifications: str) -> None:
    """`ValidateMfa: true` is answered by `isMfaCompliant`, and nothing else is."""
    assert user.get(qualifications, headers={"ValidateMfa": "true"}).headers["isMfaCompliant"] == "true"
    assert "isMfaCompliant" not in user.get(qualifications).headers


def test_a_token_for_azure_ad_graph_is_refused(
    anyone: httpx.Client, token_path: str, credentials: dict[str, str], qualifications: str
) -> None:
    """The audience that was retired in August 2025 answers 900420."""
    form = credentials | {"grant_type": "client_credentials", "scope": "https://graph.windows.net/.default"}
    bearer = {"Authorization": f"Bearer {anyone.post(token_path, data=form).json()['access_token']}"}
    assert code_of(anyone.get(qualifications, headers=bearer)) == (401, "900420")


def test_a_customer_is_a_guid_and_any_guid_is_one(user: httpx.Client) -> None:
    """900118 for anything else; upper and lower case name the same customer."""
    assert code_of(user.get("/v1/customers/contoso/qualifications")) == (400, "900118")
    customer = str(uuid4())
    user.post(f"/v1/customers/{customer.upper()}/qualifications", json=STATE_OWNED)
    assert user.get(f"/v1/customers/{customer}/qualifications").json() == [STATE_OWNED]


def test_a_customer_can_be_scripted_as_unknown(
    user: httpx.Client, qualifications: str, customer: str, partner_center: PartnerCenterThread
) -> None:
    """It answers 404 for reads and writes."""
    partner_center.run(lambda state: state.script(CustomerScript(known=False), customer))
    assert code_of(user.get(qualifications)) == (404, "60003")
    assert code_of(user.post(qualifications, json=STATE_OWNED)) == (404, "60003")


def test_an_unknown_address_is_not_found(user: httpx.Client, customer: str) -> None:
    """Addresses and methods that are not simulated answer 404 with code 1000, as JSON."""
    assert code_of(user.get("/v1/customers")) == (404, "1000")
    assert code_of(user.delete(f"/v1/customers/{customer}/qualifications")) == (404, "1000")


def test_the_callers_ids_come_back_and_missing_ones_are_made(user: httpx.Client, qualifications: str) -> None:
    """MS-RequestId and MS-CorrelationId are echoed, with a refusal too."""
    ids = {"MS-RequestId": str(uuid4()), "MS-CorrelationId": str(uuid4())}
    answer = user.post(qualifications, json={}, headers=ids)
    assert {name: answer.headers[name] for name in ids} == ids
    made = user.get(qualifications).headers
    assert len({made["MS-RequestId"], made["MS-CorrelationId"], *ids.values()}) == 4
