"""What a command says: results on standard output, faults on standard error."""

import io
import sys

from rich.console import Console

out = Console(highlight=False, markup=False, emoji=False)
err = Console(highlight=False, markup=False, emoji=False, stderr=True)


def say(text: str, console: Console = out) -> None:
    """Print text, wrapped at words to the console's width; a word that is wider, as a URL, stays whole."""
    console.print(text, overflow="ignore", crop=False)


def take_any_character() -> None:
    """Let a console whose encoding lacks a character show a `?` instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
