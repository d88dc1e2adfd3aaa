"""Spans of time in which every call for a customer is refused: not related yet, gone, or under review."""

from collections.abc import Iterable
from datetime import timedelta
from enum import StrEnum

from pydantic import NonNegativeFloat

from sandbox.partner_center.api_error import ApiError
from sandbox.partner_center.control_model import ControlModel
from sandbox.partner_center.reply import REPLIES, ReplyName


class Calls(StrEnum):
    """Which calls are refused."""

    ALL = "all"
    READS = "reads"
    WRITES = "writes"


class Refused(ControlModel):
    """One span; moments count from the first call that named the customer, in seconds of the simulator's time.

    Attributes:
        reply: What calls are answered: `tenantNotFound`, `noRelationship` and `invalidCustomer` are what is documented
            for a customer that is gone, `accountUnderReview` for a business state, but any reply may be scripted.
        begins: When it begins; 0 with an end is a customer that is not related yet.
        ends: When it ends; None for never.
        calls: Which calls it refuses.
    """

    reply: ReplyName = ReplyName.TENANT_NOT_FOUND
    begins: NonNegativeFloat = 0
    ends: NonNegativeFloat | None = None
    calls: Calls = Calls.ALL


def check_standing(spans: Iterable[Refused], age: timedelta, *, writes: bool) -> None:
    """Pass a call that no span refuses.

    Args:
        spans: The customer's.
        age: Time since the first call that named it.
        writes: Whether the call is a write.

    Raises:
        ApiError: The first span that covers the call refuses it.
    """
    seconds = age.total_seconds()
    for span in spans:
        covers = span.calls is Calls.ALL or (span.calls is Calls.WRITES) is writes
        if covers and span.begins <= seconds and (span.ends is None or seconds < span.ends):
            raise ApiError(REPLIES[span.reply])
