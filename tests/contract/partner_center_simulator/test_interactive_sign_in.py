"""Sign-ins that a user finishes in a browser: the device code flow and the authorization-code flow."""

import re
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from sandbox.partner_center import PartnerCenterThread

SCOPE = "https://api.partnercenter.microsoft.com/user_impersonation offline_access"
DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"
REDIRECT = "http://127.0.0.1/back?from=entra"


@pytest.fixture
def device(anyone: httpx.Client, partner_center: PartnerCenterThread) -> dict[str, str]:
    """A device code that was just asked for."""
    form = {"client_id": partner_center.client_id, "scope": SCOPE}
    document: dict[str, str] = anyone.post(f"/{partner_center.tenant_id}/oauth2/v2.0/devicecode", data=form).json()
    return document


@pytest.fixture
def poll(partner_center: PartnerCenterThread, device: dict[str, str]) -> dict[str, str]:
    """The form with which a client polls for the token."""
    return {
        "grant_type": DEVICE_GRANT,
        "client_id": partner_center.client_id,
        "device_code": device["device_code"],
    }


def test_a_device_code_is_pending_until_the_user_enters_it(
    anyone: httpx.Client, token_path: str, device: dict[str, str], poll: dict[str, str]
) -> None:
    """The client polls; once the user has entered the code, it gets both tokens, once."""
    answer = anyone.post(token_path, data=poll)
    assert (answer.status_code, answer.json()["error"]) == (400, "authorization_pending")
    assert device["user_code"] in device["message"]
    page = anyone.get(device["verification_uri"])
    assert re.search(r'<input name="code"', page.text)
    assert anyone.get(device["verification_uri"], params={"code": "WRONG"}).status_code == 404
    assert anyone.get(device["verification_uri"], params={"code": device["user_code"]}).status_code == 200
    document = anyone.post(token_path, data=poll).json()
    assert document["access_token"]
    assert document["refresh_token"]
    assert anyone.post(token_path, data=poll).json()["error"] == "invalid_grant"


def test_a_declined_device_code_is_refused(
    anyone: httpx.Client, token_path: str, device: dict[str, str], poll: dict[str, str]
) -> None:
    """The control can decline a code in the user's place."""
    answer = anyone.post(f"/_control/device-codes/{device['user_code']}", json={"decision": "declined"})
    assert answer.status_code == 200
    assert anyone.post(token_path, data=poll).json()["error"] == "authorization_declined"


def test_a_device_code_expires(
    anyone: httpx.Client, token_path: str, poll: dict[str, str], partner_center: PartnerCenterThread
) -> None:
    """A code that nobody entered in time is gone."""
    partner_center.run(lambda state: state.advance(900))
    assert anyone.post(token_path, data=poll).json()["error"] == "expired_token"


def test_a_user_who_signed_in_by_device_code_may_set_qualifications(
    anyone: httpx.Client, token_path: str, device: dict[str, str], poll: dict[str, str], qualifications: str
) -> None:
    """The token is an App+User token."""
    anyone.get(device["verification_uri"], params={"code": device["user_code"]})
    bearer = {"Authorization": f"Bearer {anyone.post(token_path, data=poll).json()['access_token']}"}
    assert anyone.post(qualifications, headers=bearer, json={"qualification": "StateOwnedEntity"}).status_code == 201


def test_the_authorization_code_comes_back_with_the_state_and_is_good_once(
    anyone: httpx.Client, token_path: str, credentials: dict[str, str], partner_center: PartnerCenterThread
) -> None:
    """The authorization-code flow: redirect, then code against tokens, bound to the redirect address."""
    query = {"client_id": "c", "response_type": "code", "redirect_uri": REDIRECT, "state": "s 1"}
    answer = anyone.get(f"/{partner_center.tenant_id}/oauth2/v2.0/authorize", params=query)
    back = parse_qs(urlsplit(answer.headers["Location"]).query)
    assert (answer.status_code, back["state"], back["from"]) == (302, ["s 1"], ["entra"])
    form = credentials | {"grant_type": "authorization_code", "code": back["code"][0], "redirect_uri": REDIRECT}
    assert anyone.post(token_path, data=form | {"scope": SCOPE}).json()["refresh_token"]
    assert anyone.post(token_path, data=form).json()["error"] == "invalid_grant"
