"""Checks of a deployed app's references to Key Vault: whether App Service has put the secrets in their place."""

from collections.abc import Mapping

from qualification.doctor.arm import refresh
from qualification.doctor.deployed import Deployed, Reference
from qualification.doctor.diagnosis import Diagnosis, Finding

NAME = "Key Vault references"
PORTAL = "The portal shows it: the function app, Environment variables, App settings."
AFTERWARDS = "then have the app read it again: {refresh}"
REMEDIES: Mapping[str, str] = {
    "AccessToKeyVaultDenied": "Give the app's identity the role Key Vault Secrets User on the secret {secret} of the vault "
    "{vault}, and let the app through the vault's network",
    "InvalidSyntax": "Correct the app setting: @Microsoft.KeyVault(SecretUri=https://VAULT.vault.azure.net/secrets/NAME)",
    "MSINotEnabled": "Assign the managed identity to the app and name it in keyVaultReferenceIdentity, as the templates do",
    "SecretNotFound": "Store the secret: az keyvault secret set --vault-name {vault} --name {secret} --file FILE",
    "SecretVersionNotFound": "Leave the version out of the app setting, or name one that is there",
    "VaultNotFound": "Correct the vault's name in the app setting; of a deleted vault: az keyvault recover --name {vault}",
}
"""By App Service's word for why not ("ResolveStatus" in the App Service REST API)."""


def references(deployed: Deployed) -> list[Diagnosis]:
    """A row for each that the app has not got, and one for those that it has."""
    names, known = deployed.referring, deployed.references
    if known is None:
        detail = f"Azure does not say what became of {', '.join(names)}"
        return [Diagnosis(NAME, Finding.NOT_CHECKED, detail, PORTAL)] if names else []
    unresolved = deployed.unresolved
    rows = [_unresolved(deployed, name, reference) for name, reference in unresolved.items()]
    if silent := [name for name in names if name not in known]:
        detail = f"Azure does not list {', '.join(silent)}"
        rows.append(Diagnosis(NAME, Finding.NOT_CHECKED, detail, PORTAL))
    if resolved := [name for name in names if name in known and name not in unresolved]:
        rows.insert(0, Diagnosis(NAME, Finding.OK, f"resolved: {', '.join(resolved)}"))
    return rows


def refresh_command(deployed: Deployed) -> str:
    """What has the app read its secrets again, for any shell."""
    *words, url = refresh(deployed.app, deployed.group)
    return f'az {" ".join(words)} "{url}"'


def _unresolved(deployed: Deployed, name: str, reference: Reference) -> Diagnosis:
    details = f": {reference.details}" if reference.details else ""
    first = REMEDIES.get(reference.status, "Wait a minute, and see whether it passes").format(
        vault=reference.vault or "VAULT", secret=reference.secret or "NAME"
    )
    then = AFTERWARDS.format(refresh=refresh_command(deployed))
    detail = f"is not resolved ({reference.status}{details})"
    return Diagnosis(f"Key Vault reference {name}", Finding.FAULT, detail, f"{first}; {then}")
