"""Seeded draws, a stream for each customer: its fate does not depend on when the others' calls come."""

from random import Random


class Chance:
    """The streams, all made from one seed; the only randomness in what customers meet."""

    def __init__(self) -> None:
        self._streams: dict[tuple[int, str | None], Random] = {}

    def forget(self) -> None:
        """Begin every stream anew."""
        self._streams.clear()

    def of(self, customer: str | None, seed: int) -> Random:
        """Return a customer's stream; None for the calls that name no customer."""
        key = seed, customer
        if key not in self._streams:
            # A text, because numbers beside texts would be hashed by a salt that each process draws anew.
            self._streams[key] = Random(f"{seed}/{customer}")
        return self._streams[key]
