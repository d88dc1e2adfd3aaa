"""A table as Markdown, which reads well on a terminal too."""

from collections.abc import Sequence

HEAD = ("What", "This service", "Beside", "It", "Ratio", "To reach", "Reached")


def table(rows: Sequence[Sequence[str]], head: Sequence[str] = HEAD) -> str:
    """All rows under their head, in columns."""
    lines = [head, *rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    rule = ["-" * width for width in widths]
    return "\n".join(
        f"| {' | '.join(cell.ljust(width) for cell, width in zip(line, widths, strict=True))} |"
        for line in (head, rule, *rows)
    )
