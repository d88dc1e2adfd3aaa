"""Nothing is installed but files whose hashes are committed, and nothing is used that is not asked for."""

import re
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from importlib.metadata import packages_distributions
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.unit.imports import ROOT, imports
from tools import requirements

OWN = {"benchmarks", "function_app", "infra", "qualification", "sandbox", "tests", "tools"}
BROUGHT_ALONG = {"azure-functions-runtime", "pydantic-core"}
"""The first is imported under its own name, azure_functions_runtime; the second belongs to pydantic, which pins it."""
ELSEWHERE = ("tests.azure.", "tests.infra.")
"""What these import is installed beside the project, by a requirements.in of their own."""


def tracked(*patterns: str) -> list[str]:
    """The files of these names that git knows or would take in."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", *patterns]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)  # noqa: S603  git
    return listed.stdout.split()


def test_every_requirements_file_is_compiled() -> None:
    """One that a person wrote would have no hashes, or not all of them."""
    assert sorted(requirements.files()) == sorted(tracked("*requirements*.txt"))


@pytest.mark.parametrize("name", requirements.files())
def test_each_requirement_is_one_version_with_its_hashes(name: str) -> None:
    """And there is no option that names another place to install from, nor an address."""
    text = (ROOT / name).read_text(encoding="utf-8")
    entries = re.sub(r"^ *#.*\n", "", text, flags=re.MULTILINE).replace("\\\n", "").splitlines()
    entry = re.compile(r"[a-z0-9._-]+(\[[a-z,]+\])?==[^\s;]+( ; .+?)?(\s+--hash=sha256:[0-9a-f]{64})+")
    assert entries
    assert [line for line in entries if not entry.fullmatch(line)] == []
    assert "://" not in text


def test_whoever_installs_wants_hashes() -> None:
    """So pip refuses a file in which somebody has left them all out."""
    named = tracked("Makefile", "*.mk", "*.yml", "tools/*.py", "infra/*.py")
    text = "\n".join((ROOT / name).read_text(encoding="utf-8") for name in named).replace("\\\n", " ")
    installing = [line for line in text.splitlines() if re.search(r'pip"?,? "?install', line)]
    assert installing
    assert [line for line in installing if "--require-hashes" not in line] == []


def test_what_is_imported_is_asked_for_by_name() -> None:
    """What another package happens to bring along may be gone after its next release."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lists = [project["dependencies"], *project["optional-dependencies"].values()]
    asked = {re.split(r"[=<>~;\[ ]", each)[0] for names in lists for each in names} | BROUGHT_ALONG
    found = packages_distributions()
    used = {
        each.imported
        for package in OWN - {"infra"}
        for each in imports(package)
        if not each.importer.startswith(ELSEWHERE) and each.imported.split(".")[0] not in OWN | sys.stdlib_module_names
    }
    assert {name for name in used if name.split(".")[0] in found}
    assert sorted(name for name in used if name != "." and not brought_by(name, found) & asked) == []


def brought_by(module: str, found: Mapping[str, list[str]]) -> set[str]:
    """The distributions that a module may come from: those of its name, where several share its first part."""
    top, _, rest = module.partition(".")
    names = {name.lower().replace("_", "-") for name in found.get(top, [])}
    return {name for name in names if name.startswith(f"{top}-{rest.split('.')[0]}")} or names


def release(folder: Path, version: str, *, platform: str = "any") -> None:
    """One wheel more of a package called thing."""
    with ZipFile(folder / f"thing-{version}-py3-none-{platform}.whl", "w") as wheel:
        about = f"thing-{version}.dist-info"
        wheel.writestr(f"{about}/METADATA", f"Metadata-Version: 2.1\nName: thing\nVersion: {version}\n")
        wheel.writestr(f"{about}/WHEEL", f"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-{platform}\n")
        wheel.writestr(f"{about}/RECORD", "")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project that asks for the thing everywhere; the only index there is has one release of it."""
    monkeypatch.setenv("UV_NO_INDEX", "1")
    monkeypatch.setenv("UV_FIND_LINKS", str(tmp_path))
    release(tmp_path, "1.0")
    asks = '[project]\nname = "project"\nversion = "1"\ndependencies = ["thing"]\n'
    (tmp_path / "pyproject.toml").write_text(f"{asks}[project.optional-dependencies]\ncli = []\ndev = []\n")
    for tool in requirements.TOOLS:
        (tmp_path / tool).mkdir(parents=True, exist_ok=True)
        (tmp_path / tool / "requirements.in").write_text("thing\n")
    requirements.compile_all(tmp_path)
    return tmp_path


def test_what_is_released_later_changes_nothing(project: Path) -> None:
    """Neither a newer version, nor one more wheel of the pinned one; so the check says the same today and in a year."""
    release(project, "1.0", platform="win_amd64")
    release(project, "2.0")
    assert requirements.out_of_date(project) == ""


def test_what_the_project_asks_for_anew_is_out_of_date(project: Path) -> None:
    """The files say so, each for itself, until they are compiled."""
    release(project, "2.0")
    asks = (project / "pyproject.toml").read_text().replace('"thing"', '"thing>=2"')
    (project / "pyproject.toml").write_text(asks)
    said = requirements.out_of_date(project)
    assert said.count("+thing==2.0") == len(requirements.PROJECT)
    requirements.compile_all(project)
    assert requirements.out_of_date(project) == ""
