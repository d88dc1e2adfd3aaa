"""Who is signed in, and the directory: apps, their principals, permissions and credentials."""

import json
from pathlib import Path
from typing import Any

from tests.setup.scripted_az.world import ME, NOT_FOUND, SUBSCRIPTION, TENANT, Options, Refused, State

API = "fa3d9a0c-3fb0-42cc-9193-47c7ecd2edbd"
"""Microsoft Partner Center."""


def account_show(state: State, options: Options) -> Any:
    """The account; refused where nobody is signed in."""
    if not state["account"]:
        raise Refused("Please run 'az login' to setup account.")
    return state["account"]


def login(state: State, options: Options) -> Any:
    """Somebody signs in."""
    state["account"] = {
        "environmentName": "AzureCloud",
        "homeTenantId": TENANT,
        "id": SUBSCRIPTION,
        "isDefault": True,
        "name": "test",
        "state": "Enabled",
        "tenantId": TENANT,
        "user": {"name": "me@example.com", "type": "user"},
    }


def account_set(state: State, options: Options) -> Any:
    """Another subscription."""
    state["account"]["id"] = options["--subscription"]


def signed_in_user(state: State, options: Options) -> Any:
    """Who it is."""
    return {"displayName": "Me", "id": ME, "userPrincipalName": "me@example.com"}


def apps(state: State, options: Options) -> Any:
    """By id, or by the beginning of a name."""

    def wanted(app: Any) -> bool:
        by_id = "--app-id" in options and app["appId"] == options["--app-id"]
        return by_id or ("--display-name" in options and app["displayName"].startswith(options["--display-name"]))

    return [app for app in state["apps"] if wanted(app)]


def app_create(state: State, options: Options) -> Any:
    """Another app."""
    uris = [options["--web-redirect-uris"]]
    number = len(state["apps"]) + 1
    app: Any = {"appId": f"app-{number}", "displayName": options["--display-name"], "id": f"object-{number}"}
    app |= {
        "signInAudience": options["--sign-in-audience"],
        "web": {"redirectUris": uris},
        "requiredResourceAccess": [],
    }
    state["apps"].append(app)
    return app


def principals(state: State, options: Options) -> Any:
    """Those of one app."""
    app_id = options["--filter"].removeprefix("appId eq '").removesuffix("'")
    return [each for each in state["principals"] if each["appId"] == app_id]


def principal_create(state: State, options: Options) -> Any:
    """One for each app."""
    if [each for each in state["principals"] if each["appId"] == options["--id"]]:
        raise Refused("The service principal cannot be created because the service principal name is already in use.")
    scopes = [{"id": "scope-1", "value": "user_impersonation", "isEnabled": True}] if options["--id"] == API else []
    made = {"appId": options["--id"], "id": f"principal of {options['--id']}", "oauth2PermissionScopes": scopes}
    state["principals"].append(made)
    return made


def app_of(state: State, options: Options) -> Any:
    """The app that is meant."""
    found = [each for each in state["apps"] if each["appId"] == options["--id"]]
    if not found:
        raise Refused(f"Resource '{options['--id']}' does not exist", NOT_FOUND)
    return found[0]


def permissions(state: State, options: Options) -> Any:
    """What the app asks for."""
    return app_of(state, options)["requiredResourceAccess"]


def permission_add(state: State, options: Options) -> Any:
    """It asks for one more."""
    scope, kind = options["--api-permissions"].split("=")
    entry = {"resourceAppId": options["--api"], "resourceAccess": [{"id": scope, "type": kind}]}
    app_of(state, options)["requiredResourceAccess"].append(entry)


def grants(state: State, options: Options) -> Any:
    """What was consented to."""
    return [each for each in state["grants"] if each["clientId"] == f"principal of {options['--id']}"]


def consent(state: State, options: Options) -> Any:
    """To all that the app asks for."""
    for entry in app_of(state, options)["requiredResourceAccess"]:
        grant = {
            "clientId": f"principal of {options['--id']}",
            "consentType": "AllPrincipals",
            "scope": "user_impersonation",
        }
        state["grants"].append(grant | {"resourceId": f"principal of {entry['resourceAppId']}"})


def federated(state: State, options: Options) -> Any:
    """Whom the app trusts."""
    return state["federated"]


def federated_create(state: State, options: Options) -> Any:
    """One of each name."""
    given = json.loads(Path(options["--parameters"]).read_text(encoding="utf-8"))
    if any(each["name"] == given["name"] for each in state["federated"]):
        raise Refused("FederatedIdentityCredential with that name already exists.")
    state["federated"].append(given | {"id": "federated-1", "description": None})
    return given


def federated_update(state: State, options: Options) -> Any:
    """One that is there."""
    given = json.loads(Path(options["--parameters"]).read_text(encoding="utf-8"))
    (there,) = [each for each in state["federated"] if each["name"] == options["--federated-credential-id"]]
    there.update(given)


def credentials(state: State, options: Options) -> Any:
    """Without their values."""
    return state["credentials"]


def credential_reset(state: State, options: Options) -> Any:
    """Another value; without --append, instead of the others."""
    if "--append" not in options:
        state["credentials"].clear()
    state["made"] += 1
    number = state["made"]
    end = options.get("--end-date", "2027-11-27T07:00:00Z")
    entry = {"displayName": options["--display-name"], "keyId": f"key-{number}", "endDateTime": end, "secretText": None}
    state["credentials"].append(entry)
    return {"appId": options["--id"], "password": f"hush-{number}", "tenant": TENANT}


def credential_delete(state: State, options: Options) -> Any:
    """One that is there."""
    left = [each for each in state["credentials"] if each["keyId"] != options["--key-id"]]
    if len(left) == len(state["credentials"]):
        raise Refused("No key with that id.")
    state["credentials"] = left
