"""Every template says what it is about and is short; resources are tagged, made in order, and their exceptions explained."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.infra.deployed import BOOTSTRAP, INFRA, MAIN, ROOT, TEMPLATES, compiled, deployed, nested

LONGEST = 250
SUBSTITUTION = re.compile(r"\$\{(\w+)(=[^{}]*)?\}")
UNTAGGED = {
    "Microsoft.Authorization/locks",
    "Microsoft.Authorization/roleAssignments",
    "Microsoft.Authorization/roleDefinitions",
    "Microsoft.Insights/diagnosticSettings",
    "Microsoft.KeyVault/vaults/secrets",
    "Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials",
    "Microsoft.Network/privateEndpoints/privateDnsZoneGroups",
    "Microsoft.Web/sites/basicPublishingCredentialsPolicies",
    "Microsoft.Web/sites/config",
}
OLD = re.compile(r"resource \w+ 'Microsoft\.Insights/diagnosticSettings@2021-05-01-preview' = \{")
"""The one type whose newest stable version will not do."""
ORDER = {
    "monitoring": set(),
    "hostStorage": set(),
    "network": set(),
    "secrets": set(),
    "actionGroup": set(),
    "privateEndpoints": {"hostStorage", "network", "serviceBus"},
    "serviceBus": {"monitoring"},
    "accessRights": {"hostStorage", "monitoring", "secrets", "serviceBus"},
    "functionApp": {"accessRights", "network", "privateEndpoints"},
    "appSettings": {"functionApp"},
    "alerts": {"actionGroup", "monitoring"},
    "platformAlerts": {"actionGroup", "monitoring", "serviceBus"},
    "workbook": {"monitoring"},
}
FIRST = {
    "audit": {"group"},
    "roleDefinitions": {"group"},
    "identity": {"group"},
    "records": {"audit", "group"},
    "keyVault": {"audit", "group"},
    "operator": {"keyVault", "group"},
    "pipeline": {"identity", "roleDefinitions", "group"},
}
IN_GROUP = "[format('rg-{0}', parameters('environmentName'))]"
CRITERION = {
    *("criterionType", "name", "metricNamespace", "metricName"),
    *("timeAggregation", "operator", "threshold", "dimensions"),
}
SITES_OWN = {"httpsOnly", "keyVaultReferenceIdentity", "publicNetworkAccess"}
every_template = pytest.mark.parametrize(
    "path", [pytest.param(path, id=path.relative_to(INFRA).as_posix()) for path in TEMPLATES]
)


@every_template
def test_a_template_is_short_and_says_what_it_is(path: Path) -> None:
    """One noun a file, readable at a sitting."""
    text = path.read_text(encoding="utf-8")
    assert text.startswith("metadata description = ")
    assert len(text.splitlines()) <= LONGEST


@every_template
def test_an_exception_from_a_rule_has_its_reason(path: Path) -> None:
    """On its line, and for one rule at a place."""
    lines = re.findall(r"#disable.*", path.read_text(encoding="utf-8"))
    assert [line for line in lines if not re.fullmatch(r"#disable-next-line [\w-]+ // .{15,}", line)] == []


@every_template
def test_a_version_is_old_where_the_newest_will_not_do_and_nowhere_else(path: Path) -> None:
    """A rule that is silenced for a line copied from an old sample would let it be deployed until Azure retires it."""
    silenced = re.findall(r"#disable-next-line use-recent-api-versions.*\n(.*)", path.read_text(encoding="utf-8"))
    assert [line for line in silenced if not OLD.fullmatch(line)] == []


@pytest.mark.parametrize("name", ["main", "bootstrap"])
def test_every_parameter_is_described(name: str) -> None:
    """Whoever deploys reads the description in the portal and at azd's prompt."""
    for template in nested(compiled(name)):
        silent = [key for key, each in template.get("parameters", {}).items() if "description" not in each["metadata"]]
        assert silent == []


@pytest.mark.parametrize(
    ("name", "order", "group"), [("main", ORDER, None), ("bootstrap", FIRST, IN_GROUP)], ids=["main", "bootstrap"]
)
def test_each_part_comes_after_what_it_needs(name: str, order: dict[str, set[str]], group: str | None) -> None:
    """Nothing but this order tells Azure: names are computed, so no output makes one wait for the other.

    The parts of main.bicep go where it goes; those of bootstrap.bicep into the group, which must be there before.
    """
    made = compiled(name)["resources"].items()
    parts = {part: each for part, each in made if each["type"] == "Microsoft.Resources/deployments"}
    assert {part: set(each.get("dependsOn", [])) for part, each in parts.items()} == order
    assert {(each.get("resourceGroup"), each.get("subscriptionId")) for each in parts.values()} == {(group, None)}


