"""The vault, roles, the storage account and the function app."""

from pathlib import Path
from typing import Any

from tests.setup.scripted_az.world import GROUP, VAULT, Options, Refused, State


def vault(options: Options) -> None:
    """Refuses one that is not there."""
    if options["--vault-name"] != VAULT:
        raise Refused("The vault does not exist.")


def secrets(state: State, options: Options) -> Any:
    """Without their values."""
    vault(options)
    base = f"https://{options['--vault-name']}.vault.azure.net/secrets"
    return [
        {
            "id": f"{base}/{name}",
            "name": name,
            "contentType": each["contentType"],
            "attributes": {"enabled": True},
            "tags": None,
        }
        for name, each in state["secrets"].items()
    ]


def secret_set(state: State, options: Options) -> Any:
    """Another version; its content type is not inherited."""
    vault(options)
    value = Path(options["--file"]).read_text(encoding="utf-8")
    state["made"] += 1
    state["secrets"][options["--name"]] = {"contentType": None, "value": value, "number": state["made"]}
    return {"name": options["--name"], "value": value, "contentType": None}


def storage(state: State, options: Options) -> Any:
    """The account."""
    id_ = f"{GROUP}/providers/Microsoft.Storage/storageAccounts/{options['--name']}"
    return {"id": id_, "primaryEndpoints": {"table": f"https://{options['--name']}.table.core.windows.net/"}}


def assignments(state: State, options: Options) -> Any:
    """Those at a scope."""
    return [each for each in state["assignments"] if each["scope"] == options["--scope"]]


def assignment_create(state: State, options: Options) -> Any:
    """One of each kind."""
    who, scope, role = options["--assignee-object-id"], options["--scope"], options["--role"]
    if any(
        (each["principalId"], each["scope"], each["roleDefinitionName"]) == (who, scope, role)
        for each in state["assignments"]
    ):
        raise Refused("(RoleAssignmentExists) The role assignment already exists.")
    state["made"] += 1
    made = {"id": f"assignment-{state['made']}", "principalId": who, "roleDefinitionName": role, "scope": scope}
    state["assignments"].append(made | {"principalType": options["--assignee-principal-type"]})
    return made


def assignment_delete(state: State, options: Options) -> Any:
    """One that is there."""
    left = [each for each in state["assignments"] if each["id"] != options["--ids"]]
    if len(left) == len(state["assignments"]):
        raise Refused("No such assignment.")
    state["assignments"] = left


def app_show(state: State, options: Options) -> Any:
    """With its tags."""
    id_ = f"{GROUP}/providers/Microsoft.Web/sites/{options['--name']}"
    return {"id": id_, "name": options["--name"], "tags": state["tags"]}


def package(state: State, options: Options) -> Any:
    """What was deployed last."""
    state["package"] = Path(options["--src"]).read_text(encoding="utf-8")


def tag(state: State, options: Options) -> Any:
    """Merged into those that are there."""
    name, value = options["--tags"].split("=")
    state["tags"][name] = value


def refresh(state: State, options: Options) -> Any:
    """The references are read again."""
    state["read_at"] = state["made"]
