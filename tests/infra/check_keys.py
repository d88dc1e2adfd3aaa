"""No key anywhere: every service refuses keys, every connection is the managed identity's, nothing secret is passed on."""

import re

import pytest

from tests.infra.bicep import Template, template, templates
from tests.infra.check_templates import every_template
from tests.infra.settings import settings

KEY_FUNCTIONS = re.compile(r"\blist\w*\(|\bgetSecret\(")


def test_storage_takes_no_account_key() -> None:
    """Shared keys are off, Entra is the default, blobs are never public, and TLS is at least 1.2."""
    properties = template("modules/storage.bicep").resources["account"].value["properties"]
    expected = {
        "allowBlobPublicAccess": False,
        "allowCrossTenantReplication": False,
        "allowSharedKeyAccess": False,
        "defaultToOAuthAuthentication": True,
        "minimumTlsVersion": "TLS1_2",
        "supportsHttpsTrafficOnly": True,
    }
    assert {name: properties[name] for name in expected} == expected


def test_service_bus_takes_no_key() -> None:
    """Shared access signatures are off, and TLS is at least 1.2."""
    properties = template("modules/service-bus.bicep").resources["namespace"].value["properties"]
    assert (properties["disableLocalAuth"], properties["minimumTlsVersion"]) == (True, "1.2")


def test_telemetry_takes_no_key() -> None:
    """The instrumentation key alone may not write, and the workspace's keys neither."""
    resources = template("modules/monitoring.bicep").resources
    assert resources["component"].value["properties"]["DisableLocalAuth"] is True
    assert resources["workspace"].value["properties"]["features"]["disableLocalAuth"] is True


def test_the_vault_goes_by_roles_and_keeps_what_was_deleted() -> None:
    """Roles instead of access policies; a deleted secret can be had back for 90 days."""
    properties = template("modules/key-vault.bicep").resources["vault"].value["properties"]
    expected = {
        "enablePurgeProtection": True,
        "enableRbacAuthorization": True,
        "enableSoftDelete": True,
        "softDeleteRetentionInDays": 90,
    }
    assert {name: properties[name] for name in expected} == expected


def test_nobody_publishes_with_a_password() -> None:
    """FTP and SCM take no publishing profile; deployment goes by Entra."""
    policies = template("modules/function-app.bicep").of_type("Microsoft.Web/sites/basicPublishingCredentialsPolicies")
    allowed = {each.value["name"]: each.value["properties"]["allow"] for each in policies}
    assert allowed == {"ftp": False, "scm": False}


def test_the_app_package_is_read_by_the_identity() -> None:
    """The deployment storage has no connection string either."""
    storage = template("modules/function-app.bicep").resources["app"].value["properties"]["functionAppConfig"]
    assert storage["deployment"]["storage"]["authentication"]["type"] == "UserAssignedIdentity"


@pytest.mark.parametrize("connection", ["AzureWebJobsStorage", "RecordStorage", "ServiceBusConnection"])
def test_a_connection_is_the_managed_identitys(connection: str) -> None:
    """Where it leads, that the identity is used, which one; and no connection string beside them."""
    names = {name: value for name, value in settings().items() if name.split("__")[0] == connection}
    endpoint = {"AzureWebJobsStorage": "accountName", "RecordStorage": "tableServiceUri"}
    suffixes = {endpoint.get(connection, "fullyQualifiedNamespace"), "clientId", "credential"}
    assert set(names) == {f"{connection}__{suffix}" for suffix in suffixes}
    assert names[f"{connection}__credential"] == "managedidentity"


@every_template
def test_no_template_asks_for_a_key(file: Template) -> None:
    """A key that is read in a template ends in the deployment's history."""
    assert KEY_FUNCTIONS.findall(file.path.read_text(encoding="utf-8")) == []


@every_template
def test_no_secret_comes_in_or_goes_out(file: Template) -> None:
    """Secrets are put into the vault by people, so no template has a secure parameter to leak in an output."""
    assert [name for name, each in file.parameters.items() if "secure()" in each.decorators] == []
    for output in file.outputs.values():
        assert "ConnectionString" not in str(output.value)
        assert "InstrumentationKey" not in str(output.value)


def test_no_template_writes_a_secret() -> None:
    """A deployment would write it anew each time and undo the rotation of the refresh token."""
    written = [each.name for file in templates() for each in file.of_type("Microsoft.KeyVault/vaults/secrets")]
    assert written == []