def test_a_resource_type_has_one_version_everywhere() -> None:
    """Two versions of a type would show two sets of properties for one thing; what is referred to counts."""
    versions: dict[str, set[str]] = {}
    for template in (*nested(compiled("main")), *nested(compiled("bootstrap"))):
        for each in template["resources"].values():
            versions.setdefault(each["type"], set()).add(each["apiVersion"])
    assert {kind: found for kind, found in versions.items() if len(found) > 1} == {}


@pytest.mark.parametrize("profile", MAIN + BOOTSTRAP)
def test_where_the_compiler_takes_any_name_each_is_one_that_azure_reads(profile: str) -> None:
    """Azure ignores what it does not know, so what is nested one brace too deep would be lost without a word.

    To the compiler only these objects, tags and app settings are open; and a site's settings take some names of the site.
    """
    found = deployed(profile)
    for each in found.of_type("Microsoft.OperationalInsights/workspaces"):
        features = {"disableLocalAuth", "enableLogAccessUsingOnlyResourcePermissions"}
        assert set(each["properties"]["features"]) == features
    for each in found.of_type("Microsoft.Web/sites/basicPublishingCredentialsPolicies"):
        assert set(each["properties"]) == {"allow"}
    for each in found.of_type("Microsoft.Insights/metricAlerts"):
        assert all(set(criterion) == CRITERION for criterion in each["properties"]["criteria"].get("allOf", []))
    for each in found.of_type("Microsoft.Web/sites"):
        assert SITES_OWN & set(each["properties"]["siteConfig"]) == set()
        assert set(each["properties"]) >= SITES_OWN


@pytest.mark.parametrize("name", ["main", "bootstrap"])
def test_azd_passes_parameters_that_the_template_has(name: str) -> None:
    """All of them, but what each deployment makes anew; texts name a variable, and what is no text is written in the file."""
    content = json.loads((INFRA / f"{name}.parameters.json").read_text(encoding="utf-8"))["parameters"]
    declared = compiled(name)["parameters"]
    assert set(content) == set(declared) - {"placeholder"}
    for key, entry in content.items():
        if isinstance(entry["value"], str):
            found = SUBSTITUTION.fullmatch(entry["value"])
            assert found
            assert found[2] or "defaultValue" not in declared[key], f"{key} has a default that a missing variable hides"
        else:
            assert entry["value"] == declared[key]["defaultValue"]


@pytest.mark.parametrize("name", ["main", "bootstrap"])
def test_azd_and_the_template_have_the_same_defaults(name: str) -> None:
    """A default that stands in two places is the same in both."""
    content = json.loads((INFRA / f"{name}.parameters.json").read_text(encoding="utf-8"))["parameters"]
    for key, entry in content.items():
        found = SUBSTITUTION.fullmatch(entry["value"]) if isinstance(entry["value"], str) else None
        if found and found[2]:
            default = compiled(name)["parameters"][key]["defaultValue"]
            written = found[2].removeprefix("=")
            assert written == (default if isinstance(default, str) else json.dumps(default))


def names(profile: str) -> list[Any]:
    """Resources that have a name of their own, not their parent's."""
    return [each for each in deployed(profile).resources if "/" not in each["name"] and each["type"] not in UNTAGGED]


@pytest.mark.parametrize("profile", MAIN + BOOTSTRAP)
def test_names_are_made_unique(profile: str) -> None:
    """A second deployment in the same subscription must not meet the first one's names."""
    shared = {"Microsoft.Insights/workbooks", "Microsoft.Network/privateDnsZones", "Microsoft.Resources/resourceGroups"}
    token = re.search(r"/id-(?:pipeline-)?([a-z0-9]{13})\b", json.dumps(deployed(profile).resources))
    assert token
    assert [
        each["name"] for each in names(profile) if each["type"] not in shared and token[1] not in each["name"]
    ] == []


@pytest.mark.parametrize("profile", MAIN + BOOTSTRAP)
def test_everything_carries_the_tag_that_azd_finds_it_by(profile: str) -> None:
    """`azd down` and cost reports go by tag; the site carries the service's name of azure.yaml."""
    for each in names(profile):
        assert each["tags"]["azd-env-name"] == "test", each["type"]
    for app in deployed(profile).of_type("Microsoft.Web/sites"):
        assert app["tags"]["azd-service-name"] == "app"
    assert re.search(r"^services:\n  app:$", (ROOT / "azure.yaml").read_text(encoding="utf-8"), re.MULTILINE)
