"""Partner Center's refusals, with the codes of the page "Partner Center REST error codes"."""

from sandbox.partner_center.message import Answer

_REALM = {"WWW-Authenticate": 'OAuth realm="https://api.partnercenter.microsoft.com"'}


class ApiError(Exception):
    """A call that is refused; `answer` is what the caller gets.

    Args:
        status: HTTP status.
        code: Partner Center's code, kept as text as documented.
        description: The text beside it.
    """

    def __init__(self, status: int, code: str, description: str) -> None:
        super().__init__(description)
        self.status = status
        self.code = code
        self.description = description

    def answer(self) -> Answer:
        """Return the documented body: code, description, data and source."""
        document = {"code": self.code, "description": self.description, "data": [], "source": "PartnerFD"}
        body = Answer.of(document, self.status)
        unauthorized = 401
        if self.status == unauthorized:
            return Answer(body.status, body.body, headers=_REALM)
        return body


def token_missing() -> ApiError:
    """No bearer token was sent."""
    return ApiError(401, "800001", "Partner token is missing.")


def access_denied() -> ApiError:
    """The bearer token is unknown or has expired."""
    return ApiError(401, "400", "Access denied: the token is not valid or has expired.")


def audience_retired() -> ApiError:
    """The token was issued for Azure AD Graph, which is not accepted since August 2025."""
    return ApiError(401, "900420", "The audience of the token is no longer accepted.")


def mfa_required() -> ApiError:
    """The App+User token carries no MFA claim."""
    return ApiError(401, "900421", "The user's token has no valid MFA claim.")


def app_only_refused() -> ApiError:
    """The resource takes App+User tokens only."""
    return ApiError(403, "900329", "The resource does not support application-only authentication.")


def invalid_customer_id() -> ApiError:
    """The path segment is not a GUID."""
    return ApiError(400, "900118", "The customer identifier is not valid.")


def tenant_not_found() -> ApiError:
    """The partner has no such customer."""
    return ApiError(404, "60003", "The tenant was not found.")


def not_found() -> ApiError:
    """There is no such resource."""
    return ApiError(404, "1000", "The resource was not found.")


def invalid_input(description: str) -> ApiError:
    """The request is refused as a whole; the code is the general one, because Microsoft documents none for these."""
    return ApiError(400, "800002", description)


def invalid_property(description: str) -> ApiError:
    """A property is missing or wrong."""
    return ApiError(400, "3000", description)


def unparsable_enum(name: str) -> ApiError:
    """A word is no member of its enumeration."""
    return ApiError(400, "900126", f"The value of {name} could not be parsed.")


def conflict(description: str) -> ApiError:
    """The customer's state does not allow the call; 409 is documented without a code of its own."""
    return ApiError(409, "409", description)
