"""Whether the service can do its work; says what is wrong, and nothing else."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from qualification.domain.errors import QualificationError, StoreMissing

if TYPE_CHECKING:
    from qualification.use_cases.ports import (  # the types only: handlers need the verdicts before any store
        Bus,
        RecordStore,
    )

PATIENCE = 2.0
"""Seconds for each check; they run side by side."""

log = logging.getLogger(__name__)


class Verdict(StrEnum):
    """healthy: all is well. degraded: requests are taken but wait. unhealthy: requests cannot be taken."""

    HEALTHY = "healthy"
    DEGRADED = "degraded"
    UNHEALTHY = "unhealthy"


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """Checks what the service depends on."""

    store: "RecordStore"
    bus: "Bus"

    async def check(self) -> tuple[Verdict, dict[str, str]]:
        """The verdict, and a word on each dependency."""
        store, bus = await asyncio.gather(_answers("record store", self.store.ping), _answers("bus", self.bus.ping))
        checks = {"settings": "ok", "recordStore": store, "serviceBus": bus}
        if store != "ok":
            return Verdict.UNHEALTHY, checks
        return (Verdict.HEALTHY if bus == "ok" else Verdict.DEGRADED), checks


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
