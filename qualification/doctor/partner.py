"""Checks of the way to Partner Center: the app, the service account, the refresh token, validation codes, the clock."""

from datetime import timedelta

from qualification.bootstrap import Service
from qualification.doctor.diagnosis import Diagnosis, Finding
from qualification.doctor.roles import NETWORK, VAULT
from qualification.domain.call_errors import PartnerCenterError
from qualification.partner_center.vault_failures import DELETED, DISABLED, NO_TOKEN
from qualification.use_cases.token_renewal import RENEW_AFTER, WARN_AFTER

APP, CODES, CLOCK = "Partner Center, the app", "Validation codes", "Clock"
TOKEN, ACCOUNT, STORING = "Refresh token", "Partner Center, the service account", "Refresh token, storing"
WORST_SKEW = timedelta(seconds=60)

MFA_REMEDY = "Sign in again with MFA as the service account: python -m qualification sign-in."
OF_THE_SECRET = frozenset({DELETED, DISABLED, NO_TOKEN})
"""What is wrong with the secret itself, whoever asks for it."""
CLOCK_REMEDY = "Set this machine's clock by NTP; signatures and tokens depend on it."
UNPROVEN = "whether it may write (Admin agent or Sales agent; GDAP with the customer) only a request proves"


async def app(service: Service) -> list[Diagnosis]:
    """What takes the app's own token: reading, the validation codes, the time."""
    try:
        codes = await service.adapters.partner_center.get_validation_codes()
        skew = await service.adapters.partner_center.clock_skew()
    except PartnerCenterError as error:
        return [
            Diagnosis(APP, Finding.FAULT, str(error), error.remedy),
            Diagnosis(CODES, Finding.NOT_CHECKED, "only the app can read them"),
            Diagnosis(CLOCK, Finding.NOT_CHECKED, "Partner Center tells the time to the app only"),
        ]
    left = sum(code.has_creates_left for code in codes)
    return [
        Diagnosis(APP, Finding.OK, "signs in by itself (App-only), Partner Center lets it read"),
        _codes(len(codes), left),
        _clock(skew),
    ]


async def service_account(service: Service) -> list[Diagnosis]:
    """What takes the refresh token: reading it, signing in with it, storing the next one, in this order."""
    try:
        # Signing in stores the next one, after which its age says nothing.
        age = await _token_age(service)
    except PartnerCenterError as error:
        because = "there is no refresh token to do it with"
        return [
            Diagnosis(TOKEN, Finding.FAULT, str(error), error.remedy),
            Diagnosis(ACCOUNT, Finding.NOT_CHECKED, because),
            Diagnosis(STORING, Finding.NOT_CHECKED, because),
        ]
    return [_age(age, service), await _account(service), _storing(service)]


async def refresh_token(service: Service) -> list[Diagnosis]:
    """The stored refresh token alone, of a deployed app: it is not signed in with, for that would store the next one."""
    try:
        return [_age(await _token_age(service), service)]
    except PartnerCenterError as error:
        takes = "" if error.code in OF_THE_SECRET else f"the role Key Vault Secrets Officer, and {NETWORK}"
        return [Diagnosis(TOKEN, Finding.FAULT, str(error), error.remedy, takes=takes)]


async def _token_age(service: Service) -> timedelta:
    return service.clock() - (await service.adapters.token_store.read()).stored_at


async def _account(service: Service) -> Diagnosis:
    try:
        has_mfa = await service.adapters.partner_center.validate_mfa()
    except PartnerCenterError as error:
        return Diagnosis(ACCOUNT, Finding.FAULT, str(error), error.remedy)
    if not has_mfa:
        return Diagnosis(ACCOUNT, Finding.FAULT, "signs in, but without the MFA claim that writing takes", MFA_REMEDY)
    return Diagnosis(ACCOUNT, Finding.OK, f"signs in with MFA (App+User), may read; {UNPROVEN}")


def _age(age: timedelta, service: Service) -> Diagnosis:
    detail = f"stored {age.days} days ago; {_role(service, 'may be read')}"
    if age >= WARN_AFTER:
        return Diagnosis(TOKEN, Finding.FAULT, f"{detail}; it dies after 90", MFA_REMEDY)
    if age >= RENEW_AFTER + timedelta(days=1):
        remedy = "Look at advance_requests: docs/operate.md, refresh-token-old."
        return Diagnosis(TOKEN, Finding.WARNING, f"{detail}; the timer should have renewed it", remedy)
    return Diagnosis(TOKEN, Finding.OK, detail)


def _storing(service: Service) -> Diagnosis:
    if error := service.adapters.tokens.storing_failed:
        return Diagnosis(STORING, Finding.FAULT, str(error), error.remedy)
    if not service.adapters.tokens.has_stored:
        return Diagnosis(STORING, Finding.NOT_CHECKED, "the sign-in gave no new token, so there was none to store")
    return Diagnosis(
        STORING, Finding.OK, f"the one that this sign-in gave is stored; {_role(service, 'may be written')}"
    )


def _role(service: Service, by_file: str) -> str:
    in_file = service.settings.partner_center.refresh_token.startswith("file:")
    return f"the file {by_file}" if in_file else f"role proven: {VAULT} (the secret {by_file})"


def _codes(count: int, left: int) -> Diagnosis:
    if not count:
        return Diagnosis(CODES, Finding.OK, "none; only GovernmentCommunityCloud needs one")
    finding = Finding.OK if left else Finding.WARNING
    remedy = "" if left else "Apply to Microsoft for another validation code."
    return Diagnosis(CODES, finding, f"with creates left: {left} of {count}", remedy)


def _clock(skew: timedelta | None) -> Diagnosis:
    if skew is None:
        return Diagnosis(CLOCK, Finding.NOT_CHECKED, "Partner Center tells no time to compare with")
    detail = f"{skew.total_seconds():+.0f} s from Partner Center's"
    if abs(skew) > WORST_SKEW:
        return Diagnosis(CLOCK, Finding.FAULT, detail, CLOCK_REMEDY)
    return Diagnosis(CLOCK, Finding.OK, detail)
