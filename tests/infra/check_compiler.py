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
from tests.infra.bicep import INFRA, parse, template

SAID = "Bicep CLI version {} (0000000000)"


@pytest.fixture(scope="module")
def real() -> str:
    """The compiler of this machine."""
    return compiler.find(os.environ)


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


@pytest.mark.parametrize(
    ("file", "right", "wrong", "code"),
    [
        pytest.param("main.bicep", "toLower(", "tolower(", "Error BCP082", id="a function that does not exist"),
        pytest.param("modules/key-vault.bicep", "scope: vault", "scope: vault.name", "Error BCP036", id="no resource"),
        pytest.param("modules/alerts.bicep", "groupShort", "groupshort", "Warning BCP089", id="a misspelt property"),
        pytest.param("modules/storage.bicep", "ts.table", "ts.tabel", "Warning BCP053", id="an answer without it"),
        pytest.param("modules/alerts.bicep", "2023-01-01", "2023-01-02", "Warning BCP081", id="no such version"),
    ],
)
def test_what_only_the_compiler_sees_is_told(
    real: str, copy: Path, file: str, right: str, wrong: str, code: str
) -> None:
    """Errors, and warnings, at which the compiler itself exits with 0; grammar and names are right in each template."""
    path = copy / file
    source = path.read_text(encoding="utf-8")
    broken = source.replace(right, wrong, 1)
    assert broken != source
    path.write_text(broken, encoding="utf-8")
    read = parse(path, broken.encode())
    assert (read.faults, read.undeclared) == ((), frozenset())
    assert [told for told in compiler.faults(real, copy) if str(path) in told and code in told]


def test_a_template_that_is_not_formatted_is_told(real: str, copy: Path) -> None:
    """By its name, and nothing else is told of it."""
    path = copy / "modules" / "network.bicep"
    path.write_text(path.read_text(encoding="utf-8").replace("  name: name", "  name:  name", 1), encoding="utf-8")
    assert compiler.faults(real, copy) == [f"{path} is not as `bicep format` writes it"]


def test_a_compiler_that_fails_without_a_word_is_told(copy: Path) -> None:
    """Silence is no praise from a program that did not run to its end."""
    assert compiler.faults(shutil.which("false") or "", copy) == ["bicep lint ended with 1 and said nothing"]


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


def test_what_is_compiled_is_printed() -> None:
    """The ARM template that the pipeline deploys."""
    done = subprocess.run([sys.executable, INFRA / "compiler.py"], check=True, capture_output=True, text=True)  # noqa: S603  same
    assert set(json.loads(done.stdout)["outputs"]) == set(template("main.bicep").outputs)


def test_the_guide_names_the_version() -> None:
    """Whoever reads how to deploy gets the compiler that the checks use."""
    guide = (INFRA.parent / "docs" / "deploy.md").read_text(encoding="utf-8")
    assert set(re.findall(r"(?:Bicep |--version v)(\d+\.\d+\.\d+)", guide)) == {compiler.VERSION}
