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
IN_A_ROW = 3
"""So many answers 429 are one customer's own, where another was answered between them."""


@dataclass
class Holding:
    """Watches the hold row and the calls that leave under it.

    Attributes:
        hold: as it is stored now.
        resuming: how many persons let writes go again just now.
    """

    judge: "Judge"
    hold: Hold = field(default_factory=Hold)
    resuming: int = 0
    _since: dict[str, datetime] = field(default_factory=dict)
    _probed: datetime | None = None

    def stored(self, hold: Hold, *, has_event: bool) -> None:
        """The row has changed, with an event in the same transaction or without."""
        now, before, rare = self.judge.world.now, self.hold, self.judge.rare
        self._check_pause(before, hold)
        if before.stop and hold.stop is None and not self.resuming:
            self.judge.broken("stop lost", f"stopped by {before.stop.by}")
        if hold.pause and (before.pause is None or before.pause.until < hold.pause.until):
            self._since["pause"] = now
        if hold.stop and before.stop is None:
            self._since["stop"] = now
            rare["stopped"] += 1
        if hold.cause and self._is_another(before, hold):
            self._since["cause"], self._probed = now, None
            rare[f"cause {hold.cause.code}"] += 1
        is_news = (hold.stop and not before.stop) or self._is_another(before, hold)
        if is_news and not has_event:
            self.judge.broken("raised without its event", "stop" if hold.cause is None else hold.cause.code)
        if any((hold.pause, hold.cause, hold.stop, before.pause, before.cause, before.stop)):
            self.judge.promptness.held()
        self.hold = hold

    def _is_another(self, before: Hold, hold: Hold) -> bool:
        return hold.cause is not None and (before.cause is None or before.cause.code != hold.cause.code)

    def _check_pause(self, before: Hold, hold: Hold) -> None:
        """A pause lasts, and each 429 holds everybody but one that only this customer is answered, while others are not."""
        now, lone = self.judge.world.now, hold.lone
        runs = before.pause is not None and before.pause.until > now
        if runs and before.pause and (hold.pause is None or hold.pause.until < before.pause.until):
            self.judge.broken("pause shortened", f"{before.pause.until:%d %H:%M:%S}")
        if lone is None or lone == before.lone or (before.lone and lone.times == before.lone.times):
            return
        is_alone = lone.times >= IN_A_ROW and lone.others
        if not is_alone and (hold.pause is None or (hold.pause == before.pause and not runs)):
            self.judge.broken("429 without a pause", f"{lone.customer_id.int}, {lone.times} times")

    def called(self, host: "Host", method: str, customer_id: UUID) -> None:
        """A call leaves a host."""
        now, hold, broken, name = self.judge.world.now, self.hold, self.judge.broken, host.name
        # How far its clock is off, a host learns from an answer: see exceptions.
        knows_the_time = not host.is_apart or self.judge.looked.knows_the_time(name, now)
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
