"""One review of a qualification, from its beginning to the day its row vanishes."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(slots=True, frozen=True)
class Decision:
    """The vetting status from `at` on; None where Partner Center shows no status."""

    at: datetime
    status: str | None
    reason: str | None = None


@dataclass(slots=True, frozen=True)
class Held:
    """A review; one that begins in the future is a write that has not taken effect yet.

    Attributes:
        created: When it begins; its first decision is never later.
        decisions: The statuses it goes through, in the order of time.
        shown_from: From when on looks show it; None for its beginning.
        vanishes_at: From when on it is as if it had never been; None for never.
    """

    created: datetime
    decisions: tuple[Decision, ...]
    shown_from: datetime | None = None
    vanishes_at: datetime | None = None

    def decision(self, now: datetime) -> Decision:
        """Return the decision that stands now."""
        return next((made for made in reversed(self.decisions) if made.at <= now), self.decisions[0])

    def stands(self, now: datetime) -> bool:
        """Whether the rules know of it."""
        return self.created <= now and (self.vanishes_at is None or now < self.vanishes_at)

    def shows(self, now: datetime) -> bool:
        """Whether looks show it."""
        return self.stands(now) and (self.shown_from is None or self.shown_from <= now)
