"""Every link within the project leads somewhere."""

import re
from pathlib import Path

import pytest

from tests.documents.blocks import DOCUMENTS, tokens


def targets(document: Path) -> list[str]:
    """The links and pictures of a document that lead to a file or a heading of this project."""
    children = [child for token in tokens(document) for child in token.children or ()]
    found = [str(child.attrs.get("href") or child.attrs.get("src") or "") for child in children]
    return [target for target in found if target and not re.match(r"[a-z]+:", target)]


def anchors(document: Path) -> set[str]:
    """The headings of a document as GitHub names them; a repeated one gets a number."""
    found: set[str] = set()
    parsed = tokens(document)
    for number, token in enumerate(parsed):
        if token.type == "heading_open":
            text = "".join(child.content for child in parsed[number + 1].children or ())
            slug = re.sub(r"[^\w -]", "", text.lower()).replace(" ", "-")
            later = (f"{slug}-{again}" for again in range(1, 100))
            found.add(slug if slug not in found else next(each for each in later if each not in found))
    return found


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.name)
def test_a_link_leads_to_a_file_and_a_heading(document: Path) -> None:
    """As they are now."""
    for target in targets(document):
        path, _, anchor = target.partition("#")
        file = (document.parent / path).resolve() if path else document
        assert file.exists(), target
        assert not anchor or anchor in anchors(file), target
