"""What a caller sends: who it is, ids, headers, bodies."""

import hashlib
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import azure.functions as func

from qualification.domain.amendment import NOTE, parse_note
from qualification.domain.caller import Caller, CallerKind
from qualification.domain.errors import Fault, InvalidIdentifier, InvalidRequest
from qualification.domain.guid import parse_guid
from qualification.domain.json_body import json_object

KEY_HEADER = "x-functions-key"
KEY_QUERY = "code"
FINGERPRINT = 8
"""Hex digits of a key's SHA-256: enough to tell keys apart, and far too few to find one."""
TRACEPARENT = re.compile(r"[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")
"""W3C Trace Context, "traceparent header"; anything else is not handed on."""


def caller_of(request: func.HttpRequest, names: Mapping[str, str]) -> Caller:
    """The caller by its key's fingerprint, with the name that API_KEY_NAMES gives it; the key itself is not kept.

    The runtime lets nobody in without a key and tells nobody which one it was. It takes the header before the query ("Work
    with access keys in Azure Functions").
    """
    query = parse_qs(urlsplit(request.url).query).get(KEY_QUERY, [""])[0]
    key = request.headers.get(KEY_HEADER) or request.params.get(KEY_QUERY) or query
    if not key:
        return Caller(kind=CallerKind.FUNCTION_KEY, id="")
    digest = hashlib.sha256(key.encode(errors="surrogatepass")).hexdigest()[:FINGERPRINT]
    return Caller(kind=CallerKind.FUNCTION_KEY, id=digest, name=names.get(digest))


def traceparent_of(request: func.HttpRequest) -> str | None:
    """The W3C trace context that came along."""
    traceparent = request.headers.get("traceparent", "")
    return traceparent if TRACEPARENT.fullmatch(traceparent) else None


def path_id(request: func.HttpRequest, name: str) -> UUID:
    """An id in the path.

    Raises:
        InvalidIdentifier: it is not a GUID.
    """
    try:
        return parse_guid(request.route_params[name])
    except ValueError as error:
        raise InvalidIdentifier(f"{name} in the path {error}.") from None


def optional_body(request: func.HttpRequest) -> dict[str, Any]:
    """The JSON object of the body, which may be left out.

    Raises:
        UnreadableBody, BodyTooLarge: it is none.
    """
    body = request.get_body()
    return json_object(body) if body.strip() else {}


def note_only(request: func.HttpRequest) -> str | None:
    """The note of a body that takes nothing else.

    Raises:
        InvalidRequest: there is more, or the note is none.
    """
    body = optional_body(request)
    if others := sorted(body.keys() - {NOTE}):
        raise InvalidRequest([Fault(f"/{name}", "is not a known field") for name in others])
    return parse_note(body)


def if_match(request: func.HttpRequest) -> str | None:
    """The one strong ETag of If-Match (RFC 9110, 13.1.1); `*` and a list do not say what was seen, a weak one is none."""
    given: str = request.headers.get("if-match", "").strip()
    if not given or given == "*" or "," in given:
        return None
    return given.removeprefix('"').removesuffix('"')
