"""Two profiles: public, where Entra alone guards; private, where storage, vault and Service Bus leave the internet."""

from tests.infra.bicep import Expression, template

CLOSABLE = {"storage": "storage", "keyVault": "key-vault", "serviceBus": "service-bus"}


def test_a_module_is_closed_unless_it_is_told_otherwise() -> None:
    """The default of every module is the safe one."""
    for file in CLOSABLE.values():
        parameters = template(f"modules/{file}.bicep").parameters
        assert parameters["publicNetworkAccess"].value == "Disabled"
    for file in ("storage", "key-vault"):
        assert template(f"modules/{file}.bicep").parameters["defaultAction"].value == "Deny"


def test_only_the_public_profile_opens_them() -> None:
    """One parameter decides for all."""
    main = template("main.bicep")
    assert main.variables["access"].value == Expression("vnetEnabled ? 'Disabled' : 'Enabled'")
    assert main.variables["defaultAction"].value == Expression("vnetEnabled ? 'Deny' : 'Allow'")
    for module in CLOSABLE:
        assert main.modules[module].value["params"]["publicNetworkAccess"] == Expression("access")
    for module in ("storage", "keyVault"):
        assert main.modules[module].value["params"]["defaultAction"] == Expression("defaultAction")


def test_what_the_module_is_told_reaches_the_resource() -> None:
    """The parameters are used, as they are."""
    bodies = {
        "storage": template("modules/storage.bicep").resources["account"],
        "key-vault": template("modules/key-vault.bicep").resources["vault"],
        "service-bus": template("modules/service-bus.bicep").resources["namespace"],
    }
    for file, resource in bodies.items():
        properties = resource.value["properties"]
        assert properties["publicNetworkAccess"] == Expression("publicNetworkAccess"), file
        if file != "service-bus":
            assert properties["networkAcls"]["defaultAction"] == Expression("defaultAction"), file


def test_premium_is_paid_for_in_the_private_profile_only() -> None:
    """Standard has all that is used, but no private endpoints."""
    sku = template("main.bicep").modules["serviceBus"].value["params"]["sku"]
    assert sku == Expression("vnetEnabled ? 'Premium' : 'Standard'")


def test_the_network_is_there_in_the_private_profile_only() -> None:
    """Neither network nor endpoints are deployed in the public one."""
    modules = template("main.bicep").modules
    conditions = {name: module.condition for name, module in modules.items() if module.condition}
    assert conditions == {"network": "(vnetEnabled)", "privateEndpoints": "(vnetEnabled)"}


def test_everything_that_is_closed_has_an_endpoint_inside() -> None:
    """The host needs blobs, the records tables, the sign-in the vault, the queue its namespace."""
    targets = template("modules/private-endpoints.bicep").variables["targets"].value
    assert {(target["part"], target["resourceId"].text) for target in targets} == {
        ("blob", "storageId"),
        ("table", "storageId"),
        ("vault", "vaultId"),
        ("namespace", "serviceBusId"),
    }
