"""The token endpoint: grants, client authentication, rotation of refresh tokens, and Entra's refusals."""

import httpx
import pytest

from sandbox.partner_center import PartnerCenterThread, RefreshFailure

APP_ONLY = {"grant_type": "client_credentials"}
JWT_BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
RESOURCE = "https://api.partnercenter.microsoft.com"


def refused(answer: httpx.Response, status: int, error: str, number: int) -> None:
    """Assert that the answer is this refusal, in Entra's form."""
    document = answer.json()
    assert (answer.status_code, document["error"], document["error_codes"]) == (status, error, [number])
    assert document["error_description"].startswith(f"AADSTS{number}: ")
    assert document["correlation_id"] in document["error_description"]


def test_client_credentials_give_an_app_only_token(
    anyone: httpx.Client, token_path: str, credentials: dict[str, str]
) -> None:
    """App-only: an access token for an hour, and no refresh token."""
    document = anyone.post(token_path, data=credentials | APP_ONLY).json()
    assert document["token_type"] == "Bearer"
    assert document["expires_in"] == 3600
    assert document["access_token"].count(".") == 2
    assert "refresh_token" not in document


def test_each_redemption_gives_a_new_refresh_token_and_older_ones_stay_valid(
    anyone: httpx.Client, token_path: str, credentials: dict[str, str], partner_center: PartnerCenterThread
) -> None:
    """Entra rotates refresh tokens and does not revoke the ones before."""
    form = credentials | {"grant_type": "refresh_token", "refresh_token": partner_center.refresh_token}
    second = anyone.post(token_path, data=form).json()["refresh_token"]
    third = anyone.post(token_path, data=form | {"refresh_token": second}).json()["refresh_token"]
    assert len({partner_center.refresh_token, second, third}) == 3
    assert anyone.post(token_path, data=form).status_code == 200


def test_the_v1_endpoint_takes_a_resource_and_writes_numbers_as_strings(
    anyone: httpx.Client, credentials: dict[str, str], partner_center: PartnerCenterThread
) -> None:
    """The older endpoint names the audience by `resource`."""
    form = {**credentials, **APP_ONLY, "resource": RESOURCE}
    del form["scope"]
    document = anyone.post(f"/{partner_center.tenant_id}/oauth2/token", data=form).json()
    assert (document["resource"], document["expires_in"]) == (RESOURCE, "3600")
    del form["resource"]
    refused(anyone.post(f"/{partner_center.tenant_id}/oauth2/token", data=form), 400, "invalid_request", 900144)


def test_an_assertion_stands_in_for_the_secret(
    anyone: httpx.Client, token_path: str, credentials: dict[str, str], partner_center: PartnerCenterThread
) -> None:
    """Any JWT-shaped assertion is good until it is scripted not to be."""
    form = {**credentials, **APP_ONLY, "client_assertion_type": JWT_BEARER, "client_assertion": "head.claims.signature"}
    del form["client_secret"]
    assert anyone.post(token_path, data=form).status_code == 200
    refused(anyone.post(token_path, data=form | {"client_assertion": "nothing"}), 401, "invalid_client", 700027)
    refused(anyone.post(token_path, data=form | {"client_assertion_type": "jwt"}), 401, "invalid_client", 700027)
    partner_center.run(lambda state: setattr(state.settings, "accept_assertions", False))
    refused(anyone.post(token_path, data=form), 401, "invalid_client", 700027)


@pytest.mark.parametrize(
    ("change", "status", "error", "number"),
    [
        ({"client_secret": "wrong"}, 401, "invalid_client", 7000215),
        ({"client_secret": None}, 401, "invalid_client", 7000218),
        ({"client_id": "00000000-0000-0000-0000-000000000000"}, 400, "unauthorized_client", 700016),
        ({"client_id": None}, 400, "invalid_request", 900144),
        ({"grant_type": None}, 400, "invalid_request", 900144),
        ({"grant_type": "password"}, 400, "unsupported_grant_type", 70003),
        ({"scope": None}, 400, "invalid_request", 900144),
        ({"scope": f"{RESOURCE}/Everything"}, 400, "invalid_scope", 70011),
        ({"scope": f"{RESOURCE}/user_impersonation"}, 400, "invalid_scope", 1002012),
        ({"grant_type": "refresh_token"}, 400, "invalid_request", 900144),
        ({"grant_type": "refresh_token", "refresh_token": "1.unheard-of"}, 400, "invalid_grant", 9002313),
    ],
)
def test_a_wrong_request_is_refused_as_entra_does(
    anyone: httpx.Client,
    token_path: str,
    credentials: dict[str, str],
    change: dict[str, str | None],
    status: int,
    error: str,
    number: int,
) -> None:
    """Each deviation from a valid request has its error and its AADSTS number."""
    form = {name: value for name, value in {**credentials, **APP_ONLY, **change}.items() if value is not None}
    refused(anyone.post(token_path, data=form), status, error, number)


