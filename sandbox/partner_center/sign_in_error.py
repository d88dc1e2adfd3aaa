"""Entra's refusals, with the AADSTS numbers of the page "Microsoft Entra authentication and authorization error codes"."""

from datetime import datetime
from uuid import uuid4

from sandbox.partner_center.answer import Answer
from sandbox.partner_center.token import RefreshFailure

UNAUTHORIZED = 401


class SignInError(Exception):
    """A token request that is refused.

    Args:
        error: The OAuth error (RFC 6749 section 5.2, RFC 8628 section 3.5).
        number: The AADSTS number.
        text: What Entra says after it.
        suberror: Entra's finer word, if any.
    """

    def __init__(self, error: str, number: int, text: str, suberror: str | None = None) -> None:
        super().__init__(text)
        self.error = error
        self.number = number
        self.text = text
        self.suberror = suberror

    def answer(self, now: datetime, correlation_id: str) -> Answer:
        """Return Entra's body; 401 for a client that did not prove itself, otherwise 400."""
        trace_id, timestamp = str(uuid4()), now.strftime("%Y-%m-%d %H:%M:%SZ")
        traces = f"Trace ID: {trace_id} Correlation ID: {correlation_id} Timestamp: {timestamp}"
        document: dict[str, object] = {
            "error": self.error,
            "error_description": f"AADSTS{self.number}: {self.text} {traces}",
            "error_codes": [self.number],
            "timestamp": timestamp,
            "trace_id": trace_id,
            "correlation_id": correlation_id,
            "error_uri": f"https://login.microsoftonline.com/error?code={self.number}",
        }
        if self.suberror is not None:
            document["suberror"] = self.suberror
        return Answer.of(document, UNAUTHORIZED if self.error == "invalid_client" else 400)


def missing(parameter: str) -> SignInError:
    """A form field is missing."""
    return SignInError(
        "invalid_request", 900144, f"The request body must contain the following parameter: '{parameter}'."
    )


_REFUSED = {
    RefreshFailure.EXPIRED: (700082, "The refresh token has expired due to inactivity.", None),
    RefreshFailure.REVOKED: (50173, "The provided grant has expired due to it being revoked.", "bad_token"),
    RefreshFailure.MFA_REQUIRED: (
        50076,
        "You must use multi-factor authentication to access the resource.",
        "basic_action",
    ),
    RefreshFailure.MFA_EXPIRED: (50078, "Presented multi-factor authentication has expired.", "basic_action"),
    RefreshFailure.CONSENT_MISSING: (65001, "The user or administrator has not consented.", "consent_required"),
}


def refresh_refused(failure: RefreshFailure | None) -> SignInError:
    """Return the refusal of a refresh token; None for one that never was."""
    if failure is None:
        return SignInError("invalid_grant", 9002313, "Invalid request. Request is malformed or invalid.", "bad_token")
    number, text, suberror = _REFUSED[failure]
    return SignInError("invalid_grant", number, text, suberror)
