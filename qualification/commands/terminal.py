"""The person at this terminal, who is asked."""

import sys
from getpass import getpass

from qualification.commands.console import err, say
from qualification.commands.failure import Failure


class Terminal:
    """Asks on standard error, where a question is seen though the output goes to a file.

    Args:
        instead: how to answer where nobody is there.
    """

    def __init__(self, instead: str) -> None:
        self._instead = instead

    def say(self, text: str) -> None:
        """Tell."""
        say(text)

    def ask(self, question: str, default: str) -> str:
        """A line; the default where only Enter is pressed. Raises Failure where there is nobody."""
        shown = f" [{default}]" if default else ""
        err.print(f"{question}{shown}: ", end="")
        return self._line() or default

    def ask_secret(self, question: str) -> str:
        """A line that is not shown, asked for until one comes; raises Failure where there is nobody."""
        while True:
            try:
                found = getpass(f"{question} (not shown): ").strip()
            except EOFError:
                raise Failure(self._instead) from None
            if found:
                return found

    def wait(self, until: str) -> None:
        """Wait for Enter; raises Failure where there is nobody."""
        err.print(f"{until}, then press Enter: ", end="")
        self._line()

    def _line(self) -> str:
        line = sys.stdin.readline()
        if not line:
            raise Failure(self._instead)
        return line.strip()
