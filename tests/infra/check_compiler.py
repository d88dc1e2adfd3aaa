"""The compiler is of one version, wherever it is found, and every fault that it tells fails `make infra`."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from infra import compiler
from tests.infra.deployed import INFRA, running

LIVE = {
    *(
        "principalId",
        "condition",
        "query",
        "webhookReceivers",
        "FEDERATED_CREDENTIAL_SUBJECT",
        "PIPELINE_CLIENT_ID",
        "AZURE_CLIENT_ID",
        "value",
    ),
    *("AzureWebJobsStorage__clientId", "RecordStorage__clientId", "ServiceBusConnection__clientId"),
    *("APPLICATIONINSIGHTS_AUTHENTICATION_STRING", "APPLICATIONINSIGHTS_CONNECTION_STRING"),
}
"""What holds ids and addresses that Azure makes up, and what comes in as a secret."""
SAID = "Bicep CLI version {} (0000000000)"


@pytest.fixture(scope="module")
def real() -> compiler.Compiler:
    """The compiler of this machine."""
    return running()


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The templates, to be broken."""
    shutil.copy(INFRA.parent / "bicepconfig.json", tmp_path)
    return shutil.copytree(INFRA, tmp_path / "infra")


def program(path: Path, version: str = compiler.VERSION) -> str:
    """A program that says it is a compiler of that version."""
    path.parent.mkdir(parents=True)
    path.write_text(f"#!/bin/sh\necho '{SAID.format(version)}'\n", encoding="utf-8")
    path.chmod(0o755)
    return str(path)


def test_the_compiler_has_nothing_to_say() -> None:
    """Every rule is an error, a warning counts as one, every file is formatted: then the program prints what is deployed."""
    done = subprocess.run([sys.executable, INFRA / "compiler.py"], check=False, capture_output=True, text=True)  # noqa: S603  our own script
    assert (done.returncode, done.stderr) == (0, "")
    assert {"SERVICE_APP_NAME", "SERVICE_APP_URL"} <= set(json.loads(done.stdout)["outputs"])


@pytest.mark.parametrize("profile", [path.stem for path in compiler.profiles()])
def test_a_snapshot_is_what_gets_deployed(real: compiler.Compiler, profile: str) -> None:
    """Where it is not: look at what has changed (`make infra-snapshots`, `git diff`), and commit it if you meant it."""
    path = INFRA / "profiles" / f"{profile}.bicepparam"
    current = real.snapshot(path)
    if current != path.with_suffix(".snapshot.json").read_text(encoding="utf-8"):
        scope = (
            ["--location", compiler.REGION] if profile.startswith("bootstrap") else ["--resource-group", compiler.GROUP]
        )
        nobody = ["--subscription-id", compiler.NOBODY, "--tenant-id", compiler.NOBODY]
        told = subprocess.run(  # noqa: S603  the compiler that was asked for
            [compiler.find(os.environ), "snapshot", path, "--mode", "validate", *nobody, *scope],
            check=False,
            capture_output=True,
            text=True,
        )
        pytest.fail(f"{told.stdout}{told.stderr}", pytrace=False)


@pytest.mark.parametrize("path", [pytest.param(each, id=each.stem) for each in compiler.profiles()])
def test_what_is_known_before_is_no_expression(path: Path) -> None:
    """Only what a live resource decides is, and what is secret: ids, the telemetry's address, a placeholder, a webhook."""
    snapshot = path.with_suffix(".snapshot.json").read_text(encoding="utf-8")
    left = re.findall(r'"([^"]+)": "\[(.*)\]"', snapshot)
    assert {name for name, _ in left} <= LIVE
    live = re.compile(r"reference\(|parameters\('(placeholder|webhook)'\)")
    assert [text for _, text in left if not live.search(text)] == []


