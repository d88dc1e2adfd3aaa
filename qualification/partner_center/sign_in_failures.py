"""Which error an answer of the sign-in endpoint means (RFC 6749 section 5.2, "Microsoft Entra error codes")."""

import re
from collections.abc import Iterable
from datetime import datetime
from http import HTTPStatus
from uuid import UUID

from pydantic import JsonValue, SecretStr

from qualification.domain.call_errors import AccessLost, PartnerCenterError, Throttled, Unavailable
from qualification.domain.error_remedies import sign_in_remedy
from qualification.domain.guid import parse_guid
from qualification.domain.remedies import WAIT
from qualification.partner_center.answer import Answer, json_value
from qualification.partner_center.error_body import LONGEST_CODE, folded, plain
from qualification.partner_center.retry_after import retry_after, throttled_until

AADSTS = re.compile(r"AADSTS\d{3,9}", re.ASCII)
TRANSIENT = frozenset({"temporarily_unavailable", "server_error"})


def sign_in_failure(answer: Answer, *, at: datetime, secrets: Iterable[SecretStr]) -> PartnerCenterError:
    """The error that an answer outside 2xx means: nothing has gone to Partner Center yet, so no outcome is unknown.

    Args:
        answer: as it came.
        at: when it was answered, aware UTC, by the sign-in's clock if it told the time.
        secrets: what the request carried and no error may repeat.
    """
    body = _object(answer.body)
    error = _word(body, "error", secrets)[:LONGEST_CODE]
    text = _word(body, "error_description", secrets)
    if answer.status == HTTPStatus.TOO_MANY_REQUESTS:
        return Throttled(throttled_until(answer.headers, text, at), http_status=answer.status, at=at)
    code = found[0] if (found := AADSTS.search(text)) else error or f"http-{answer.status}"
    words = text or error or f"The sign-in answered HTTP {answer.status} and did not say why."
    correlation_id = _correlation_id(body)
    if _is_transient(answer.status, error):
        return Unavailable(
            code,
            words,
            http_status=answer.status,
            correlation_id=correlation_id,
            remedy=WAIT,
            at=at,
            retry_at=retry_after(answer.headers, at),
        )
    return AccessLost(
        code,
        words,
        partner_wide=True,
        http_status=answer.status,
        correlation_id=correlation_id,
        remedy=sign_in_remedy(code, error),
        at=at,
    )


def _is_transient(status: int, error: str) -> bool:
    return error in TRANSIENT or status == HTTPStatus.REQUEST_TIMEOUT or status >= HTTPStatus.INTERNAL_SERVER_ERROR


def _object(body: bytes) -> dict[str, JsonValue]:
    try:
        value = json_value(body)
    except ValueError:
        return {}
    return folded(value) if isinstance(value, dict) else {}


def _word(body: dict[str, JsonValue], name: str, secrets: Iterable[SecretStr]) -> str:
    value = body.get(name)
    return plain(value, secrets) if isinstance(value, str) else ""


def _correlation_id(body: dict[str, JsonValue]) -> UUID | None:
    try:
        return parse_guid(body.get("correlation_id"))
    except ValueError:
        return None
