"""The package that setup deploys is the one that the pipeline builds, on whatever machine it is built."""

import shutil
import subprocess
from hashlib import sha256
from pathlib import Path
from zipfile import ZipFile

import pytest

from qualification.setup.package import LEFT_OUT, SOURCES, Package
from qualification.setup.stopped import Stopped
from tests.setup.driver import ROOT
from tools.package import content

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
    for name in ("function_app.py", "host.json", "qualification/api/a.py", "qualification/setup/b.py", "docs/c.md"):
        write(root / name, "")
    shutil.copytree(ROOT / "tools" / "package", root / "tools" / "package")
    wheel = root / "small-1-py3-none-any.whl"
    with ZipFile(wheel, "w") as package:
        for name, text in WHEEL.items():
            package.writestr(name, text)
    digest = sha256(wheel.read_bytes()).hexdigest()
    write(root / "requirements.txt", f"{wheel.as_posix()} --hash=sha256:{digest}\n")
    git(root, "init", "--quiet")
    commit(root)
    return root


def test_it_holds_what_the_pipeline_deploys() -> None:
    """Both take the same sources."""
    assert content.SOURCES == SOURCES
    assert f"{content.LEFT_OUT}/" == LEFT_OUT


def test_it_is_built_with_its_libraries(checkout: Path, tmp_path: Path) -> None:
    """Where the Functions runtime looks for them, and without what runs on a person's machine only."""
    with ZipFile(Package(checkout).build(tmp_path)) as package:
        names = {name for name in package.namelist() if not name.endswith(".pyc")}
    libraries = content.DEPENDENCIES.as_posix()
    ours = {name for name in names if not name.startswith(libraries)}
    assert ours == {"function_app.py", "host.json", "requirements.txt", "qualification/api/a.py"}
    assert f"{libraries}/small.py" in names


def test_the_digest_tells_what_is_in_it(checkout: Path) -> None:
    """A name, a text, or a pin that changes changes it; what is not deployed does not."""
    package = Package(checkout)
    digests = [package.digest()]
    write(checkout / "qualification/setup/b.py", "x")
    write(checkout / "docs/c.md", "x")
    assert package.digest() == digests[0]
    commit(checkout)
    assert package.digest() == digests[0]
    for name in ("qualification/api/a.py", "requirements.txt"):
        write(checkout / name, "x")
        commit(checkout)
        digests.append(package.digest())
    (checkout / "qualification/api/a.py").rename(checkout / "qualification/api/c.py")
    commit(checkout)
    digests.append(package.digest())
    assert len(set(digests)) == 4


def test_what_is_not_committed_is_named(checkout: Path) -> None:
    """A deployment can be told apart only by a commit."""
    write(checkout / "qualification/api/new.py", "x")
    with pytest.raises(Stopped, match=r"qualification/api/new\.py"):
        Package(checkout).digest()


def test_a_library_that_cannot_be_had_is_named(checkout: Path, tmp_path: Path) -> None:
    """By pip's own words."""
    write(checkout / "requirements.txt", f"./no-such.whl --hash=sha256:{'0' * 64}\n")
    commit(checkout)
    with pytest.raises(Stopped, match=r"no-such\.whl"):
        Package(checkout).build(tmp_path)


def write(file: Path, text: str) -> None:
    """A text file, in its folders."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


def commit(root: Path) -> None:
    """All that is there."""
    git(root, "add", "--all")
    git(root, "-c", "user.name=A", "-c", "user.email=a@example.com", "commit", "--quiet", "--message", "A change")


def git(root: Path, *words: str) -> None:
    """Of a checkout."""
    subprocess.run(["git", *words], cwd=root, check=True)  # noqa: S603, S607  our own words; git is on the PATH
