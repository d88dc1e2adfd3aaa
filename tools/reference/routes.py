"""The table of routes, from the OpenAPI document."""

from collections.abc import Iterator
from typing import Any

from tools.openapi.document import document
from tools.reference import markdown

METHODS = ("get", "post")


def table() -> str:
    """The table."""
    return markdown.table(("Call", "Opened by", "Does", "Answers"), _rows())


def _rows() -> Iterator[tuple[str, str, str, str]]:
    for path, item in document()["paths"].items():
        for method in METHODS:
            if operation := item.get(method):
                call = markdown.code(f"{method.upper()} {path}")
                yield call, _opened_by(operation), operation["summary"], " ".join(sorted(operation["responses"]))


def _opened_by(operation: dict[str, Any]) -> str:
    proofs = {name for choice in operation.get("security", ()) for name in choice}
    if not proofs:
        return "anybody"
    return "a function key" if proofs == {"functionKeyHeader", "functionKeyQuery"} else "the sender's proof"
