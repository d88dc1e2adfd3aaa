"""The package as one file. The same content gives the same bytes, so a digest says what was tested and what is deployed."""

from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

MOMENT = (1980, 1, 1, 0, 0, 0)
"""The earliest that a zip file knows. No date of a file means anything here."""
READABLE = 0o100644 << 16


def write(folder: Path, file: Path) -> None:
    """Zip all files of a folder, in the order of their names."""
    names = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    with ZipFile(file, "w") as package:
        for name in names:
            entry = ZipInfo(name, MOMENT)
            entry.external_attr = READABLE
            package.writestr(entry, (folder / name).read_bytes(), ZIP_DEFLATED)
