"""Run an app until Ctrl-C: `python -m sandbox.functions_host [--app DIR] [--port N] [--settings FILE]`."""

import argparse
import asyncio
import contextlib
import json
import logging
import os
import signal
import sys
import threading
from pathlib import Path
from typing import TextIO

from sandbox.functions_host import console
from sandbox.functions_host.errors import AppError, HostError
from sandbox.functions_host.host import FunctionsHost
from sandbox.functions_host.local_settings import LocalSettings, read_local_settings

log = logging.getLogger("sandbox.functions_host")


def main() -> int:
    """Serve the app named on the command line; one line of JSON on standard output says when and where.

    Returns:
        0 after SIGINT or SIGTERM, 1 if the app or its configuration is wrong, 2 in Azure.
    """
    parser = argparse.ArgumentParser(prog="python -m sandbox.functions_host", description=__doc__)
    parser.add_argument("--app", type=Path, default=Path(), help="folder of function_app.py (default: this one)")
    parser.add_argument("--port", type=int, help="default: LocalHttpPort of the settings file, or any free one")
    parser.add_argument("--settings", type=Path, help="default: local.settings.json in the app's folder")
    parser.add_argument("--with-parent", action="store_true", help="stop when standard input closes")
    arguments = parser.parse_args()
    # What the app prints must not mix with the line that says where it listens.
    output, sys.stdout = sys.stdout, sys.stderr
    console.install(sys.stderr)
    try:
        asyncio.run(_serve(arguments, output))
    except AppError as error:
        sys.stderr.write(f"The app could not be indexed: {error}\n{error.stack_trace}".rstrip() + "\n")
        return error.exit_code
    except HostError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    return 0


async def _serve(arguments: argparse.Namespace, output: TextIO) -> None:
    app_dir: Path = arguments.app.resolve()
    local = _local_settings(app_dir, arguments.settings)
    settings = {name: value for name, value in local.values.items() if name not in os.environ}
    port = arguments.port if arguments.port is not None else local.port or 0
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: loop.call_soon_threadsafe(stop.set))
    if arguments.with_parent:
        # The process that started this one may be killed; nobody else would stop this one then.
        threading.Thread(target=lambda: _when_closed(loop, stop), daemon=True).start()
    host = FunctionsHost(app_dir, settings, port, cors=local.cors)
    await host.start()
    ready = {"url": host.url, "functionKey": host.keys.function, "masterKey": host.keys.master, "pid": os.getpid()}
    output.write(json.dumps(ready) + "\n")
    output.flush()
    await stop.wait()
    log.info("stopping")
    await host.stop()


def _when_closed(loop: asyncio.AbstractEventLoop, stop: asyncio.Event) -> None:
    # Not through sys.stdin: its lock, held by a thread that still reads, fails the interpreter's shutdown.
    while os.read(0, 1):
        pass
    with contextlib.suppress(RuntimeError):  # the loop has ended already
        loop.call_soon_threadsafe(stop.set)


def _local_settings(app_dir: Path, named: Path | None) -> LocalSettings:
    if named is not None:
        return read_local_settings(named)
    path = app_dir / "local.settings.json"
    if path.is_file():
        return read_local_settings(path)
    log.info("There is no %s, so the app settings are those of the environment.", path)
    return LocalSettings()


if __name__ == "__main__":
    sys.exit(main())
