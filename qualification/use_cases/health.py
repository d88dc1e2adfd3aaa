"""Whether the service can do its work; says what is wrong, and nothing else."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from qualification.domain.errors import QualificationError, StoreMissing

if TYPE_CHECKING:
    from qualification.use_cases.ports import (  # the types only: handlers need the verdicts before any store
        Bus,
        Clock,
        RecordStore,
    )

PATIENCE = 2.0
"""Seconds for each check; they run side by side."""
FRESH = timedelta(seconds=5)
"""Anybody may ask, any number of times: so long the last report is good."""

log = logging.getLogger(__name__)


class Verdict(StrEnum):
    """healthy: all is well. degraded: requests are taken but wait. unhealthy: requests cannot be taken."""

    HEALTHY = "healthy"
    DEGRADED = "degraded"
    UNHEALTHY = "unhealthy"


type Report = tuple[Verdict, dict[str, str | Mapping[str, str]]]
"""The verdict, and a word on each dependency; of closed sources each setting with what is wrong."""


@dataclass(slots=True, kw_only=True)
class Health:
    """Checks what the service depends on.

    Attributes:
        closed: what is wrong with the settings of closed sources, by the settings' names.
    """

    store: "RecordStore"
    bus: "Bus"
    clock: "Clock"
    closed: Mapping[str, str]
    _last: tuple[datetime, Report] | None = None
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def check(self) -> Report:
        """The newest report; whoever asks at the same time gets the same."""
        async with self._turn:
            now = self.clock()
            if self._last is None or abs(now - self._last[0]) >= FRESH:
                self._last = now, await self._check()
            return self._last[1]

    async def _check(self) -> Report:
        store, bus = await asyncio.gather(_answers("record store", self.store.ping), _answers("bus", self.bus.ping))
        sources = self.closed or "ok"
        checks = {"settings": "ok", "sources": sources, "recordStore": store, "serviceBus": bus}
        if store != "ok":
            return Verdict.UNHEALTHY, checks
        return (Verdict.HEALTHY if bus == "ok" and not self.closed else Verdict.DEGRADED), checks


async def _answers(what: str, ping: Callable[[], Awaitable[None]]) -> str:
    try:
        async with asyncio.timeout(PATIENCE):
            await ping()
    except TimeoutError:
        return f"does not answer within {PATIENCE:g} s"
    except StoreMissing as error:
        log.error("%s", error)  # noqa: TRY400  a stack trace says no more
        return str(error)
    except QualificationError as error:
        log.warning("the %s is not reachable: %s", what, error)
        return "cannot be reached; the log says why"
    return "ok"
