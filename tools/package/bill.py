"""The bill of materials (SBOM): what the package holds, each with its version and licence, in CycloneDX's JSON."""

import subprocess
import sys
import sysconfig
import venv
from pathlib import Path
from tempfile import TemporaryDirectory

from tools.package.content import DEPENDENCIES, ROOT


def write(folder: Path, file: Path) -> None:
    """Write the bill of a package's content.

    Args:
        folder: what the package holds.
        file: what is written; the same for the same content.
    """
    with TemporaryDirectory() as name:
        # An environment that has nothing but the dependencies, because environments are what the tool reads.
        venv.create(name, with_pip=False, symlinks=True)
        installed = Path(sysconfig.get_path("purelib", "venv", {"base": name, "platbase": name}))
        (installed / "package.pth").write_text(f"{(folder / DEPENDENCIES).resolve()}\n", encoding="utf-8")
        options = ("--pyproject", str(ROOT / "pyproject.toml"), "--output-reproducible", "--output-format", "JSON")
        command = [sys.executable, "-m", "cyclonedx_py", "environment", *options, "--output-file", str(file), name]
        subprocess.run(command, check=True)  # noqa: S603  our own words
