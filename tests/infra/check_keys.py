"""No key anywhere: every service refuses keys, every connection is the managed identity's, nothing secret is passed on."""

import re
from typing import Any

import pytest

from qualification.setup.vault import PLACEHOLDER
from tests.infra.deployed import BOOTSTRAP, IDENTITY, MAIN, ROOT, compiled, deployed, nested

READS = re.compile(r"\b(?:reference|list\w*|getSecret)\(")
TOLD = {
    "[reference('identity').clientId]",
    "[reference('identity').principalId]",
    "[reference('identity').outputs.principalId.value]",
    "[coalesce(tryGet(if(not(empty(parameters('repository'))), reference('pipeline'), null()), 'outputs', 'clientId', 'value'), '')]",
}
"""What outputs say of live resources: ids of identities, and nothing else."""
every_profile = pytest.mark.parametrize("profile", MAIN + BOOTSTRAP)


@every_profile
def test_storage_takes_no_account_key(profile: str) -> None:
    """Shared keys are off, Entra is the default, blobs are never public, and TLS is at least 1.2."""
    expected = {
        "allowBlobPublicAccess": False,
        "allowCrossTenantReplication": False,
        "allowSharedKeyAccess": False,
        "defaultToOAuthAuthentication": True,
        "minimumTlsVersion": "TLS1_2",
        "supportsHttpsTrafficOnly": True,
    }
    (account,) = deployed(profile).of_type("Microsoft.Storage/storageAccounts")
    assert {name: account["properties"].get(name) for name in expected} == expected


@pytest.mark.parametrize("profile", MAIN)
def test_service_bus_and_telemetry_take_no_key(profile: str) -> None:
    """Shared access signatures are off, TLS is at least 1.2; an instrumentation key alone may not write."""
    found = deployed(profile)
    namespace = found.one("Microsoft.ServiceBus/namespaces")["properties"]
    assert (namespace["disableLocalAuth"], namespace["minimumTlsVersion"]) == (True, "1.2")
    assert found.one("Microsoft.Insights/components")["properties"]["DisableLocalAuth"] is True


@every_profile
def test_a_workspace_takes_no_key(profile: str) -> None:
    """Neither the one of the logs nor the one of the audit."""
    (workspace,) = deployed(profile).of_type("Microsoft.OperationalInsights/workspaces")
    assert workspace["properties"]["features"]["disableLocalAuth"] is True


@pytest.mark.parametrize("profile", BOOTSTRAP)
def test_the_vault_goes_by_roles_and_keeps_what_was_deleted(profile: str) -> None:
    """Roles instead of access policies; a deleted secret can be had back for 90 days."""
    properties = deployed(profile).one("Microsoft.KeyVault/vaults")["properties"]
    expected = {
        "enablePurgeProtection": True,
        "enableRbacAuthorization": True,
        "enableSoftDelete": True,
        "softDeleteRetentionInDays": 90,
    }
    assert {name: properties[name] for name in expected} == expected


@pytest.mark.parametrize("profile", MAIN)
def test_nobody_publishes_with_a_password(profile: str) -> None:
    """FTP and SCM take no publishing profile; the package is read by the identity, from the container that is there."""
    found = deployed(profile)
    policies = found.of_type("Microsoft.Web/sites/basicPublishingCredentialsPolicies")
    assert {each["name"].split("/")[1]: each["properties"]["allow"] for each in policies} == {
        "ftp": False,
        "scm": False,
    }
    app = found.one("Microsoft.Web/sites")
    (identity,) = app["identity"]["userAssignedIdentities"]
    assert app["identity"]["type"] == "UserAssigned"
    account, _, container = found.one("Microsoft.Storage/storageAccounts/blobServices/containers")["name"].split("/")
    assert app["properties"]["functionAppConfig"]["deployment"]["storage"] == {
        "type": "blobContainer",
        "value": f"https://{account}.blob.core.windows.net/{container}",
        "authentication": {"type": "UserAssignedIdentity", "userAssignedIdentityResourceId": identity},
    }
    # Secrets of the vault are read as the identity that has the role.
    assert app["properties"]["keyVaultReferenceIdentity"] == identity
    assert f"{IDENTITY}{account.removeprefix('st')}" in identity


