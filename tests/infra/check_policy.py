"""checkov's policies for Azure hold for what gets deployed: the snapshots, where every parameter has its value.

In the public profiles, storage, vault and Service Bus have public endpoints, where Entra alone guards; the private ones
are scanned, in which every exception has another reason.
"""

import json
import subprocess
import sys
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.infra.deployed import deployed

SCANNED = ("private", "everything", "bootstrap-everything")
EXPLAINED = {
    "CKV_AZURE_17": "most CRMs have no client certificate, they sign their webhooks; asksForCertificate asks for one",
    "CKV_AZURE_206": "the host's account holds nothing that a deployment does not make anew; the records' is copied",
    "CKV_AZURE_212": "Flex Consumption scales with events, it has no number of workers",
    "CKV_AZURE_213": "Flex Consumption replaces instances by itself; GET /api/health is for monitors",
    "CKV_AZURE_222": "CRMs send their webhooks from the internet",
    "CKV_AZURE_225": "zones are a parameter, because not every region offers them to Flex Consumption",
}
LOOKED_AT = {
    "Microsoft.KeyVault/vaults",
    "Microsoft.Network/networkSecurityGroups",
    "Microsoft.Storage/storageAccounts",
    "Microsoft.Storage/storageAccounts/blobServices/containers",
    "Microsoft.Web/serverfarms",
    "Microsoft.Web/sites",
}
INAPPLICABLE = {"Microsoft.KeyVault/vaults/secrets", "Microsoft.Web/sites/config"}
"""App settings alone, which checkov takes for a site that lacks all else; secrets that say nothing until a person stores them."""


@cache
def scan() -> Any:
    """What checkov reports on the resources of some profiles, as plain ARM templates."""
    with TemporaryDirectory() as folder:
        for name in SCANNED:
            resources = [each for each in deployed(name).resources if each["type"] not in INAPPLICABLE]
            schema = "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#"
            template = {"$schema": schema, "contentVersion": "1.0.0.0", "resources": resources}
            Path(folder, f"{name}.json").write_text(json.dumps(template), encoding="utf-8")
        done = subprocess.run(  # noqa: S603  our own interpreter and paths
            [
                *(sys.executable, "-m", "checkov.main", "--directory", folder, "--framework", "arm"),
                *("--output", "json", "--skip-download", "--compact"),
            ],
            check=False,  # it exits with 1 where a check fails, and the report says which
            capture_output=True,
            text=True,
        )
    assert done.stdout.startswith("{"), done.stderr
    return json.loads(done.stdout)


def test_checkov_reads_every_profile() -> None:
    """A file that it cannot read is not checked, and by itself that is no failure to checkov."""
    assert scan()["summary"]["parsing_errors"] == 0
    looked_at = {check["resource"].rsplit(".", 1)[0] for check in scan()["results"]["passed_checks"]}
    assert looked_at >= LOOKED_AT


def test_no_policy_fails_without_a_reason() -> None:
    """Every policy holds, or its exception stands above; an exception that nothing needs goes."""
    failed = {check["check_id"] for check in scan()["results"]["failed_checks"]}
    assert failed == set(EXPLAINED)
