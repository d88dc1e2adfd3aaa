"""Builds what is deployed, and its bill of materials: `make package`."""

import argparse
import hashlib
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tools.package import archive, bill, content


def main() -> int:
    """Write app.zip and app.cdx.json into a folder, and print the digest of the first."""
    parser = argparse.ArgumentParser(prog="python -m tools.package", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=Path("dist"))
    parser.add_argument("--without-bill", action="store_true", help="app.zip alone, which needs nothing but pip")
    wanted = parser.parse_args()
    folder: Path = wanted.folder
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as name:
        built = Path(name)
        content.sources(built)
        content.dependencies(built)
        if not wanted.without_bill:
            bill.write(built, folder / "app.cdx.json")
        content.byte_code(built)
        archive.write(built, folder / "app.zip")
    digest = hashlib.sha256((folder / "app.zip").read_bytes()).hexdigest()
    sys.stdout.write(f"{digest}  {folder / 'app.zip'}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
