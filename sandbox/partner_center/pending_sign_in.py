"""Sign-ins that a user finishes elsewhere: device codes (RFC 8628), and the codes of the authorization-code flow."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sandbox.partner_center.sign_in_error import SignInError


class DeviceDecision(StrEnum):
    """What the user made of a device code."""

    PENDING = "pending"
    APPROVED = "approved"
    DECLINED = "declined"


@dataclass(slots=True)
class DeviceCode:
    """A device code and the short code that the user types."""

    user_code: str
    scope: str
    expires_at: datetime
    decision: DeviceDecision = DeviceDecision.PENDING


class PendingSignIns:
    """Sign-ins that were begun and not yet redeemed."""

    def __init__(self) -> None:
        self._devices: dict[str, DeviceCode] = {}
        self._codes: dict[str, str] = {}

    def begin_device(self, scope: str, now: datetime, lifetime: timedelta) -> tuple[str, DeviceCode]:
        """Return a new device code and its user code."""
        device_code = secrets.token_urlsafe(32)
        user_code = "".join(secrets.choice("BCDFGHJKLMNPQRSTVWXZ23456789") for _ in range(9))
        self._devices[device_code] = DeviceCode(user_code, scope, now + lifetime)
        return device_code, self._devices[device_code]

    def decide(self, user_code: str, decision: DeviceDecision) -> bool:
        """Let the user decide; return whether there is such a user code."""
        for device in self._devices.values():
            if device.user_code == user_code.upper():
                device.decision = decision
                return True
        return False

    def redeem_device(self, device_code: str, now: datetime) -> str:
        """Redeem a device code that the user has approved, and return the scope it was asked for.

        Raises:
            SignInError: authorization_pending, authorization_declined, expired_token, or invalid_grant for a code that
                is unknown or was redeemed before.
        """
        device = self._devices.get(device_code)
        if device is None:
            raise SignInError("invalid_grant", 70000, "The provided device code is not valid.")
        if device.expires_at <= now:
            raise SignInError("expired_token", 70020, "The provided device code has expired.")
        match device.decision:
            case DeviceDecision.PENDING:
                raise SignInError("authorization_pending", 70016, "Authorization is pending. Continue polling.")
            case DeviceDecision.DECLINED:
                raise SignInError("authorization_declined", 70018, "The user declined the authorization request.")
            case DeviceDecision.APPROVED:
                del self._devices[device_code]
                return device.scope

    def begin_code(self, redirect_uri: str) -> str:
        """Return an authorization code for a user who has signed in."""
        code = secrets.token_urlsafe(32)
        self._codes[code] = redirect_uri
        return code

    def redeem_code(self, code: str, redirect_uri: str) -> None:
        """Redeem an authorization code, once.

        Raises:
            SignInError: invalid_grant for an unknown code or another redirect address.
        """
        if self._codes.pop(code, None) != redirect_uri:
            raise SignInError("invalid_grant", 70008, "The provided authorization code is not valid or has expired.")
