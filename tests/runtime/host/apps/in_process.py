"""Runs a host in its own process and prints what it saw, for test_timers."""

import asyncio
import json
import os
import sys
from datetime import timedelta
from pathlib import Path

from sandbox.functions_host import AppError, FunctionsHost


async def _until(runs: list[object]) -> None:
    async with asyncio.timeout(30):
        while not runs:  # noqa: ASYNC110  the app under test tells nobody when it ran
            await asyncio.sleep(0.01)


async def main(app: str, status: str) -> None:
    """Play the story that the test asserts on."""
    host = FunctionsHost(app, {"EACH_SECOND": "0 0 0 1 1 *"}, master_key="m", schedule_status=Path(status))
    await host.start()
    try:
        await FunctionsHost(app, {}).start()
        second_host = "started"
    except AppError as error:
        second_host = str(error)
    seen = sys.modules["function_app"].SEEN
    await _until(seen["yearly"])
    outcome = await host.invoke_timer("yearly")
    slow = asyncio.create_task(host.invoke_timer("slow"))
    await _until(seen["slow"])
    await host.stop(grace=timedelta(seconds=0.01))
    await host.idle()
    told = {
        "past_due": [run["past_due"] for run in seen["yearly"]],
        "functions": sorted(host.functions),
        "error": outcome.error,
        "second_host": second_host,
        "environment_restored": "EACH_SECOND" not in os.environ,
        "slow_run": (await slow).error,
    }
    sys.stdout.write(json.dumps(told))


asyncio.run(main(*sys.argv[1:]))
