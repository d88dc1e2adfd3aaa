"""References to Key Vault in app settings: App Service puts the secret in their place before the app starts, or does not.

Where it cannot, the app gets the text of the reference ("Use Key Vault references as app settings"): never a secret, for it
can be guessed.
"""

BEGINNING = "@microsoft.keyvault("
REFRESH = (
    'az rest --method post --url "https://management.azure.com$(az functionapp show --name APP --resource-group GROUP '
    '--query id --output tsv)/config/configreferences/appsettings/refresh?api-version=2022-03-01"'
)
"""Microsoft Learn, the same page, "Understand rotation"."""
UNRESOLVED = (
    "is a Key Vault reference that was not resolved: see in the portal, under Environment variables, why; when the vault "
    f"answers and the app may read the secret, run {REFRESH}"
)


def is_reference(text: str) -> bool:
    """Whether a setting's value is a reference that nobody has resolved."""
    return text.strip().lower().startswith(BEGINNING)
