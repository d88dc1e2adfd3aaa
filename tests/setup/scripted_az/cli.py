"""What the program answers. It is as strict as Azure: what is there cannot be made again, what is not there cannot be deleted."""

import json
from collections.abc import Callable
from functools import partial
from typing import Any

from tests.setup.scripted_az import deployments, directory, resources
from tests.setup.scripted_az.world import Options, Refused, State

type Command = Callable[[State, Options], Any]

READS: dict[str, Command] = {
    "account show": directory.account_show,
    "ad app credential list": directory.credentials,
    "ad app federated-credential list": directory.federated,
    "ad app list": directory.apps,
    "ad app permission list": directory.permissions,
    "ad app permission list-grants": directory.grants,
    "ad signed-in-user show": directory.signed_in_user,
    "ad sp list": directory.principals,
    "deployment group list": partial(deployments.deployment_list, scope="group"),
    "deployment group show": partial(deployments.deployment_show, scope="group"),
    "deployment group wait": partial(deployments.deployment_wait, scope="group"),
    "deployment sub show": partial(deployments.deployment_show, scope="sub"),
    "deployment sub wait": partial(deployments.deployment_wait, scope="sub"),
    "functionapp show": resources.app_show,
    "keyvault secret list": resources.secrets,
    "provider show": deployments.provider_show,
    "role assignment list": resources.assignments,
    "storage account show": resources.storage,
}
CHANGES: dict[str, Command] = {
    "account set": directory.account_set,
    "ad app create": directory.app_create,
    "ad app credential delete": directory.credential_delete,
    "ad app credential reset": directory.credential_reset,
    "ad app federated-credential create": directory.federated_create,
    "ad app federated-credential update": directory.federated_update,
    "ad app permission add": directory.permission_add,
    "ad app permission admin-consent": directory.consent,
    "ad sp create": directory.principal_create,
    "deployment group create": partial(deployments.deployment_create, scope="group"),
    "deployment sub create": partial(deployments.deployment_create, scope="sub"),
    "functionapp deployment source config-zip": resources.package,
    "keyvault secret set": resources.secret_set,
    "login": directory.login,
    "provider register": deployments.provider_register,
    "rest": resources.refresh,
    "role assignment create": resources.assignment_create,
    "role assignment delete": resources.assignment_delete,
    "tag update": resources.tag,
}


def name_of(words: list[str]) -> str:
    """The name of a command: the words before its options."""
    end = next((place for place, word in enumerate(words) if word.startswith("-")), len(words))
    return " ".join(words[:end])


def answer(state: State, words: list[str]) -> str:
    """Do what a command asks; what it prints. Raises Refused."""
    name = name_of(words)
    if name in state["refuses"]:
        raise Refused(state["refuses"][name])
    found = (READS | CHANGES)[name](state, options(words))
    return "" if found is None else json.dumps(found)


def options(words: list[str]) -> Options:
    """What stands behind each option; nothing behind a switch."""
    found: Options = {}
    for place, word in enumerate(words):
        if word.startswith("--"):
            following = words[place + 1 : place + 2]
            found[word] = following[0] if following and not following[0].startswith("--") else ""
    return found
