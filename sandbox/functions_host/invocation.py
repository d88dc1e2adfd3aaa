"""One run of a function: its time-out, its outcome, its line in the log."""

import asyncio
import logging
import time
import uuid
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import timedelta

from sandbox.functions_host import runtime, trace
from sandbox.functions_host.functions import Function
from sandbox.functions_host.messages import InvocationResponse, ParameterBinding, StatusResult, TypedData

log = logging.getLogger("sandbox.functions_host")

current_invocation: ContextVar[str | None] = ContextVar("current_invocation", default=None)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an invocation ended: `error` is None for a success, `value` is what the function returned."""

    invocation_id: str
    error: str | None = None
    stack_trace: str = ""
    value: TypedData | None = None


class Invoker:
    """Runs functions and knows which ones are running."""

    def __init__(self, time_out: timedelta | None) -> None:
        """Begin with nothing running.

        Args:
            time_out: after this long the host cancels a function; None means never.
        """
        self._seconds = None if time_out is None else time_out.total_seconds()
        self._time_out = time_out
        self._running: set[asyncio.Task[InvocationResponse]] = set()
        self._idle = asyncio.Event()
        self._idle.set()

    async def invoke(
        self,
        function: Function,
        value: TypedData,
        metadata: Mapping[str, TypedData] | None = None,
        trace_parent: str | None = None,
    ) -> Outcome:
        """Run a function to its end, whatever that is, and log one line about it.

        Args:
            function: which one.
            value: the trigger's value.
            metadata: the trigger's metadata.
            trace_parent: the caller's W3C traceparent.

        Returns:
            The outcome. A function that raised, ran out of time or was cancelled is a failed outcome.
        """
        invocation_id, began = str(uuid.uuid4()), time.perf_counter()
        token = current_invocation.set(invocation_id)
        task = asyncio.create_task(
            runtime.invoke(
                function.id,
                invocation_id,
                ParameterBinding(name=function.trigger.parameter, data=value),
                metadata or {},
                trace.child(trace_parent),
            )
        )
        current_invocation.reset(token)
        self._running.add(task)
        self._idle.clear()
        try:
            await asyncio.wait({task}, timeout=self._seconds)
        finally:
            # A function that holds on against its cancellation must not hold the host.
            timed_out = not task.done() and task.cancel()
            self._running.discard(task)
            if not self._running:
                self._idle.set()
        outcome = self._outcome(function, invocation_id, task, timed_out=timed_out)
        _report(function, outcome, milliseconds=round((time.perf_counter() - began) * 1000))
        return outcome

    async def idle(self) -> None:
        """Wait until no function is running."""
        await self._idle.wait()

    async def stop(self, grace: timedelta) -> None:
        """Give running functions time to end, then cancel them.

        Args:
            grace: how long to wait.
        """
        if self._running:
            await asyncio.wait(self._running, timeout=grace.total_seconds())
        for task in self._running:
            task.cancel()

    def _outcome(
        self, function: Function, invocation_id: str, task: asyncio.Task[InvocationResponse], *, timed_out: bool
    ) -> Outcome:
        if timed_out:
            return Outcome(invocation_id, f"The functionTimeout of {self._time_out} was exceeded by {function.name}.")
        if task.cancelled():
            return Outcome(invocation_id, f"{function.name} was cancelled because the host stops.")
        answer = task.result()
        fields = answer.__dict__
        if fields["result"].status == StatusResult.Success:
            return Outcome(invocation_id, value=fields.get("return_value"))
        return Outcome(invocation_id, fields["result"].exception.message, fields["result"].exception.stack_trace)


def _report(function: Function, outcome: Outcome, milliseconds: int) -> None:
    word = "succeeded" if outcome.error is None else "failed"
    details = "" if outcome.error is None else f": {outcome.error}\n{outcome.stack_trace}".rstrip()
    log.log(
        logging.INFO if outcome.error is None else logging.ERROR,
        "%s %s in %d ms [%s]%s",
        *(function.name, word, milliseconds, outcome.invocation_id, details),
        extra={
            "function": function.name,
            "outcome": word,
            "milliseconds": milliseconds,
            "invocation_id": outcome.invocation_id,
        },
    )
