"""Which qualification a customer may ask for, given what it holds.

Microsoft documents the rules and not the answers. The status and the text of each refusal are made up here, with the
general code 800002; a client must go by the status.
"""

from collections.abc import Iterable, Mapping

from sandbox.partner_center.api_error import conflict, invalid_input
from sandbox.partner_center.validation_code import ValidationCode
from sandbox.partner_center.vocabulary import APPROVED, DENIED, IN_REVIEW, Qualification

EDUCATION_REQUESTS = 3
"""Education may be requested this often for one customer (page "Create and sell offers to education customers")."""

_EXCLUSIVE = {
    Qualification.EDUCATION: Qualification.GOVERNMENT_COMMUNITY_CLOUD,
    Qualification.GOVERNMENT_COMMUNITY_CLOUD: Qualification.EDUCATION,
}


def check_combination(wanted: Qualification, statuses: Mapping[Qualification, str | None]) -> None:
    """Pass a qualification that the customer may ask for beside what it holds.

    A second request for an approved Education or StateOwnedEntity passes, the harsher of the two things that the real
    service may do: it shows a caller that asks twice.

    Raises:
        ApiError: 409 while the same one is in review or where GCC is held already; 400 for GCC beside Education.
    """
    if statuses.get(wanted) == IN_REVIEW:
        raise conflict(f"{wanted} is in review for this customer.")
    if wanted is Qualification.GOVERNMENT_COMMUNITY_CLOUD and statuses.get(wanted) == APPROVED:
        raise conflict("The customer holds GovernmentCommunityCloud already.")
    other = _EXCLUSIVE.get(wanted)
    if other is not None and other in statuses and statuses[other] != DENIED:
        raise invalid_input(f"{wanted} can not be combined with {other}.")


def check_budget(requests: int) -> None:
    """Pass an Education request that is within the customer's budget.

    Raises:
        ApiError: 400 beyond the third.
    """
    if requests >= EDUCATION_REQUESTS:
        raise invalid_input(
            f"Education was requested {requests} times for this customer; no further request is accepted."
        )


def usable_code(code: str | None, codes: Iterable[ValidationCode]) -> ValidationCode:
    """Return the partner's code of that id.

    Raises:
        ApiError: 400 if none was given, the partner has no such code, or it is used up.
    """
    if code is None:
        raise invalid_input("GovernmentCommunityCloud needs a validation code.")
    for known in codes:
        if known.validation_id == code:
            if known.used_up:
                raise invalid_input("The validation code is used up.")
            return known
    raise invalid_input("The validation code is not known.")
