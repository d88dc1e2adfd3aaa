"""A deployed app in the form in which Azure Resource Manager describes it."""

import json
from typing import Any

from qualification.doctor.deployed import Deployed, read_deployed

APP, GROUP = "func-example", "rg-example"
SITE_ID = f"/subscriptions/s/resourceGroups/{GROUP}/providers/Microsoft.Web/sites/{APP}"
MAPPING = {
    "customerTenantId": "cr_tenant",
    "qualification": {"field": "cr_kind", "values": {"1": "Education", "2": None, "*": "StateOwnedEntity"}},
    "educationSegment": {"constant": "K12"},
}


def reference(secret: str) -> str:
    """A setting as the templates write it."""
    return f"@Microsoft.KeyVault(SecretUri=https://kv-example.vault.azure.net/secrets/{secret})"


SETTINGS = {
    "ADVANCE_SCHEDULE": "0 * * * * *",
    "AZURE_CLIENT_ID": "11111111-1111-1111-1111-111111111111",
    "AzureWebJobsStorage__accountName": "sthost",
    "RecordStorage__clientId": "11111111-1111-1111-1111-111111111111",
    "RecordStorage__credential": "managedidentity",
    "RecordStorage__tableServiceUri": "https://127.0.0.1:1/",
    "ServiceBusConnection__clientId": "11111111-1111-1111-1111-111111111111",
    "ServiceBusConnection__credential": "managedidentity",
    "ServiceBusConnection__fullyQualifiedNamespace": "sb-example.servicebus.windows.net",
    "QUALIFICATION_QUEUE": "qualification-requests",
    "QUALIFICATION_TOPIC": "qualification-events",
    "PARTNER_CENTER_CLIENT_ID": "22222222-2222-2222-2222-222222222222",
    "PARTNER_CENTER_FEDERATED_IDENTITY": "true",
    "PARTNER_CENTER_REFRESH_TOKEN": "https://127.0.0.1:1/secrets/refresh-token",
    "PARTNER_CENTER_TENANT_ID": "33333333-3333-3333-3333-333333333333",
    "WEBHOOK_DATAVERSE_FIELDS": json.dumps(MAPPING),
    "WEBHOOK_DATAVERSE_SECRETS": reference("webhook-dataverse"),
    "WEBHOOK_STANDARD_SECRETS": reference("webhook-standard"),
}
"""As infra/modules/app-settings.bicep sets them."""


def site(host: str = "func-example.azurewebsites.net", state: str = "Running") -> dict[str, Any]:
    """The answer to "Web Apps - Get", as far as anybody reads it."""
    properties = {"state": state, "defaultHostName": host, "enabled": True, "reserved": True}
    return {"id": SITE_ID, "name": APP, "type": "Microsoft.Web/sites", "properties": properties}


def listed(settings: dict[str, str] | None = None) -> dict[str, Any]:
    """The answer to "List Application Settings"."""
    return {"id": f"{SITE_ID}/config/appsettings", "properties": SETTINGS if settings is None else settings}


def states(**statuses: str) -> dict[str, Any]:
    """The answer to "Get App Settings Key Vault References"; each is resolved unless it is said otherwise."""
    resolved = {"WEBHOOK_DATAVERSE_SECRETS": "Resolved", "WEBHOOK_STANDARD_SECRETS": "Resolved"}
    return {
        "value": [
            {
                "id": f"{SITE_ID}/config/configreferences/appsettings/{name}",
                "properties": {
                    "reference": reference("webhook"),
                    "status": status,
                    "vaultName": "kv-example",
                    "secretName": f"webhook-{name.split('_')[1].lower()}",
                    "identityType": {"type": "UserAssigned"},
                    "details": "Reference has been successfully resolved." if status == "Resolved" else "It was not.",
                    "source": "KeyVault",
                },
            }
            for name, status in (resolved | statuses).items()
        ],
        "nextLink": None,
    }


def deployed(settings: dict[str, str] | None = None, **statuses: str) -> Deployed:
    """An app as the templates make it, with other settings or statuses of its references."""
    return read_deployed(APP, GROUP, site=site(), settings=listed(settings), references=states(**statuses))
