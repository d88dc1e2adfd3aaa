"""What GitHub alone can run: the configuration of PSRule for Azure, as far as it can be held against what it is about."""

import re
from typing import Any

import yaml  # type: ignore[import-untyped]  # its stubs are a package of their own

from infra.compiler import VERSION
from tests.infra.check_policy import SCANNED
from tests.infra.check_supply_chain import running
from tests.infra.deployed import ROOT, compiled, deployed, nested

TEXT = (ROOT / "ps-rule.yaml").read_text(encoding="utf-8")
OPTIONS: Any = yaml.safe_load(TEXT)


def test_each_rule_that_is_left_out_has_its_reason() -> None:
    """On its line, in the order of names, once."""
    left_out = OPTIONS["rule"]["exclude"]
    explained = re.findall(r"^    - (Azure\.[\w.]+) # [a-zA-Z].{20,}$", TEXT, re.MULTILINE)
    assert explained == left_out == sorted(set(left_out))


def test_it_looks_at_the_profiles_that_checkov_looks_at() -> None:
    """Compiled by our compiler, with the versions that the options ask for."""
    script = running("checks", "infra", "Assert-PSRule")
    found = re.search(r"\$profiles = (.+?) \|", script["run"])
    assert found
    assert tuple(re.findall(r"'([\w-]+)'", found[1])) == SCANNED
    pinned = dict(re.findall(r"Install-Module (\S+) -RequiredVersion (\S+)", script["run"]))
    assert {name: f">={version}" for name, version in pinned.items()} == OPTIONS["requires"]
    assert OPTIONS["configuration"]["AZURE_BICEP_MINIMUM_VERSION"] == VERSION


def test_names_that_sound_like_secrets_are_those_of_parameters() -> None:
    """One that is gone would let a new one of its name through."""
    templates = [each for name in ("main", "bootstrap") for each in nested(compiled(name))]
    found = {parameter for template in templates for parameter in template.get("parameters", {})}
    assert set(OPTIONS["configuration"]["AZURE_DEPLOYMENT_NONSENSITIVE_PARAMETER_NAMES"]) <= found


def test_blobs_and_their_containers_can_be_taken_back() -> None:
    """Those of the host, whose account is the only one with any."""
    for name in SCANNED[:2]:
        [blobs] = [each for each in deployed(name).resources if each["type"].endswith("/blobServices")]
        policies = ("containerDeleteRetentionPolicy", "deleteRetentionPolicy")
        assert all(blobs["properties"][policy]["enabled"] for policy in policies)
