"""What a command says: results on standard output, faults on standard error."""

import io
import signal
import sys

from rich.console import Console

out = Console(highlight=False, markup=False, emoji=False)
err = Console(highlight=False, markup=False, emoji=False, stderr=True)
YES = frozenset({"y", "yes"})


def say(text: str, console: Console = out) -> None:
    """Print text, wrapped at words to the console's width; a word that is wider, as a URL, stays whole."""
    console.print(text, overflow="ignore", crop=False)


def agreed(question: str) -> bool:
    """Whether a person says yes; anything else, and the end of the input, is no. Ctrl-C ends the command at once."""
    out.print(f"{question} [y/N]", end=" ", overflow="ignore", crop=False)
    # A running loop would take Ctrl-C for itself and wait until the line has ended.
    before = signal.getsignal(signal.SIGINT)
    if before is not signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        return sys.stdin.readline().strip().lower() in YES
    finally:
        signal.signal(signal.SIGINT, before)


def take_any_character() -> None:
    """Let a console whose encoding lacks a character show a `?` instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
