"""Every error the service raises, and what is to be done about it.

QualificationError
├── BodyTooLarge              the body is over the limit and was not read
├── UnreadableBody            the body is not a JSON object
├── InvalidRequest            the caller's data can never work; lists each fault with a JSON pointer
├── InvalidIdentifier         an id in the path is not a GUID
├── SenderNotProven           a webhook's signature is missing, forged or stale
├── UnknownSource             no CRM of that name is known here
├── SourceNotConfigured       the CRM is known, but no secret is set, so nobody can be proven
├── SourceMisconfigured       the CRM's settings have faults, so it is closed; everything else runs
├── IdempotencyKeyReused      the same key came with another content
├── Overtaken                 a newer event of the sender has taken the mark back already, and nothing was asked for
├── ActiveRequestExists       the customer has an unfinished request for this qualification
├── RequestNotFound           no such request for this customer
├── UnknownAction             no action of that name
├── ActionNotAllowed          the request's state does not allow what a person wants; says what it allows
├── PreconditionRequired      a confirmation does not say which state it is about
├── PreconditionFailed        the request has changed since the person read it
├── MalformedMessage          a queue message that this service did not write
├── ConfigurationError        app settings are missing or malformed; lists them all by name
├── StoreUnavailable          the record store cannot be reached
│   └── StoreMissing          there is none, or it is not one that this version has made
├── StepConflict              another worker changed the record first; read it again and decide again
├── BusUnavailable            Service Bus cannot be reached
└── PartnerCenterError        Partner Center or its sign-in did not do what was asked
    ├── Refused               never: the request is wrong for Partner Center; asking again changes nothing
    ├── UnderReview           in hours: Microsoft is busy with the customer's account
    ├── Unavailable           later: network, 408 or 5xx; ask again with back-off
    │   └── Unsent            nothing has left this machine
    │       └── Held              a cause holds everybody until its next probe
    ├── Throttled             after: wait until the moment Partner Center named
    ├── OutcomeUnknown        in doubt: it may or may not have taken effect; read before asking again
    │   └── InTheWay          in doubt: 409, something is in the way
    └── PersonNeeded          when resolved: a person must act, requests wait meanwhile
        ├── AccessLost            sign-in, consent or role is missing
        ├── CustomerUnreachable   Partner Center does not show or give this one customer
        └── Elsewhere             somebody else answers: a proxy, or a wrong URL
"""

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from pydantic import JsonValue


class QualificationError(Exception):
    """The root of the tree: anything this service knows how to explain."""


class BodyTooLarge(QualificationError):
    """The body is over the limit and was not read."""


class UnreadableBody(QualificationError):
    """The body cannot be read; `event_id` stands for what it is about, where that can be told from it all the same."""

    def __init__(self, text: str, event_id: str | None = None) -> None:
        super().__init__(text)
        self.event_id = event_id


SHOWN = frozenset({"customerTenantId", "qualification", "educationSegment", "mode", "website"})
"""Fields whose refused value may be shown: whoever must correct it has to find it. Any other may hold a secret."""
LONGEST_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with a request.

    Attributes:
        pointer: where it is in this service's own words (a JSON pointer, RFC 6901).
        detail: what it is.
        field: the sender's own name of the field, where a mapping knows it.
        value: what came, where it may be shown.
        allowed: the values that would do, where there are only a few.
    """

    pointer: str
    detail: str
    field: str | None = None
    value: str | None = dataclasses.field(default=None, repr=False)
    allowed: tuple[str, ...] = ()

    def as_json(self) -> dict[str, JsonValue]:
        """As answers and events have it; what is not known is left out."""
        known = {"pointer": self.pointer, "detail": self.detail, "field": self.field, "value": self.value}
        found: dict[str, JsonValue] = {name: value for name, value in known.items() if value is not None}
        return found | ({"allowed": list(self.allowed)} if self.allowed else {})

    def __str__(self) -> str:
        """In one line, for the log."""
        where = f" ({self.field})" if self.field else ""
        came = "" if self.value is None else f" came as {self.value!r},"
        instead = f" [{', '.join(self.allowed)}]" if self.allowed else ""
        return f"{self.pointer or '/'}{where}{came} {self.detail}{instead}"


def shown(name: str, value: object) -> str | None:
    """The value of a field as it may be shown; None where it may not, or where there is none."""
    if name not in SHOWN or not isinstance(value, str | int | float) or value == "":
        return None
    text = str(value).lower() if isinstance(value, bool) else str(value)
    # Half a character can be written nowhere.
    return text[:LONGEST_SHOWN].encode(errors="replace").decode()


class InvalidRequest(QualificationError):
    """The caller's data can never work; `faults` says where and why, all at once."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("; ".join(f"{fault.pointer or '/'}: {fault.detail}" for fault in faults))
        self.faults = tuple(faults)