@pytest.mark.parametrize("profile", MAIN)
@pytest.mark.parametrize(
    ("connection", "endpoint"),
    [
        ("AzureWebJobsStorage", "accountName"),
        ("RecordStorage", "tableServiceUri"),
        ("ServiceBusConnection", "fullyQualifiedNamespace"),
    ],
)
def test_a_connection_is_the_managed_identitys(profile: str, connection: str, endpoint: str) -> None:
    """Where it leads, that the identity is used, which one; and no connection string beside them."""
    settings = deployed(profile).settings
    own = {name: value for name, value in settings.items() if name.split("__")[0] == connection}
    assert set(own) == {f"{connection}__{suffix}" for suffix in (endpoint, "clientId", "credential")}
    assert own[f"{connection}__credential"] == "managedidentity"
    assert own[f"{connection}__clientId"] == settings["AZURE_CLIENT_ID"]
    assert re.search(rf"{IDENTITY}\w+'.*\)\.clientId\]$", settings["AZURE_CLIENT_ID"])


def spelled_out(template: Any, text: str) -> str:
    """An expression, and after it those that its variables stand for."""
    used = [str(template["variables"][name]) for name in re.findall(r"variables\('([^']+)'\)", text)]
    return "".join([text, *(spelled_out(template, each) for each in used)])


@pytest.mark.parametrize("name", ["main", "bootstrap"])
def test_nothing_secret_goes_out(name: str) -> None:
    """What an output says stands in the deployment's history, for every reader of the resource group.

    So it says what was computed, or one of a few ids; no secret parameter, and no property of a live resource beside these.
    """
    for template in nested(compiled(name)):
        given = template.get("parameters", {}).items()
        secret = [f"parameters('{key}')" for key, each in given if each.get("type", "").startswith("secure")]
        texts = {key: spelled_out(template, str(each["value"])) for key, each in template.get("outputs", {}).items()}
        assert {key: text for key, text in texts.items() if READS.search(text) and text not in TOLD} == {}
        assert {key: text for key, text in texts.items() if any(each in text for each in secret)} == {}


@pytest.mark.parametrize("name", ["main", "bootstrap"])
def test_no_template_asks_for_a_key(name: str) -> None:
    """A key that is read in a template ends in the deployment's history."""
    assert re.findall(r"\blist(?:Keys|Account\w+|Service\w+|\w*[sS]ecrets)\(|getSecret\(", str(compiled(name))) == []


def test_a_secret_is_made_once_with_what_nobody_knows_and_never_written_again() -> None:
    """A deployment that wrote it anew would undo the rotation; a value that could be guessed would let forged webhooks in."""
    made = [
        resource
        for template in nested(compiled("main"))
        for resource in template["resources"].values()
        if resource["type"] == "Microsoft.KeyVault/vaults/secrets" and not resource.get("existing")
    ]
    assert [each["@options"] for each in made] == [{"onlyIfNotExists": []}]
    assert [each["properties"] for each in made] == [
        {"value": "[parameters('placeholder')]", "contentType": PLACEHOLDER}
    ]
    placeholder = compiled("main")["parameters"]["placeholder"]
    assert (placeholder["type"], placeholder["defaultValue"]) == ("securestring", "[newGuid()]")
    assert "placeholder" not in (ROOT / "infra" / "main.parameters.json").read_text(encoding="utf-8")


@pytest.mark.parametrize("profile", MAIN)
def test_every_secret_that_is_read_is_there(profile: str) -> None:
    """A role on a secret that is not there cannot be given, and a reference to one is never resolved."""
    found = deployed(profile)
    made = {each["name"].split("/")[1] for each in found.of_type("Microsoft.KeyVault/vaults/secrets")}
    referred = set(re.findall(r"/secrets/([\w-]+)", " ".join(found.settings.values())))
    assert made == referred
