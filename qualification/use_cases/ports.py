"""What the use cases need from the world, as protocols; adapters provide it, tests bring stand-ins."""

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from pydantic import SecretStr

from qualification.domain.record import CustomerQualification, Event, QueueMessage, Record, WorkItem
from qualification.domain.request import Qualification, QualificationRequest
from qualification.domain.transition import Joined, Owner, Stored, Transition


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


class RecordStore(Protocol):
    """Keeps records, their work items, guards and outbox; each step is one transaction.

    Every method may raise StoreUnavailable: nothing was stored, or it was and the answer got lost. Reading again tells.
    A row that cannot be read is logged and passed over, as if it were missing.
    """

    async def find(self, customer_id: UUID, request_id: UUID) -> Stored | None:
        """The record, or None."""
        ...

    async def records(self, *customer_ids: UUID) -> list[Stored]:
        """All records of these customers, in no particular order."""
        ...

    async def active(self, customer_id: UUID, qualification: Qualification) -> UUID | None:
        """The id of the customer's unfinished request for this qualification, or None."""
        ...

    async def joined(self, customer_id: UUID, request_id: UUID) -> Joined | None:
        """Which request answers for this sender's event, if another one does."""
        ...

    async def add(self, transition: Transition) -> Stored:
        """Store a new record with its guard, work item and events.

        Raises:
            StepConflict: this request is stored already, another one answers for it (`joined`), or another one for the
                same qualification is active.
        """
        ...

    async def save(self, before: Stored, transition: Transition, join: Joined | None = None) -> Stored:
        """Replace a record and move its guard and work item along; store the events and `join` with it.

        Raises:
            StepConflict: the record has changed since it was read, or `join` is stored already.
        """
        ...

    async def save_all(self, steps: Sequence[tuple[Stored, Transition]]) -> int:
        """Save many steps in few transactions; each record's rows stay together.

        Returns:
            How many were saved. A step whose record has changed meanwhile is left out; its work is still due.
            After StoreUnavailable some may have been saved.
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

    async def owner_of(self, cause: str, subject: UUID) -> Owner | None:
        """Who has noted this cause, if anybody has since it was last clear."""
        ...

    async def raise_cause(self, cause: str, subject: UUID, owner: Owner, event: Event | None = None) -> bool:
        """Note that a cause needs a person, with `event` in the outbox if it is new.

        Args:
            cause: what must be mended, any text.
            subject: the tenant that the cause is about, and `event` too: the customer's or the partner's.
            owner: the request that has noticed it; it is the same owner whenever it notices.
            event: what to tell subscribers of it.

        Returns:
            True for its owner: the request that noted it first. The owner is the one to raise the alarm.

        Raises:
            StepConflict: others kept raising and clearing it, or `event` is in the outbox already.
        """
        ...

    async def take_cause(self, cause: str, subject: UUID, before: Owner, owner: Owner) -> bool:
        """Make `owner` the owner of a cause whose owner is `before`; False if it is not any more."""
        ...

    async def clear_cause(self, cause: str, subject: UUID) -> None:
        """The cause is mended; the next time it is news again."""
        ...

    async def ping(self) -> None:
        """Make sure that the store answers."""
        ...

    async def close(self) -> None:
        """Let go of connections and files."""
        ...


class PartnerCenter(Protocol):
    """Microsoft Partner Center's qualification API; every method may raise PartnerCenterError."""

    async def get_qualifications(self, customer_id: UUID) -> list[CustomerQualification]:
        """All qualifications of a customer; none is an empty list."""
        ...

    async def create_qualification(
        self, customer_id: UUID, request: QualificationRequest, *, ms_request_id: UUID
    ) -> CustomerQualification:
        """Ask for a qualification; vetting goes on afterwards (POST)."""
        ...

    async def get_qualification(self, customer_id: UUID) -> CustomerQualification | None:
        """The customer's one qualification as the synchronous API tells it; None where there is none."""
        ...

    async def update_qualification(
        self, customer_id: UUID, request: QualificationRequest, *, ms_request_id: UUID
    ) -> CustomerQualification:
        """Set a qualification at once (PUT, synchronous)."""
        ...

    async def take_validation_code(self) -> SecretStr | None:
        """One of the partner's validation codes that has creates left, or None."""
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
