"""What a person can do about an error of Partner Center or its sign-in, by Microsoft's code."""

import re
from http import HTTPStatus

from qualification.domain.call_errors import (
    AccessLost,
    Elsewhere,
    OutcomeUnknown,
    PartnerCenterError,
    Refused,
    Unavailable,
)
from qualification.domain.remedies import LOOK, SIGN_IN, TICKET, WAIT

BY_ITSELF = "The service tries again by itself."
CORRECT = "Read the description, correct the request or the customer, then retry the request."
RETIRED = "Microsoft has retired the synchronous API: send the request again without 'mode'."
CHECK_URL = (
    "Somebody else than Partner Center answered: check that PARTNER_CENTER_URL is https://api.partnercenter.microsoft.com, "
    f"and the proxy and firewall on the way. {BY_ITSELF}"
)
UNCLEAR = f"If this goes on, ask Microsoft support and name the correlation id. {BY_ITSELF}"
APP_ACCESS = "Check the app's client id, tenant and consent to Microsoft Partner Center in the partner tenant."
UNKNOWN_CUSTOMER = (
    f"Check the customer tenant id and the reseller relationship in Partner Center. {BY_ITSELF} "
    "An unfinished request with a wrong id can be cancelled."
)
RELATIONSHIP = f"Set up a reseller relationship with the customer in Partner Center. {BY_ITSELF}"
ROLE = f"Give the service account the Admin agent or Sales agent role in Partner Center. {BY_ITSELF}"
PROGRAMME = f"Renew the partner's Cloud Solution Provider enrolment in Partner Center. {BY_ITSELF}"
UNDER_REVIEW = (
    "Nothing to do here: Microsoft is verifying the customer's account and may have asked its contact for documents. "
    f"{BY_ITSELF}"
)
FIELD = "Correct the field that the description names, then retry the request."

CONDITIONAL_ACCESS = (
    "Conditional Access or user risk in the partner tenant keeps the service account out: have an administrator of the "
    "partner tenant let it through, or dismiss the risk, then sign in again."
)
ACCOUNT = "The service account is disabled, gone or locked: have an administrator of the partner tenant enable it, then sign in again."
APPLICATION = "Enable the app, and Microsoft Partner Center, under enterprise applications in the partner tenant."
CONSENT = "Give the app admin consent to Microsoft Partner Center in the partner tenant, then sign in again."
CLIENT_ID = "Check PARTNER_CENTER_CLIENT_ID and PARTNER_CENTER_TENANT_ID: the tenant does not know the app."
CLIENT_SECRET = "Put a valid client secret of the app into PARTNER_CENTER_CLIENT_SECRET, or use a federated identity."  # noqa: S105  advice, not a secret
FEDERATION = (
    "Check the managed identity's proof: the app's federated credentials must match its issuer, subject and audience, and "
    "this machine's clock must be right."
)
LOGIN_URL = "Check PARTNER_CENTER_LOGIN_URL and PARTNER_CENTER_TENANT_ID."
READ = "Read the description; Microsoft explains its codes at login.microsoftonline.com/error."

BY_CODE = {
    "1002": f"Give the service account the Admin agent or Sales agent role, and the app consent to Partner Center. {BY_ITSELF}",
    "2032": "Check in Partner Center that this partner may change the customer's qualifications, then retry the request.",
    "3000": FIELD,
    "10001": SIGN_IN,
    "20002": RELATIONSHIP,
    "60003": UNKNOWN_CUSTOMER,
    "800001": APP_ACCESS,
    "800002": FIELD,
    "800039": PROGRAMME,
    "800073": UNDER_REVIEW,
    "800074": UNDER_REVIEW,
    "800075": f"Have the customer's account verified: Partner Center shows why it was not approved. {BY_ITSELF}",
    "900118": UNKNOWN_CUSTOMER,
    "900126": FIELD,
    "900149": PROGRAMME,
    "900150": ROLE,
    "900308": f"Ask the customer for GDAP with Directory Readers, License Administrator or User Administrator. {BY_ITSELF}",
    "900309": CONDITIONAL_ACCESS,
    "900329": "Give the service a refresh token of the service account: this call does not take App-only tokens.",
    "900416": f"{TICKET} Ask Microsoft to unlock the customer's account for transactions, then retry the request.",
    "900420": "Register the app for https://api.partnercenter.microsoft.com: the token's audience is not accepted.",
    "900421": SIGN_IN,
    "customer-tagging-denied": f"Look in Partner Center which qualifications the customer has already. {TICKET}",
}
"""By Partner Center's documented code."""

SIGN_IN_FAMILIES = (
    (r"53\d{3}|530\d{3}|50005|50097|50131", CONDITIONAL_ACCESS),
    (r"50057|50034|50053", ACCOUNT),
    (r"7000112|500014", APPLICATION),
    (r"65001|90094|650052|650057|90099|500011", CONSENT),
    (r"7000215|7000222", CLIENT_SECRET),
    (r"700024|70021|7002(1[1-9]|2\d|3[0-8])", FEDERATION),
    (r"50076|50078|50079|50173|70008|70043|700082|700084|70000", SIGN_IN),
    (r"700016", CLIENT_ID),
    (r"90002", LOGIN_URL),
)
"""By the number of an AADSTS code."""

SIGN_IN_WORDS = {"interaction_required": SIGN_IN, "consent_required": CONSENT}
"""By OAuth's word, where there is no code; invalid_grant and invalid_client do not tell what to do."""


def error_remedy(kind: type[PartnerCenterError], status: int, meaning: str) -> str:
    """What to do about an answer of Partner Center.

    Args:
        kind: the error that it means.
        status: of HTTP.
        meaning: the documented code that its code or words stand for, or "".
    """
    if issubclass(kind, OutcomeUnknown | Unavailable):
        return CHECK_URL if status < HTTPStatus.BAD_REQUEST else _by_itself(kind)
    if meaning in BY_CODE:
        return BY_CODE[meaning]
    return {AccessLost: APP_ACCESS, Elsewhere: CHECK_URL, Refused: CORRECT}.get(kind, WAIT)


def _by_itself(kind: type[PartnerCenterError]) -> str:
    return LOOK if issubclass(kind, OutcomeUnknown) else WAIT


def sign_in_remedy(code: str, word: str) -> str:
    """What to do about a refused sign-in.

    Args:
        code: AADSTS and a number, or anything else where the answer had none.
        word: OAuth's `error`, or "".
    """
    if number := code.removeprefix("AADSTS") if code.startswith("AADSTS") else "":
        known = (remedy for family, remedy in SIGN_IN_FAMILIES if re.fullmatch(family, number))
        return next(known, f"Read the description; look the code up at login.microsoftonline.com/error?code={number}.")
    return SIGN_IN_WORDS.get(word, READ if word else LOGIN_URL)
