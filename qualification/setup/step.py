"""A step of setup, and how one follows another."""

from collections.abc import Callable, Sequence
from typing import Protocol


class Step(Protocol):
    """One thing that setup sees to. It may be broken off anywhere: whether it is done is asked anew each time."""

    @property
    def title(self) -> str:
        """What is there once it is done."""
        ...

    def is_done(self) -> bool:
        """Whether nothing is left to do; changes nothing, but may keep in the answers what it has found."""
        ...

    def do(self) -> None:
        """Do what is left of it; raises Stopped where that cannot be done."""
        ...


def follow(steps: Sequence[Step], say: Callable[[str], None]) -> None:
    """Do, one after the other, what is not done yet; raises Stopped where one cannot be done."""
    for number, step in enumerate(steps, 1):
        say(f"{number}/{len(steps)}  {step.title}")
        if step.is_done():
            say("      Nothing to do.")
        else:
            step.do()
