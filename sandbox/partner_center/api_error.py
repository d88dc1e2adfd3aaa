"""Partner Center's refusals, with the codes of the page "Partner Center REST error codes"."""

from sandbox.partner_center.error_shape import ErrorText
from sandbox.partner_center.reply import REPLIES, Reply, ReplyName

_REALM = {"WWW-Authenticate": 'OAuth realm="https://api.partnercenter.microsoft.com"'}
_UNAUTHORIZED = 401


class ApiError(Exception):
    """A call that is refused; `reply` is what the caller gets, to be written in the customer's shape of errors."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(reply.error.words if reply.error else str(reply.status))
        self.reply = reply


def _error(status: int, code: str, words: str) -> ApiError:
    headers = _REALM if status == _UNAUTHORIZED else {}
    return ApiError(Reply(status=status, error=ErrorText(code=code, words=words), headers=headers))


def token_missing() -> ApiError:
    """No bearer token was sent."""
    return _error(401, "800001", "Partner token is missing.")


def access_denied() -> ApiError:
    """The bearer token is unknown or has expired."""
    return _error(401, "400", "Access denied: the token is not valid or has expired.")


def audience_retired() -> ApiError:
    """The token was issued for Azure AD Graph, which is not accepted since August 2025."""
    return _error(401, "900420", "The audience of the token is no longer accepted.")


def mfa_required() -> ApiError:
    """The App+User token carries no MFA claim."""
    return _error(401, "900421", "The user's token has no valid MFA claim.")


def app_only_refused() -> ApiError:
    """The resource takes App+User tokens only."""
    return _error(403, "900329", "The resource does not support application-only authentication.")


def invalid_customer_id() -> ApiError:
    """The path segment is not a GUID."""
    return ApiError(REPLIES[ReplyName.INVALID_CUSTOMER])


def tenant_not_found() -> ApiError:
    """The partner has no such customer."""
    return ApiError(REPLIES[ReplyName.TENANT_NOT_FOUND])


def not_found() -> ApiError:
    """There is no such resource."""
    return _error(404, "1000", "The resource was not found.")


def invalid_input(description: str) -> ApiError:
    """The request is refused as a whole; the code is the general one, because Microsoft documents none for these."""
    return _error(400, "800002", description)


def invalid_property(description: str) -> ApiError:
    """A property is missing or wrong."""
    return _error(400, "3000", description)


def unparsable_enum(name: str) -> ApiError:
    """A word is no member of its enumeration."""
    return _error(400, "900126", f"The value of {name} could not be parsed.")


def conflict(description: str) -> ApiError:
    """The customer's state does not allow the call; 409 is documented without a code of its own."""
    return _error(409, "409", description)