@pytest.mark.parametrize(
    ("failure", "number"),
    [
        (RefreshFailure.EXPIRED, 700082),
        (RefreshFailure.REVOKED, 50173),
        (RefreshFailure.MFA_REQUIRED, 50076),
        (RefreshFailure.MFA_EXPIRED, 50078),
        (RefreshFailure.CONSENT_MISSING, 65001),
    ],
)
def test_a_failed_family_refuses_all_its_members_and_a_new_sign_in_works(
    anyone: httpx.Client,
    token_path: str,
    credentials: dict[str, str],
    partner_center: PartnerCenterThread,
    failure: RefreshFailure,
    number: int,
) -> None:
    """A revocation reaches every refresh token of the sign-in, and none of the next one."""
    form = credentials | {"grant_type": "refresh_token", "refresh_token": partner_center.refresh_token}
    newest = anyone.post(token_path, data=form).json()["refresh_token"]
    partner_center.run(lambda state: state.sign_in.refuse_refresh(failure))
    for token in (partner_center.refresh_token, newest):
        refused(anyone.post(token_path, data=form | {"refresh_token": token}), 400, "invalid_grant", number)
    fresh = partner_center.run(lambda state: state.sign_in.new_refresh_token())
    assert anyone.post(token_path, data=form | {"refresh_token": fresh}).status_code == 200
    partner_center.run(lambda state: state.sign_in.refuse_refresh(None))
    assert anyone.post(token_path, data=form).status_code == 200


def test_a_refresh_token_dies_after_ninety_days(
    anyone: httpx.Client, token_path: str, credentials: dict[str, str], partner_center: PartnerCenterThread
) -> None:
    """Using a refresh token does not prolong it; the one it was rotated into lives on."""
    form = credentials | {"grant_type": "refresh_token", "refresh_token": partner_center.refresh_token}
    partner_center.run(lambda state: state.advance(60 * 86400))
    newest = anyone.post(token_path, data=form).json()["refresh_token"]
    partner_center.run(lambda state: state.advance(31 * 86400))
    refused(anyone.post(token_path, data=form), 400, "invalid_grant", 700082)
    assert anyone.post(token_path, data=form | {"refresh_token": newest}).status_code == 200


def test_an_access_token_expires(
    anyone: httpx.Client,
    token_path: str,
    credentials: dict[str, str],
    partner_center: PartnerCenterThread,
    qualifications: str,
) -> None:
    """After its lifetime a token answers 401; the lifetime can be set."""
    partner_center.run(lambda state: setattr(state.settings, "access_token_seconds", 60))
    document = anyone.post(token_path, data=credentials | APP_ONLY).json()
    bearer = {"Authorization": f"Bearer {document['access_token']}"}
    assert document["expires_in"] == 60
    assert anyone.get(qualifications, headers=bearer).status_code == 200
    partner_center.run(lambda state: state.advance(60))
    answer = anyone.get(qualifications, headers=bearer)
    assert (answer.status_code, answer.json()["code"]) == (401, "400")


def test_another_tenant_is_unknown(anyone: httpx.Client, credentials: dict[str, str]) -> None:
    """The authority knows one tenant, besides `organizations` and `common`."""
    form = credentials | APP_ONLY
    refused(anyone.post("/elsewhere.example/oauth2/v2.0/token", data=form), 400, "invalid_request", 90002)
    assert anyone.post("/organizations/oauth2/v2.0/token", data=form).status_code == 200
