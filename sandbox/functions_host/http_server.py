"""The web server in front of HTTP functions."""

import logging
from collections.abc import Iterable
from http import HTTPStatus

from aiohttp import web
from aiohttp.typedefs import Middleware

from sandbox.functions_host.cors import Cors, Handler
from sandbox.functions_host.errors import ConfigurationError
from sandbox.functions_host.functions import Function, HttpTrigger
from sandbox.functions_host.home import home_page
from sandbox.functions_host.http_messages import to_response, to_trigger
from sandbox.functions_host.invocation import Invoker
from sandbox.functions_host.keys import Keys, Level
from sandbox.functions_host.routes import Route

log = logging.getLogger("sandbox.functions_host")


class HttpServer:
    """Routes requests to functions on 127.0.0.1."""

    def __init__(
        self, functions: Iterable[Function], keys: Keys, invoker: Invoker, cors: Cors, body_limit: int
    ) -> None:
        """Prepare the routes; nothing listens yet.

        Args:
            functions: all with an HTTP trigger.
            keys: who may call what.
            invoker: runs the functions.
            cors: which browsers may call.
            body_limit: bytes; a longer body fails the invocation, so it answers 500 as Azure's host does
                (azure-functions-host issue 10519) and not 413.

        Raises:
            ConfigurationError: a route is malformed.
        """
        self._keys, self._invoker, self._body_limit = keys, invoker, body_limit
        served = [(_route(function), function.trigger_as(HttpTrigger), function) for function in functions]
        self._routes = sorted(served, key=lambda entry: entry[0].precedence)
        self._home = home_page(function for _, _, function in served)
        self._application = web.Application(client_max_size=body_limit + 1, middlewares=[_middleware(cors)])
        self._runner = web.AppRunner(self._application, access_log=None, shutdown_timeout=1)

    @property
    def application(self) -> web.Application:
        """The aiohttp application, to which the admin API adds its routes before `start`."""
        return self._application

    async def start(self, port: int) -> int:
        """Listen.

        Args:
            port: 0 takes any free one.

        Returns:
            The port that it became.

        Raises:
            ConfigurationError: the port is taken.
        """
        self._application.router.add_route("*", r"/{path:[\s\S]*}", self._answer)
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, "127.0.0.1", port).start()
        except OSError:
            await self._runner.cleanup()
            raise ConfigurationError(f"Port {port} is taken; choose another one or 0 for any.") from None
        bound: int = self._runner.addresses[0][1]
        return bound

    async def stop_accepting(self) -> None:
        """Take no new connections; requests that are being answered go on."""
        for site in list(self._runner.sites):
            await site.stop()

    async def close(self) -> None:
        """Close what is still open."""
        await self._runner.cleanup()

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        for route, trigger, function in self._routes:
            if trigger.methods is None or request.method in trigger.methods:
                values = route.match(request.rel_url.raw_path)
                if values is not None:
                    return await self._call(request, function, values)
        if request.method == "GET" and request.rel_url.raw_path == "/":
            return web.Response(text=self._home, content_type="text/html")
        return web.Response(status=HTTPStatus.NOT_FOUND)

    async def _call(self, request: web.Request, function: Function, values: dict[str, str]) -> web.Response:
        needed = Level[function.trigger_as(HttpTrigger).auth_level.upper()]
        if self._keys.level(request) < needed:
            return web.Response(status=HTTPStatus.UNAUTHORIZED)
        if (request.content_length or 0) > self._body_limit:
            log.error("%s failed: the request body is larger than %d bytes", function.name, self._body_limit)
            return web.Response(status=HTTPStatus.INTERNAL_SERVER_ERROR)
        try:
            value = await to_trigger(request, values)
        except ValueError:
            # A Host header that makes no URL, which Azure's front end refuses too.
            return web.Response(status=HTTPStatus.BAD_REQUEST)
        outcome = await self._invoker.invoke(function, value, trace_parent=request.headers.get("traceparent"))
        if outcome.error is not None:
            return web.Response(status=HTTPStatus.INTERNAL_SERVER_ERROR)
        return to_response(outcome.value)


def _route(function: Function) -> Route:
    try:
        return Route(function.trigger_as(HttpTrigger).route)
    except ConfigurationError as error:
        raise ConfigurationError(f"{function.name}: {error}") from None


def _middleware(cors: Cors) -> Middleware:
    @web.middleware
    async def respond(request: web.Request, handler: Handler) -> web.StreamResponse:
        return await cors.respond(request, handler)

    return respond
