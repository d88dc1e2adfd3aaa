"""What is deployed was built once, by a job that nobody waits for with Azure's rights, and is what the tests ran on."""

import re
import subprocess
from typing import Any

from tests.infra.check_workflows import WORKFLOWS, steps, workflow
from tests.infra.deployed import ROOT

TEXTS = {path.stem: path.read_text(encoding="utf-8") for path in WORKFLOWS}
PACKAGE = {"name": "package", "path": "dist"}


def using(name: str, job: str, action: str) -> list[Any]:
    """The steps of a job that use an action."""
    return [step for step in steps(name, job) if step.get("uses", "").startswith(f"{action}@")]


def running(name: str, job: str, words: str) -> Any:
    """The one step of a job whose script has these words."""
    (found,) = [step for step in steps(name, job) if words in step.get("run", "")]
    return found


def place(step: Any) -> int:
    """Where a step of the deployment stands."""
    return steps("deploy", "deploy").index(step)


def test_every_use_of_an_action_is_of_one_commit() -> None:
    """So a version that was looked at in one workflow is the version of all."""
    used = set(re.findall(r"uses: ([\w-]+/[\w-]+)@(\S+)", "\n".join(TEXTS.values())))
    assert len(used) == len({action for action, _ in used})


def test_the_package_is_built_once() -> None:
    """By one job, which keeps it for as long as GitHub does by default, with its bill of materials."""
    assert [name for name, text in TEXTS.items() for _ in re.findall(r"make package|pip install", text)] == ["checks"]
    assert running("checks", "package", "make package")
    (kept,) = using("checks", "package", "actions/upload-artifact")
    assert kept["with"]["path"].split() == ["dist/app.zip", "dist/app.cdx.json"]
    assert (kept["with"]["name"], kept["with"]["retention-days"]) == ("package", 90)


def test_the_tests_run_on_the_package() -> None:
    """On the one that was built, and not on one that the same job builds anew."""
    (taken,) = using("checks", "code", "actions/download-artifact")
    assert workflow("checks")["jobs"]["code"]["needs"] == "package"
    assert taken["with"] == PACKAGE
    assert "test-package" in running("checks", "code", "make check")["run"]


def test_nothing_is_deployed_before_the_checks_have_passed() -> None:
    """On the commit that is deployed; only what was deployed before goes without."""
    jobs = workflow("deploy")["jobs"]
    assert (jobs["deploy"]["needs"], jobs["checks"]["uses"]) == ("checks", "./.github/workflows/checks.yml")
    passed = "needs.checks.result == 'success' || (inputs.roll-back-to != '' && !cancelled())"
    assert jobs["deploy"]["if"] == f"vars.AZURE_SUBSCRIPTION_ID != '' && ({passed})"
    assert jobs["checks"]["if"] == "inputs.roll-back-to == ''"


def test_what_was_tested_is_what_is_deployed() -> None:
    """The artefact of this run, or of the earlier one that is rolled back to; Azure builds nothing."""
    (taken,) = using("deploy", "deploy", "actions/download-artifact")
    run = "${{ inputs.roll-back-to || github.run_id }}"
    assert taken["with"] == PACKAGE | {"run-id": run, "github-token": "${{ github.token }}"}
    script = running("deploy", "deploy", "config-zip")["run"]
    assert re.findall(r"--src (\S+)", script) == ["dist/app.zip"]
    assert re.findall(r"--build-remote (\w+)", script) == ["false"]


def test_what_is_deployed_is_attested() -> None:
    """Who built it and what it holds, by this workflow on main; what others have attested, or nobody, is not deployed."""
    built, holds = using("deploy", "deploy", "actions/attest")
    assert built["with"] == {"subject-path": "dist/app.zip"}
    assert holds["with"] == {"subject-path": "dist/app.zip", "sbom-path": "dist/app.cdx.json"}
    seen = running("deploy", "deploy", "gh attestation verify dist/app.zip")
    assert "--source-ref refs/heads/main" in seen["run"]
    assert '--signer-workflow "$GITHUB_REPOSITORY/.github/workflows/deploy.yml"' in seen["run"]
    deployed = running("deploy", "deploy", "config-zip")
    assert place(built) < place(holds) < place(seen) < place(deployed)
    assert built["if"] == holds["if"] == f"inputs.roll-back-to == '' && ({seen['if']})"


def test_only_a_package_of_this_workflow_is_rolled_back_to() -> None:
    """A pull request has a package too, which nobody may have read; the templates stay as they are."""
    seen = running("deploy", "deploy", "actions/runs/$RUN")
    assert seen["env"]["RUN"] == "${{ inputs.roll-back-to }}"
    assert seen["if"] == "inputs.roll-back-to != ''"
    assert place(seen) < place(running("deploy", "deploy", "config-zip"))
    assert running("deploy", "deploy", "--template-file")["if"] == "inputs.roll-back-to == ''"


def test_only_an_earlier_deployment_of_main_can_be_told_from_others() -> None:
    """By the words that GitHub has for a run: the file of its workflow, perhaps with a branch, and its own branch."""
    script = running("deploy", "deploy", "actions/runs/$RUN")["run"]
    found = re.search(r"--quiet '(\S+ main\$)'", script)
    assert found
    known = {
        ".github/workflows/deploy.yml main": True,
        ".github/workflows/deploy.yml@main main": True,
        ".github/workflows/deploy.yml other": False,
        ".github/workflows/checks.yml main": False,
        "x/.github/workflows/deploy.yml main": False,
    }
    assert {words: bool(re.search(found[1], words)) for words in known} == known


def test_known_vulnerabilities_are_looked_for() -> None:
    """Each week, and where a pull request changes what is installed."""
    triggers = workflow("audit")[True]  # YAML takes the word `on` for this
    assert triggers["schedule"]
    assert "**/requirements*.txt" in triggers["pull_request"]["paths"]
    assert running("audit", "audit", "AUDITED=")["if"] == "github.event_name != 'pull_request'"
    run = [step["run"] for step in steps("audit", "audit") if "run" in step]
    assert run[0] == "make audit"


def test_no_bill_of_materials_is_committed() -> None:
    """It would be out of date with the next commit."""
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, check=True, capture_output=True, text=True)  # noqa: S607  git
    assert [name for name in listed.stdout.split() if ".cdx." in name or "sbom" in name.lower()] == []
