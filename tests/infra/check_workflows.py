"""The workflows run nothing that could change under them, store no secret, and run the checks that a developer runs."""

import json
import re
import subprocess
import sys
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]  # its stubs are a package of their own

from infra.compiler import VERSION
from tests.infra.deployed import INFRA, ROOT, compiled
from tools.package.content import LEFT_OUT, SOURCES

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
every_workflow = pytest.mark.parametrize("path", [pytest.param(path, id=path.name) for path in WORKFLOWS])
PINNED = re.compile(r"uses: (\./\S+( # .*)?|\S+@[0-9a-f]{40} # v[\d.]+)$")


def workflow(name: str) -> Any:
    """A workflow as data."""
    return yaml.safe_load((ROOT / ".github" / "workflows" / f"{name}.yml").read_text(encoding="utf-8"))


def steps(name: str, job: str) -> list[Any]:
    """The steps of a job."""
    found: list[Any] = workflow(name)["jobs"][job]["steps"]
    return found


@every_workflow
def test_actions_are_pinned_by_commit(path: Path) -> None:
    """A tag can be moved to other code; a commit cannot. The release stands beside it for the reader."""
    used = [
        line.strip().removeprefix("- ") for line in path.read_text(encoding="utf-8").splitlines() if "uses:" in line
    ]
    assert used
    assert [line for line in used if not PINNED.match(line)] == []


@every_workflow
def test_no_secret_is_stored(path: Path) -> None:
    """Azure trusts the workflow's own token, so there is nothing to store."""
    assert "secrets." not in path.read_text(encoding="utf-8")


@every_workflow
def test_a_job_gets_the_rights_it_names_and_no_others(path: Path) -> None:
    """The workflow has none; each job says what it needs."""
    content = workflow(path.stem)
    assert content["permissions"] == {}
    assert all("permissions" in job for job in content["jobs"].values())


def test_zizmor_finds_nothing() -> None:
    """The auditor of workflows looks for injection, loose rights and unpinned actions, offline."""
    program = Path(sys.executable).with_name("zizmor")
    done = subprocess.run(  # noqa: S603  our own environment and paths
        [program, "--offline", "--no-progress", "--format", "json", *WORKFLOWS],
        check=False,  # its exit code tells findings, and so does its report
        capture_output=True,
        text=True,
    )
    findings = json.loads(done.stdout)
    assert [(finding["ident"], finding["desc"]) for finding in findings] == []


def test_a_pull_request_runs_everything() -> None:
    """What a developer runs by hand, by the same names."""
    run = [step["run"] for job in ("code", "infra") for step in steps("checks", job) if "run" in step]
    assert "make check test-tools test-package" in run
    assert "make infra infra-mistakes" in run


@pytest.mark.parametrize(("name", "job"), [("checks", "infra"), ("what-if", "what-if"), ("deploy", "deploy")])
def test_the_pinned_compiler_is_there_before_it_is_used(name: str, job: str) -> None:
    """GitHub's machines bring one of another version along."""
    run = [step["run"] for step in steps(name, job) if "run" in step]
    installed = run.index(f"az bicep install --version v{VERSION}")
    using = [place for place, script in enumerate(run) if "make infra" in script or "infra/compiler.py" in script]
    assert using
    assert installed < min(using)


@pytest.mark.parametrize("name", ["what-if", "deploy"])
def test_what_reaches_azure_was_compiled_without_a_warning(name: str) -> None:
    """Given a .bicep file, az would compile it by itself, with warnings and by whatever version it finds."""
    (script,) = [step["run"] for step in steps(name, name) if "--template-file" in step.get("run", "")]
    assert script.startswith('python3 infra/compiler.py > "$RUNNER_TEMP/main.json"\n')
    assert re.findall(r"--template-file (\S+)", script) == ['"$RUNNER_TEMP/main.json"']


@pytest.mark.parametrize("name", ["what-if", "deploy"])
def test_a_pipeline_sets_what_the_parameters_ask_for(name: str) -> None:
    """Every variable of main.parameters.json is set, from the variable of the same name."""
    text = (INFRA / "main.parameters.json").read_text(encoding="utf-8")
    wanted = set(re.findall(r"\$\{(\w+)", text))
    given = workflow(name)["jobs"][name]["env"]
    assert given == {each: f"${{{{ vars.{each} }}}}" for each in wanted}


def test_the_pipeline_reads_outputs_that_the_template_has() -> None:
    """A misspelt output would be the text null."""
    (script,) = [step["run"] for step in steps("deploy", "deploy") if step.get("id") == "templates"]
    found = re.search(r"for name in ([A-Z_ ]+);", script)
    assert found
    assert set(found[1].split()) <= set(compiled("main")["outputs"])


def test_what_azd_packages_is_what_the_app_imports() -> None:
    """.funcignore leaves out everything but these, and nothing of theirs."""
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, check=True, capture_output=True, text=True)  # noqa: S607  git
    names = listed.stdout.split()
    lines = (ROOT / ".funcignore").read_text(encoding="utf-8").split()
    assert LEFT_OUT in lines
    kept = {name for name in names if not any(fnmatch(part, line) for line in lines for part in Path(name).parts)}
    kept = {name for name in kept if not name.startswith(f"{LEFT_OUT}/")}
    assert {Path(name).parts[0] for name in kept} == set(SOURCES)
    ours = {name for name in names if name.startswith("qualification/")}
    assert {name for name in ours if not name.startswith(f"{LEFT_OUT}/")} <= kept
