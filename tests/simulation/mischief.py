"""What goes wrong, and how often; each kind draws from a stream of its own, so that one can be left out."""

from collections import Counter
from random import Random

KINDS = (
    *("kill", "store-lost-before", "store-lost-after", "store-repeats", "slow-store"),
    *("bus-down", "bus-lost", "hint-lost", "hint-doubled", "hint-late"),
    *("read-fails", "read-throttled", "read-empty", "read-stale", "gone", "proxy"),
    *("taken-unanswered", "taken-late", "taken-throttled", "taken-empty", "shows-late"),
    *("not-taken-unanswered", "throttled", "conflict", "refused", "account-review", "unauthorized", "unsent"),
    *("sign-in-fails", "replay", "passes-in-review", "refused-in-review", "history", "replaced-rows", "copies"),
    *("undated", "elsewhere", "old-rows", "outage", "skew", "two-timers"),
    *(
        "confirm",
        "confirm-body",
        "cancel",
        "retry",
        "stop",
        "repeat",
        "correct",
        "withdraw",
        "other",
        "nameless",
        "api",
    ),
)


class Mischief:
    """Draws what goes wrong.

    Args:
        seed: the same seed draws the same.
        without: kinds that never happen.
    """

    def __init__(self, seed: int, without: frozenset[str] = frozenset()) -> None:
        if unknown := without - frozenset(KINDS):
            raise ValueError(f"no kind of mischief: {', '.join(sorted(unknown))}")
        self.without = without
        self.calm = False
        self.counts: Counter[str] = Counter()
        self._streams = {kind: Random(f"{seed}:{kind}") for kind in KINDS}
        rest = Random(f"{seed}:temper")
        # Some worlds are calm in most ways and mad in some: mixtures that an even draw never meets.
        self._temper = {kind: rest.choice((0.0, 0.3, 1.0, 1.0, 3.0)) for kind in KINDS}

    def happens(self, kind: str, chance: float) -> bool:
        """Whether it goes wrong this time."""
        drawn = self._streams[kind].random() < chance * self._temper[kind]
        if not drawn or self.calm or kind in self.without:
            return False
        self.counts[kind] += 1
        return True

    def of(self, kind: str) -> Random:
        """The stream of a kind."""
        return self._streams[kind]
