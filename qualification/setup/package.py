"""What is deployed: the functions, their one package, and the libraries that requirements.txt pins."""

import subprocess
import sys
from hashlib import sha256
from pathlib import Path

from qualification.setup.stopped import Stopped

SOURCES = ("function_app.py", "host.json", "requirements.txt", "qualification")
LEFT_OUT = "qualification/setup/"
"""It runs on a person's machine only."""


class Package:
    """Built from a checkout's last commit as the pipeline builds it, for Azure's machines, on whatever machine this is.

    Args:
        root: the checkout.
    """

    def __init__(self, root: Path) -> None:
        self._root = root

    def digest(self) -> str:
        """Stands for what is in it: the libraries are those that requirements.txt pins.

        Raises:
            Stopped: something of it is not committed.
        """
        if changed := self._git("status", "--porcelain", "--", *SOURCES, f":!{LEFT_OUT}"):
            raise Stopped(f"What is not committed is not deployed. Commit or undo first:\n{changed}")
        listed = self._git("ls-tree", "-r", "HEAD", "--", *SOURCES)
        files = [line for line in listed.splitlines() if not line.partition("\t")[2].startswith(LEFT_OUT)]
        return sha256("\n".join(files).encode()).hexdigest()[:16]

    def build(self, folder: Path) -> Path:
        """Build it in a folder, as a zip; raises Stopped where pip cannot get the libraries."""
        self._run(sys.executable, "-m", "tools.package", str(folder), "--without-bill")
        return folder / "app.zip"

    def _git(self, *words: str) -> str:
        return self._run("git", *words)

    def _run(self, *command: str) -> str:
        try:
            done = subprocess.run(command, cwd=self._root, check=False, capture_output=True, text=True)  # noqa: S603  our own words
        except FileNotFoundError:
            raise Stopped(f"{command[0]} is needed, and is not on the PATH.") from None
        if done.returncode:
            raise Stopped(f"The package cannot be built:\n{done.stderr.strip()}")
        return done.stdout
