"""The blocks of code in the project's documents, by the word behind their fence."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / ".github").rglob("*.md")])
HELD = {"azure", "console", "manual"}
"""Commands: run here in a copy of the project, parsed by azure-cli (make azure-commands), or listed with a reason."""
DATA = {"csharp", "json", "kusto", "python", "settings", "sql", "text"}


@dataclass(frozen=True, slots=True)
class Block:
    """A block of code.

    Attributes:
        where: its document and line.
        word: what stands behind the fence; None where it is indented.
        text: what is in it.
    """

    where: str
    word: str | None
    text: str


def tokens(document: Path) -> list[Token]:
    """A document as Markdown."""
    return MarkdownIt("commonmark").enable("table").parse(document.read_text(encoding="utf-8"))


def blocks() -> Iterator[Block]:
    """All of them."""
    for document in DOCUMENTS:
        for token in tokens(document):
            if token.type in {"fence", "code_block"}:
                line = token.map[0] + 1 if token.map else 0
                word = token.info if token.type == "fence" else None
                yield Block(f"{document.relative_to(ROOT).as_posix()}:{line}", word, token.content)


def held(word: str) -> list[Block]:
    """The blocks of commands that are held in this way."""
    return [block for block in blocks() if block.word == word]


def commands(text: str) -> list[str]:
    """The lines of a block that are commands: continued ones as one, without comments."""
    lines = text.replace("\\\n", " ").splitlines()
    return [command for line in lines if (command := line.split("  #")[0].strip()) and not command.startswith("#")]


def inline(document: Path) -> Iterator[str]:
    """What stands in a document as code inside of sentences."""
    for token in tokens(document):
        yield from (child.content for child in token.children or () if child.type == "code_inline")
