"""What a person can do, by cause, in the reader's terms; none tells them to do what this service would refuse.

Sources: "Create and sell offers to education customers", "Understand customer account verification", the note of
December 2020 in the API change log (the reasons), "Partner Center REST error codes", Microsoft Entra's error codes.
"""

import re

from qualification.domain.look import CustomerQualification
from qualification.domain.record import Record
from qualification.domain.request import Qualification
from qualification.domain.status import Status

WAIT = "Nothing to do: the service asks again by itself."
LOOK = "Nothing to do: the service reads at Partner Center whether it took effect, and goes on from there."
SIGN_IN = 'Sign in again with MFA as the service account: run "python -m qualification sign-in".'
TICKET = "Open a support ticket with Microsoft in Partner Center."

REVIEW_WARNING = (
    "Changing a customer's company name or address can start an account review at Microsoft; until it ends the customer "
    "cannot buy anything new, nor add seats."
)
COMPANY_DATA = (
    "Have a global administrator of the customer correct its company data in the Microsoft 365 admin centre: legal name as "
    "registered, full address, and an e-mail address of the institution's own domain."
)
OWN_DOMAIN = (
    "Have the customer use the institution's own domain, not free mail, onmicrosoft.com or the reseller's, for its e-mail "
    "address."
)
PROOF = f"{TICKET} Attach what proves that the customer is an eligible institution."
THIRD = (
    "Microsoft verifies a customer three times, and these are spent. "
    f"{TICKET} If Microsoft decides otherwise, this service says so by itself."
)
LAST = "One verification is left: the next request waits until a person confirms it."

EDUCATION_DENIALS = {
    "not-an-education-customer": ("Microsoft did not recognise an education institution.", COMPANY_DATA),
    "no-longer-an-education-customer": (
        "Microsoft no longer sees an education institution. Ask the customer what has changed.",
        COMPANY_DATA,
    ),
    "not-an-education-customer-after-review": (
        "Microsoft has denied it after a review. Before another verification is spent, ask Microsoft what is missing.",
        PROOF,
    ),
    "restricted-being-an-education-customer": (
        "Microsoft has restricted this customer, so another request does not help until that is lifted.",
        TICKET,
    ),
    "not-an-academic-domain": (
        "Microsoft did not recognise the customer's domain as that of an institution.",
        OWN_DOMAIN,
    ),
    "not-an-eligible-library": ("Microsoft does not see an eligible library.", PROOF),
    "not-an-eligible-museum": ("Microsoft does not see an eligible museum.", PROOF),
}
"""By the reason: what has happened, and what is to be done."""

UNKNOWN_DENIAL = ("Microsoft denied it; read its reason.", COMPANY_DATA)
NO_RETRY = frozenset({"restricted-being-an-education-customer"})

DENIALS = {
    Qualification.GOVERNMENT_COMMUNITY_CLOUD: (
        "Microsoft did not accept the customer as a government customer. Check with Microsoft that the customer is "
        "eligible and that the validation code is valid for it, then retry the request with a valid code."
    ),
    Qualification.STATE_OWNED_ENTITY: (
        "A state-owned entity is declared by the partner and not vetted, so a denial is not expected. "
        f"Look at the customer in Partner Center. {TICKET}"
    ),
}
WITHDRAWALS = {
    Qualification.GOVERNMENT_COMMUNITY_CLOUD: (
        f"Partner Center no longer shows the customer as a government customer. {TICKET} "
        "If the customer is eligible, send a new request with a valid code."
    ),
    Qualification.STATE_OWNED_ENTITY: (
        "Partner Center no longer shows the customer as a state-owned entity. Ask who has changed it; if it is still one, "
        "send a new request."
    ),
}


def reason_code(vetting_reason: str | None) -> str | None:
    """A stable kebab-case word for Microsoft's reason: one of those documented, or `other`; None where it gave none."""
    if vetting_reason is None or not vetting_reason.strip():
        return None
    word = "-".join(re.findall(r"[a-z0-9]+", vetting_reason.casefold()))
    return word if word in EDUCATION_DENIALS else "other"


def denial_remedy(record: Record, row: CustomerQualification, status: Status, left: int) -> str | None:
    """What to do about a denial or a withdrawal; None where the status is neither.

    Args:
        record: the request.
        row: what Partner Center shows.
        status: the next one.
        left: how many education verifications the customer has left at least.
    """
    if status not in {Status.DENIED, Status.REVOKED}:
        return None
    if record.qualification is Qualification.EDUCATION:
        parts = _education(record, reason_code(row.vetting_reason), status, left)
    else:
        parts = [(DENIALS if status is Status.DENIED else WITHDRAWALS)[record.qualification]]
    if record.correction is not None:
        parts.append(
            f"Newer content from {record.correction.source} is kept{_goes_with_a_retry(record, status, left)}."
        )
    return " ".join(parts)


def _education(record: Record, reason: str | None, status: Status, left: int) -> list[str]:
    happened, todo = EDUCATION_DENIALS.get(reason or "", UNKNOWN_DENIAL)
    if status is Status.REVOKED and reason is None:
        happened = "Partner Center no longer shows the customer as an education customer."
    if not left:
        return [happened, THIRD]
    parts = [happened, todo]
    if todo is COMPANY_DATA:
        parts.append(REVIEW_WARNING)
    if reason not in NO_RETRY:
        again = "retry the request" if status is Status.DENIED else "send a new request"
        named = isinstance(getattr(record.request, "website", None), str)
        parts.append(f"Then {again}." if named else f"Then {again}, with the institution's website.")
        if left == 1:
            parts.append(LAST)
    return parts


def _goes_with_a_retry(record: Record, status: Status, left: int) -> str:
    wanted = (record.correction or record).request.qualification
    may_retry = status is Status.DENIED and (left or wanted is not Qualification.EDUCATION)
    return "; a retry sends it" if may_retry else ""
