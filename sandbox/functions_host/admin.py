"""The admin API: list the functions, run one by hand, count tasks.

Source: "Manually run a non HTTP-triggered function" and FunctionsController of azure-functions-host: the master key,
a JSON object with an `input` member, 202 without waiting for the outcome.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus

from aiohttp import web

from sandbox.functions_host.functions import Function
from sandbox.functions_host.keys import Keys, Level

Run = Callable[[str], Awaitable[object]]


class Admin:
    """Serves `/admin/functions`."""

    def __init__(self, functions: Mapping[str, Function], runs: Mapping[str, Run], keys: Keys) -> None:
        """Keep what can be run.

        Args:
            functions: all functions by name.
            runs: for each function that can be run by hand, what runs it with the `input` text.
            keys: only the master key opens this API.
        """
        self._functions, self._runs, self._keys = functions, runs, keys
        self._started: set[asyncio.Future[object]] = set()

    def add_to(self, application: web.Application) -> None:
        """Put the routes before those of the app, which cannot take `admin`."""
        application.router.add_get("/admin/functions", self._list)
        application.router.add_post("/admin/functions/{name}", self._run)
        application.router.add_get("/admin/sandbox/tasks", self._count_tasks)

    async def _list(self, request: web.Request) -> web.Response:
        if refusal := self._refusal(request):
            return refusal
        return web.json_response([{"name": name} for name in self._functions])

    async def _count_tasks(self, request: web.Request) -> web.Response:
        """How many tasks run in this process; Azure's host has no such route."""
        return self._refusal(request) or web.json_response(len(asyncio.all_tasks()))

    async def _run(self, request: web.Request) -> web.Response:
        if refusal := self._refusal(request):
            return refusal
        try:
            invocation = await request.json()
            text = invocation.get("input") or ""
        except (ValueError, AttributeError):
            return web.Response(status=HTTPStatus.BAD_REQUEST)
        names = {name.lower(): name for name in self._functions}
        name = names.get(request.match_info["name"].lower())
        if name is None:
            return web.Response(status=HTTPStatus.NOT_FOUND)
        if name not in self._runs or not isinstance(text, str):
            return web.Response(status=HTTPStatus.BAD_REQUEST)
        run = asyncio.ensure_future(self._runs[name](text))
        self._started.add(run)
        run.add_done_callback(self._started.discard)
        return web.Response(status=HTTPStatus.ACCEPTED)

    def _refusal(self, request: web.Request) -> web.Response | None:
        match self._keys.level(request):
            case Level.ADMIN:
                return None
            case Level.FUNCTION:
                return web.Response(status=HTTPStatus.FORBIDDEN)
            case _:
                return web.Response(status=HTTPStatus.UNAUTHORIZED)
