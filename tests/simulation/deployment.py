"""A later version is put on one host after the other, and is sometimes taken back for a while."""

import asyncio
from random import Random
from typing import TYPE_CHECKING

from qualification.stores.keys import MARKER, SHARDS
from qualification.stores.rows import Row, Rows
from tests.simulation.accounts import DAY
from tests.simulation.versions import LATER, OURS, LaterRows, draw_raised

if TYPE_CHECKING:
    from tests.simulation.world import World


class Deployment:
    """Which hosts run the later version.

    Args:
        world: where they are.

    Attributes:
        raised: kinds of rows that the later version writes with its own version.
        begun: whether any host has ever run it.
    """

    def __init__(self, world: "World") -> None:
        self._world = world
        self._random = Random(f"{world.seed}:deployment")
        self.raised = draw_raised(self._random)
        self.begun = False
        self._later = set[int]()

    def is_later(self, number: int) -> bool:
        """Whether the host at this place runs the later version."""
        return number in self._later

    def rows(self, rows: Rows) -> Rows:
        """The rows as the later version reads and writes them."""
        return LaterRows(rows, self.raised)

    async def live(self) -> None:
        """Roll it out, if it comes at all."""
        if not self._world.mischief.happens("later-rows", 0.3):
            return
        await asyncio.sleep(self._random.uniform(0.1, 2) * DAY.total_seconds())
        await self._roll(later=True)
        if self._random.random() < 0.5:
            await asyncio.sleep(self._random.choice((60, 3600, 30_000)))
            await self._roll(later=False)
            await asyncio.sleep(self._random.choice((3600, 30_000)))
            await self._roll(later=True)

    def finish(self) -> None:
        """What was begun is brought to its end."""
        if self.begun:
            for number in range(len(self._world.hosts)):
                self._replace(number, later=True)

    async def _roll(self, *, later: bool) -> None:
        for number in range(len(self._world.hosts)):
            if self._world.mischief.calm:
                return
            self._replace(number, later=later)
            await asyncio.sleep(self._random.choice((20, 600, 7200)) * self._random.random())

    def _replace(self, number: int, *, later: bool) -> None:
        if later == self.is_later(number):
            return
        if not self.begun:
            self._begin()
        self._later ^= {number}
        self._world.trace(f"{self._world.hosts[number].name} gets the {'later' if later else 'earlier'} version")
        if self._world.hosts[number].is_alive:
            self._world.kill(self._world.hosts[number], "to be replaced")

    def _begin(self) -> None:
        """Whatever else the later version raises, its deployment raises the marker first."""
        self.begun = True
        self._world.trace(f"a later version raises {', '.join(sorted(self.raised))}")
        if MARKER in self.raised:
            rows = self._world.rows.shards[SHARDS[0]]
            rows[MARKER] = Row(MARKER, rows[MARKER].value.replace(OURS, LATER), "later")
            self._world.judge.upgrades.marked()
