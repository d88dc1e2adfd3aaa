"""Which qualification a customer may ask for, given what it holds; `Refusals` says how the others are taken."""

from collections.abc import Iterable, Mapping

from sandbox.partner_center.refusals import Refusals
from sandbox.partner_center.validation_code import ValidationCode
from sandbox.partner_center.vocabulary import APPROVED, DENIED, IN_REVIEW, Qualification

EDUCATION_REQUESTS = 3
"""Education may be requested this often for one customer (page "Create and sell offers to education customers")."""

_EXCLUSIVE = {
    Qualification.EDUCATION: Qualification.GOVERNMENT_COMMUNITY_CLOUD,
    Qualification.GOVERNMENT_COMMUNITY_CLOUD: Qualification.EDUCATION,
}


def combines(wanted: Qualification, statuses: Mapping[Qualification, str | None], refusals: Refusals) -> bool:
    """Return whether a request begins anything beside what the customer holds.

    Raises:
        ApiError: It is refused.
    """
    status = statuses.get(wanted)
    if status == IN_REVIEW:
        return refusals.in_review.begins(f"{wanted} is in review for this customer.")
    if wanted in statuses and status in {APPROVED, None}:
        government = wanted is Qualification.GOVERNMENT_COMMUNITY_CLOUD
        manner = refusals.government_approved if government else refusals.approved
        return manner.begins(f"The customer holds {wanted} already.")
    other = _EXCLUSIVE.get(wanted)
    if other is not None and other in statuses and statuses[other] != DENIED:
        return refusals.combination.begins(f"{wanted} can not be combined with {other}.")
    return True


def within_budget(requests: int, refusals: Refusals) -> bool:
    """Return whether an Education request begins anything after so many others.

    Raises:
        ApiError: It is refused.
    """
    if requests < EDUCATION_REQUESTS:
        return True
    words = f"Education was requested {requests} times for this customer; no further request is accepted."
    return refusals.spent.begins(words)


def usable_code(
    wanted: str | None, codes: Iterable[ValidationCode], refusals: Refusals
) -> tuple[bool, ValidationCode | None]:
    """Return whether a GCC request with this code begins anything, and the partner's code to use up, if there is one.

    Raises:
        ApiError: It is refused.
    """
    if wanted is None:
        return refusals.code_missing.begins("GovernmentCommunityCloud needs a validation code."), None
    for code in codes:
        if code.validation_id == wanted:
            return not code.used_up or refusals.code_used_up.begins("The validation code is used up."), code
    return refusals.code_unknown.begins("The validation code is not known."), None
