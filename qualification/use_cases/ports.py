"""What the use cases need from the world, as protocols; adapters provide it, tests bring stand-ins."""

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from pydantic import SecretStr

from qualification.domain.customer import Customer
from qualification.domain.event import Event
from qualification.domain.hold import Hold
from qualification.domain.look import CustomerQualification, Look
from qualification.domain.record import Record
from qualification.domain.request import Qualification, QualificationRequest
from qualification.domain.transition import CustomerState, Joined, NewestEvent, Step, Stored
from qualification.domain.waiting import WaitingRequest
from qualification.domain.work import QueueMessage, WorkItem


class Clock(Protocol):
    """Tells the time."""

    def __call__(self) -> datetime:
        """Now, in aware UTC."""
        ...


class Chance(Protocol):
    """Draws a number from 0 to 1."""

    def __call__(self) -> float:
        """The next one."""
        ...


class NewId(Protocol):
    """Makes ids."""

    def __call__(self) -> UUID:
        """Another one each time."""
        ...


@dataclass(frozen=True, slots=True)
class StoredHold:
    """What holds everybody, and the ETag that a change must present; None where there was never anything."""

    hold: Hold
    etag: str | None


class RecordStore(Protocol):
    """Keeps records, their work items, guards and outbox; each step is one transaction.

    Every method may raise StoreUnavailable: nothing was stored, or it was and the answer got lost. Reading again shows which.
    A row that cannot be read is logged and passed over, as if it were missing.
    """

    async def find(self, customer_id: UUID, request_id: UUID) -> Stored | None:
        """The record, or None; StoreUnavailable where it is there and this version cannot read it."""
        ...

    async def customers(self, *customer_ids: UUID) -> dict[UUID, CustomerState]:
        """All that is stored of these customers; one of whom nothing is stored has an empty state."""
        ...

    async def joined(self, customer_id: UUID, request_id: UUID) -> Joined | None:
        """Which request answers for this sender's event, if another one does."""
        ...

    async def join(self, customer_id: UUID, joined: Joined) -> None:
        """Note which request answers for a sender's event; nothing happens where that is noted already.

        The notes of a customer are bounded: the oldest is forgotten. No look reads them.
        """
        ...

    async def commit(
        self,
        state: CustomerState,
        steps: Sequence[Step],
        customer: Customer | None = None,
        beside: Qualification | None = None,
        newest: tuple[str, NewestEvent] | None = None,
    ) -> tuple[Stored, ...]:
        """Store steps of one customer's requests together, with their guards, work items and events.

        Args:
            state: what they were decided on.
            steps: the requests.
            customer: what is kept of the customer from now on, if they were decided on that.
            beside: another qualification whose guard they were decided on.
            newest: a source and its newest dated event from now on, if they were decided on that.

        Returns:
            The records as they are stored now, in order.

        Raises:
            StepConflict: something they were decided on has changed; nothing was stored.
        """
        ...

    async def commit_all(self, quiet: Sequence[tuple[CustomerState, Sequence[Step]]]) -> int:
        """Store steps without events of many customers in few transactions.

        Returns:
            How many requests were stored. One that has changed meanwhile is left out; its work is still due.
            After StoreUnavailable some may have been stored.
        """
        ...

    def due(self, now: datetime) -> AsyncGenerator[list[WorkItem]]:
        """All work due at `now`, in pages; the items of a customer come in the order in which they fell due.

        Every call begins elsewhere, so that runs that stop early starve nobody.
        """
        ...

    async def is_unpublished(self, record: Record) -> bool:
        """Whether the newest event of this record is still in the outbox."""
        ...

    async def published(self, subject: UUID, events: Sequence[Event]) -> None:
        """Take events about `subject` out of the outbox; those already gone are passed over."""
        ...

    async def alert_once(self, cause: str, event: Event) -> bool:
        """Put an event in the outbox, unless one about the same cause and subject was ever put there; whether it is new."""
        ...

    async def count(self, source: str, day: date, number: int) -> int:
        """Count so many new requests of a source in a UTC day; how many there are then. It forgets the days before.

        Raises:
            StepConflict: others counted at the same time, again and again.
        """
        ...

    async def waiting(self, most: int | None = None) -> list[WaitingRequest]:
        """The unfinished requests that wait for something, those that wait longest first; of a shard at most so many."""
        ...

    async def hold(self, partner_tenant_id: UUID) -> StoredHold:
        """What holds everybody."""
        ...

    async def put_hold(
        self, partner_tenant_id: UUID, before: StoredHold, hold: Hold, event: Event | None = None
    ) -> None:
        """Change it, with the event about it in the outbox.

        Raises:
            StepConflict: it has changed since it was read.
        """
        ...

    async def ping(self) -> None:
        """Make sure that the store answers."""
        ...

    async def close(self) -> None:
        """Let go of connections and files."""
        ...


@dataclass(frozen=True, slots=True)
class Accepted:
    """A write that was accepted.

    Attributes:
        row: what the answer says of the qualification; None where its body cannot be read.
        at: when it was answered, by Partner Center's clock.
    """

    row: CustomerQualification | None
    at: datetime


class PartnerCenter(Protocol):
    """Microsoft Partner Center's qualification API; every method may raise PartnerCenterError."""

    async def get_qualifications(self, customer_id: UUID) -> Look:
        """All qualifications of a customer; it may have none."""
        ...

    async def sign_in(self) -> None:
        """Make sure that a write can go at once: there is a token of the service account (App+User)."""
        ...

    async def create_qualification(
        self, customer_id: UUID, request: QualificationRequest, *, ms_request_id: UUID
    ) -> Accepted:
        """Ask for a qualification; vetting goes on afterwards (POST)."""
        ...

    async def update_qualification(
        self, customer_id: UUID, request: QualificationRequest, *, ms_request_id: UUID
    ) -> Accepted:
        """Set a qualification at once (PUT, synchronous)."""
        ...

    async def validation_codes(self) -> list[SecretStr]:
        """The partner's validation codes that have creates left."""
        ...


class Bus(Protocol):
    """Service Bus: the queue of hints and the topic of events; every method may raise BusUnavailable."""

    async def enqueue(self, messages: Sequence[QueueMessage]) -> None:
        """Put hints on the queue, in order."""
        ...

    async def publish(self, events: Sequence[Event]) -> None:
        """Put events on the topic, in order."""
        ...

    async def ping(self) -> None:
        """Make sure that Service Bus answers."""
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...


@dataclass(frozen=True, slots=True)
class RefreshToken:
    """The refresh token of the service account, and when it was stored (UTC)."""

    value: SecretStr
    stored_at: datetime


class TokenStore(Protocol):
    """Keeps the refresh token, which changes at every redemption; may raise AccessLost or Unavailable."""

    async def read(self) -> RefreshToken:
        """The newest token."""
        ...

    async def write(self, token: SecretStr) -> None:
        """Keep a newer token."""
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...
