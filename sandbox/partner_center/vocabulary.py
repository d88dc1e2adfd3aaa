"""Partner Center's words: qualifications, segments, vetting statuses, denial reasons, and the operations simulated here."""

import re
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator

IN_REVIEW = "InReview"
APPROVED = "Approved"
DENIED = "Denied"

NO_LONGER_EDUCATION = "No longer an Education Customer"

DENIAL_REASONS = (
    "Not an Education Customer",
    NO_LONGER_EDUCATION,
    "Not an Education Customer - After Review",
    "Restricted being an Education Customer",
    "Not an Academic Domain",
    "Not an eligible Library",
    "Not an eligible Museum",
)
"""Values of `vettingReason` listed in Partner Center's API change log of December 2020."""

_GUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


class Qualification(StrEnum):
    """Members stand in the order of their wire integers, 0 to 4 (page "CustomerQualification enumeration")."""

    NONE = "None"
    EDUCATION = "Education"
    NONPROFIT = "Nonprofit"
    GOVERNMENT_COMMUNITY_CLOUD = "GovernmentCommunityCloud"
    STATE_OWNED_ENTITY = "StateOwnedEntity"


class EducationSegment(StrEnum):
    """The two documented values of `educationSegment`."""

    K12 = "K12"
    HIGHER_EDUCATION = "HigherEducation"


class Operation(StrEnum):
    """What a call asks for; faults are scripted and calls are counted by it."""

    POST = "post"
    GET = "get"
    PUT = "put"
    GET_SYNCHRONOUS = "getSynchronous"
    CODES = "codes"
    RELATIONSHIP = "relationship"
    TOKEN = "token"  # noqa: S105  the name of an endpoint, not a secret
    DEVICE_CODE = "deviceCode"
    AUTHORIZE = "authorize"
    OTHER = "other"
    ANY = "any"


SIGN_IN_OPERATIONS = frozenset({Operation.TOKEN, Operation.DEVICE_CODE, Operation.AUTHORIZE})


def is_customer_id(text: str) -> bool:
    """Whether the text is a GUID in lower case, as a customer tenant id is kept here."""
    return _GUID.fullmatch(text) is not None


def customer_id(text: str) -> str:
    """Return the customer tenant id in lower case.

    Raises:
        ValueError: The text is not a GUID.
    """
    lowered = text.lower()
    if not is_customer_id(lowered):
        raise ValueError("a customer is named by a GUID")
    return lowered


CustomerId = Annotated[str, AfterValidator(customer_id)]


def qualification_from_scalar(scalar: object) -> Qualification:
    """Read the JSON scalar of the synchronous API: the integer, or the name without regard to case and `_`.

    The integer is what the page documents, the spellings are those of the retired SDKs.

    Raises:
        ValueError: No member has that integer or name.
    """
    members = tuple(Qualification)
    if isinstance(scalar, int) and not isinstance(scalar, bool) and 0 <= scalar < len(members):
        return members[scalar]
    if isinstance(scalar, str):
        folded = scalar.replace("_", "").lower()
        for member in members:
            if member.lower() == folded:
                return member
    raise ValueError("not a customer qualification")
