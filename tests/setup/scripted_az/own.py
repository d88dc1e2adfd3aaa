"""The service's other commands, as far as the scripted Azure would let them."""

from collections.abc import Callable

from tests.setup.scripted_az.world import APP, STORAGE, Options, State

TABLE = f"https://{STORAGE}.table.core.windows.net/"


def create_store(state: State, settings: Options) -> str:
    """Refused until the role is good; nothing where there is a store then."""
    assert settings == {"RecordStorage__tableServiceUri": TABLE}
    given = [each for each in state["assignments"] if each["roleDefinitionName"] == "Qualification records (abc)"]
    state["role_takes"] -= 1
    if not given or state["role_takes"] > 0:
        return "table storage answered 403 AuthorizationPermissionMismatch"
    state["marker"] = True
    return ""


def sign_in(state: State, settings: Options) -> str:
    """With a client secret that is good."""
    keys = [each["keyId"] for each in state["credentials"]]
    assert settings["PARTNER_CENTER_CLIENT_SECRET"].replace("hush", "key") in keys
    assert settings["PARTNER_CENTER_REFRESH_TOKEN"].endswith("/secrets/refresh-token")
    state["secrets"]["refresh-token"] = {"contentType": None, "value": "hush-token", "number": 0}
    state["sign_ins"] += 1
    return ""


def doctor(state: State, given: Options) -> str:
    """Content where all of it is there, and the app has read its secrets."""
    secrets = state["secrets"].values()
    well = (
        (given["app"], given["group"]) == (APP, "rg-test")
        and state["marker"]
        and state["package"] == given["code"]
        and all(each["contentType"] != "placeholder" for each in secrets)
        and all(each["number"] <= state["read_at"] for each in secrets)
        and (state["federated"] or "partner-center-client-secret" in state["secrets"])
    )
    return "0" if well else "2"


COMMANDS: dict[str, Callable[[State, Options], str]] = {
    "create-store": create_store,
    "sign-in": sign_in,
    "doctor": doctor,
}
