"""Each way that the documents offer has a profile; private takes storage, vault and, if wanted, Service Bus off the internet."""

import re

import pytest

from infra.compiler import profiles
from qualification.stores.tables import TABLE
from tests.infra.deployed import BOOTSTRAP, GROUP_ID, INFRA, MAIN, ROOT, compiled, deployed

PRIVATE = {"private", "private-storage", "everything", "bootstrap-everything"}
PRIVATE_BUS = {"private", "everything"}
OPEN, CLOSED = ("Enabled", "Allow"), ("Disabled", "Deny")


def network(resource: dict[str, dict[str, dict[str, str]]]) -> tuple[object, object]:
    """Whether a resource has a public endpoint, and whom it lets in."""
    properties = resource["properties"]
    return properties["publicNetworkAccess"], properties["networkAcls"]["defaultAction"]


@pytest.mark.parametrize("profile", MAIN + BOOTSTRAP)
def test_storage_and_vault_are_open_in_public_profiles_only(profile: str) -> None:
    """One parameter decides for all."""
    found = deployed(profile)
    wanted = CLOSED if profile in PRIVATE else OPEN
    for kind in ("Microsoft.Storage/storageAccounts", "Microsoft.KeyVault/vaults"):
        assert {network(each) for each in found.of_type(kind)} <= {wanted}


@pytest.mark.parametrize("profile", MAIN)
def test_premium_is_paid_for_where_service_bus_is_private_only(profile: str) -> None:
    """Standard has all that is used, but no private endpoints."""
    namespace = deployed(profile).one("Microsoft.ServiceBus/namespaces")
    private = profile in PRIVATE_BUS
    wanted = ("Premium", "Disabled") if private else ("Standard", "Enabled")
    assert (namespace["sku"]["name"], namespace["properties"]["publicNetworkAccess"]) == wanted
    assert namespace["sku"]["tier"] == namespace["sku"]["name"]


@pytest.mark.parametrize("profile", MAIN)
def test_what_is_closed_has_an_endpoint_inside_under_its_usual_name(profile: str) -> None:
    """The host needs blobs, the records tables, the sign-in the vault, the queue its namespace."""
    found = deployed(profile)
    wanted = {
        "blob": ("Microsoft.Storage/storageAccounts/st*", "privatelink.blob.core.windows.net"),
        "table": ("Microsoft.Storage/storageAccounts/strec*", "privatelink.table.core.windows.net"),
        "vault": ("Microsoft.KeyVault/vaults/kv-*", "privatelink.vaultcore.azure.net"),
        "namespace": ("Microsoft.ServiceBus/namespaces/sbns-*", "privatelink.servicebus.windows.net"),
    }
    if profile not in PRIVATE_BUS:
        del wanted["namespace"]
    token = found.one("Microsoft.Web/sites")["name"].removeprefix("func-")
    zones = {each["name"] for each in found.of_type("Microsoft.Network/privateDnsZones")}
    made = {}
    for each in found.of_type("Microsoft.Network/privateEndpoints"):
        (link,) = each["properties"]["privateLinkServiceConnections"]
        (part,) = link["properties"]["groupIds"]
        target = link["properties"]["privateLinkServiceId"].removeprefix(f"{GROUP_ID}/providers/").replace(token, "*")
        group = found.one("Microsoft.Network/privateEndpoints/privateDnsZoneGroups", each["name"])
        (config,) = group["properties"]["privateDnsZoneConfigs"]
        made[part] = (target, config["properties"]["privateDnsZoneId"].rsplit("/", 1)[1])
        assert each["properties"]["subnet"]["id"].endswith(f"/vnet-{token}/subnets/endpoints")
    assert made == (wanted if profile in PRIVATE else {})
    assert zones == {zone for _, zone in made.values()}
    linked = {
        each["name"].split("/")[0] for each in found.of_type("Microsoft.Network/privateDnsZones/virtualNetworkLinks")
    }
    assert linked == zones


@pytest.mark.parametrize("profile", MAIN)
def test_a_private_app_calls_out_through_the_network(profile: str) -> None:
    """By a subnet of its own, which is given over to the plan."""
    found = deployed(profile)
    subnet = found.one("Microsoft.Web/sites")["properties"]["virtualNetworkSubnetId"]
    if profile not in PRIVATE:
        assert (subnet, found.of_type("Microsoft.Network/virtualNetworks")) == (None, [])
        return
    whole = found.one("Microsoft.Network/virtualNetworks")
    assert subnet == f"{whole['id']}/subnets/app"
    (app,) = [each for each in whole["properties"]["subnets"] if each["name"] == "app"]
    delegated = [each["properties"]["serviceName"] for each in app["properties"]["delegations"]]
    assert delegated == ["Microsoft.App/environments"]


