"""Who may make a call: the token, its audience, its MFA claim, and whether it speaks for a user."""

from sandbox.partner_center.api_error import (
    access_denied,
    app_only_refused,
    audience_retired,
    mfa_required,
    token_missing,
)
from sandbox.partner_center.incoming import Incoming
from sandbox.partner_center.token import Caller
from sandbox.partner_center.vocabulary import Operation

APP_USER_ONLY = frozenset({Operation.POST, Operation.PUT})
"""Operations documented as App+User only; the others take either kind of token."""

_RETIRED_AUDIENCE = "graph.windows.net"


def authorize(incoming: Incoming, *, mfa_enforced: bool) -> None:
    """Pass a call that may go on.

    Raises:
        ApiError: 401 with 800001, 400, 900420 or 900421; 403 with 900329.
    """
    token = incoming.token
    if token is None:
        raise access_denied() if incoming.headers.get("Authorization", "").startswith("Bearer ") else token_missing()
    if _RETIRED_AUDIENCE in token.audience:
        raise audience_retired()
    if token.caller is Caller.APP_ONLY:
        if incoming.operation in APP_USER_ONLY:
            raise app_only_refused()
    elif mfa_enforced and not token.mfa:
        raise mfa_required()
