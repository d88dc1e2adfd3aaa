"""The page of problems as HTML that stands alone: no script, no address but its own, readable in any browser."""

from collections.abc import Iterator, Sequence
from html import escape
from itertools import pairwise
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

PAGE = Path(__file__).parents[1] / "docs" / "problems.md"
FRAME = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Problems - Partner qualifications</title>
<style>
:root {{ color-scheme: light dark }}
body {{ max-width: 44rem; margin: 2rem auto; padding: 0 1rem; font: 1rem/1.6 system-ui, sans-serif }}
h2 {{ margin-top: 2.5rem; font: 600 1.1rem ui-monospace, monospace }}
h2:target {{ padding-left: .5rem; border-left: .25rem solid #d97706 }}
code {{ font: .9em ui-monospace, monospace; overflow-wrap: anywhere }}
nav {{ columns: 14rem; font-family: ui-monospace, monospace; font-size: .9rem }}
nav a {{ display: block }}
</style>
</head>
<body>
{body}</body>
</html>
"""


def problems_html(markdown: str) -> str:
    """The page.

    Args:
        markdown: its source: a title, an introduction, and a heading of the second level for each problem type, whose text
            is the anchor.

    Raises:
        ValueError: there is no heading of the second level.
    """
    reader = MarkdownIt("commonmark", {"html": False})
    tokens = reader.parse(markdown)
    slugs = list(_anchored(tokens))
    if not slugs:
        raise ValueError("The page has no heading of the second level, so no problem type could lead to it.")
    for token in tokens:
        token.children = list(_without_files(token.children or ()))
    first = next(place for place, token in enumerate(tokens) if token.tag == "h2")
    links = "".join(f'<a href="#{escape(slug)}">{escape(slug)}</a>\n' for slug in slugs)
    introduction, explained = (
        reader.renderer.render(part, reader.options, {}) for part in (tokens[:first], tokens[first:])
    )
    return FRAME.format(body=f"{introduction}<nav>\n{links}</nav>\n{explained}")


def _anchored(tokens: Sequence[Token]) -> Iterator[str]:
    """Give each heading of the second level its text as anchor, and yield that."""
    for heading, text in pairwise(tokens):
        if heading.type == "heading_open" and heading.tag == "h2":
            heading.attrSet("id", text.content)
            yield text.content


def _without_files(tokens: Sequence[Token]) -> Iterator[Token]:
    """Leave the text of a link to a file of the repository, which the service does not serve."""
    within = False
    for token in tokens:
        if token.type == "link_open":
            within = not str(token.attrGet("href")).startswith(("#", "https://"))
        if not (within and token.type in {"link_open", "link_close"}):
            yield token
        if token.type == "link_close":
            within = False