@pytest.mark.parametrize("profile", MAIN)
def test_who_may_call_is_everybody_or_who_is_named(profile: str) -> None:
    """A list that is given keeps all others out, but for the health check, which would otherwise fail for ever."""
    site = deployed(profile).one("Microsoft.Web/sites")["properties"]["siteConfig"]
    named = [(each["ipAddress"], each.get("tag"), each["action"]) for each in site["ipSecurityRestrictions"]]
    restricted = [("ApplicationInsightsAvailability", "ServiceTag", "Allow"), ("203.0.113.0/24", None, "Allow")]
    assert (named, site["ipSecurityRestrictionsDefaultAction"]) == (
        (restricted, "Deny") if profile == "everything" else ([], "Allow")
    )


@pytest.mark.parametrize(("name", "chosen"), [("main", MAIN), ("bootstrap", BOOTSTRAP)])
def test_every_parameter_is_set_in_a_profile(name: str, chosen: list[str]) -> None:
    """What no profile sets, no snapshot shows. `serviceBusPrivate` is set where it is not the default."""
    texts = [path.read_text(encoding="utf-8") for path in profiles(INFRA) if path.stem in chosen]
    unset = [each for each in compiled(name)["parameters"] if not any(f"\nparam {each} = " in text for text in texts)]
    assert unset == []


def test_the_records_are_copied_as_it_is_said() -> None:
    """To another region unless somebody chooses otherwise: they are all that is known about requests."""
    kinds = {name: deployed(name).one("Microsoft.Storage/storageAccounts")["sku"]["name"] for name in BOOTSTRAP}
    assert kinds == {"bootstrap": "Standard_GRS", "bootstrap-everything": "Standard_RAGZRS"}


def test_the_table_is_the_one_that_the_code_opens() -> None:
    """Under the name that the store uses, and the only one."""
    for name in BOOTSTRAP:
        assert (
            deployed(name).one("Microsoft.Storage/storageAccounts/tableServices/tables")["name"].split("/")[2] == TABLE
        )


@pytest.mark.parametrize("profile", MAIN)
def test_outputs_say_where_things_are(profile: str) -> None:
    """Workflows, documents and the command line read these, in this form."""
    found = deployed(profile)
    app = found.one("Microsoft.Web/sites")["name"]
    token = app.removeprefix("func-")
    outputs = {name: value for name, value in found.outputs.items() if not str(value).startswith("[")}
    assert outputs == {
        "AZURE_RESOURCE_GROUP": "rg-test",
        "KEY_VAULT_NAME": f"kv-{token}",
        "PARTNER_CENTER_REFRESH_TOKEN": f"https://kv-{token}.vault.azure.net/secrets/refresh-token",
        "SERVICE_APP_NAME": app,
        "SERVICE_APP_URL": f"https://{app}.azurewebsites.net",
        "SERVICE_BUS_HOST_NAME": f"sbns-{token}.servicebus.windows.net",
    }
    assert found.outputs["FEDERATED_CREDENTIAL_SUBJECT"].endswith(").principalId]")


@pytest.mark.parametrize("profile", BOOTSTRAP)
def test_the_bootstrap_says_where_things_are(profile: str) -> None:
    """The commands of the documents begin with these, and azd keeps them; ids are made by Azure."""
    found = deployed(profile)
    account = found.one("Microsoft.Storage/storageAccounts")["name"]
    token = account.removeprefix("strec")
    outputs = {name: value for name, value in found.outputs.items() if not str(value).startswith("[")}
    without_pipeline = {} if profile == "bootstrap-everything" else {"PIPELINE_CLIENT_ID": ""}
    assert outputs == without_pipeline | {
        "AZURE_RESOURCE_GROUP": "rg-test",
        "KEY_VAULT_NAME": f"kv-{token}",
        "PARTNER_CENTER_REFRESH_TOKEN": f"https://kv-{token}.vault.azure.net/secrets/refresh-token",
        "RECORD_STORAGE": account,
    }
    assert found.outputs["FEDERATED_CREDENTIAL_SUBJECT"].endswith(".outputs.principalId.value]")
    assert set(found.outputs) == set(compiled("bootstrap")["outputs"])
    assert "PIPELINE_CLIENT_ID" in found.outputs


def test_documents_and_hooks_use_what_there_is() -> None:
    """A variable that is no output, no parameter and not set on the same page would be empty in the reader's shell."""
    there = {*compiled("main")["outputs"], *compiled("bootstrap")["outputs"], "PARTNER_TENANT"}  # the reader's own
    for name in ("main", "bootstrap"):
        there |= set(re.findall(r"\$\{(\w+)", (INFRA / f"{name}.parameters.json").read_text(encoding="utf-8")))
    for path in (ROOT / "azure.yaml", *(ROOT / "docs").rglob("*.md")):
        text = path.read_text(encoding="utf-8")
        used = set(re.findall(r"\$(?:Env:|\{)?([A-Z]+_[A-Z_]+)", text))
        assert used - there - set(re.findall(r"\b([A-Z_]+)=", text)) == set(), path.name
