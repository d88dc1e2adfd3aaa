"""Cross-origin requests from a browser, as `Host.CORS` of local.settings.json allows them.

Source: the Fetch standard, CORS protocol.
"""

from collections.abc import Awaitable, Callable
from http import HTTPStatus

from aiohttp import hdrs, web

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Cors:
    """Answers preflights and marks responses for allowed origins; `*` allows all."""

    def __init__(self, origins: tuple[str, ...]) -> None:
        """Keep the allowed origins.

        Args:
            origins: such as `https://localhost:3000`; none means no CORS at all.
        """
        self._origins = origins

    async def respond(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Answer a preflight, or let the handler answer and mark what it says.

        Args:
            request: any request.
            handler: answers it if it is no preflight.

        Returns:
            The response.
        """
        origin = request.headers.get(hdrs.ORIGIN)
        if origin is None or not {"*", origin} & set(self._origins):
            return await handler(request)
        asked = request.headers.get(hdrs.ACCESS_CONTROL_REQUEST_METHOD)
        if request.method == hdrs.METH_OPTIONS and asked is not None:
            response: web.StreamResponse = web.Response(status=HTTPStatus.NO_CONTENT)
            response.headers[hdrs.ACCESS_CONTROL_ALLOW_METHODS] = asked
            if headers := request.headers.get(hdrs.ACCESS_CONTROL_REQUEST_HEADERS):
                response.headers[hdrs.ACCESS_CONTROL_ALLOW_HEADERS] = headers
        else:
            response = await handler(request)
        response.headers[hdrs.ACCESS_CONTROL_ALLOW_ORIGIN] = "*" if "*" in self._origins else origin
        response.headers.add(hdrs.VARY, hdrs.ORIGIN)
        return response
