"""Function keys: who may call what.

Source: "Azure Functions HTTP trigger", authorization keys: the `x-functions-key` header goes before the `code` query
value; the master key opens everything, and nothing else opens an admin function or the admin API.
"""

import hmac
import secrets
from enum import IntEnum

from aiohttp import web


class Level(IntEnum):
    """What a caller has shown, in rising order."""

    ANONYMOUS = 0
    FUNCTION = 1
    ADMIN = 2


class Keys:
    """The host's function key and master key."""

    def __init__(self, function: str | None = None, master: str | None = None) -> None:
        """Keep the keys, or make them up.

        Args:
            function: opens functions of level `function`; None makes up a random one.
            master: opens everything; None makes up a random one.
        """
        self.function = function or secrets.token_urlsafe(32)
        self.master = master or secrets.token_urlsafe(32)

    def level(self, request: web.Request) -> Level:
        """Tell what a request's key is worth.

        Args:
            request: any request.

        Returns:
            ANONYMOUS where there is no key or a wrong one.
        """
        header = request.headers.get("x-functions-key")
        key = request.query.get("code", "") if header is None else header
        # Bytes, because compare_digest refuses text outside ASCII; both are compared, whatever the first one says.
        sent = key.encode(errors="surrogateescape")
        is_master = hmac.compare_digest(sent, self.master.encode())
        is_function = hmac.compare_digest(sent, self.function.encode())
        if is_master:
            return Level.ADMIN
        return Level.FUNCTION if is_function else Level.ANONYMOUS
