"""Draws the picture of the demo that README shows: `python -m tools.picture` plays the demo and records it."""

import re
import sys
from io import StringIO
from pathlib import Path

from rich._export_format import CONSOLE_SVG_FORMAT
from rich.console import Console
from rich.text import Text

from sandbox.demo import run
from sandbox.outcomes import WIDTH

PICTURE = Path(__file__).parents[1] / "docs" / "demo.svg"
FROM, TO = "Four CRMs report", "Partner Center goes down"
"""The first part that is shown: from this line to before that."""
TABLE = "What was shown"
"""The second part: from this line to the end."""
TITLE = "make demo"
GAP = "  ..."
FRAME = re.sub(r"@font-face \{\{.*?\}\}\s*", "", CONSOLE_SVG_FORMAT, flags=re.DOTALL)
"""Rich's own, without fonts that a reader's browser would fetch from elsewhere."""


def picture(recorded: str) -> str:
    """The SVG.

    Args:
        recorded: what the demo printed, with the codes of a terminal.
    """
    console = Console(record=True, width=WIDTH, file=StringIO(), force_terminal=True, color_system="truecolor")
    for line in excerpt(recorded.splitlines()):
        console.print(Text.from_ansi(line), no_wrap=True, crop=True)
    return console.export_svg(title=TITLE, code_format=FRAME, unique_id="demo")


def excerpt(lines: list[str]) -> list[str]:
    """The lines that are shown.

    Raises:
        ValueError: the demo no longer says what the parts begin with.
    """
    begins, ends, table = (_place(lines, words) for words in (FROM, TO, TABLE))
    return [*lines[begins:ends], GAP, "", *lines[table:]]


def _place(lines: list[str], words: str) -> int:
    for number, line in enumerate(lines):
        if words in Text.from_ansi(line).plain:
            return number
    raise ValueError(f"The demo no longer says {words!r}: correct what this module looks for.")


def main() -> int:
    """Play the demo and draw it; 0 if all of it came."""
    console = Console(record=True, width=WIDTH, force_terminal=True, color_system="truecolor")
    code = run(console)
    if code == 0:
        PICTURE.write_text(picture(console.export_text(styles=True)), encoding="utf-8", newline="\n")
    return code


if __name__ == "__main__":
    sys.exit(main())
