"""Which rows a step changes, and what the rows say. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from json import dumps, loads
from uuid import UUID

from qualification.domain.customer import Customer
from qualification.domain.event import Event
from qualification.domain.hold import Hold
from qualification.domain.record import Record
from qualification.domain.request import REVEAL_SECRETS, Qualification
from qualification.domain.transition import CustomerState, Newest, NewestEvent, Step, Stored
from qualification.domain.work import WorkAction, WorkItem
from qualification.stores.keys import (
    HOLD,
    customer_key,
    event_key,
    guard_key,
    parse_work_key,
    request_key,
    waiting_key,
    work_key,
)
from qualification.stores.newest import newest_change, read_newest
from qualification.stores.rows import MAX_CHANGES, Change, Delete, Insert, Replace, Row
from qualification.stores.versions import check_version, versioned
from qualification.use_cases.ports import StoredHold

MAX_CHARACTERS = 150_000
"""Text in one batch. A character may take six bytes as JSON, Azure Table Storage takes 4 MiB in a transaction, and
aiohttp warns of bodies above 1 MiB, for they hold up the event loop."""


def step_changes(
    state: CustomerState,
    steps: Sequence[Step],
    customer: Customer | None = None,
    beside: Qualification | None = None,
    newest: tuple[str, NewestEvent] | None = None,
) -> list[Change]:
    """All row changes of what is stored together, each record's own row first; no two of one key.

    Raises:
        ValueError: an event is about another customer, whose rows may be in another shard.
    """
    changes: list[Change] = []
    for step in steps:
        changes += _record_changes(state, step)
    if customer is not None:
        key, text = customer_key(customer.customer_tenant_id), versioned(customer.model_dump_json(by_alias=True))
        changes.append(Replace(key, text, state.etag) if state.etag else Insert(key, text))
    if beside is not None and (guard := state.guards.get(beside)):
        customer_id = state.customer.customer_tenant_id
        changes.append(Replace(guard_key(customer_id, beside), _guard_text(guard.request_id, guard.active), guard.etag))
    if newest is not None:
        changes.append(newest_change(state, *newest))
    return changes


def _record_changes(state: CustomerState, step: Step) -> list[Change]:
    record, was = step.transition.record, step.before.record if step.before else None
    if any(event.subject != record.customer_tenant_id for event in step.transition.events):
        raise ValueError("a step's events must be about its own customer")
    key, text = request_key(record.customer_tenant_id, record.request_id), _record_text(record)
    changes: list[Change] = [Replace(key, text, step.before.etag) if step.before else Insert(key, text)]
    if was is None or was.status is not record.status or step.transition.events:
        changes += _guard(state, record)
    changes += _difference(_work(was), _work(record))
    changes += _difference(_waiting(was), _waiting(record))
    return changes + [event_insert(event) for event in step.transition.events]


def batches(steps: Iterable[list[Change]]) -> Iterator[list[list[Change]]]:
    """Steps put together into as few transactions as they fit in, in order; each step stays whole.

    A step that changes a row of the batch before it begins another batch: one transaction changes a row only once.
    """
    batch: list[list[Change]] = []
    keys: set[str] = set()
    size = 0
    for step in steps:
        step_keys, step_size = {change.key for change in step}, _size(step)
        full = len(keys) + len(step) > MAX_CHANGES or size + step_size > MAX_CHARACTERS
        if batch and (full or not keys.isdisjoint(step_keys)):
            yield batch
            batch, keys, size = [], set(), 0
        batch.append(step)
        keys |= step_keys
        size += step_size
    if batch:
        yield batch


def event_insert(event: Event) -> Insert:
    """The outbox row of an event."""
    return Insert(event_key(event), versioned(event.model_dump_json(by_alias=True)))


def hold_change(before: StoredHold, hold: Hold) -> Change:
    """The row that says what holds everybody."""
    text = versioned(hold.model_dump_json(by_alias=True))
    return Replace(HOLD, text, before.etag) if before.etag else Insert(HOLD, text)


def read_hold(row: Row) -> StoredHold:
    """What holds everybody, from its row.

    Raises:
        ValueError: another version of this service wrote it.
    """
    check_version(row.value)
    return StoredHold(Hold.model_validate_json(row.value), row.etag)


def read_record(row: Row) -> Stored:
    """The record in a row.

    Raises:
        ValueError: there is none, or a newer version of this service wrote it.
    """
    check_version(row.value)
    return Stored(Record.model_validate_json(row.value), row.etag)


def read_state(customer_id: UUID, rows: Sequence[Row]) -> tuple[CustomerState, list[str]]:
    """All that is stored of a customer, from its rows; and the keys of those that this version cannot read."""
    customer, etag = Customer(customer_tenant_id=customer_id), None
    records: list[Stored] = []
    guards: dict[Qualification, Newest] = {}
    newest: dict[str, NewestEvent] = {}
    unreadable: list[str] = []
    for row in rows:
        try:
            match row.key.split("|")[2:]:
                case ["request", _]:
                    records.append(read_record(row))
                case ["guard", name]:
                    guards[Qualification(name)] = _read_guard(row)
                case ["newest", source]:
                    newest[source] = read_newest(row)
                case ["customer"]:
                    check_version(row.value)
                    customer, etag = Customer.model_validate_json(row.value), row.etag
        except ValueError:
            unreadable.append(row.key)
    return CustomerState(customer, etag, tuple(records), guards, len(unreadable), newest), unreadable


def read_work(shard: str, row: Row) -> WorkItem:
    """The work item in a row.

    Raises:
        ValueError: there is none, or a newer version of this service wrote it.
    """
    action, customer_id, request_id = parse_work_key(row.key)
    event = None
    if action is WorkAction.PUBLISH:
        check_version(row.value)
        event = Event.model_validate_json(row.value)
    return WorkItem(shard, row.key, action, customer_id, request_id, event)


def _record_text(record: Record) -> str:
    # The one place where a validation code is written in clear: the request cannot be sent without it.
    return versioned(record.model_dump_json(by_alias=True, context=REVEAL_SECRETS))


def _guard(state: CustomerState, record: Record) -> list[Change]:
    """The guard after this step, under what it was: decided on it, whether it changes or not."""
    before = state.guards.get(record.qualification)
    key, active = guard_key(record.customer_tenant_id, record.qualification), record.status.is_active
    if before is None:
        return [Insert(key, _guard_text(record.request_id, active))]
    if before.request_id != record.request_id and not active:
        return [Replace(key, _guard_text(before.request_id, before.active), before.etag)]
    return [Replace(key, _guard_text(record.request_id, active), before.etag)]


def _guard_text(request_id: UUID, active: bool) -> str:  # noqa: FBT001  the two members of a guard
    return versioned(dumps({"requestId": str(request_id), "active": active}))


def _read_guard(row: Row) -> Newest:
    check_version(row.value)
    match loads(row.value):
        case {"requestId": str(request_id), "active": bool(active)}:
            return Newest(UUID(request_id), active, row.etag)
    raise ValueError("the row names no newest request")


def _work(record: Record | None) -> Insert | None:
    if record is None or record.work is None:
        return None
    return Insert(work_key(record, record.work), "")


def _waiting(record: Record | None) -> Insert | None:
    if record is None or record.waiting is None:
        return None
    return Insert(waiting_key(record, record.waiting), record.waiting.reason)


def _difference(was: Insert | None, now: Insert | None) -> Sequence[Change]:
    if was == now:
        return []
    return [*([Delete(was.key)] if was else []), *([now] if now else [])]


def _size(step: Iterable[Change]) -> int:
    return sum(len(change.key) + (0 if isinstance(change, Delete) else len(change.value)) for change in step)
