"""Compiles the templates with the one compiler that they are written for: prints main.bicep as an ARM template.

Whatever the compiler says is a fault, a warning too; so is a template that is not as `bicep format` writes it.
"""  # noqa: INP001  a script, not a package

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

VERSION = "0.49.2"
HOW_TO_GET_IT = (
    f"run `az bicep install --version v{VERSION}`, or name in BICEP the file for your system from"
    f" https://github.com/Azure/bicep/releases/tag/v{VERSION}."
)
INFRA = Path(__file__).parent
ALL = "**/*.bicep"


def find(environment: Mapping[str, str]) -> str:
    """The compiler that BICEP names; where it names none, the first on the PATH or of `az bicep` that has the version.

    Raises:
        LookupError: there is none of that version; says in one sentence how to get it.
    """
    azure = environment.get("AZURE_CONFIG_DIR") or Path.home() / ".azure"
    places = [environment["BICEP"]] if environment.get("BICEP") else ["bicep", f"{azure}/bin/bicep"]
    found = [path for place in places if (path := shutil.which(place, path=environment.get("PATH", "")))]
    versions = {path: _version(path) for path in map(os.path.abspath, found)}
    for path, version in versions.items():
        if version == VERSION:
            return path
    others = " and ".join(f"{path} is {version}" for path, version in versions.items())
    raise LookupError(f"Bicep {VERSION} is needed, and {others or f'there is no {places[0]}'}: {HOW_TO_GET_IT}")


def faults(compiler: str, infra: Path) -> list[str]:
    """What is wrong with the templates in a folder, a line each."""
    told = _run(compiler, "lint", "--pattern", ALL, folder=infra)
    lines = [*dict.fromkeys(told.stderr.splitlines())]  # a module's are told again for everyone who uses it
    if told.returncode and not lines:
        lines = [f"bicep lint ended with {told.returncode} and said nothing"]
    with TemporaryDirectory() as temporary:
        formatted = Path(shutil.copytree(infra, Path(temporary, "infra")))
        shutil.copy(infra.parent / "bicepconfig.json", temporary)
        told = _run(compiler, "format", "--pattern", ALL, folder=formatted)
        lines += told.stderr.splitlines()
        lines += [
            f"{path} is not as `bicep format` writes it"
            for path in sorted(infra.rglob("*.bicep"))
            if path.read_bytes() != (formatted / path.relative_to(infra)).read_bytes()
        ]
    return lines


def main() -> int:
    """Print the template; 1 where the compiler is missing or has anything to say."""
    try:
        compiler = find(os.environ)
    except LookupError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    if found := faults(compiler, INFRA):
        sys.stderr.write("\n".join(found) + "\n")
        return 1
    built = _run(compiler, "build", "main.bicep", "--stdout", folder=INFRA)
    sys.stdout.write(built.stdout)
    sys.stderr.write(built.stderr)
    return 1 if built.stderr else built.returncode


def _version(compiler: str) -> str:
    told = re.search(r"\d+\.\d+\.\d+", _run(compiler, "--version", folder=INFRA).stdout)
    return told[0] if told else "of no version"


def _run(compiler: str, *arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([compiler, *arguments], check=False, capture_output=True, text=True, cwd=folder)  # noqa: S603  the compiler that was asked for


if __name__ == "__main__":
    sys.exit(main())
