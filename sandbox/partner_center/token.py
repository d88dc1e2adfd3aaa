"""Access and refresh tokens, and the register that tells which are valid."""

import base64
import json
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Caller(StrEnum):
    """Who a token speaks for, in Partner Center's words."""

    APP_ONLY = "appOnly"
    APP_USER = "appUser"


@dataclass(slots=True, frozen=True)
class AccessToken:
    """A bearer token's meaning; `mfa` is whether its `amr` claim contains it."""

    caller: Caller
    audience: str
    mfa: bool
    expires_at: datetime


class RefreshFailure(StrEnum):
    """Why Entra refuses a refresh token that was once good."""

    EXPIRED = "expired"
    REVOKED = "revoked"
    MFA_REQUIRED = "mfaRequired"
    MFA_EXPIRED = "mfaExpired"
    CONSENT_MISSING = "consentMissing"


@dataclass(slots=True)
class Family:
    """All refresh tokens that go back to one sign-in of the user; they stand and fall together."""

    failure: RefreshFailure | None = None


@dataclass(slots=True, frozen=True)
class RefreshToken:
    """One member of a family; older members stay valid when a new one is issued (page "Refresh tokens", Entra)."""

    family: Family
    issued_at: datetime


class TokenRegister:
    """Issues tokens and looks them up."""

    def __init__(self) -> None:
        self._access: dict[str, AccessToken] = {}
        self._refresh: dict[str, RefreshToken] = {}

    def issue_access(self, token: AccessToken, claims: dict[str, object], now: datetime) -> str:
        """Register an access token and return it in the shape of a JWT."""
        while self._access and next(iter(self._access.values())).expires_at <= now:
            del self._access[next(iter(self._access))]
        methods = ["pwd", "mfa"] if token.mfa else ["pwd"]
        payload = claims | {
            "iat": int(now.timestamp()),
            "exp": int(token.expires_at.timestamp()),
            "aud": token.audience,
        }
        if token.caller is Caller.APP_USER:
            payload |= {"amr": methods, "scp": "user_impersonation"}
        text = jwt(payload)
        self._access[text] = token
        return text

    def access(self, text: str, now: datetime) -> AccessToken | None:
        """Return what the bearer token means, or None if it is unknown or has expired."""
        token = self._access.get(text)
        return token if token is not None and now < token.expires_at else None

    def issue_refresh(self, family: Family, now: datetime) -> str:
        """Register one more refresh token of the family and return it."""
        text = f"1.{secrets.token_urlsafe(48)}"
        self._refresh[text] = RefreshToken(family, now)
        return text

    def keep_refresh(self, text: str, family: Family, now: datetime) -> None:
        """Register a refresh token that was made elsewhere."""
        self._refresh[text] = RefreshToken(family, now)

    def refresh(self, text: str, now: datetime, lifetime: timedelta) -> RefreshToken | RefreshFailure | None:
        """Return the refresh token, why it is refused, or None if it never existed."""
        token = self._refresh.get(text)
        if token is None:
            return None
        if token.family.failure is not None:
            return token.family.failure
        return token if now < token.issued_at + lifetime else RefreshFailure.EXPIRED

    def fail(self, failure: RefreshFailure | None) -> None:
        """Refuse every refresh token issued so far for this reason, or accept them again."""
        for token in self._refresh.values():
            token.family.failure = failure

    def forget_access(self, *, without_mfa: bool) -> None:
        """Make access tokens invalid: all of them, or only a user's without the MFA claim."""
        self._access = {
            text: token
            for text, token in self._access.items()
            if without_mfa and (token.mfa or token.caller is Caller.APP_ONLY)
        }


def jwt(payload: dict[str, object]) -> str:
    """Return claims in the shape of a JWT, its signature made of random bytes."""
    parts = (json.dumps({"typ": "JWT", "alg": "RS256"}), json.dumps(payload))
    encoded = [base64.urlsafe_b64encode(part.encode()).rstrip(b"=").decode() for part in parts]
    return ".".join([*encoded, secrets.token_urlsafe(32)])
