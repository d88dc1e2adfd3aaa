"""An error of each kind that a call of Partner Center can end with."""

from datetime import timedelta

from qualification.domain.call_errors import (
    AccessLost,
    Held,
    InTheWay,
    PartnerCenterError,
    UnderReview,
    Unsent,
)
from tests.unit.builders import (
    ELSEWHERE,
    NO_RELATIONSHIP,
    NOW,
    REFUSED,
    UNAVAILABLE,
    UNKNOWN,
    throttled,
)

IN_AN_HOUR = NOW + timedelta(hours=1)
UNSENT = Unsent("unreachable", "No connection.", remedy="Nothing to do.")
IN_THE_WAY = InTheWay("http-409", "Something is in the way.", http_status=409, remedy="Nothing to do.")
UNAUTHORIZED = AccessLost("http-401", "Not signed in.", partner_wide=True, http_status=401, remedy="Sign in.")
UNDER_REVIEW = UnderReview("800073", "The account is under review.", http_status=403, remedy="Wait.")
HELD = Held("10001", "MFA is missing.", remedy="Sign in.", retry_at=IN_AN_HOUR)
ALONE = throttled().for_one_customer(IN_AN_HOUR)
NOT_TAKEN: list[PartnerCenterError] = [UNSENT, UNAUTHORIZED, UNDER_REVIEW, ELSEWHERE, NO_RELATIONSHIP]
OF_A_WRITE: list[PartnerCenterError] = [UNKNOWN, IN_THE_WAY, throttled(), REFUSED, *NOT_TAKEN]
OF_A_READ: list[PartnerCenterError] = [UNAVAILABLE, throttled(), UNAUTHORIZED, ELSEWHERE, NO_RELATIONSHIP]
