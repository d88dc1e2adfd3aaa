"""Requests and responses between the web server and the runtime, by the rules of Azure's host.

Source: GrpcMessageConversionExtensions and RawScriptResult of azure-functions-host.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from email.utils import format_datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from aiohttp import web

from sandbox.functions_host.messages import RpcHttp, TypedData

# The web server writes these itself.
_HOP_BY_HOP = {"connection", "content-length", "date", "keep-alive", "transfer-encoding"}
_SAME_SITE = {1: "lax", 2: "strict", 3: "none"}


async def to_trigger(request: web.Request, route_values: dict[str, str]) -> TypedData:
    """Turn a request into a trigger's value.

    Args:
        request: the request; its body is read only if Content-Length says that there is one, as Azure's host does,
            so a chunked body does not arrive.
        route_values: what the route found in the path.

    Returns:
        The value: lower-case header names, repeats joined with commas, empty query values dropped.
    """
    body = TypedData(bytes=await request.read()) if request.content_length else TypedData()
    query = _joined(request.query.items(), fold=True)
    return TypedData(
        http=RpcHttp(
            method=request.method,
            url=str(request.url),
            headers=_joined((name.lower(), value) for name, value in request.headers.items()),
            query={name: value for name, value in query.items() if value},
            params=route_values,
            body=body,
        )
    )


def to_response(value: TypedData | None) -> web.Response:
    """Turn what a function returned into a response.

    Args:
        value: the runtime's `http` value, or a `string`, which is sent as plain text; None is an empty answer.

    Returns:
        The response.
    """
    if value is None or value.WhichOneof("data") is None:
        return web.Response(status=HTTPStatus.OK)
    if value.WhichOneof("data") == "string":
        return web.Response(text=value.__dict__["string"])
    answer = value.__dict__["http"]
    response = web.Response(status=int(answer.status_code), body=answer.body.bytes)
    for name, text in answer.headers.items():
        if name.lower() not in _HOP_BY_HOP:
            response.headers[name] = text
    for cookie in answer.cookies or ():
        response.headers.add("Set-Cookie", _cookie(cookie))
    return response


def _joined(pairs: Iterable[tuple[str, str]], *, fold: bool = False) -> dict[str, str]:
    # .NET joins repeats with a comma and skips empty ones; a query's names have no case and keep their first spelling.
    spellings: dict[str, str] = {}
    values: dict[str, list[str]] = {}
    for name, value in pairs:
        spelling = spellings.setdefault(name.lower() if fold else name, name)
        values.setdefault(spelling, []).append(value)
    return {name: ",".join(filter(None, found)) for name, found in values.items()}


def _cookie(cookie: Any) -> str:
    parts = [f"{cookie.name}={quote(cookie.value, safe='')}"]
    if cookie.expires is not None:
        expires = datetime.fromtimestamp(cookie.expires.value.seconds, UTC)
        parts.append(f"expires={format_datetime(expires, usegmt=True)}")
    if cookie.max_age is not None:
        parts.append(f"max-age={int(cookie.max_age.value)}")
    if cookie.domain is not None and cookie.domain.value:
        parts.append(f"domain={cookie.domain.value}")
    parts.append(f"path={cookie.path.value if cookie.path is not None and cookie.path.value else '/'}")
    if cookie.secure is not None and cookie.secure.value:
        parts.append("secure")
    if cookie.same_site in _SAME_SITE:
        parts.append(f"samesite={_SAME_SITE[cookie.same_site]}")
    if cookie.http_only is not None and cookie.http_only.value:
        parts.append("httponly")
    return "; ".join(parts)
