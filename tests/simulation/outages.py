"""When Service Bus is down, and when Partner Center is silent, for everything or for writes, or lets no write through."""

import asyncio
from random import Random
from typing import TYPE_CHECKING

from tests.simulation.accounts import HOUR
from tests.simulation.mischief import CROWDED

if TYPE_CHECKING:
    from tests.simulation.world import World


class Outages:
    """Until when.

    Attributes:
        calls: no call is answered before this.
        writes: no write is, though reads are.
        rights: no write is let through.
    """

    def __init__(self, world: "World") -> None:
        self._world = world
        self.calls = self.writes = self.rights = world.now

    def begin(self, random: Random) -> None:
        """One of them, for a while."""
        until, happens = self._world.now + random.choice((0.1, 1, 6, 20)) * HOUR, self._world.mischief.happens
        if happens("outage", 0.2):
            self.calls = until
            self._world.trace(f"Partner Center is silent until {until:%d %H:%M}")
        elif happens("writes-silent", 0.1):
            self.writes = until
            self._world.trace(f"no write is answered until {until:%d %H:%M}")
        elif happens("writes-denied", 0.1):
            self.rights = until
            self._world.trace(f"no write is let through until {until:%d %H:%M}")

    def end(self) -> None:
        """All of them."""
        self.calls = self.writes = self.rights = self._world.now


async def bus_comes_and_goes(world: "World") -> None:
    """Service Bus is down, for minutes or hours."""
    random = world.mischief.of("bus-down")
    while True:
        await asyncio.sleep(random.expovariate(1 / 120_000))
        if world.mischief.happens("bus-down", 1):
            world.bus_is_down = True
            await asyncio.sleep(random.choice((60, 900, 6000)))
            world.bus_is_down = False


async def partner_center_comes_and_goes(world: "World") -> None:
    """So is Partner Center; early where several customers are to meet it."""
    random = world.random
    await asyncio.sleep(random.uniform(0, 7200) if world.mischief.plot == CROWDED else random.expovariate(1 / 40_000))
    while True:
        world.partner_center.outages.begin(random)
        await asyncio.sleep(random.expovariate(1 / 40_000))
