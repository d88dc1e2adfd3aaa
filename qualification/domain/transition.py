"""What a step reads, makes and stores: pure values between the rules and the store."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from qualification.domain.customer import Customer
from qualification.domain.event import Event
from qualification.domain.record import Record
from qualification.domain.request import Qualification
from qualification.domain.status import Status


@dataclass(frozen=True, slots=True)
class Stored:
    """A record as read from the store, with the ETag that a step must present."""

    record: Record
    etag: str


@dataclass(frozen=True, slots=True)
class Newest:
    """The newest request of a customer and qualification, as it stands in the guard.

    Attributes:
        request_id: the request.
        active: whether it is unfinished, and so keeps others out.
        etag: what a step that decides on it must present.
    """

    request_id: UUID
    active: bool
    etag: str


@dataclass(frozen=True, slots=True)
class NewestEvent:
    """The newest event about a customer that a sender has dated.

    Attributes:
        at: the sender's own moment of it (aware UTC).
        request_id: the request that took it; None where it took a mark back and there was none.
        etag: what a step that decides on it must present; None before it is stored.
    """

    at: datetime
    request_id: UUID | None
    etag: str | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class CustomerState:
    """All that is stored of a customer, as one read found it.

    Attributes:
        customer: what is kept beside the requests.
        etag: of that row; None where there is none yet.
        records: the requests, in no particular order.
        guards: the newest request of each qualification.
        unreadable: how many records this version cannot read.
        newest: the newest dated event of each source.
    """

    customer: Customer
    etag: str | None = None
    records: tuple[Stored, ...] = ()
    guards: Mapping[Qualification, Newest] = field(default_factory=dict)
    unreadable: int = 0
    newest: Mapping[str, NewestEvent] = field(default_factory=dict)

    def with_customer(self, customer: Customer) -> "CustomerState":
        """The same, with this kept of the customer."""
        return replace(self, customer=customer)

    def find(self, request_id: UUID | None) -> Stored | None:
        """The request of that id, or None."""
        return next((each for each in self.records if each.record.request_id == request_id), None)

    def others(self, record: Record) -> tuple[Record, ...]:
        """All requests but this one."""
        return tuple(each.record for each in self.records if each.record.request_id != record.request_id)

    def is_newest(self, record: Record) -> bool:
        """Whether this request is the newest of its qualification."""
        newest = self.guards.get(record.qualification)
        return newest is not None and newest.request_id == record.request_id

    def speaks(self, record: Record) -> bool:
        """Whether what Partner Center shows is about this request: the newest of its qualification that it can be about."""
        same = [each.record for each in self.records if each.record.qualification is record.qualification]
        # The guard knows better than clocks, which differ between instances, which request is the newest.
        newest = max(
            (each for each in same if each.speaks),
            key=lambda each: (self.is_newest(each), each.created_at),
            default=None,
        )
        return newest is not None and newest.request_id == record.request_id

    def approved(self, qualification: Qualification) -> Stored | None:
        """The request that speaks for a qualification, where that is approved."""
        same = [each for each in self.records if each.record.qualification is qualification]
        return next((each for each in same if each.record.status is Status.APPROVED and self.speaks(each.record)), None)

    def ended(self, qualification: Qualification) -> Stored | None:
        """The newest request for a qualification, if it has ended."""
        newest = self.guards.get(qualification)
        return self.find(newest.request_id) if newest and not newest.active else None

    def active(self, qualification: Qualification) -> Stored | None:
        """The unfinished request for a qualification, or None."""
        newest = self.guards.get(qualification)
        return self.find(newest.request_id) if newest and newest.active else None


@dataclass(frozen=True, slots=True)
class Transition:
    """What a step makes of a record, and the events it publishes of it."""

    record: Record
    events: tuple[Event, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One record's part of what is stored together; `before` is None for a new request."""

    before: Stored | None
    transition: Transition


@dataclass(frozen=True, slots=True)
class Joined:
    """An event of a sender that another request answers for.

    Attributes:
        request_id: the id that the event itself would lead to.
        answered_by: the request that answers.
        fingerprint: of the event's own content.
    """

    request_id: UUID
    answered_by: UUID
    fingerprint: str
