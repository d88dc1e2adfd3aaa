"""Errors as a caller sees them: problem details (RFC 9457), each type explained by the page that the service shows."""

from dataclasses import dataclass, field
from typing import Any

from qualification.api.location import location
from qualification.domain import errors

PAGE = "/api/problems"
"""A heading for each type; `make documents` builds it from docs/problems.md."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem type, and what is particular to this occurrence."""

    type: str
    status: int
    title: str
    detail: str
    headers: dict[str, str] = field(default_factory=dict)
    extra: dict[str, Any] = field(default_factory=dict)

    def body(self, instance: str) -> dict[str, Any]:
        """The JSON object of the answer; `instance` is the path that was called."""
        return {
            "type": self.type,
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            "instance": instance,
            **self.extra,
        }


KINDS: dict[type[errors.QualificationError], tuple[str, int, str]] = {
    errors.BodyTooLarge: ("body-too-large", 413, "The body is too large"),
    errors.UnreadableBody: ("unreadable-body", 400, "The body cannot be read"),
    errors.InvalidRequest: ("invalid-request", 422, "The request is not valid"),
    errors.InvalidIdentifier: ("invalid-identifier", 400, "An id in the path is not a GUID"),
    errors.SenderNotProven: ("sender-not-proven", 401, "The sender is not proven"),
    errors.UnknownSource: ("unknown-source", 404, "The source is not known"),
    errors.SourceNotConfigured: ("source-not-configured", 503, "The source is not configured"),
    errors.SourceMisconfigured: ("source-misconfigured", 503, "The source's settings have faults"),
    errors.IdempotencyKeyReused: ("idempotency-key-reused", 422, "The idempotency key was used before"),
    errors.ActiveRequestExists: ("active-request-exists", 409, "Another request is active"),
    errors.RequestNotFound: ("request-not-found", 404, "The request is not known"),
    errors.UnknownAction: ("unknown-action", 404, "There is no such action"),
    errors.ActionNotAllowed: ("action-not-allowed", 409, "The request's state does not allow this"),
    errors.PreconditionRequired: ("precondition-required", 428, "If-Match is missing"),
    errors.PreconditionFailed: ("precondition-failed", 412, "The request has changed"),
    errors.StoreUnavailable: ("store-unavailable", 503, "The record store is unavailable"),
    errors.StoreMissing: ("store-unavailable", 503, "The record store is unavailable"),
    errors.StepConflict: ("store-unavailable", 503, "The record store is unavailable"),
    errors.ConfigurationError: ("service-misconfigured", 503, "The service is not configured"),
}
"""Problem type, HTTP status and title of every error that a caller can meet."""


def problem(error: errors.QualificationError, service_url: str) -> Problem:
    """The problem that an error is to a caller; its links begin with `service_url`, and are paths where that is empty."""
    slug, status, title = KINDS[type(error)]
    detail = str(error)
    headers: dict[str, str] = {}
    extra: dict[str, Any] = {}
    match error:
        case errors.InvalidRequest():
            detail = f"{len(error.faults)} fault(s) were found; nothing was stored. Correct them and send it again."
            extra = {"errors": [fault.as_json() for fault in error.faults]}
        case errors.ActiveRequestExists():
            detail = "This customer has an unfinished request for the same qualification; wait until it ends."
            active = location(service_url, error.customer_id, error.request_id)
            headers = {"Location": active}
            extra = {"links": {"active": active}}
        case errors.ActionNotAllowed():
            extra = {"allowedActions": list(error.allowed)}
        case errors.StoreMissing():
            detail = f"{error} Nothing was stored; send the request again afterwards."
            headers = {"Retry-After": "300"}
        case errors.StoreUnavailable() | errors.StepConflict():
            detail = "Nothing was stored. Send the request again later."
            headers = {"Retry-After": "30"}
        case errors.ConfigurationError():
            detail = "App settings are missing or malformed; the log and GET /api/health name them."
            headers = {"Retry-After": "300"}
        case errors.SourceNotConfigured() | errors.SourceMisconfigured():
            headers = {"Retry-After": "300"}
        case _:
            pass
    return Problem(f"{service_url}{PAGE}#{slug}", status, title, detail, headers, extra)
