"""Makes the virtual environment: `python3.13 -m tools.set_up`. It needs nothing but Python, and shows how far it is."""

import subprocess
import sys
import time
import venv
from pathlib import Path

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / ".venv"
REQUIREMENTS = ROOT / "requirements-dev.txt"


def main() -> int:
    """Make it, and install what is pinned; the exit code of pip."""
    total = sum("==" in line for line in REQUIREMENTS.read_text(encoding="utf-8").splitlines())
    began = time.monotonic()
    print(f"Setting up {FOLDER.name} with {total} packages, once; half a minute on a quick machine ...", flush=True)
    venv.create(FOLDER, with_pip=True, symlinks=sys.platform != "win32")
    code = install(total)
    if code == 0:
        (FOLDER / "ready").touch()
        print(f"  done in {time.monotonic() - began:.0f} s")
    return code


def install(total: int) -> int:
    """Install everything, with a line that is written over where there is a terminal.

    Args:
        total: how many packages there are at most; some are for other systems only.
    """
    python = FOLDER / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    options = ["--disable-pip-version-check", "--progress-bar", "off"]
    # What pip warns of goes to standard error, and so to the reader.
    command = [str(python), "-m", "pip", "install", "--require-hashes", "-r", str(REQUIREMENTS), *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as pip:  # noqa: S603  no shell
        for number, word in enumerate(filter(None, map(step, pip.stdout or ())), 1):
            if sys.stdout.isatty():
                print(f"\r  {min(number, total)} of {total}  {word:<50.50}", end="", flush=True)
    if sys.stdout.isatty():
        print()
    return pip.returncode


def step(line: str) -> str:
    """What a line of pip begins: a package, or the end of it all; nothing for any other line.

    Args:
        line: of pip's standard output.
    """
    verb, _, rest = line.partition(" ")
    if verb == "Installing":
        return "installing"
    return rest.split()[0].partition("==")[0] if verb == "Collecting" else ""


if __name__ == "__main__":
    sys.exit(main())
