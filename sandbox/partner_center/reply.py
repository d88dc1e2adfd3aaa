"""Answers in place of the proper one: of Partner Center or of what stands before it, word for word where one is known."""

from enum import StrEnum

from pydantic import Field, JsonValue

from sandbox.partner_center.answer import Answer
from sandbox.partner_center.control_model import ControlModel
from sandbox.partner_center.error_shape import ErrorShape, ErrorText, Wrapping

AS_SEEN = ErrorShape()


class Reply(ControlModel):
    """A scripted answer; of `error`, `text` and `document` the first one that is set is its body.

    Attributes:
        status: HTTP status.
        error: A code and words, which can be wrapped in every way that errors were seen in.
        wrapping: How `error` was seen wrapped.
        text: Body that is not JSON.
        content_type: Of `text`.
        document: JSON body: an object, a list, or a bare string.
        headers: Response headers.
    """

    status: int = Field(ge=200, le=599)
    error: ErrorText | None = None
    wrapping: Wrapping = Wrapping.DOCUMENTED
    text: str | None = None
    content_type: str = "text/html"
    document: JsonValue = None
    headers: dict[str, str] = Field(default_factory=dict)

    def answer(self, shape: ErrorShape = AS_SEEN) -> Answer:
        """Return the answer; `shape` wraps an error in another way, and its letter case and BOM hold for any JSON."""
        if self.error is not None:
            wrapping = shape.wrapping or self.wrapping
            return shape.model_copy(update={"wrapping": wrapping}).answer(self.status, self.error, self.headers)
        if self.text is not None:
            return Answer(self.status, self.text.encode(), self.content_type, self.headers)
        if self.document is None:
            return Answer(self.status, headers=self.headers)
        document = shape.letter_case.spell(self.document)
        return Answer.of(document, self.status, headers=self.headers).with_bom(on=shape.bom)


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
    ACCEPTED_EMPTY = "acceptedEmpty"
    NO_CONTENT = "noContent"
    MFA_REQUIRED_TEXT = "mfaRequiredText"
    ROLE_MISSING = "roleMissing"
    PERMISSION_MISSING = "permissionMissing"
    INVALID_CUSTOMER = "invalidCustomer"
    TENANT_NOT_FOUND = "tenantNotFound"
    ACCOUNT_UNDER_REVIEW = "accountUnderReview"
    ALREADY_IN_REVIEW = "alreadyInReview"
    IN_PROGRESS = "inProgress"
    METHOD_NOT_ALLOWED = "methodNotAllowed"
    NOT_ACCEPTABLE = "notAcceptable"
    PROXY_PAGE = "proxyPage"
    PROXY_FORBIDDEN = "proxyForbidden"
    PROXY_NOT_FOUND = "proxyNotFound"
    PROXY_SIGN_IN = "proxySignIn"


def _error(status: int, code: str | int, words: str, wrapping: Wrapping = Wrapping.DOCUMENTED) -> Reply:
    return Reply(status=status, error=ErrorText(code=code, words=words), wrapping=wrapping)


def _page(status: int, title: str, **headers: str) -> Reply:
    text = f"<html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>"
    return Reply(status=status, text=text, headers={name.replace("_", "-"): value for name, value in headers.items()})


REPLIES: dict[ReplyName, Reply] = {
    ReplyName.THROTTLED: Reply(
        status=429,
        error=ErrorText(words="Rate limit is exceeded. Try again in 1 seconds."),
        wrapping=Wrapping.GATEWAY,
        headers={"Retry-After": "1"},
    ),
    ReplyName.REQUEST_TIMEOUT: Reply(status=408),
    ReplyName.INTERNAL_ERROR: _error(500, "800003", "The server failed to process the request."),
    ReplyName.INTERNAL_ERROR_TEXT: Reply(status=500, document="An unexpected error occurred."),
    ReplyName.BAD_GATEWAY: _page(502, "502 Bad Gateway"),
    ReplyName.SERVICE_UNAVAILABLE: _error(503, "900192", "The service is not available at the moment."),
    ReplyName.GATEWAY_TIMEOUT: Reply(status=504),
    ReplyName.NOT_RETRYABLE: _error(500, 600099, "Do not try again.", Wrapping.NEWER),
    ReplyName.TAGGING_DENIED: Reply(
        status=400, error=ErrorText(words="Customer tagging denied."), wrapping=Wrapping.JSON_STRING
    ),
    ReplyName.MFA_REQUIRED: _error(401, "900421", "The user's token has no valid MFA claim."),
    ReplyName.AUTHORIZATION_FAILED: _error(403, 1002, "Authorization Failed"),
    ReplyName.NO_RELATIONSHIP: _error(403, "20002", "The partner has no commerce relationship with the customer."),
    ReplyName.INSUFFICIENT_PRIVILEGES: _error(403, "900308", "The user has insufficient privileges in the customer."),
    ReplyName.CONFLICT: _error(409, "409", "The request conflicts with the state of the customer."),
    ReplyName.REDIRECT: Reply(status=302, headers={"Location": "/elsewhere"}),
    ReplyName.ACCEPTED_EMPTY: Reply(status=202),
    ReplyName.NO_CONTENT: Reply(status=204),
    ReplyName.MFA_REQUIRED_TEXT: _error(401, "10001", "Authentication failed. MFA required.", Wrapping.BRACKETS),
    ReplyName.ROLE_MISSING: Reply(
        status=403,
        error=ErrorText(words="The supplied role does not have the rights to perform the requested operation."),
        wrapping=Wrapping.JSON_STRING,
    ),
    ReplyName.PERMISSION_MISSING: _error(
        403, "Forbidden", "User does not have the required permissions", Wrapping.NESTED
    ),
    ReplyName.INVALID_CUSTOMER: _error(400, "900118", "The customer identifier is not valid."),
    ReplyName.TENANT_NOT_FOUND: _error(404, "60003", "The tenant was not found."),
    ReplyName.ACCOUNT_UNDER_REVIEW: _error(
        403, "800073", "The customer is currently under review. Check back in few days."
    ),
    # Microsoft documents no code for it; the general one of a wrong input, and made-up words.
    ReplyName.ALREADY_IN_REVIEW: _error(400, "800002", "The qualification is already in review for this customer."),
    ReplyName.IN_PROGRESS: _error(409, "800060", "The request is in progress."),
    ReplyName.METHOD_NOT_ALLOWED: _page(405, "405 Method Not Allowed"),
    ReplyName.NOT_ACCEPTABLE: Reply(status=406),
    ReplyName.PROXY_PAGE: _page(200, "Sign in to the network"),
    ReplyName.PROXY_FORBIDDEN: _page(403, "Blocked by your administrator"),
    ReplyName.PROXY_NOT_FOUND: _page(404, "404 Not Found"),
    ReplyName.PROXY_SIGN_IN: _page(407, "Proxy Authentication Required", Proxy_Authenticate='Basic realm="proxy"'),
}