class InvalidIdentifier(QualificationError):
    """An id in the path is not a GUID."""


class SenderNotProven(QualificationError):
    """A webhook's signature is missing, forged or stale."""


class UnknownSource(QualificationError):
    """No CRM of that name is known here."""


class SourceNotConfigured(QualificationError):
    """The CRM is known, but no secret is set for it; it stays closed."""


class SourceMisconfigured(QualificationError):
    """The CRM's settings have faults; `faults` maps each name to what is wrong, never to its value."""

    def __init__(self, source: str, faults: Mapping[str, str]) -> None:
        super().__init__(
            f"The source {source} is closed: {', '.join(sorted(faults))}; GET /api/health says what to do."
        )
        self.faults = dict(faults)


class IdempotencyKeyReused(QualificationError):
    """The same key or event id came with another content."""


class Overtaken(QualificationError):
    """A newer event of the sender has taken the mark back already, and no request is there to answer for this one."""


class ActiveRequestExists(QualificationError):
    """The customer has an unfinished request for this qualification: `request_id`."""

    def __init__(self, customer_id: UUID, request_id: UUID) -> None:
        super().__init__(f"request {request_id} of customer {customer_id} is still active")
        self.customer_id = customer_id
        self.request_id = request_id


class RequestNotFound(QualificationError):
    """No such request for this customer."""


class UnknownAction(QualificationError):
    """A person can do nothing of that name."""


class ActionNotAllowed(QualificationError):
    """The request's state does not allow what a person wants; `allowed` is what it allows."""

    def __init__(self, action: str, status: str, allowed: Sequence[str]) -> None:
        instead = f"allowed now: {', '.join(allowed)}" if allowed else "nothing is allowed now"
        super().__init__(f"{action} is not allowed for this request, which is {status}; {instead}.")
        self.allowed = tuple(allowed)


class PreconditionRequired(QualificationError):
    """A confirmation does not say which state it is about (RFC 6585, 3: 428)."""


class PreconditionFailed(QualificationError):
    """The request has changed since the person read it (RFC 9110, 15.5.13: 412)."""


class MalformedMessage(QualificationError):
    """A queue message that this service did not write."""


class ConfigurationError(QualificationError):
    """App settings are missing or malformed; `faults` maps each name to what is wrong, never to its value."""

    def __init__(self, faults: dict[str, str]) -> None:
        lines = "".join(f"\n  {name}: {fault}" for name, fault in sorted(faults.items()))
        super().__init__(f"{len(faults)} app setting(s) need attention:{lines}")
        self.faults = faults


class StoreUnavailable(QualificationError):
    """The record store cannot be reached; nothing was stored."""


class StoreMissing(StoreUnavailable):
    """There is no record store, or not one that this version has made; says what to do, and not where it should be."""


class StepConflict(QualificationError):
    """Another worker changed the record first, so nothing of this step was stored."""


class BusUnavailable(QualificationError):
    """Service Bus cannot be reached; the work item or outbox row will be tried again."""
