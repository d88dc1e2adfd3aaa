"""The Functions host: the runtime in the middle, listeners around it."""

import asyncio
import logging
import os
from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import ClassVar

from sandbox.azure import sign_of_azure
from sandbox.functions_host import runtime
from sandbox.functions_host.admin import Admin, Run
from sandbox.functions_host.connection import service_bus_client
from sandbox.functions_host.cors import Cors
from sandbox.functions_host.errors import AppError, AzureError
from sandbox.functions_host.functions import Function, HttpTrigger, ServiceBusTrigger, TimerTrigger, read_function
from sandbox.functions_host.host_json import HostJson, read_host_json
from sandbox.functions_host.http_server import HttpServer
from sandbox.functions_host.invocation import Invoker, Outcome
from sandbox.functions_host.keys import Keys
from sandbox.functions_host.schedule_status import ScheduleStatus
from sandbox.functions_host.service_bus_listener import ServiceBusListener
from sandbox.functions_host.timer_listener import TimerListener

log = logging.getLogger("sandbox.functions_host")


class FunctionsHost:
    """Runs one app with the real runtime on 127.0.0.1. The runtime allows one app a process."""

    _indexed: ClassVar[Path | None] = None

    def __init__(
        self,
        app_dir: Path | str,
        settings: Mapping[str, str],
        port: int = 0,
        *,
        function_key: str | None = None,
        master_key: str | None = None,
        cors: tuple[str, ...] = (),
        schedule_status: Path | None = None,
    ) -> None:
        """Prepare; nothing is imported or opened yet.

        Args:
            app_dir: the folder of function_app.py and host.json.
            settings: app settings; they go into `os.environ` before the app is imported, until `stop`.
            port: of the web server; 0 takes any free one.
            function_key: opens functions of level `function`; by default a random one, see `keys`.
            master_key: opens everything; by default a random one, see `keys`.
            cors: origins whose browsers may call.
            schedule_status: a JSON file that remembers when timers are due, so that a missed run is made up for.
        """
        self._app_dir, self._settings, self._port = Path(app_dir).resolve(), dict(settings), port
        self._cors, self._status = Cors(cors), ScheduleStatus(schedule_status)
        self._replaced: dict[str, str | None] = {}
        self._timers: dict[str, TimerListener] = {}
        self._queues: list[ServiceBusListener] = []
        self.keys = Keys(function_key, master_key)
        self.functions: dict[str, Function] = {}
        self.url = ""

    async def start(self) -> None:
        """Index the app, then serve it.

        Raises:
            AzureError: this looks like Azure.
            AppError: the runtime refused the app, or this process has indexed one already.
            ConfigurationError: host.json, a setting, a route or a schedule is wrong or missing.
        """
        if sign := sign_of_azure():
            raise AzureError(sign)
        if FunctionsHost._indexed is not None:
            raise AppError(f"This process has indexed {FunctionsHost._indexed}; another app needs another process.")
        self._replaced = {name: os.environ.get(name) for name in self._settings}
        os.environ.update(self._settings)
        try:
            host_json = read_host_json(self._app_dir, os.environ)
            FunctionsHost._indexed = self._app_dir
            runtime.start_threads()
            for metadata in await runtime.index(self._app_dir):
                self.functions[metadata.name] = read_function(metadata, os.environ, host_json.route_prefix)
            await self._serve(host_json)
        except BaseException:
            self._restore()
            raise

    async def stop(self, grace: timedelta = timedelta(seconds=10)) -> None:
        """Stop gracefully: take nothing new, let running functions end, close.

        Args:
            grace: how long running functions may take before they are cancelled.
        """
        if not self.url:
            return
        await asyncio.gather(
            self._http.stop_accepting(),
            *(timer.stop() for timer in self._timers.values()),
            *(queue.stop_receiving() for queue in self._queues),
        )
        await self._invoker.stop(grace)
        await asyncio.gather(self._http.close(), *(queue.close() for queue in self._queues))
        self._restore()

    async def invoke_timer(self, name: str, *, past_due: bool = False) -> Outcome:
        """Run a timer function now and wait for its end.

        Args:
            name: the function.
            past_due: what the function is told.

        Returns:
            How the run ended.

        Raises:
            KeyError: there is no such timer function.
        """
        return await self._timers[name].fire(past_due=past_due)

    async def idle(self) -> None:
        """Wait until no function is running."""
        await self._invoker.idle()

    async def _serve(self, host_json: HostJson) -> None:
        self._invoker = Invoker(host_json.function_timeout)
        runs: dict[str, Run] = {}
        enabled = [function for function in self.functions.values() if not function.disabled]
        for function in self.functions.values():
            match function.trigger:
                case TimerTrigger():
                    self._timers[function.name] = timer = TimerListener(function, self._status, self._invoker)
                    runs[function.name] = partial(_fire, timer)
                case ServiceBusTrigger() if function in enabled:
                    client = service_bus_client(function, os.environ)
                    self._queues.append(ServiceBusListener(function, client, host_json, self._invoker))
        http = [function for function in enabled if isinstance(function.trigger, HttpTrigger)]
        self._http = HttpServer(http, self.keys, self._invoker, self._cors, host_json.body_limit)
        Admin(self.functions, runs, self.keys).add_to(self._http.application)
        self.url = f"http://127.0.0.1:{await self._http.start(self._port)}"
        for function in enabled:
            if function.name in self._timers:
                self._timers[function.name].start()
        for queue in self._queues:
            queue.start()
        for function in self.functions.values():
            log.info("%s: %s", function.name, self._description(function))

    def _description(self, function: Function) -> str:
        match function.trigger:
            case HttpTrigger(route=route, methods=methods):
                text = f"[{','.join(sorted(methods or {'all methods'}))}] {self.url}/{route}"
            case ServiceBusTrigger(entity=entity):
                text = f"Service Bus {entity}"
            case timer:
                text = f"timer {timer.schedule}"
        return f"{text} (disabled)" if function.disabled else text

    def _restore(self) -> None:
        runtime.stop_threads()
        for name, value in self._replaced.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


async def _fire(timer: TimerListener, _input: str) -> Outcome:
    return await timer.fire()
