"""checkov's policies for Azure hold for every module as it is by default: the closed, private one.

main.bicep opens storage, vault and Service Bus where there is no network to close them into; check_profiles.py sees to
it that it does so nowhere else.
"""

import json
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

from tests.infra.bicep import INFRA, templates

EXPLAINED = {
    "CKV_AZURE_17",
    "CKV_AZURE_43",
    "CKV_AZURE_212",
    "CKV_AZURE_213",
    "CKV_AZURE_222",
    "CKV_AZURE_225",
}
LOOKED_AT = {
    "Microsoft.KeyVault/vaults.vault",
    "Microsoft.Network/networkSecurityGroups.closed",
    "Microsoft.Network/virtualNetworks.network",
    "Microsoft.Storage/storageAccounts.account",
    "Microsoft.Storage/storageAccounts/blobServices/containers.packages",
    "Microsoft.Web/serverfarms.plan",
    "Microsoft.Web/sites.app",
}
FEWEST_CHECKS = 31
"""A check that crashes vanishes from checkov's counts, so the count must not fall."""


@cache
def scan() -> Any:
    """What checkov reports on the modules."""
    done = subprocess.run(  # noqa: S603  our own interpreter and paths
        [
            *(sys.executable, "-m", "checkov.main", "--directory", str(INFRA / "modules"), "--framework", "bicep"),
            *("--output", "json", "--skip-download", "--compact"),
        ],
        check=False,  # it exits with 1 where a check fails, and the report says which
        capture_output=True,
        text=True,
    )
    assert done.stdout.startswith("{"), done.stderr
    return json.loads(done.stdout)


def test_checkov_reads_every_template() -> None:
    """A file that it cannot read is not checked, and by itself that is no failure to checkov."""
    assert scan()["summary"]["parsing_errors"] == 0
    declared = sum(len(file.resources) for file in templates() if file.path.parent.name == "modules")
    assert scan()["summary"]["resource_count"] >= declared


def test_no_policy_fails() -> None:
    """Every policy holds, or its exception stands in the template."""
    assert [(check["check_id"], check["resource"]) for check in scan()["results"]["failed_checks"]] == []


def test_the_checks_are_made() -> None:
    """No failure is no proof where nothing was looked at."""
    results = scan()["results"]
    made = results["passed_checks"] + results["skipped_checks"]
    assert {check["resource"] for check in made} == LOOKED_AT
    assert len(results["passed_checks"]) >= FEWEST_CHECKS


def test_every_exception_is_known_and_has_its_reason() -> None:
    """A skip stands in the resource, with why."""
    skipped = scan()["results"]["skipped_checks"]
    assert {check["check_id"] for check in skipped} == EXPLAINED
    for check in skipped:
        assert len(check["check_result"]["suppress_comment"].split()) > 5, check["check_id"]


def test_exceptions_stand_in_modules_only() -> None:
    """So that the scan sees them."""
    assert "checkov:skip" not in Path(INFRA / "main.bicep").read_text(encoding="utf-8")
