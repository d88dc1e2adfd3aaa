"""Cold starts: from a new process to its first answer, through Azure's own runtime."""

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.line import Line, Target
from benchmarks.rounds import medians
from benchmarks.server import server
from benchmarks.subject import settings
from benchmarks.webhooks import APPS, content
from qualification.webhooks.standard.sample import signed
from sandbox.host_process import ROOT
from sandbox.service_settings import webhook_secret


async def cold_start(rounds: int = 9) -> list[Line]:
    """A refused webhook and an accepted one, beside an app that does nothing."""
    secret = webhook_secret()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        broker = stack.enter_context(server("sandbox.service_bus"))["connectionString"]
        environment = (
            {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
            | settings(folder, service_bus=broker)
            # What is deployed is compiled already; here the first, unmeasured start compiles it.
            | {"WEBHOOK_STANDARD_SECRETS": secret, "PYTHONPYCACHEPREFIX": str(folder / "compiled")}
        )
        contestants = {
            "401": partial(_start, ROOT, environment, webhook_secret(), 401),
            "202": partial(_start, ROOT, environment, secret, 202),
            "empty": partial(_start, APPS / "empty", environment, secret, 202),
        }
        for warm_up in contestants.values():
            await warm_up()
        found = await medians(contestants, rounds)
    baseline = "an empty function through the same runtime"
    return [
        Line(row=row, unit="ms", ours=found[key], baseline=baseline, theirs=found["empty"], target=Target())
        for row, key in (
            ("Cold start to an answered 401", "401"),
            ("Cold start to the first accepted webhook: store and queue opened", "202"),
        )
    ]


async def _start(app: Path, environment: Mapping[str, str], secret: str, status: int) -> float:
    body, headers = signed(content(), secret)
    request = json.dumps({"body": body.decode(), "headers": headers})
    return await asyncio.to_thread(_measure, app, environment, request, status)


def _measure(app: Path, environment: Mapping[str, str], request: str, status: int) -> float:
    command = [sys.executable, "-m", "benchmarks.first_answer", str(app)]
    began = time.perf_counter()
    with subprocess.Popen(  # noqa: S603  our own module, no shell
        command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        if not (process.stdin and process.stdout and process.stderr):
            raise AssertionError("all three were asked for")
        process.stdin.write(request)
        process.stdin.close()
        line = process.stdout.readline()
        milliseconds = (time.perf_counter() - began) * 1e3
        if line != f"{status}\n":
            raise RuntimeError(f"the answer was {line!r}: {process.stderr.read()}")
        process.kill()
    return milliseconds
