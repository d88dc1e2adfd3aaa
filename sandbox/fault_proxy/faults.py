"""Which mishap strikes what: by rule, or by chance from a seed."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from random import Random


class Mishap(StrEnum):
    """What happens to an exchange, or to what a client sends on a bare connection."""

    LOSE_ANSWER = "lose answer"
    """It takes effect, and the connection breaks before the answer."""
    DELAY = "delay"
    """It goes on after `seconds`."""
    RESET = "reset"
    """The connection is reset before anything takes effect."""
    UNAVAILABLE = "503"
    """A gateway answers 503; nothing takes effect. HTTP only."""
    UNAVAILABLE_AFTER = "503 after"
    """It takes effect, and a gateway answers 503 instead. HTTP only."""
    HTML = "html"
    """A gateway answers 200 with a page; nothing takes effect. HTTP only."""
    HALF = "half"
    """It takes effect, and the connection breaks in the middle of the answer."""


ON_BARE_CONNECTIONS = frozenset({Mishap.LOSE_ANSWER, Mishap.DELAY, Mishap.RESET, Mishap.HALF})


@dataclass(frozen=True, slots=True)
class Rule:
    """Strikes what it matches.

    Attributes:
        mishap: what happens.
        method: of HTTP; None is any.
        matching: a regular expression, searched in path and query, or in the bytes on a bare connection (Latin-1).
        times: how often it strikes, None is always.
        spare: how many matching ones it lets through first.
        seconds: of a delay.
    """

    mishap: Mishap
    method: str | None = None
    matching: str = ""
    times: int | None = 1
    spare: int = 0
    seconds: float = 1.0

    def matches(self, method: str, text: str) -> bool:
        """Whether it is meant for this."""
        return self.method in {None, method} and re.search(self.matching, text, re.DOTALL) is not None


class Faults:
    """Decides for one proxy; rules come before chance.

    Args:
        rules: the first one that matches strikes.
        chance: how likely a mishap strikes whatever no rule does, from 0 to 1.
        mishaps: what chance draws from.
        seed: of the chance; the same one with the same calls draws the same mishaps.
        seconds: of a delay that chance draws, at most.

    Attributes:
        struck: how often each mishap has struck.
    """

    def __init__(
        self,
        rules: Iterable[Rule] = (),
        *,
        chance: float = 0.0,
        mishaps: Iterable[Mishap] = Mishap,
        seed: int = 0,
        seconds: float = 1.0,
    ) -> None:
        self.struck: Counter[Mishap] = Counter()
        self._rules: list[_Counted] = [_Counted(rule) for rule in rules]
        self._chance, self._mishaps, self._seconds = chance, tuple(mishaps), seconds
        self._random = Random(seed)

    def add(self, rule: Rule) -> None:
        """From now on."""
        self._rules.append(_Counted(rule))

    def remove(self, rule: Rule) -> None:
        """It strikes no more."""
        self._rules = [each for each in self._rules if each.rule is not rule]

    def clear(self) -> None:
        """No mishap from now on."""
        self._rules.clear()
        self._chance = 0.0

    def strike(self, method: str, text: str, possible: frozenset[Mishap] = frozenset(Mishap)) -> Rule | None:
        """What happens to this, if anything does.

        Args:
            method: of HTTP, or empty.
            text: path and query, or bytes as Latin-1.
            possible: what can be done to it; chance draws nothing else.
        """
        struck = next((each.rule for each in self._rules if each.strikes(method, text, possible)), None)
        struck = struck or self._drawn(possible)
        if struck:
            self.struck[struck.mishap] += 1
        return struck

    def _drawn(self, possible: frozenset[Mishap]) -> Rule | None:
        mishaps = [mishap for mishap in self._mishaps if mishap in possible]
        if not mishaps or self._random.random() >= self._chance:
            return None
        return Rule(self._random.choice(mishaps), seconds=self._random.uniform(0, self._seconds))


class _Counted:
    def __init__(self, rule: Rule) -> None:
        self.rule = rule
        self._met = 0

    def strikes(self, method: str, text: str, possible: frozenset[Mishap]) -> bool:
        rule = self.rule
        if rule.mishap not in possible or not rule.matches(method, text):
            return False
        self._met += 1
        return self._met > rule.spare and (rule.times is None or self._met <= rule.spare + rule.times)