@pytest.mark.parametrize(
    ("file", "right", "wrong", "code"),
    [
        pytest.param("main.bicep", "know.tokenOf(", "know.tokenof(", "Error BCP", id="a function that does not exist"),
        pytest.param("modules/key-vault.bicep", "scope: vault", "scope: vault.name", "Error BCP036", id="no resource"),
        pytest.param(
            "modules/action-group.bicep", "groupShort", "groupshort", "Warning BCP089", id="a misspelt property"
        ),
        pytest.param("modules/alerts.bicep", "2023-01-01", "2023-01-02", "Warning BCP081", id="no such version"),
        pytest.param("modules/access.bicep", "@2022-04-01", "@2015-07-01", "Error use-recent", id="an old version"),
        pytest.param("profiles/everything.bicepparam", "REVIEW_MAX", "REVIEW_MOST", "BCP089", id="a misspelt setting"),
    ],
)
def test_what_only_the_compiler_sees_is_told(
    real: compiler.Compiler, copy: Path, file: str, right: str, wrong: str, code: str
) -> None:
    """Errors, and warnings, at which the compiler itself exits with 0."""
    path = copy / file
    source = path.read_text(encoding="utf-8")
    path.write_text(source.replace(right, wrong, 1), encoding="utf-8")
    assert [told for told in real.faults(path) if str(path) in told and code in told]


def test_a_template_that_is_not_formatted_is_told(real: compiler.Compiler, tmp_path: Path) -> None:
    """By its name, and nothing else is told of it."""
    shutil.copy(INFRA.parent / "bicepconfig.json", tmp_path)
    path = Path(shutil.copy(INFRA / "modules" / "network.bicep", tmp_path))
    path.write_text(path.read_text(encoding="utf-8").replace("'../types", "'types"), encoding="utf-8")
    shutil.copy(INFRA / "types.bicep", tmp_path)
    path.write_text(path.read_text(encoding="utf-8").replace("  name: name", "  name:  name", 1), encoding="utf-8")
    assert compiler.faults(real, tmp_path) == [f"{path} is not as `bicep format` writes it"]


def test_a_compiler_that_ends_without_a_word_is_told(copy: Path) -> None:
    """Silence is no praise from a program that did not run to its end."""
    with compiler.Compiler(shutil.which("true") or "") as silent, pytest.raises(RuntimeError, match="has ended"):
        compiler.faults(silent, copy)


def test_the_compiler_that_is_named_is_taken(tmp_path: Path) -> None:
    """BICEP goes before the PATH; and nothing is looked for elsewhere if it names another version."""
    named, other = program(tmp_path / "named" / "bicep"), program(tmp_path / "path" / "bicep")
    assert compiler.find({"BICEP": named, "PATH": str(Path(other).parent)}) == named
    old = program(tmp_path / "old" / "bicep", "0.40.2")
    with pytest.raises(LookupError, match=r"old/bicep is 0\.40\.2"):
        compiler.find({"BICEP": old, "PATH": str(Path(other).parent)})


def test_another_version_on_the_path_is_passed_over(tmp_path: Path) -> None:
    """GitHub's machines have one of their own there, and `az bicep install` puts the right one elsewhere."""
    old = program(tmp_path / "path" / "bicep", "0.40.2")
    azure = program(tmp_path / "azure" / "bin" / "bicep")
    environment = {"PATH": str(Path(old).parent), "AZURE_CONFIG_DIR": str(tmp_path / "azure")}
    assert compiler.find(environment) == azure


@pytest.mark.parametrize("version", [None, "0.49.3"])
def test_without_the_compiler_one_sentence_says_how_to_get_it(tmp_path: Path, version: str | None) -> None:
    """Nothing is skipped, and nothing is printed that could be deployed."""
    folder = Path(program(tmp_path / "path" / "bicep", version)).parent if version else tmp_path
    environment = {"PATH": str(folder), "AZURE_CONFIG_DIR": str(tmp_path / "azure")}
    done = subprocess.run(  # noqa: S603  our own interpreter and script
        [sys.executable, INFRA / "compiler.py"], check=False, capture_output=True, text=True, env=environment
    )
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert f"az bicep install --version v{compiler.VERSION}" in done.stderr
    assert version is None or version in done.stderr


def test_the_guide_names_the_version() -> None:
    """Whoever reads how to deploy gets the compiler that the checks use."""
    guide = (INFRA.parent / "docs" / "deploy.md").read_text(encoding="utf-8")
    assert set(re.findall(r"(?:Bicep |--version v)(\d+\.\d+\.\d+)", guide)) == {compiler.VERSION}
