"""Who may do what: each role at the narrowest scope that does, and nobody who could give more."""

import re
from typing import Any

import pytest

from tests.infra.deployed import BOOTSTRAP, GROUP_ID, IDENTITY, MAIN, ROOT, Deployed, deployed, scope

ASSIGNMENT = "Microsoft.Authorization/roleAssignments"
DEFINITION = "Microsoft.Authorization/roleDefinitions"
BUILT_IN = {  # "Azure built-in roles"
    "b24988ac-6180-42a0-ab88-20f7382dd24c": "Contributor",
    "b86a8fe4-44ce-4948-aee5-eccb2c155cd7": "Key Vault Secrets Officer",
    "4633458b-17de-408a-b874-0445c86b69e6": "Key Vault Secrets User",
    "3913510d-42f4-4e42-8a64-420c390055eb": "Monitoring Metrics Publisher",
    "f58310d9-a9f6-439a-9e8d-f62e7b41a168": "Role Based Access Control Administrator",
    "090c5cfd-751d-490a-894a-3ce6f1109419": "Azure Service Bus Data Owner",
    "4f6d3b9b-027b-4f4c-9142-0e5a2a2247e0": "Azure Service Bus Data Receiver",
    "69a216fc-b8fb-44d8-bc22-1f3c2cd27a39": "Azure Service Bus Data Sender",
    "b7e6dc6d-f1e8-4753-8033-0f276bb0955b": "Storage Blob Data Owner",
}
ALWAYS = {
    ("Storage Blob Data Owner", "Microsoft.Storage/storageAccounts/st*"),
    ("Qualification records", "Microsoft.Storage/storageAccounts/strec*/tableServices/default/tables/qualifications"),
    ("Azure Service Bus Data Sender", "Microsoft.ServiceBus/namespaces/sbns-*/queues/qualification-requests"),
    ("Azure Service Bus Data Receiver", "Microsoft.ServiceBus/namespaces/sbns-*/queues/qualification-requests"),
    ("Azure Service Bus Data Sender", "Microsoft.ServiceBus/namespaces/sbns-*/topics/qualification-events"),
    ("Qualification scaling", "Microsoft.ServiceBus/namespaces/sbns-*"),
    ("Qualification refresh token", "Microsoft.KeyVault/vaults/kv-*/secrets/refresh-token"),
    ("Monitoring Metrics Publisher", "Microsoft.Insights/components/appi-*"),
}
READ = "Key Vault Secrets User"
SECRETS = "Microsoft.KeyVault/vaults/kv-*/secrets/"
ON_REQUEST = {
    "client-secret": {(READ, f"{SECRETS}partner-center-client-secret")},
    "everything": {
        (READ, f"{SECRETS}partner-center-client-secret"),
        *((READ, f"{SECRETS}webhook-{source}") for source in ("dataverse", "hubspot", "salesforce", "standard")),
        ("Azure Service Bus Data Owner", "Microsoft.ServiceBus/namespaces/sbns-*"),
    },
    **{source: {(READ, f"{SECRETS}webhook-{source}")} for source in ("dataverse", "hubspot", "salesforce", "standard")},
}
PAGE = ROOT / "docs" / "reference" / "roles.md"
every_main = pytest.mark.parametrize("profile", MAIN)


def own_roles() -> dict[str, Any]:
    """Our own role definitions by id."""
    return {each["name"]: each for each in deployed("bootstrap").of_type(DEFINITION)}


def role(resource: Any) -> str:
    """The name of the role that an assignment gives."""
    id_ = resource["properties"]["roleDefinitionId"].rsplit("/", 1)[1]
    own: dict[str, str] = {name: each["properties"]["roleName"].split(" (")[0] for name, each in own_roles().items()}
    return (BUILT_IN | own)[id_]


def rights(profile: Deployed) -> list[tuple[str, str]]:
    """Role and scope of each assignment, without the token in names."""
    return [(role(each), scope(each).replace(TOKEN, "*")) for each in profile.of_type(ASSIGNMENT)]


TOKEN = deployed("bootstrap").one("Microsoft.KeyVault/vaults")["name"].removeprefix("kv-")


@every_main
def test_the_service_has_these_rights_and_no_others(profile: str) -> None:
    """Least privilege: rows of one table, sender and receiver at the entity, the vault's secrets one by one."""
    given = rights(deployed(profile))
    assert set(given) == ALWAYS | ON_REQUEST.get(profile, set())
    assert len(given) == len(set(given))


@every_main
def test_a_deployment_gives_roles_to_the_service_only(profile: str) -> None:
    """The pipeline may give them to nobody else; without the type, Azure looks for an identity not yet in its directory."""
    for each in deployed(profile).of_type(ASSIGNMENT):
        properties = each["properties"]
        assert f"{IDENTITY}{TOKEN}'" in properties["principalId"]
        assert properties["principalId"].endswith(".principalId]")
        assert properties["principalType"] == "ServicePrincipal"


@pytest.mark.parametrize("profile", MAIN + BOOTSTRAP)
def test_an_assignment_has_a_name_of_its_own_that_is_known_before(profile: str) -> None:
    """Azure refuses a second assignment of the same name, and what-if shows none whose name a live resource decides."""
    names = [each["name"] for each in deployed(profile).of_type(ASSIGNMENT)]
    assert len(names) == len(set(names))
    assert all(re.fullmatch(r"[0-9a-f-]{36}", name) for name in names)


def test_rows_are_all_that_the_service_may_touch() -> None:
    """No action of the role makes or deletes a table, or reads anything but rows."""
    (records,) = [each for each in own_roles().values() if "records" in each["properties"]["roleName"]]
    (permissions,) = records["properties"]["permissions"]
    entities = "Microsoft.Storage/storageAccounts/tableServices/tables/entities"
    assert permissions == {"actions": [], "dataActions": [f"{entities}/{verb}" for verb in ("delete", "read", "write")]}


