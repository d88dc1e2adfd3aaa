"""The package that is deployed: what it holds, and that it needs nothing else."""

import json
import os
import re
import subprocess
import sys
from importlib.metadata import distributions
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.unit.imports import ROOT
from tools.package import archive
from tools.package.content import DEPENDENCIES, GLIBC, SOURCES

pytestmark = pytest.mark.timeout(1200)

EVERYTHING = """
import pkgutil, sys
sys.path[:0] = sys.argv[1:]
import function_app, qualification
for module in pkgutil.walk_packages(qualification.__path__, "qualification."):
    if module.name.split(".")[1] not in {"__main__", "commands", "doctor"}:
        __import__(module.name)
print(qualification.__file__, function_app.__cached__)
"""
"""Imports all that is deployed but what a person types, whose packages are not."""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the package, its bill of materials, and, unpacked, what it holds."""
    folder = tmp_path_factory.mktemp("package")
    variables = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    subprocess.run(["make", ".venv-package/ready"], cwd=ROOT, env=variables, check=True)  # noqa: S607  make is on the PATH
    subprocess.run(  # noqa: S603  our own words
        [ROOT / ".venv-package" / "bin" / "python", "-m", "tools.package", folder], cwd=ROOT, check=True
    )
    with ZipFile(folder / "app.zip") as package:
        package.extractall(folder / "app")
    return folder


def pinned() -> dict[str, str]:
    """What requirements.txt pins for Linux."""
    text = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    found = re.findall(r"^([a-z0-9._-]+)==(\S+)(.*)", text, re.MULTILINE)
    return {name: version for name, version, rest in found if "win32" not in rest and "Windows" not in rest}


def test_it_holds_the_sources_and_what_they_need(built: Path) -> None:
    """Each dependency in the pinned version, where Azure's runtime looks for it, and nothing besides."""
    app = built / "app"
    assert {path.name for path in app.iterdir()} == {*SOURCES, ".python_packages", "__pycache__"}
    assert not (app / DEPENDENCIES / "bin").exists()
    installed = {
        each.name.lower().replace("_", "-"): each.version for each in distributions(path=[str(app / DEPENDENCIES)])
    }
    assert installed == pinned()


def test_it_runs_with_nothing_else(built: Path) -> None:
    """No package of this machine is seen, so one that is missing from requirements.txt would be."""
    app = built / "app"
    done = subprocess.run(  # noqa: S603  our own words
        [sys.executable, "-I", "-S", "-c", EVERYTHING, app, app / DEPENDENCIES],
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(str(app))


def test_its_byte_code_is_valid_whatever_the_date_of_a_file(built: Path) -> None:
    """Unpacking has given each file the time of now, and the app cannot write where it runs (PEP 552: flags of 1)."""
    compiled = list((built / "app").rglob("*.pyc"))
    assert len(compiled) > 1000
    assert {path.read_bytes()[4:8] for path in compiled} == {b"\x01\x00\x00\x00"}


def test_it_asks_for_no_newer_c_library_than_is_named(built: Path) -> None:
    """A wheel for a newer one would be installed here without a word, and fail to load in Azure."""
    wheels = [path.read_text() for path in (built / "app" / DEPENDENCIES).glob("*.dist-info/WHEEL")]
    tags = [re.findall(r"^Tag: \S+-manylinux_2_(\d+)_x86_64$", wheel, re.MULTILINE) for wheel in wheels]
    assert any(tags)
    assert all(min(map(int, each)) <= GLIBC[0] for each in tags if each)


def test_its_bill_names_what_it_holds(built: Path) -> None:
    """With versions, and licences where a package says so; it is itself the first thing that it describes."""
    bill = json.loads((built / "app.cdx.json").read_text())
    assert bill["bomFormat"] == "CycloneDX"
    assert bill["metadata"]["component"]["name"] == "partner-qualifications"
    named = {each["name"].lower().replace("_", "-"): each["version"] for each in bill["components"]}
    assert named == pinned()
    assert sum("licenses" in each for each in bill["components"]) > len(named) / 2


def test_the_same_content_is_the_same_file(tmp_path: Path) -> None:
    """Whenever, and in whatever order, it was written."""
    digests = set()
    for order in (("a.py", "b.py"), ("b.py", "a.py")):
        folder = tmp_path / order[0]
        folder.mkdir()
        for number, name in enumerate(order):
            (folder / name).write_text(name)
            os.utime(folder / name, (1_000_000_000 + number, 1_000_000_000 + number))
        archive.write(folder, tmp_path / f"{order[0]}.zip")
        digests.add((tmp_path / f"{order[0]}.zip").read_bytes())
    assert len(digests) == 1
