"""What is deployed: the functions, their one package, and the libraries that requirements.txt pins."""

import subprocess
import sys
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

from qualification.setup.stopped import Stopped

WHOLE = ("function_app.py", "host.json", "requirements.txt")
PACKAGE = "qualification"
LIBRARIES = ".python_packages/lib/site-packages"
"""Where the Functions runtime looks for libraries ("Azure Functions Python developer guide")."""
PLATFORMS = ("manylinux_2_28_x86_64", "manylinux_2_17_x86_64", "manylinux2014_x86_64")
"""What Flex Consumption runs on; pip takes each name for itself."""


class Package:
    """Built from a checkout, for Azure's machines, on whatever machine this is.

    Args:
        root: the checkout.
    """

    def __init__(self, root: Path) -> None:
        self._root = root

    def files(self) -> Iterator[tuple[str, Path]]:
        """Our own files, by their names in the package, in a fixed order."""
        for name in WHOLE:
            yield name, self._root / name
        for file in sorted((self._root / PACKAGE).rglob("*")):
            place = file.relative_to(self._root)
            # Setup runs on a person's machine only (.funcignore).
            if file.is_file() and "__pycache__" not in place.parts and place.parts[:2] != (PACKAGE, "setup"):
                yield place.as_posix(), file

    def digest(self) -> str:
        """Stands for what is in it: the libraries are those that requirements.txt pins."""
        found = sha256()
        for name, file in self.files():
            found.update(name.encode() + b"\0" + sha256(file.read_bytes()).digest())
        return found.hexdigest()[:16]

    def build(self, folder: Path) -> Path:
        """Build it in a folder, as a zip; raises Stopped where pip cannot get the libraries."""
        libraries = folder / "libraries"
        platforms = [word for platform in PLATFORMS for word in ("--platform", platform)]
        given = ["--requirement", str(self._root / "requirements.txt"), "--target", str(libraries)]
        done = subprocess.run(  # noqa: S603  our own interpreter's pip
            [
                *(sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *given, *platforms),
                *("--python-version", "3.13", "--implementation", "cp", "--only-binary", ":all:"),
            ],
            check=False,
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise Stopped(f"pip cannot get what requirements.txt names:\n{done.stderr.strip()}")
        package = folder / "package.zip"
        with ZipFile(package, "w", ZIP_DEFLATED) as into:
            for name, file in self.files():
                into.write(file, name)
            for file in sorted(each for each in libraries.rglob("*") if each.is_file()):
                into.write(file, f"{LIBRARIES}/{file.relative_to(libraries).as_posix()}")
        return package
