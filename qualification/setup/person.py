"""The person at the terminal."""

from typing import Protocol


class Person(Protocol):
    """Who is asked; each method raises Stopped where nobody answers."""

    def say(self, text: str) -> None:
        """Tell."""
        ...

    def ask(self, question: str, default: str) -> str:
        """A line; the default where only Enter is pressed."""
        ...

    def ask_secret(self, question: str) -> str:
        """A line that nobody sees."""
        ...

    def wait(self, until: str) -> None:
        """Wait until the person says that this is done."""
        ...
