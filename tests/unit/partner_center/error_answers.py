"""Answers of Partner Center that are errors, and what becomes of them."""

import json
from datetime import UTC, datetime
from uuid import UUID

from pydantic import JsonValue, SecretStr

from qualification.domain.call_errors import (
    PartnerCenterError,
)
from qualification.partner_center.answer import Answer
from qualification.partner_center.failures import Asked, failure

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


CORRELATION_ID = UUID("11111111-2222-4333-8444-555555555555")


PAGE = b"<html><head><title>Forbidden</title></head></html>"


def documented(code: JsonValue, description: str = "It said so.", **more: JsonValue) -> bytes:
    """An error body as Microsoft's error code page has it."""
    return json.dumps({"code": code, "description": description, "data": [], "source": "PartnerFD", **more}).encode()


def decoded(
    status: int,
    body: bytes = b"",
    *,
    writes: bool = False,
    headers: dict[str, str] | None = None,
    retired: bool = False,
    secrets: tuple[SecretStr, ...] = (),
) -> PartnerCenterError:
    """The error of one answer."""
    answer = Answer(status, headers or {}, body)
    asked = Asked(writes=writes, correlation_id=CORRELATION_ID, retired=retired, secrets=secrets)
    return failure(answer, asked, at=NOW)
