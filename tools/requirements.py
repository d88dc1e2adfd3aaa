"""Compiles every requirements file, with the hash of each file that may be installed: `python -m tools.requirements [--check]`.

What a file pins, and the hashes it names, stay as they are: only pyproject.toml or a requirements.in changes something, and a release that is
given one more wheel afterwards changes nothing. Delete a file to upgrade what it pins.
"""

import difflib
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

from uv import find_uv_bin

ROOT = Path(__file__).parents[1]
PROJECT = {
    "requirements.txt": (),
    "requirements-cli.txt": ("--extra", "cli", "--constraints", "requirements.txt"),
    "requirements-dev.txt": ("--extra", "cli", "--extra", "dev", "--constraints", "requirements-cli.txt"),
}
"""Compiled from pyproject.toml, one after the other: each has what the one before it has, in the same version."""
TOOLS = ("infra", "tests/azure", "tests/n8n", "tools/package")
"""Folders whose requirements.in names what is installed beside the project, in a virtual environment of its own."""
COMPILE = (
    *("pip", "compile", "--quiet", "--universal", "--generate-hashes", "--no-emit-index-url"),
    # This interpreter, because uv would look for others, and for a download.
    *("--python", sys.executable, "--python-version", "3.13", "--custom-compile-command", "make requirements"),
)


def files() -> list[str]:
    """Every file that is compiled."""
    return [*PROJECT, *(f"{folder}/requirements.txt" for folder in TOOLS)]


def compile_all(folder: Path) -> None:
    """Compile them in a folder that holds pyproject.toml, each requirements.in, and what was compiled before.

    Raises:
        subprocess.CalledProcessError: something cannot be resolved; uv has said what, on standard error.
    """

    def project() -> None:
        for output, options in PROJECT.items():
            _compile(folder, "pyproject.toml", output, options)

    def tool(name: str) -> None:
        _compile(folder, f"{name}/requirements.in", f"{name}/requirements.txt")

    with ThreadPoolExecutor() as pool:
        running = [pool.submit(project), *(pool.submit(tool, name) for name in TOOLS)]
        for each in running:
            each.result()


def out_of_date(root: Path = ROOT) -> str:
    """What would change, as a unified diff; nothing where all are up to date."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        for file in ["pyproject.toml", *files(), *(f"{tool}/requirements.in" for tool in TOOLS)]:
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(root / file, folder / file)
        compile_all(folder)
        return "".join(
            line
            for file in files()
            for line in difflib.unified_diff(_lines(root / file), _lines(folder / file), file, "compiled")
        )


def main(*words: str) -> int:
    """Compile them, or print what is out of date; 1 where something is, or cannot be compiled."""
    try:
        if words != ("--check",):
            compile_all(ROOT)
            return 0
        said = out_of_date()
    except subprocess.CalledProcessError as error:
        return error.returncode
    sys.stdout.write(f"{said}The requirements are out of date: run make requirements.\n" if said else "")
    return 1 if said else 0


def _compile(folder: Path, source: str, output: str, options: tuple[str, ...] = ()) -> None:
    command = [find_uv_bin(), *COMPILE, source, *options, "--output-file", output]
    subprocess.run(command, cwd=folder, check=True)  # noqa: S603  uv, with our own words


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines(keepends=True)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
