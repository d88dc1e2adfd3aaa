"""Builds what is deployed, and its bill of materials: `make package`."""

import hashlib
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tools.package import archive, bill, content


def main(where: str = "dist") -> int:
    """Write app.zip and app.cdx.json there, and print the digest of the first."""
    folder = Path(where)
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as name:
        built = Path(name)
        content.sources(built)
        content.dependencies(built)
        bill.write(built, folder / "app.cdx.json")
        content.byte_code(built)
        archive.write(built, folder / "app.zip")
    digest = hashlib.sha256((folder / "app.zip").read_bytes()).hexdigest()
    sys.stdout.write(f"{digest}  {folder / 'app.zip'}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
