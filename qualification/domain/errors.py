"""Every error the service raises, and what is to be done about it.

QualificationError
├── BodyTooLarge              the body is over the limit and was not read
├── UnreadableBody            the body is not a JSON object
├── InvalidRequest            the caller's data can never work; lists each fault with a JSON pointer
├── InvalidIdentifier         an id in the path is not a GUID
├── SenderNotProven           a webhook's signature is missing, forged or stale
├── UnknownSource             no CRM of that name is known here
├── SourceNotConfigured       the CRM is known, but no secret is set, so nobody can be proven
├── IdempotencyKeyReused      the same key came with another content
├── ActiveRequestExists       the customer has an unfinished request for this qualification
├── RequestNotFound           no such request for this customer
├── UnknownAction             no action of that name
├── ActionNotAllowed          the request's state does not allow what a person wants; says what it allows
├── PreconditionRequired      a confirmation does not say which state it is about
├── PreconditionFailed        the request has changed since the person read it
├── MalformedMessage          a queue message that this service did not write
├── ConfigurationError        app settings are missing or malformed; lists them all by name
├── StoreUnavailable          the record store cannot be reached
├── StepConflict              another worker changed the record first; read it again and decide again
├── BusUnavailable            Service Bus cannot be reached
└── PartnerCenterError        Partner Center or its sign-in did not do what was asked
    ├── Refused               never: the request is wrong for Partner Center; asking again changes nothing
    ├── UnderReview           in hours: Microsoft is busy with the customer's account
    ├── Unavailable           later: network, 408 or 5xx; ask again with back-off
    │   └── Unsent            nothing has left this machine
    ├── Throttled             after: wait until the moment Partner Center named
    ├── OutcomeUnknown        in doubt: it may or may not have taken effect; read before asking again
    │   └── InTheWay          in doubt: 409, something is in the way
    └── PersonNeeded          when resolved: a person must act, requests wait meanwhile
        ├── AccessLost            sign-in, consent or role is missing
        ├── CustomerUnreachable   Partner Center does not show or give this one customer
        └── Elsewhere             somebody else answers: a proxy, or a wrong URL
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar, Self
from uuid import UUID


class QualificationError(Exception):
    """The root of the tree: anything this service knows how to explain."""


class BodyTooLarge(QualificationError):
    """The body is over the limit and was not read."""


class UnreadableBody(QualificationError):
    """The body is not a JSON object in UTF-8."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with a request: where (a JSON pointer, RFC 6901) and what."""

    pointer: str
    detail: str


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


class IdempotencyKeyReused(QualificationError):
    """The same key or event id came with another content."""


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


class StepConflict(QualificationError):
    """Another worker changed the record first, so nothing of this step was stored."""


class BusUnavailable(QualificationError):
    """Service Bus cannot be reached; the work item or outbox row will be tried again."""


class Reaction(StrEnum):
    """What the service does about an error from Partner Center."""

    NEVER = "never"
    LATER = "later"
    AFTER = "after"
    RECONCILE = "reconcile"
    WHEN_FIXED = "when fixed"


class PartnerCenterError(QualificationError):
    """Partner Center or its sign-in did not do what was asked.

    Attributes:
        code: Partner Center's own code, kept word for word, or ours where it gave none.
        description: its own words, or ours where it gave none; never a secret.
        http_status: the answer's status, or None where no answer came.
        correlation_id: MS-CorrelationId of the call, for Microsoft's support.
        remedy: what a person can do about it.
        at: when it was answered, by Partner Center's clock; None where nobody answered.
        retry_at: the moment before which it must not be asked again, by Partner Center's clock; None where it named none.
    """

    reaction: ClassVar[Reaction]
    answered: ClassVar[bool] = True
    """Whether the call was answered for certain; if so MS-RequestId is renewed before the next call."""

    def __init__(
        self,
        code: str,
        description: str,
        *,
        http_status: int | None = None,
        correlation_id: UUID | None = None,
        remedy: str = "",
        at: datetime | None = None,
        retry_at: datetime | None = None,
    ) -> None:
        status = f"HTTP {http_status} " if http_status else ""
        super().__init__(f"{status}{code}: {description}")
        self.code = code
        self.description = description
        self.http_status = http_status
        self.correlation_id = correlation_id
        self.remedy = remedy
        self.at = at
        self.retry_at = retry_at


class Refused(PartnerCenterError):
    """The request is wrong for Partner Center; asking again changes nothing."""

    reaction = Reaction.NEVER


class UnderReview(PartnerCenterError):
    """Microsoft is busy with the customer's account, or with another change of it: ask again in hours, with a new id."""

    reaction = Reaction.LATER


class Unavailable(PartnerCenterError):
    """Network, 408 or 5xx: ask again with back-off."""

    reaction = Reaction.LATER
    answered = False


class Unsent(Unavailable):
    """Nothing has left this machine: no connection, no token, a hold, or not begun in time."""


class Throttled(PartnerCenterError):
    """429: nothing goes to Partner Center before `retry_at` (aware UTC, by Partner Center's clock)."""

    reaction = Reaction.AFTER
    retry_at: datetime

    def __init__(
        self,
        retry_at: datetime,
        *,
        http_status: int | None = None,
        correlation_id: UUID | None = None,
        at: datetime | None = None,
    ) -> None:
        super().__init__(
            "throttled",
            f"Partner Center asks to wait until {retry_at:%Y-%m-%dT%H:%M:%SZ}",
            http_status=http_status,
            correlation_id=correlation_id,
            remedy="Nothing to do: the service waits and goes on by itself.",
            at=at,
            retry_at=retry_at,
        )


class OutcomeUnknown(PartnerCenterError):
    """It may or may not have taken effect: look before asking again."""

    reaction = Reaction.RECONCILE
    answered = False


class InTheWay(OutcomeUnknown):
    """409: refused, and something is in the way; whether an earlier write took effect is not known."""

    answered = True


class PersonNeeded(PartnerCenterError):
    """A person must act; the request waits meanwhile and is tried again slowly.

    Attributes:
        attention: the reason that the attention event gives.
        partner_wide: True where every customer is affected, False where only this one is.
    """

    reaction = Reaction.WHEN_FIXED
    attention: ClassVar[str]

    def __init__(
        self,
        code: str,
        description: str,
        *,
        partner_wide: bool,
        http_status: int | None = None,
        correlation_id: UUID | None = None,
        remedy: str = "",
        at: datetime | None = None,
    ) -> None:
        super().__init__(
            code, description, http_status=http_status, correlation_id=correlation_id, remedy=remedy, at=at
        )
        self.partner_wide = partner_wide

    def for_one_customer(self) -> Self:
        """The same about one customer only."""
        return type(self)(
            self.code,
            self.description,
            partner_wide=False,
            http_status=self.http_status,
            correlation_id=self.correlation_id,
            remedy=self.remedy,
            at=self.at,
        )


class AccessLost(PersonNeeded):
    """Sign-in, consent or role is missing."""

    attention = "access-lost"


class CustomerUnreachable(PersonNeeded):
    """Partner Center does not know this customer, or does not give it to the partner: it has no relationship or GDAP."""

    attention = "customer-unreachable"


class Elsewhere(PersonNeeded):
    """Somebody else answers: a proxy, or whoever is at a wrong URL. It is never the request that is wrong."""

    attention = "partner-center-unreachable"
