"""What the contracts of import-linter (pyproject.toml) cannot say: third parties, what is loaded when, lengths, names."""

import subprocess
import sys

import pytest

from tests.unit.imports import ROOT, Import, imports, modules

THIRD_PARTIES = {
    "api": {"azure"},
    "commands": {"rich", "typer"},
    "doctor": {"httpx", "rich"},
    "partner_center": {"aiohttp", "azure", "httpx", "httpx_aiohttp", "pydantic_core"},
    "domain": {"idna"},
    "service_bus": {"azure"},
    "settings": {"azure"},
    "stores": {"azure"},
    "webhooks": {"cryptography", "defusedxml", "standardwebhooks"},
}
"""Which part may import what is not of the standard library, beside pydantic."""

SLOW = (
    *(
        "aiohttp",
        "azure.core",
        "azure.data.tables",
        "azure.identity",
        "azure.keyvault",
        "azure.servicebus",
        "cryptography",
    ),
    *("httpx", "httpx_aiohttp", "msal"),
)
"""SDKs of Azure and HTTP clients."""
LOADED_LATE = {
    *("qualification.partner_center.connection", "qualification.service_bus.administration"),
    "qualification.service_bus.emulator",
}
"""Modules that import something slow when they are loaded, and so are loaded within the function that opens them."""

LONGEST = 250
OURS = imports("qualification")


def part(module: str) -> str:
    """The module or package directly under `qualification`."""
    return module.split(".")[1] if "." in module else ""


def is_slow(each: Import) -> bool:
    """Whether it costs a start what only some calls need."""
    return each.at_start and f"{each.imported}.".startswith(tuple(f"{name}." for name in SLOW))


def test_third_parties_stay_where_they_belong() -> None:
    """The rules, the use cases and the settings need the standard library and pydantic; a website also IDNA."""
    for each in OURS:
        name = each.imported.split(".")[0]
        known = sys.stdlib_module_names | {"qualification", "pydantic"} | THIRD_PARTIES.get(part(each.importer), set())
        assert name in known, each


def test_azure_functions_is_known_at_the_door_only() -> None:
    """The rest could be hosted anywhere."""
    knowing = {part(each.importer) for each in OURS if each.imported.startswith("azure.functions")}
    assert knowing == {"api"}


def test_the_service_does_not_know_its_sandbox_and_tests() -> None:
    """They import it, never the reverse; nor does anything in it import the functions."""
    foreign = ("sandbox", "tests", "benchmarks", "tools", "function_app", ".")
    assert not [each for each in [*OURS, *imports("function_app")] if each.imported.split(".")[0] in foreign]
    assert not [each for each in OURS if each.imported == "."]


def test_nothing_slow_is_imported_at_the_start() -> None:
    """But in modules that are themselves imported within a function: a refused webhook must not pay for Service Bus."""
    assert {each.importer for each in [*OURS, *imports("function_app")] if is_slow(each)} == LOADED_LATE
    early = [each for each in OURS if each.at_start and each.importer not in LOADED_LATE]
    assert not [each for each in early if each.imported in LOADED_LATE]


def test_a_fresh_interpreter_loads_the_functions_without_any_client() -> None:
    """What the import rule means, measured: after `import function_app` nothing slow is there, nor what is not deployed."""
    program = "import sys, function_app; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S603  this interpreter
    loaded = set(done.stdout.split())
    assert "qualification.bootstrap" in loaded
    assert not [
        name for name in loaded if f"{name}.".startswith(tuple(f"{each}." for each in (*SLOW, "rich", "typer")))
    ]


@pytest.mark.parametrize("package", ["qualification", "sandbox", "benchmarks", "tools"])
def test_no_file_is_too_long(package: str) -> None:
    """A page that a reader can take in."""
    lengths = {name: len(file.read_text("utf-8").splitlines()) for name, file in modules(package).items()}
    assert not {name: length for name, length in lengths.items() if length > LONGEST}


def test_the_functions_hold_no_logic() -> None:
    """They bind triggers to use cases, in under ninety lines."""
    assert len((ROOT / "function_app.py").read_text("utf-8").splitlines()) < 90


def test_no_module_is_a_drawer() -> None:
    """A name says what is inside."""
    packages = ("qualification", "sandbox", "benchmarks", "tools")
    words = {word for package in packages for name in modules(package) for word in name.split(".")}
    assert not words & {"utils", "util", "helpers", "helper", "common", "misc", "base", "core", "manager", "shared"}
