"""What the package holds: the sources of a commit, and beside them the dependencies where Azure Functions looks for them."""

import compileall
import io
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path
from py_compile import PycInvalidationMode

ROOT = Path(__file__).parents[2]
SOURCES = ("function_app.py", "host.json", "requirements.txt", "qualification")
LEFT_OUT = "qualification/setup"
"""It runs on a person's machine only."""
DEPENDENCIES = Path(".python_packages", "lib", "site-packages")
GLIBC = range(28, 4, -1)
"""Minor versions of the C library that wheels may be built for. Nobody has published which one Azure's image for Python has, so
none is taken that asks for more than 2.28, of 2018."""


def sources(folder: Path, commit: str = "HEAD") -> None:
    """Put the sources of a commit there; what is not committed is not deployed."""
    archived = subprocess.run(  # noqa: S603  our own words
        ["git", "archive", commit, "--", *SOURCES, f":!{LEFT_OUT}"],  # noqa: S607  git is on the PATH
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    with tarfile.open(fileobj=io.BytesIO(archived.stdout)) as archive:
        archive.extractall(folder, filter="data")


def dependencies(folder: Path) -> None:
    """Install what its requirements.txt pins, for Linux whatever this machine is; Linux it must be for what the markers say.

    Raises:
        subprocess.CalledProcessError: something cannot be had as a wheel whose hash is pinned; pip has said what.
    """
    options = (
        "--quiet",
        "--disable-pip-version-check",
        "--only-binary",
        ":all:",
        "--no-compile",
        "--implementation",
        "cp",
    )
    python = ("--python-version", "3.13", *(f"--platform=manylinux_2_{minor}_x86_64" for minor in GLIBC))
    where = ("--target", str(folder / DEPENDENCIES), "--requirement", str(folder / "requirements.txt"))
    command = [sys.executable, "-m", "pip", "install", "--require-hashes", *options, *python, *where]
    subprocess.run(command, check=True)  # noqa: S603  pip, with our own words
    # Scripts for a command line, which begin with the path of this interpreter.
    shutil.rmtree(folder / DEPENDENCIES / "bin", ignore_errors=True)


def byte_code(folder: Path) -> None:
    """Compile everything: the app cannot write where it runs, so each cold start would compile it all again.

    The byte code is valid whatever date Azure gives a file; it would be wrong only for a file that was changed afterwards.

    Raises:
        ValueError: a file cannot be compiled; it has been said which.
    """
    compiled = compileall.compile_dir(
        folder,
        quiet=1,
        stripdir=str(folder),
        invalidation_mode=PycInvalidationMode.UNCHECKED_HASH,
    )
    if not compiled:
        raise ValueError(f"{folder}: not all of it is Python {sys.version_info[0]}.{sys.version_info[1]}")
