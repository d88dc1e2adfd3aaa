"""Pages whose tables are built: what stands between two marks is made anew, what stands around them is written by hand."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path

from tools.reference import events, fields, routes, settings

FOLDER = Path(__file__).parents[2] / "docs" / "reference"
PAGES = tuple(FOLDER / f"{name}.md" for name in ("events", "routes", "settings"))
"""Pages with tables that are built; the others in the folder have none."""

TABLES: Mapping[str, Callable[[], str]] = {
    "event properties": events.properties_table,
    "event types": events.types_table,
    "request fields": fields.table,
    "routes": routes.table,
    "settings": settings.tables,
}
"""What may stand between `<!-- built: NAME (make documents) -->` and `<!-- end -->`, and what makes it."""

_BUILT = re.compile(r"(<!-- built: (?P<name>[a-z ]+) \(make documents\) -->\n).*?(<!-- end -->\n)", re.DOTALL)


def rebuilt(text: str) -> str:
    """A page with all of its tables made anew.

    Raises:
        KeyError: a mark names a table that nobody makes.
        ValueError: there is no mark, so nothing of the page would be held to the code.
    """
    if not _BUILT.search(text):
        raise ValueError("The page has no built table: a mark is missing or misspelt.")
    return _BUILT.sub(lambda found: f"{found[1]}\n{TABLES[found['name']]()}\n{found[3]}", text)
