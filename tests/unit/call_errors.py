"""An error of each kind that a call of Partner Center can end with."""

from qualification.domain.call_errors import (
    AccessLost,
    InTheWay,
    PartnerCenterError,
    UnderReview,
    Unsent,
)
from tests.unit.builders import (
    ELSEWHERE,
    NO_RELATIONSHIP,
    REFUSED,
    UNAVAILABLE,
    UNKNOWN,
    throttled,
)

UNSENT = Unsent("unreachable", "No connection.", remedy="Nothing to do.")
IN_THE_WAY = InTheWay("http-409", "Something is in the way.", http_status=409, remedy="Nothing to do.")
UNAUTHORIZED = AccessLost("http-401", "Not signed in.", partner_wide=True, http_status=401, remedy="Sign in.")
UNDER_REVIEW = UnderReview("800073", "The account is under review.", http_status=403, remedy="Wait.")
NOT_TAKEN: list[PartnerCenterError] = [UNSENT, UNAUTHORIZED, UNDER_REVIEW, ELSEWHERE, NO_RELATIONSHIP]
OF_A_WRITE: list[PartnerCenterError] = [UNKNOWN, IN_THE_WAY, throttled(), REFUSED, *NOT_TAKEN]
OF_A_READ: list[PartnerCenterError] = [UNAVAILABLE, throttled(), UNAUTHORIZED, ELSEWHERE, NO_RELATIONSHIP]
