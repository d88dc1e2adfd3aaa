"""How the simulator behaves as a whole."""

from pydantic import Field, NonNegativeFloat, PositiveFloat, PositiveInt

from sandbox.partner_center.control_model import ControlModel


class Settings(ControlModel):
    """Settings that can be changed while it runs.

    Attributes:
        vetting_seconds: How long a vetting takes whose script does not say.
        latency: Seconds that every answer takes; the call takes effect first.
        outage: Answer every call with 503, sign-in included.
        seed: Where the draws of faults by chance and of hostile customers begin.
        hostility: How likely a customer without a script of its own has each of the habits of `hostile.py`; 0 for none.
        pace: What the times of hostile customers are multiplied by, so that a short run sees them.
        date_offset: Seconds by which the `Date` header, and dates in `Retry-After`, are ahead of the simulator's time.
        mfa_enforced: Refuse a user's token without the MFA claim.
        user_has_mfa: Whether user tokens issued from now on carry the claim.
        accept_assertions: Whether a signed client assertion is good.
        sign_in_bom: Whether a byte order mark comes before the token endpoint's JSON.
        access_token_seconds: Lifetime of access tokens issued from now on.
        refresh_token_seconds: Lifetime of refresh tokens, 90 days in Entra.
        device_code_seconds: Lifetime of device codes.
        device_code_interval: Seconds that a client is told to wait between polls.
    """

    vetting_seconds: NonNegativeFloat = 2
    latency: NonNegativeFloat = 0
    outage: bool = False
    seed: int = 0
    hostility: float = Field(default=0, ge=0, le=1)
    pace: PositiveFloat = 1
    date_offset: float = 0
    mfa_enforced: bool = True
    user_has_mfa: bool = True
    accept_assertions: bool = True
    sign_in_bom: bool = False
    access_token_seconds: PositiveInt = 3600
    refresh_token_seconds: PositiveFloat = 90 * 24 * 3600
    device_code_seconds: PositiveInt = 900
    device_code_interval: PositiveInt = 5
