"""What a rule finds."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sandbox.chaos.evidence import Evidence


@dataclass(frozen=True, slots=True)
class Difference:
    """A promise that was not kept; `customer_id` where it is about one customer."""

    rule: str
    detail: str
    customer_id: str | None = None


type Rule = Callable[[Evidence], Iterator[Difference]]
