"""Valid samples for the store tests; a test changes the one thing it is about."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from qualification.domain.customer import Customer
from qualification.domain.event import Event, EventType
from qualification.domain.record import Record
from qualification.domain.request import Qualification, parse_request
from qualification.domain.status import HistoryEntry, Status
from qualification.domain.transition import CustomerState, Joined, Step, Stored, Transition
from qualification.domain.work import Work, WorkAction
from qualification.stores.keys import SHARDS, shard_of
from qualification.stores.records import KeyedRecordStore
from qualification.stores.sqlite import SqliteRows

NOW = datetime(2026, 3, 4, 5, 6, 7, 89, tzinfo=UTC)
CODE = "GCC-SECRET-0042"

CONTENT: dict[Qualification, dict[str, str]] = {
    Qualification.EDUCATION: {"educationSegment": "K12", "website": "contoso.edu"},
    Qualification.GOVERNMENT_COMMUNITY_CLOUD: {"validationCode": CODE},
    Qualification.STATE_OWNED_ENTITY: {},
}


async def new_file(path: Path) -> SqliteRows:
    """Rows in a file that has just been made."""
    rows = SqliteRows(path)
    await rows.make()
    return rows


def work(action: WorkAction = WorkAction.QUEUE, after: timedelta = timedelta()) -> Work:
    """A work item, due at NOW."""
    return Work(action=action, due=NOW + after)


def record(
    customer_id: UUID | None = None, qualification: Qualification = Qualification.EDUCATION, **changes: Any
) -> Record:
    """A queued request, due at NOW."""
    queued = Record(
        request_id=uuid4(),
        customer_tenant_id=customer_id or uuid4(),
        request=parse_request({"qualification": qualification, **CONTENT[qualification]}),
        source="acme",
        fingerprint="f" * 64,
        first_fingerprint="f" * 64,
        created_at=NOW,
        updated_at=NOW,
        history=(HistoryEntry(status=Status.QUEUED, at=NOW),),
        work=work(),
    )
    return queued.changed(**changes)


def approved(of: Record) -> Record:
    """The same request, finished, with nothing left to do."""
    return of.changed(status=Status.APPROVED, work=None)


def told(of: Record, after: timedelta = timedelta()) -> Transition:
    """The record with one more event, due at NOW."""
    due = NOW + after
    event = Event(
        type=EventType.STATUS_CHANGED,
        stream=of.request_id,
        sequence=of.sequence + 1,
        subject=of.customer_tenant_id,
        time=NOW,
        due=due,
        data={"status": of.status.value},
    )
    return Transition(of.changed(sequence=event.sequence, event_due=due), (event,))


def joining(of: Record) -> Joined:
    """A sender's event that this request answers for."""
    return Joined(request_id=uuid4(), answered_by=of.request_id, fingerprint="e" * 64)


async def state_of(store: KeyedRecordStore, customer_id: UUID) -> CustomerState:
    """All that is stored of a customer."""
    return (await store.customers(customer_id))[customer_id]


async def records_of(store: KeyedRecordStore, customer_id: UUID) -> list[Stored]:
    """The customer's requests."""
    return list((await state_of(store, customer_id)).records)


async def active(store: KeyedRecordStore, of: Record) -> UUID | None:
    """The request that keeps others of its customer and qualification out, as the guard says."""
    newest = (await state_of(store, of.customer_tenant_id)).guards.get(of.qualification)
    return newest.request_id if newest and newest.active else None


async def add(store: KeyedRecordStore, transition: Transition) -> Stored:
    """Store a new request, decided on what is stored of its customer now."""
    state = await state_of(store, transition.record.customer_tenant_id)
    (stored,) = await store.commit(state, [Step(None, transition)])
    return stored


async def add_first(store: KeyedRecordStore, new: Record) -> Stored:
    """Store a request as the first of its customer, without reading what is stored."""
    nothing = CustomerState(Customer(customer_tenant_id=new.customer_tenant_id))
    (stored,) = await store.commit(nothing, [Step(None, Transition(new))])
    return stored


async def save(store: KeyedRecordStore, before: Stored, transition: Transition) -> Stored:
    """Store a step of a request, decided on this version of it and on everything else as it is now."""
    state = await state_of(store, before.record.customer_tenant_id)
    (stored,) = await store.commit(state, [Step(before, transition)])
    return stored


def customers_of_one_shard(count: int) -> list[UUID]:
    """Customers whose rows share a shard."""
    found: list[UUID] = []
    while len(found) < count:
        customer_id = uuid4()
        if shard_of(customer_id) == SHARDS[3]:
            found.append(customer_id)
    return found
