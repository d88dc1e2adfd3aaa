"""Reads a deployed function app by `az`: whoever is signed in there must be allowed to list its app settings."""

import asyncio
from typing import Any

from qualification.commands.az import Refused, az
from qualification.commands.failure import Failure
from qualification.doctor.arm import APP_NAME, GROUP_NAME, app_settings, references, site
from qualification.doctor.deployed import Deployed, read_deployed

NOT_FOUND = frozenset({"NotFound", "ResourceGroupNotFound", "ResourceNotFound"})
FORBIDDEN = frozenset({"AuthorizationFailed", "Forbidden"})


async def deployed_app(app: str, group: str) -> Deployed:
    """A function app as Azure has it.

    Args:
        app: its name.
        group: its resource group, in the subscription that az has chosen.

    Raises:
        Failure: there is none, it may not be read, or az cannot be asked; says what to do.
    """
    if not APP_NAME.fullmatch(app) or not GROUP_NAME.fullmatch(group):
        raise Failure("--app and --resource-group take names as Azure has them: letters, digits and hyphens.")
    try:
        own, settings, states = await asyncio.gather(
            az(site(app, group)), az(app_settings(app, group)), _states(app, group)
        )
    except Refused as error:
        raise Failure(_advice(error, app, group)) from None
    try:
        return read_deployed(app, group, site=own, settings=settings, references=states)
    except ValueError:
        # Raised out here, because the error may repeat what was in the answer.
        odd = Failure(f"Azure describes {app} in a form that is not known here: update az (az upgrade).")
    raise odd


async def _states(app: str, group: str) -> Any:
    """What became of the references; None where Azure does not say, which is no reason to stop."""
    try:
        return await az(references(app, group))
    except Refused:
        return None


def _advice(error: Refused, app: str, group: str) -> str:
    if error.code in NOT_FOUND:
        return (
            f"There is no app {app} in the resource group {group} of the subscription that az has chosen. "
            "Choose another one: az account set --subscription NAME."
        )
    if error.code in FORBIDDEN:
        return f"{error} Listing app settings takes the role Website Contributor, or Contributor, on {app}."
    if "az login" in error.words:
        return "Nobody is signed in to Azure here: az login, to the tenant of the subscription."
    return f"{error} Try it by itself: az account show."
