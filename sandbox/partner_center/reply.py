"""Answers that Partner Center or the gateway before it gives when something is wrong, word for word where one is known."""

import json
from enum import StrEnum

from pydantic import Field, JsonValue

from sandbox.partner_center.control_model import ControlModel
from sandbox.partner_center.message import Answer


class Reply(ControlModel):
    """A scripted answer.

    Attributes:
        status: HTTP status.
        document: JSON body: an object, a list, or a bare string.
        text: Body that is not JSON, sent as HTML; it wins over `document`.
        headers: Response headers.
    """

    status: int = Field(ge=200, le=599)
    document: JsonValue = None
    text: str | None = None
    headers: dict[str, str] = Field(default_factory=dict)

    def answer(self) -> Answer:
        """Return the answer; without document and text its body is empty."""
        if self.text is not None:
            return Answer(self.status, self.text.encode(), "text/html", self.headers)
        body = b"" if self.document is None else json.dumps(self.document).encode()
        return Answer(self.status, body, headers=self.headers)


class ReplyName(StrEnum):
    """Names of the replies below."""

    THROTTLED = "throttled"
    REQUEST_TIMEOUT = "requestTimeout"
    INTERNAL_ERROR = "internalError"
    INTERNAL_ERROR_TEXT = "internalErrorText"
    BAD_GATEWAY = "badGateway"
    SERVICE_UNAVAILABLE = "serviceUnavailable"
    GATEWAY_TIMEOUT = "gatewayTimeout"
    NOT_RETRYABLE = "notRetryable"
    TAGGING_DENIED = "taggingDenied"
    MFA_REQUIRED = "mfaRequired"
    AUTHORIZATION_FAILED = "authorizationFailed"
    NO_RELATIONSHIP = "noRelationship"
    INSUFFICIENT_PRIVILEGES = "insufficientPrivileges"
    CONFLICT = "conflict"
    REDIRECT = "redirect"


def _error(status: int, code: str | int, description: str, source: str = "PartnerFD") -> Reply:
    document: JsonValue = {"code": code, "description": description, "data": [], "source": source}
    return Reply(status=status, document=document)


def _page(status: int, title: str) -> Reply:
    return Reply(status=status, text=f"<html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>")


def _newer_service(status: int, code: int, name: str, message: str, *, retryable: bool) -> Reply:
    document: JsonValue = {
        "code": code,
        "message": message,
        "description": message,
        "errorName": name,
        "isRetryable": retryable,
        "errorMessageExtended": f"InternalErrorCode={code}",
    }
    return Reply(status=status, document=document)


REPLIES: dict[ReplyName, Reply] = {
    ReplyName.THROTTLED: Reply(
        status=429,
        document={"statusCode": 429, "message": "Rate limit is exceeded. Try again in 1 seconds."},
        headers={"Retry-After": "1"},
    ),
    ReplyName.REQUEST_TIMEOUT: Reply(status=408),
    ReplyName.INTERNAL_ERROR: _error(500, "800003", "The server failed to process the request."),
    ReplyName.INTERNAL_ERROR_TEXT: Reply(status=500, document="An unexpected error occurred."),
    ReplyName.BAD_GATEWAY: _page(502, "502 Bad Gateway"),
    ReplyName.SERVICE_UNAVAILABLE: _error(503, "900192", "The service is not available at the moment."),
    ReplyName.GATEWAY_TIMEOUT: Reply(status=504),
    ReplyName.NOT_RETRYABLE: _newer_service(
        500, 600099, "CustomerServiceFailure", "Do not try again.", retryable=False
    ),
    ReplyName.TAGGING_DENIED: Reply(status=400, document="Customer tagging denied."),
    ReplyName.MFA_REQUIRED: _error(401, "900421", "The user's token has no valid MFA claim."),
    ReplyName.AUTHORIZATION_FAILED: _error(403, 1002, "Authorization Failed"),
    ReplyName.NO_RELATIONSHIP: _error(403, "20002", "The partner has no commerce relationship with the customer."),
    ReplyName.INSUFFICIENT_PRIVILEGES: _error(403, "900308", "The user has insufficient privileges in the customer."),
    ReplyName.CONFLICT: _error(409, "409", "The request conflicts with the state of the customer."),
    ReplyName.REDIRECT: Reply(status=302, headers={"Location": "/elsewhere"}),
}
