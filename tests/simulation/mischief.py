"""What goes wrong, and how often; each kind draws from a stream of its own, so that one can be left out."""

from collections import Counter
from random import Random

KINDS = (
    *("kill", "store-lost-before", "store-lost-after", "store-repeats", "slow-store", "newer-version", "later-rows"),
    *("bus-down", "bus-flaps", "bus-lost", "hint-lost", "hint-doubled", "hint-late"),
    *("read-fails", "read-throttled", "read-empty", "read-stale", "gone", "proxy"),
    *("taken-unanswered", "taken-late", "taken-throttled", "taken-empty", "shows-late"),
    *(
        "not-taken-unanswered",
        "throttled",
        "conflict",
        "refused",
        "refused-again",
        "account-review",
        "unauthorized",
        "unsent",
    ),
    *("sign-in-fails", "replay", "passes-in-review", "refused-in-review", "history", "replaced-rows", "copies"),
    *("undated", "elsewhere", "old-rows", "outage", "writes-silent", "writes-denied", "two-timers"),
    *("skew", "hours-apart"),
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
        "dated",
        "overtaken",
        "saved-twice",
        "api",
    ),
    *("stop-at-claim", "cancel-at-claim", "correct-at-claim", "withdraw-at-claim", "correct-at-confirm", "code-race"),
    *("decide-at-once", "probe-lost"),
    *("throttled-again", "misled", "given-up-in-doubt", "asks-for-last", "last-lost"),
)

PARTS = (*(f"customer-{number}" for number in range(1, 6)), *(f"person-{number}" for number in (1, 2)))
"""Who takes part in a world; like a kind of mischief, each can be left out."""

PLOTS: tuple[dict[str, float], ...] = (
    {},
    {"kill": 4, "bus-flaps": 4, "bus-lost": 4, "two-timers": 3},
    {"taken-unanswered": 4, "not-taken-unanswered": 4, "taken-late": 2, "confirm": 1, "cancel": 2, "refused-again": 2},
    dict.fromkeys(("elsewhere", "taken-unanswered", "not-taken-unanswered", "read-stale", "read-empty"), 3)
    | {"old-rows": 2, "confirm": 0.3, "history": 2, "asks-for-last": 5, "last-lost": 3},
    {"stop-at-claim": 6, "slow-store": 3, "skew": 1.4, "read-throttled": 6, "throttled": 4, "taken-throttled": 8},
    {"writes-silent": 8, "writes-denied": 8, "sign-in-fails": 4, "proxy": 4},
    {"correct": 4, "correct-at-claim": 6, "correct-at-confirm": 2, "withdraw-at-claim": 6, "cancel-at-claim": 6},
    {"undated": 4, "old-rows": 3, "copies": 2, "history": 2, "replay": 3, "account-review": 5, "code-race": 2},
)
"""What is likelier by so much in some worlds: mixtures that an even draw rarely meets."""
CROWDED = 5
"""The plot that needs several customers: what holds everybody is about others."""


class Mischief:
    """Draws what goes wrong.

    Args:
        seed: the same seed draws the same.
        without: kinds that never happen, and who takes no part.

    Attributes:
        plot: the number of what is likelier here.
        calm: whether nothing goes wrong any more.
        counts: how often each kind happened.
    """

    def __init__(self, seed: int, without: frozenset[str] = frozenset()) -> None:
        if unknown := without - frozenset((*KINDS, *PARTS)):
            raise ValueError(f"no kind of mischief: {', '.join(sorted(unknown))}")
        self.without = without
        self.calm = False
        self.counts: Counter[str] = Counter()
        self._streams = {kind: Random(f"{seed}:{kind}") for kind in KINDS}
        rest = Random(f"{seed}:temper")
        self.plot = rest.randrange(len(PLOTS))
        # Some worlds are calm in most ways and mad in some.
        self._temper = {kind: rest.choice((0.0, 0.3, 1.0, 1.0, 3.0)) for kind in KINDS} | PLOTS[self.plot]

    def happens(self, kind: str, chance: float, *, ever: bool = False) -> bool:
        """Whether it goes wrong this time; once all is calm, only what may happen ever."""
        drawn = self._streams[kind].random() < chance * self._temper[kind]
        if not drawn or (self.calm and not ever) or kind in self.without:
            return False
        self.counts[kind] += 1
        return True

    def takes_part(self, who: str) -> bool:
        """Whether somebody takes part."""
        if who in self.without:
            return False
        self.counts[who] += 1
        return True

    def of(self, kind: str) -> Random:
        """The stream of a kind."""
        return self._streams[kind]
