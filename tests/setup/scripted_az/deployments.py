"""Deployments of the two templates, and what they make."""

import json
from pathlib import Path
from typing import Any

from tests.setup.scripted_az.world import APP, NOT_FOUND, STORAGE, VAULT, Options, Refused, State

OUTPUTS = {
    "sub": {
        "AZURE_RESOURCE_GROUP": "rg-test",
        "RECORD_STORAGE": STORAGE,
        "KEY_VAULT_NAME": VAULT,
        "PIPELINE_CLIENT_ID": "",
        "FEDERATED_CREDENTIAL_SUBJECT": "the service",
        "PARTNER_CENTER_REFRESH_TOKEN": f"https://{VAULT}.vault.azure.net/secrets/refresh-token",
    },
    "group": {"SERVICE_APP_NAME": APP, "SERVICE_APP_URL": f"https://{APP}.azurewebsites.net"},
}


def provider_show(state: State, options: Options) -> Any:
    """Whether it is registered."""
    return {"namespace": options["--namespace"], "registrationState": state["provider"]}


def provider_register(state: State, options: Options) -> Any:
    """At once."""
    state["provider"] = "Registered"


def deployments(state: State, scope: str) -> Any:
    """Of a scope, by name."""
    return state["deployments"][scope]


def deployment_list(state: State, options: Options, scope: str) -> Any:
    """All of them."""
    return list(deployments(state, scope).values())


def deployment_show(state: State, options: Options, scope: str) -> Any:
    """One; exit code 3 where there is none."""
    found = deployments(state, scope).get(options["--name"])
    if not found:
        raise Refused(f"(DeploymentNotFound) Deployment '{options['--name']}' could not be found.", NOT_FOUND)
    return found


def deployment_create(state: State, options: Options, scope: str) -> Any:
    """Ends well; what it makes is there."""
    name = options["--name"]
    if (
        name in deployments(state, scope)
        and deployments(state, scope)[name]["properties"]["provisioningState"] == "Running"
    ):
        raise Refused(f"(DeploymentActive) The deployment '{name}' is active.")
    parameters = json.loads(Path(options["--parameters"].removeprefix("@")).read_text(encoding="utf-8"))["parameters"]
    state["made"] += 1
    moment = f"2026-11-27T07:{state['made']:02}:00.000000+00:00"
    # Azure does not keep the case of an output's name.
    outputs = {key[0].lower() + key[1:]: {"type": "String", "value": value} for key, value in OUTPUTS[scope].items()}
    entry = {"provisioningState": "Succeeded", "timestamp": moment, "outputs": outputs}
    deployments(state, scope)[name] = {"name": name, "properties": entry}
    if scope == "sub":
        state["parameters"] = parameters
        return deployments(state, scope)[name]
    state["settings"] = {key: value["value"] for key, value in parameters.items()}
    # Only where they are absent; each with the content type that tells that nobody has stored it.
    sources = [each for each in state["settings"]["webhookSources"].split(",") if each]
    names = ["refresh-token", *(f"webhook-{each}" for each in sources)]
    names += ["partner-center-client-secret"] if state["settings"]["clientSecretInVault"] else []
    for each in names:
        state["secrets"].setdefault(each, {"contentType": "placeholder", "value": "nobody knows", "number": 0})
    state["tags"] = {"azd-env-name": state["settings"]["environmentName"]}
    return deployments(state, scope)[name]


def deployment_wait(state: State, options: Options, scope: str) -> Any:
    """It ends well."""
    deployment_show(state, options, scope)["properties"]["provisioningState"] = "Succeeded"