def test_the_refresh_token_is_read_stored_and_disabled_and_never_deleted() -> None:
    """What rotation needs; whoever took over the service could not purge the sign-in."""
    (token,) = [each for each in own_roles().values() if "refresh token" in each["properties"]["roleName"]]
    (permissions,) = token["properties"]["permissions"]
    verbs = ("getSecret", "readMetadata", "setSecret", "update")
    wanted = [f"Microsoft.KeyVault/vaults/secrets/{verb}/action" for verb in verbs]
    assert permissions == {"actions": [], "dataActions": wanted}


def test_scaling_reads_counts_and_no_message() -> None:
    """The one custom role that Microsoft documents for it ("Identity-based connections" of the Service Bus extension)."""
    (scaling,) = [each for each in own_roles().values() if "scaling" in each["properties"]["roleName"]]
    (permissions,) = scaling["properties"]["permissions"]
    assert permissions == {"actions": ["Microsoft.ServiceBus/namespaces/*/read"], "dataActions": []}


def test_our_roles_can_be_given_in_the_group_only() -> None:
    """Their names are unique in a tenant, so they carry the token."""
    for each in own_roles().values():
        assert each["properties"]["assignableScopes"] == [GROUP_ID]
        assert each["properties"]["roleName"].endswith(f"({TOKEN})")
        assert each["properties"]["type"] == "CustomRole"


def test_the_operator_stores_secrets_in_the_vault() -> None:
    """Of the kind that is said: a group is not found as a user."""
    for name, kind in (("bootstrap", "User"), ("bootstrap-everything", "Group")):
        given = [each for each in deployed(name).of_type(ASSIGNMENT) if scope(each)]
        assert [(role(each), scope(each)) for each in given] == [
            ("Key Vault Secrets Officer", f"Microsoft.KeyVault/vaults/kv-{TOKEN}")
        ]
        assert given[0]["properties"]["principalType"] == kind
        assert given[0]["properties"]["principalId"] == "11111111-1111-4111-8111-111111111111"


def test_the_pipeline_may_change_the_group_and_give_the_service_its_roles() -> None:
    """Contributor at the group, and role assignments with a condition: these roles, to the service."""
    given = [each for each in deployed("bootstrap-everything").of_type(ASSIGNMENT) if not scope(each)]
    assert {role(each) for each in given} == {"Contributor", "Role Based Access Control Administrator"}
    (gives,) = [each for each in given if role(each).startswith("Role Based")]
    condition = gives["properties"]["condition"]
    assert gives["properties"]["conditionVersion"] == "2.0"
    ids = {name: role({"properties": {"roleDefinitionId": f"/{name}"}}) for name in {*BUILT_IN, *own_roles()}}
    listed = {name for id_, name in ids.items() if id_ in condition}
    needed = {name for profile in MAIN for name, _ in rights(deployed(profile))}
    assert listed == needed
    for verb, attribute in (("write", "@Request"), ("delete", "@Resource")):
        assert f"roleAssignments/{verb}" in condition
        assert attribute in condition
    assert condition.count(" AND @") == 2
    assert f"userAssignedIdentities/id-{TOKEN}" in condition or "format('identity-{0}'" in condition


def test_nobody_but_the_named_repository_is_the_pipeline() -> None:
    """GitHub's token for the protected environment of that repository, and no other."""
    credential = deployed("bootstrap-everything").one(f"{IDENTITY.rsplit('/', 1)[0]}/federatedIdentityCredentials")
    assert credential["name"].startswith("id-pipeline-")
    assert credential["properties"] == {
        "issuer": "https://token.actions.githubusercontent.com",
        "subject": "repo:contoso/qualifications:environment:production",
        "audiences": ["api://AzureADTokenExchange"],
    }


def test_what_must_outlive_a_deployment_is_locked() -> None:
    """Records and vault cannot be deleted by Azure's tools before somebody takes the lock away."""
    for name in BOOTSTRAP:
        locks = {
            scope(each): each["properties"]["level"] for each in deployed(name).of_type("Microsoft.Authorization/locks")
        }
        assert locks == {
            f"Microsoft.Storage/storageAccounts/strec{TOKEN}": "CanNotDelete",
            f"Microsoft.KeyVault/vaults/kv-{TOKEN}": "CanNotDelete",
        }


@every_main
def test_a_deployment_makes_nothing_that_must_outlive_it(profile: str) -> None:
    """A deployment that made the table anew would hide that it was lost."""
    lasting = {
        "Microsoft.Authorization/locks",
        "Microsoft.Authorization/roleDefinitions",
        "Microsoft.KeyVault/vaults",
        "Microsoft.ManagedIdentity/userAssignedIdentities",
        "Microsoft.Resources/resourceGroups",
        "Microsoft.Storage/storageAccounts/tableServices",
        "Microsoft.Storage/storageAccounts/tableServices/tables",
    }
    assert {each["type"] for each in deployed(profile).resources} & lasting == set()


def test_the_page_of_roles_names_each_role_that_is_given() -> None:
    """As Azure writes it; a reader who compares it with the portal finds the same words."""
    text = PAGE.read_text(encoding="utf-8").replace("Sender, Data Receiver", "Sender, Azure Service Bus Data Receiver")
    text = " ".join(text.split())
    given = {name for profile in MAIN for name, _ in rights(deployed(profile))}
    given |= {role(each) for each in deployed("bootstrap-everything").of_type(ASSIGNMENT)}
    assert {name for name in given if name not in text} == set()
