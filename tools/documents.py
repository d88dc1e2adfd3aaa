"""Writes what is built from models and pages and lies in the repository: `python -m tools.documents`."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from tools.openapi.document import document_json
from tools.problems_page import PAGE, problems_html
from tools.reference.pages import PAGES, rebuilt
from tools.swagger import swagger_json


def _reference(path: Path) -> str:
    return rebuilt(path.read_text(encoding="utf-8"))


ROOT = Path(__file__).parents[1]
API = ROOT / "qualification" / "api"
DOCUMENTS: Mapping[Path, Callable[[], str]] = {
    API / "openapi.json": document_json,
    API / "problems.html": lambda: problems_html(PAGE.read_text(encoding="utf-8")),
    **{path: partial(_reference, path) for path in PAGES},
    ROOT / "docs" / "crm" / "recipes" / "power-platform.swagger.json": swagger_json,
}
"""Each file, and what makes its text."""


def main() -> None:
    """Write them all."""
    for path, make in DOCUMENTS.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(make(), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
