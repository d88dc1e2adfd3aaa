"""Fires one timer function on its schedule.

Source: "Timer trigger for Azure Functions": UTC, never two runs at once (a tick that finds a run still going is
skipped), a missed run fires once at the start and says that it is past due.
"""

import asyncio
import json
from datetime import UTC, datetime

from sandbox.functions_host.errors import ConfigurationError
from sandbox.functions_host.functions import Function, TimerTrigger
from sandbox.functions_host.invocation import Invoker, Outcome
from sandbox.functions_host.messages import TypedData
from sandbox.functions_host.ncrontab import Schedule
from sandbox.functions_host.schedule_status import ScheduleStatus

# Long sleeps drift, and a laptop that slept wakes up late: look at the clock at least this often.
_LONGEST_SLEEP = 30.0


class TimerListener:
    """Waits for the next tick, runs the function, waits again."""

    def __init__(self, function: Function, status: ScheduleStatus, invoker: Invoker) -> None:
        """Prepare; nothing fires yet.

        Args:
            function: one with a timer trigger.
            status: where runs are noted, if the trigger wants it (`use_monitor`).
            invoker: runs the function.

        Raises:
            ConfigurationError: the schedule is malformed or names no time at all.
        """
        self._function, self._trigger = function, function.trigger_as(TimerTrigger)
        self._invoker, self._status = invoker, status
        try:
            self._schedule = Schedule(self._trigger.schedule)
        except ConfigurationError as error:
            raise ConfigurationError(f"{function.name}: {error}") from None
        if self._schedule.next(datetime.now(UTC)) is None:
            raise ConfigurationError(f"{function.name}: the schedule {self._schedule.expression!r} never comes.")
        self._loop: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to fire in the background."""
        self._loop = asyncio.create_task(self._tick())

    async def stop(self) -> None:
        """Fire no more. A run that is going on goes on."""
        if self._loop is not None:
            self._loop.cancel()
            await asyncio.wait({self._loop})

    async def fire(self, *, past_due: bool = False) -> Outcome:
        """Run the function now.

        Args:
            past_due: what the function is told.

        Returns:
            How the run ended.
        """
        value = {
            "Schedule": {"AdjustForDST": True},
            "ScheduleStatus": self._status.as_json(self._function.name) if self._trigger.use_monitor else None,
            "IsPastDue": past_due,
        }
        return await self._invoker.invoke(self._function, TypedData(json=json.dumps(value)))

    async def _tick(self) -> None:
        due = self._status.due(self._function.name) if self._trigger.use_monitor else None
        past_due = due is not None and due < datetime.now(UTC)
        last = await self._run(past_due=past_due) if past_due or self._trigger.run_on_startup else None
        while (following := self._schedule.next(datetime.now(UTC))) is not None:
            if self._trigger.use_monitor:
                self._status.record(self._function.name, last, following)
            await _sleep_until(following)
            last = await self._run(past_due=False)

    async def _run(self, *, past_due: bool) -> datetime:
        began = datetime.now(UTC)
        # Shielded: stopping the listener ends the waiting for this run, not the run.
        await asyncio.shield(asyncio.create_task(self.fire(past_due=past_due)))
        return began


async def _sleep_until(moment: datetime) -> None:
    remaining = (moment - datetime.now(UTC)).total_seconds()
    while remaining > 0:
        await asyncio.sleep(min(remaining, _LONGEST_SLEEP))
        remaining = (moment - datetime.now(UTC)).total_seconds()
