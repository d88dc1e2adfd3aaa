"""The package that setup deploys is the one that the pipeline and azd deploy, on whatever machine it is built."""

import re
import subprocess
from pathlib import Path
from zipfile import ZipFile

import pytest

from qualification.setup.package import LIBRARIES, Package
from qualification.setup.stopped import Stopped
from tests.setup.driver import ROOT

WHEEL = {
    "small.py": "",
    "small-1.dist-info/METADATA": "Metadata-Version: 2.1\nName: small\nVersion: 1\n",
    "small-1.dist-info/WHEEL": "Wheel-Version: 1.0\nGenerator: x\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    "small-1.dist-info/RECORD": "",
}


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A small one, whose only library is a wheel beside it."""
    root = tmp_path / "checkout"
    for name in ("function_app.py", "host.json", "qualification/api/a.py", "qualification/setup/b.py"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("", encoding="utf-8")
    with ZipFile(root / "small-1-py3-none-any.whl", "w") as wheel:
        for name, text in WHEEL.items():
            wheel.writestr(name, text)
    (root / "requirements.txt").write_text(f"{root.as_posix()}/small-1-py3-none-any.whl\n", encoding="utf-8")
    return root


def test_it_holds_what_the_pipeline_deploys() -> None:
    """The same files of ours, of those that git knows or would take in."""
    pipeline = (ROOT / ".github" / "workflows" / "deploy.yml").read_text(encoding="utf-8")
    found = re.search(r"git archive --prefix app/ HEAD (.+?) \|", pipeline)
    assert found
    words = [word.strip("'") for word in found[1].split()]
    listing = ["git", "ls-files", "--cached", "--others", "--exclude-standard", *words]
    listed = subprocess.run(listing, cwd=ROOT, check=True, capture_output=True, text=True)  # noqa: S603  our own repository
    there = {name for name in listed.stdout.split() if (ROOT / name).exists()}
    assert {name for name, _ in Package(ROOT).files()} == there
    assert not [name for name in there if name.startswith("qualification/setup/")]


def test_it_is_built_with_its_libraries(checkout: Path, tmp_path: Path) -> None:
    """Where the Functions runtime looks for them, and without what runs on a person's machine only."""
    with ZipFile(Package(checkout).build(tmp_path)) as package:
        names = set(package.namelist())
    ours = {name for name in names if not name.startswith(LIBRARIES)}
    assert ours == {"function_app.py", "host.json", "requirements.txt", "qualification/api/a.py"}
    assert f"{LIBRARIES}/small.py" in names


def test_the_digest_tells_what_is_in_it(checkout: Path) -> None:
    """A name, a text, or a pin that changes changes it; what is not deployed does not."""
    package = Package(checkout)
    digests = [package.digest()]
    (checkout / "qualification/setup/b.py").write_text("x", encoding="utf-8")
    assert package.digest() == digests[0]
    (checkout / "qualification/api/a.py").write_text("x", encoding="utf-8")
    digests.append(package.digest())
    (checkout / "qualification/api/a.py").rename(checkout / "qualification/api/c.py")
    digests.append(package.digest())
    assert len(set(digests)) == 3


def test_a_library_that_cannot_be_had_is_named(checkout: Path, tmp_path: Path) -> None:
    """By pip's own words."""
    (checkout / "requirements.txt").write_text("./no-such.whl\n", encoding="utf-8")
    with pytest.raises(Stopped, match=r"no-such\.whl"):
        Package(checkout).build(tmp_path)
