"""Every template can be read, says what it is about, and keeps to the versions and names of the others."""

import json
import re
from pathlib import Path

import pytest

from tests.infra.bicep import INFRA, Expression, Template, parse, template, templates

LONGEST = 250
SUBSTITUTION = re.compile(r"\$\{(\w+)(=[^}]*)?\}")


def named(templates: list[Template]) -> list[object]:
    """Test parameters that show as file names."""
    return [pytest.param(each, id=each.path.relative_to(INFRA).as_posix()) for each in templates]


every_template = pytest.mark.parametrize("file", named(templates()))


@every_template
def test_a_template_has_no_syntax_error(file: Template) -> None:
    """The grammar reads the whole file."""
    assert file.faults == ()


def test_a_syntax_error_would_be_seen() -> None:
    """The check above can fail."""
    assert parse(Path("broken.bicep"), b"resource a 'T/x@1' = {\n  name: 'n'\n").faults


@every_template
def test_every_name_is_declared(file: Template) -> None:
    """A misspelt name would only be found by the compiler, and not every machine has one."""
    assert file.undeclared == frozenset()


def test_a_misspelt_name_would_be_seen() -> None:
    """The check above can fail."""
    source = b"param name string\nvar all = [for each in nmae: { name: each }]\n"
    assert parse(Path("misspelt.bicep"), source).undeclared == {"nmae"}


@every_template
def test_every_parameter_is_described(file: Template) -> None:
    """Whoever deploys reads the description in the portal and at azd's prompt."""
    silent = [name for name, each in file.parameters.items() if not any("description(" in d for d in each.decorators)]
    assert silent == []


@every_template
def test_every_parameter_and_variable_is_used(file: Template) -> None:
    """What nothing reads misleads."""
    source = file.path.read_text(encoding="utf-8")
    unused = [name for name in (*file.parameters, *file.variables) if len(re.findall(rf"\b{name}\b", source)) < 2]
    assert unused == []


@every_template
def test_a_template_is_short(file: Template) -> None:
    """One noun a file, readable at a sitting."""
    assert len(file.path.read_text(encoding="utf-8").splitlines()) <= LONGEST


def test_a_resource_type_has_one_version_everywhere() -> None:
    """Two versions of a type would show two sets of properties for one thing."""
    versions: dict[str, set[str]] = {}
    for file in templates():
        for resource in file.resources.values():
            kind, version = resource.kind.split("@")
            versions.setdefault(kind, set()).add(version)
    assert {kind: found for kind, found in versions.items() if len(found) > 1} == {}


def test_the_vault_is_deployed_by_a_version_that_lasts() -> None:
    """Older ones end on 27 February 2027 (Microsoft Learn, "Update the Azure Key Vault API version you use")."""
    kinds = [each.kind.split("@") for file in templates() for each in file.resources.values()]
    versions = {kind: version for kind, version in kinds if kind.startswith("Microsoft.KeyVault/")}
    assert set(versions) == {"Microsoft.KeyVault/vaults", "Microsoft.KeyVault/vaults/secrets"}
    assert min(versions.values()) >= "2026-02-01"


def test_modules_get_the_parameters_they_declare() -> None:
    """A misspelt or forgotten parameter fails at deployment, which is late."""
    for file in templates():
        for module in file.modules.values():
            wanted = template((file.path.parent / module.kind).relative_to(INFRA).as_posix()).parameters
            given = set(module.value["params"])
            assert given <= set(wanted), module.name
            assert {name for name, each in wanted.items() if each.value is None} <= given, module.name


def test_module_outputs_that_are_used_exist() -> None:
    """The type of a module's output is not known to the policy scan, so its name is checked here."""
    main = template("main.bicep")
    used = re.findall(r"\b(\w+)[!]?\.\??outputs\.(\w+)", main.path.read_text(encoding="utf-8"))
    assert used
    missing = [(module, output) for module, output in used if output not in template(main.modules[module].kind).outputs]
    assert missing == []


def test_azd_passes_parameters_that_the_template_has() -> None:
    """main.parameters.json names parameters of main.bicep, and leaves out only such as have a default."""
    content = json.loads((INFRA / "main.parameters.json").read_text(encoding="utf-8"))
    passed, declared = set(content["parameters"]), template("main.bicep").parameters
    assert passed <= set(declared)
    assert {name for name, each in declared.items() if each.value is None} <= passed
    for name, entry in content["parameters"].items():
        assert SUBSTITUTION.fullmatch(entry["value"]), name


def test_names_begin_with_an_abbreviation_and_are_made_unique() -> None:
    """A second deployment in the same subscription must not meet the first one's names."""
    abbreviations = json.loads((INFRA / "abbreviations.json").read_text(encoding="utf-8"))
    source = (INFRA / "main.bicep").read_text(encoding="utf-8")
    assert set(re.findall(r"\{abbreviations\.(\w+)", source)) == set(abbreviations)
    for module in template("main.bicep").modules.values():
        names = [value for key, value in module.value["params"].items() if key in {"name", "prefix"}]
        for name in names:
            assert isinstance(name, Expression)
            assert re.fullmatch(r"'\$\{abbreviations\.\w+\}\$\{token\}'", name.text), module.name


def test_everything_carries_the_tag_that_azd_finds_it_by() -> None:
    """`azd down` and cost reports go by tag; the site carries the service's name of azure.yaml."""
    untaggable = {
        "Microsoft.Authorization/roleAssignments",
        "Microsoft.Insights/diagnosticSettings",
        "Microsoft.Network/privateEndpoints/privateDnsZoneGroups",
        "Microsoft.Web/sites/basicPublishingCredentialsPolicies",
    }
    for file in templates():
        for resource in file.resources.values():
            kind = resource.kind.split("@")[0]
            child_of_tagged = kind.startswith(
                ("Microsoft.ServiceBus/namespaces/", "Microsoft.Storage/storageAccounts/")
            )
            if resource.existing or kind in untaggable or child_of_tagged:
                continue
            assert "tags" in resource.value, f"{file.path.name}: {resource.name}"
    assert "'azd-service-name': 'app'" in template("modules/function-app.bicep").resources["app"].value["tags"].text
    assert re.search(r"^services:\n  app:$", (INFRA.parent / "azure.yaml").read_text(encoding="utf-8"), re.MULTILINE)
