"""Who may do what: one file holds every role, each at the narrowest scope that does."""

import re

from tests.infra.bicep import INFRA, Declaration, Expression, template, templates

ASSIGNMENT = "Microsoft.Authorization/roleAssignments"
ROLES = {  # "Azure built-in roles"
    "keyVaultSecretsOfficer": "b86a8fe4-44ce-4948-aee5-eccb2c155cd7",
    "keyVaultSecretsUser": "4633458b-17de-408a-b874-0445c86b69e6",
    "monitoringMetricsPublisher": "3913510d-42f4-4e42-8a64-420c390055eb",
    "serviceBusDataOwner": "090c5cfd-751d-490a-894a-3ce6f1109419",
    "serviceBusDataReceiver": "4f6d3b9b-027b-4f4c-9142-0e5a2a2247e0",
    "serviceBusDataSender": "69a216fc-b8fb-44d8-bc22-1f3c2cd27a39",
    "storageBlobDataOwner": "b7e6dc6d-f1e8-4753-8033-0f276bb0955b",
    "storageTableDataContributor": "0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3",
}
ALWAYS = {
    ("servicePrincipalId", "storageBlobDataOwner", "storage"),
    ("servicePrincipalId", "storageTableDataContributor", "storage"),
    ("servicePrincipalId", "serviceBusDataSender", "queue"),
    ("servicePrincipalId", "serviceBusDataReceiver", "queue"),
    ("servicePrincipalId", "serviceBusDataSender", "topic"),
    ("servicePrincipalId", "keyVaultSecretsOfficer", "refreshToken"),
    ("servicePrincipalId", "keyVaultSecretsUser", "webhooks[i]"),
    ("servicePrincipalId", "monitoringMetricsPublisher", "component"),
    ("operatorPrincipalId", "keyVaultSecretsOfficer", "webhooks[i]"),
}
ON_REQUEST = {
    ("servicePrincipalId", "serviceBusDataOwner", "queue"): "(ownsQueue)",
    ("servicePrincipalId", "keyVaultSecretsUser", "appSecret"): "(!empty(clientSecretName))",
    ("operatorPrincipalId", "keyVaultSecretsOfficer", "refreshToken"): "(!empty(operatorPrincipalId))",
    (
        "operatorPrincipalId",
        "keyVaultSecretsOfficer",
        "appSecret",
    ): "(!empty(operatorPrincipalId) && !empty(clientSecretName))",
}

PAGE = INFRA.parent / "docs" / "reference" / "roles.md"


def granted(assignment: Declaration) -> tuple[str, str, str]:
    """Principal, role and scope of an assignment."""
    body = assignment.value
    role = re.search(r"role\.(\w+)\)$", body["properties"]["roleDefinitionId"].text)
    assert role, assignment.name
    return body["properties"]["principalId"].text, role[1], body["scope"].text


def assignments() -> list[Declaration]:
    """All role assignments of access.bicep."""
    return template("modules/access.bicep").of_type(ASSIGNMENT)


def test_roles_are_the_ones_their_names_say() -> None:
    """A role's id says nothing to a reader, so it is compared with Azure's list."""
    assert template("modules/access.bicep").variables["role"].value == ROLES


def test_the_service_has_these_rights_and_no_others() -> None:
    """Least privilege: sender and receiver at the entity, the vault's secrets one by one."""
    assert {granted(each) for each in assignments() if not each.condition} == ALWAYS


def test_rights_on_webhook_secrets_are_given_for_sources_that_are_named() -> None:
    """No source, no secret to read; no operator, nobody to store one."""
    variables = template("modules/access.bicep").variables
    assert variables["webhookSecrets"].value == Expression("empty(webhookSources) ? [] : split(webhookSources, ',')")
    assert variables["operatorSecrets"].value == Expression("empty(operatorPrincipalId) ? [] : webhookSecrets")


def test_other_rights_are_given_on_request_only() -> None:
    """Each hangs on a parameter that is off, or empty, unless somebody sets it."""
    conditional = {granted(each): each.condition for each in assignments() if each.condition}
    assert conditional == ON_REQUEST
    parameters = template("main.bicep").parameters
    defaults = {name: parameters[name].value for name in ("ownsQueue", "clientSecretInVault", "principalId")}
    assert defaults == {"ownsQueue": False, "clientSecretInVault": False, "principalId": ""}


def test_every_role_is_given_in_one_file() -> None:
    """Whoever reviews access reads one page."""
    elsewhere = [
        (file.path.name, each.name)
        for file in templates()
        for each in file.of_type(ASSIGNMENT)
        if file.path.name != "access.bicep"
    ]
    assert elsewhere == []


def test_an_assignment_has_a_name_of_its_own() -> None:
    """Azure refuses a second assignment of the same name, and a name that changes makes a second assignment."""
    for each in assignments():
        principal, role, scope = granted(each)
        assert each.value["name"] == Expression(f"guid({scope}.id, {principal}, role.{role})")


def test_an_assignment_says_what_kind_of_principal_it_is_for() -> None:
    """Without it, Azure looks for an identity that may not have been copied to its directory yet."""
    kinds = {granted(each)[0]: each.value["properties"]["principalType"] for each in assignments()}
    assert kinds == {"servicePrincipalId": "ServicePrincipal", "operatorPrincipalId": "User"}


def test_the_page_of_roles_names_each_role_that_is_given() -> None:
    """As Azure writes it; a reader who compares it with the portal finds the same words."""
    text = PAGE.read_text(encoding="utf-8").replace("Sender, Data Receiver", "Sender, Azure Service Bus Data Receiver")
    text = " ".join(text.split())
    for _, role, _ in ALWAYS | set(ON_REQUEST):
        words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", role[0].upper() + role[1:])
        assert words.replace("Service Bus", "Azure Service Bus") in text
