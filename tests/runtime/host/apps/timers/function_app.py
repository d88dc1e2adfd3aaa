"""Timer functions for the host's tests."""

import asyncio
import json

import azure.functions as func

app = func.FunctionApp()
SEEN: dict[str, list[dict[str, object]]] = {"each_second": [], "at_start": [], "yearly": [], "slow": []}
RELEASE = asyncio.Event()


def _note(name: str, timer: func.TimerRequest) -> None:
    SEEN[name].append({"past_due": timer.past_due, "status": timer.schedule_status})  # type: ignore[attr-defined]  # the runtime's class has it


@app.timer_trigger(arg_name="timer", schedule="%EACH_SECOND%")
async def each_second(timer: func.TimerRequest) -> None:
    """Tick."""
    _note("each_second", timer)


@app.timer_trigger(arg_name="timer", schedule="0 0 0 1 jan *", run_on_startup=True, use_monitor=False)
async def at_start(timer: func.TimerRequest) -> None:
    """Run once when the host starts."""
    _note("at_start", timer)


@app.timer_trigger(arg_name="timer", schedule="0 0 0 1 1 *")
async def yearly(timer: func.TimerRequest) -> None:
    """Run when it is asked to."""
    _note("yearly", timer)


@app.timer_trigger(arg_name="timer", schedule="* * * * * *")
async def slow(timer: func.TimerRequest) -> None:
    """Take longer than the time between two ticks."""
    _note("slow", timer)
    await RELEASE.wait()


@app.route(auth_level=func.AuthLevel.ANONYMOUS)
async def seen(req: func.HttpRequest) -> str:
    """Tell what each timer has seen."""
    return json.dumps(SEEN if req.method == "GET" else None)


@app.route(auth_level=func.AuthLevel.ANONYMOUS)
async def release(req: func.HttpRequest) -> str:
    """Let the slow timer end."""
    RELEASE.set()
    return str(req.method)
