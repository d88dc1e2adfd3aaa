"""What must hold while something holds everybody: a stop, a cause, a pause."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from qualification.domain.hold import Hold
from tests.simulation.accounts import HOUR, MINUTE

if TYPE_CHECKING:
    from tests.simulation.hosts import Host
    from tests.simulation.judge import Judge

REACHES_ALL = timedelta(seconds=5)
"""So long after it was stored every instance knows it."""


@dataclass
class Holding:
    """Watches the hold row and the calls that leave under it.

    Attributes:
        hold: as it is stored now.
    """

    judge: "Judge"
    hold: Hold = field(default_factory=Hold)
    _since: dict[str, datetime] = field(default_factory=dict)
    _probed: datetime | None = None

    def stored(self, hold: Hold) -> None:
        """The row has changed."""
        now, before, rare = self.judge.world.now, self.hold, self.judge.rare
        if hold.pause and (before.pause is None or before.pause.until < hold.pause.until):
            self._since["pause"] = now
        if hold.stop and before.stop is None:
            self._since["stop"] = now
            rare["stopped"] += 1
        if hold.cause and (before.cause is None or before.cause.code != hold.cause.code):
            self._since["cause"], self._probed = now, None
            rare[f"cause {hold.cause.code}"] += 1
        self.hold = hold

    def called(self, host: "Host", method: str, customer_id: UUID) -> None:
        """A call leaves a host."""
        now, hold, broken, name = self.judge.world.now, self.hold, self.judge.broken, host.name
        # How far its clock is off, a host learns from an answer: see exceptions.
        knows_the_time = not host.is_apart or self.judge.looked.answers(name)
        if knows_the_time and hold.pause and now < hold.pause.until and now - self._since["pause"] > REACHES_ALL:
            broken("call under a pause", f"{name} {method} {customer_id.int}, until {hold.pause.until:%H:%M:%S}")
        if method.startswith("GET"):
            return
        if hold.stop and now - self._since["stop"] > REACHES_ALL:
            broken("write under a stop", f"{name} {customer_id.int}, {now - self._since['stop']} after it was stored")
        if hold.cause and now - self._since["cause"] > REACHES_ALL:
            last = self._probed or self._since["cause"]
            if now - last < HOUR - 2 * MINUTE:
                broken("more than a probe an hour", f"{name} {customer_id.int} {hold.cause.code}, {now - last} after")
            self._probed = now
