"""The app settings that the templates give, as they are in Azure once the expressions have their values."""

import re

from tests.infra.bicep import Expression, template

CLIENT_ID = "11111111-1111-4111-8111-111111111111"
PARTNER = "22222222-2222-4222-8222-222222222222"
APP = "33333333-3333-4333-8333-333333333333"
VAULT = "https://kv-x.vault.azure.net/"
VALUES = {
    "identityClientId": CLIENT_ID,
    "tableUrl": "https://stx.table.core.windows.net/",
    "serviceBusHostName": "sbns-x.servicebus.windows.net",
    "queueName": "qualification-requests",
    "topicName": "qualification-events",
    "vaultUrl": VAULT,
    "refreshTokenSecretName": "refresh-token",
    "partnerTenantId": PARTNER,
    "partnerCenterClientId": APP,
    "storageName": "stx",
    "component.properties.ConnectionString": "InstrumentationKey=x",
    "environment().authentication.loginEndpoint": "https://login.microsoftonline.com/",
}


def settings(*, client_secret: str = "") -> dict[str, str]:
    """Names and values, without those of webhooks.

    Args:
        client_secret: the secret's name in the vault, where the app registration has one.
    """
    values = VALUES | {
        "clientSecretName": client_secret,
        "empty(clientSecretName) ? '' : clientSecretReference": client_secret
        and f"@Microsoft.KeyVault(SecretUri={VAULT}secrets/{client_secret})",
        # Bicep's string(true) is True.
        "string(empty(clientSecretName))": str(not client_secret),
    }
    variables = template("modules/app-settings.bicep").variables
    host = template("modules/function-app.bicep").variables["host"].value
    given = [*host, *(entry for name in ("connections", "partnerCenter") for entry in variables[name].value)]
    found = {entry["name"]: _evaluated(entry["value"], values) for entry in given}
    pace: dict[str, str] = template("modules/app-settings.bicep").parameters["pace"].value
    return found | pace


def _evaluated(value: str | Expression, values: dict[str, str]) -> str:
    if isinstance(value, str):
        return value
    if value.text in values:
        return values[value.text]
    if value.text.startswith("'"):
        return re.sub(r"\$\{([^}]*)\}", lambda found: values[found[1]], value.text.strip("'"))
    raise KeyError(f"the template uses an expression that this module does not know: {value.text}")
