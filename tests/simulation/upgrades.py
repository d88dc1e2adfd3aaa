"""What must hold while two versions run side by side: the older one leaves alone what only the later may act on, and says so."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from qualification.stores.keys import HOLD, MARKER
from qualification.stores.rows import Row
from tests.simulation.accounts import MINUTE
from tests.simulation.versions import customer_of, is_later

if TYPE_CHECKING:
    from tests.simulation.hosts import Host
    from tests.simulation.judge import Judge

EVERYTHING = (HOLD, MARKER)
"""Rows without which an older version calls nobody."""
UNDER_WAY = timedelta(minutes=1)
"""What was under way when the first such row was stored has left by then; a write, whose claim came first, by three times that."""


@dataclass
class Upgrades:
    """Watches the rows of the later version."""

    judge: "Judge"
    _met: set[UUID] = field(default_factory=set)
    _since: dict[str | UUID, datetime] = field(default_factory=dict)

    def marked(self) -> None:
        """The store belongs to the later version."""
        self._since[MARKER] = self.judge.world.now

    def changed(self, host: "Host", before: Sequence[Row], after: Sequence[Row]) -> None:
        """A transaction was made over these rows."""
        for row in before:
            if is_later(row) and not host.is_later:
                self.judge.broken("overwrote a row of a later version", f"{host.name} {row.key}")
        for row in after:
            scope = customer_of(row) or row.key
            if is_later(row):
                self._since.setdefault(scope, self.judge.world.now)

    def called(self, host: "Host", method: str, customer_id: UUID) -> None:
        """A call leaves a host."""
        if host.is_later:
            return
        for scope in EVERYTHING:
            if self._is_later(scope, UNDER_WAY):
                self.judge.broken("called although it cannot read its rows", f"{host.name} {method} {scope}")
        if method == "POST" and self._is_later(customer_id, 3 * UNDER_WAY):
            self.judge.broken("wrote beside rows of a later version", f"{host.name} {customer_id.int}")

    def due(self, host: "Host") -> Collection[UUID]:
        """Customers with rows of the later version whose work is due on an older host."""
        if host.is_later or not self._since:
            return ()
        now = host.clock() - MINUTE
        rows = (key.split("|") for rows in self.judge.world.rows.shards.values() for key in rows)
        due = {UUID(parts[3]) for parts in rows if _is_due(parts, now)}
        return [each for each in due if self._is_later(each, UNDER_WAY)]

    def ran(self, customers: Collection[UUID]) -> None:
        """The timer of an older host has met these."""
        keys = [key for rows in self.judge.world.rows.shards.values() for key in rows]
        for customer_id in customers:
            if customer_id not in self._met:
                self._met.add(customer_id)
                self.judge.rare["rows of a later version"] += 1
            if not any(key.startswith(f"cause|{customer_id}|") for key in keys):
                self.judge.broken("rows that cannot be read, and nobody was told", str(customer_id.int))

    def _is_later(self, scope: str | UUID, than: timedelta) -> bool:
        since = self._since.get(scope)
        return since is not None and self.judge.world.now - since > than


def _is_due(parts: Sequence[str], now: datetime) -> bool:
    return parts[0] == "work" and parts[2] != "publish" and datetime.fromisoformat(parts[1]) <= now
