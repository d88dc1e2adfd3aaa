"""A request as it comes in, and the id that each delivery of it leads to."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from uuid import NAMESPACE_URL, UUID, uuid5

from qualification.domain.caller import Caller
from qualification.domain.request import NOT_SENT, QualificationRequest

API = "api"
"""The source of requests by key, each of which stands for itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A request as it comes in.

    Attributes:
        source: the CRM it comes from, or `api`.
        event_id: the sender's id of the event, or the Idempotency-Key; None where there is none.
        joins: whether another active request for the same customer and qualification answers for it (CRMs), or
            stands against it (API).
        traceparent: W3C trace context of the origin, handed on to the events.
        requested_by: who asks, where that is known.
        note: what the history is to say of it, as what the request goes without.
        occurred_at: the sender's own moment of the event (aware UTC), where it gives one.
        daily_limit: so many new requests of the source go by themselves in a day; None where there is no limit.
    """

    customer_tenant_id: UUID
    request: QualificationRequest
    source: str
    event_id: str | None
    joins: bool
    traceparent: str | None = None
    requested_by: Caller | None = None
    note: str | None = None
    occurred_at: datetime | None = None
    daily_limit: int | None = None


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """A CRM takes its mark back.

    Attributes:
        customer_tenant_id: of whom.
        source: the CRM.
        requested_by: who did it, where that is known.
        occurred_at: the sender's own moment of it (aware UTC), where it gives one.
    """

    customer_tenant_id: UUID
    source: str
    requested_by: Caller | None = None
    occurred_at: datetime | None = None


def request_id(order: Order) -> UUID | None:
    """The id that every delivery of this event leads to; None where the sender gives no id of its own.

    An event id counts within its source and customer.
    """
    if order.event_id is None:
        return None
    name = f"{order.customer_tenant_id}:{order.event_id}"
    # A header may hold bytes that are no UTF-8; the server hands them on as lone surrogates.
    return uuid5(uuid5(NAMESPACE_URL, f"urn:qualification:{order.source}"), name.encode(errors="surrogatepass"))


def fingerprint(request: QualificationRequest) -> str:
    """Equal for equal content, so that a key used twice for different content is noticed.

    A validation code is left out: it must not be computed from what is stored. So is what is only shown.
    """
    content = request.model_dump(by_alias=True, exclude=NOT_SENT)
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
