"""Which rows a step changes, and what the rows say. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from json import dumps, loads
from uuid import UUID

from pydantic import TypeAdapter

from qualification.domain.record import Event, Record, WorkAction, WorkItem
from qualification.domain.request import REVEAL_SECRETS
from qualification.domain.transition import Joined, Owner, Stored, Transition
from qualification.stores.keys import (
    active_key,
    cause_key,
    event_key,
    parse_work_key,
    request_key,
    work_key,
)
from qualification.stores.rows import MAX_CHANGES, Change, Delete, Insert, Replace, Row

MAX_CHARACTERS = 150_000
"""Text in one batch. A character may take six bytes as JSON, Azure Table Storage takes 4 MiB in a transaction, and
aiohttp warns of bodies above 1 MiB, for they hold up the event loop."""

JOINED = '{"joined":'
"""How the text of a note begins that another request answers; it has the key that the request's own record would have."""

_JOINED = TypeAdapter(Joined)
_OWNER = TypeAdapter(Owner)


def step_changes(before: Stored | None, transition: Transition, join: Joined | None = None) -> list[Change]:
    """All row changes of one step, the record's own row first; `before` is None for a new record.

    Raises:
        ValueError: an event is about another customer, whose rows may be in another shard.
    """
    was, record = before.record if before else None, transition.record
    if any(event.subject != record.customer_tenant_id for event in transition.events):
        raise ValueError("a step's events must be about its own customer")
    key, text = request_key(record.customer_tenant_id, record.request_id), _record_text(record)
    changes: list[Change] = [Replace(key, text, before.etag) if before else Insert(key, text)]
    if (was is not None and was.status.is_active) is not record.status.is_active:
        changes += _difference(_guard(was), _guard(record))
    changes += _difference(_work(was), _work(record))
    changes += [event_insert(event) for event in transition.events]
    if join:
        text = dumps({"joined": _JOINED.dump_python(join, mode="json")})
        changes.append(Insert(request_key(record.customer_tenant_id, join.request_id), text))
    return changes


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
    return Insert(event_key(event), event.model_dump_json(by_alias=True))


def cause_insert(cause: str, subject: UUID, owner: Owner) -> Insert:
    """The note that a cause needs a person, who hears of it from its owner."""
    note = {"cause": cause, **_OWNER.dump_python(owner, mode="json")}
    return Insert(cause_key(subject, cause), dumps(note))


def is_joined(row: Row) -> bool:
    """Whether the row of a request is a note that another request answers, and no record."""
    return row.value.startswith(JOINED)


def is_record(row: Row) -> bool:
    """Whether the row of a request is its record."""
    return not is_joined(row)


def read_record(row: Row) -> Stored:
    """The record in a row.

    Raises:
        ValueError: there is none, or a newer version of this service wrote it.
    """
    return Stored(Record.model_validate_json(row.value), row.etag)


def read_joined(row: Row) -> Joined:
    """The note in a row that another request answers.

    Raises:
        ValueError: there is none.
    """
    return _JOINED.validate_python(loads(row.value)["joined"])


def read_id(row: Row) -> UUID:
    """The request id in a row.

    Raises:
        ValueError: there is none.
    """
    return UUID(row.value)


def read_owner(row: Row) -> Owner:
    """Who raised the cause in a row.

    Raises:
        ValueError: nobody legible.
    """
    return _OWNER.validate_python(loads(row.value))


def read_work(shard: str, row: Row) -> WorkItem:
    """The work item in a row.

    Raises:
        ValueError: there is none, or a newer version of this service wrote it.
    """
    action, customer_id, request_id = parse_work_key(row.key)
    event = Event.model_validate_json(row.value) if action is WorkAction.PUBLISH else None
    return WorkItem(shard, row.key, action, customer_id, request_id, event)


def _record_text(record: Record) -> str:
    # The one place where a validation code is written in clear: the request cannot be sent without it.
    return record.model_dump_json(by_alias=True, context=REVEAL_SECRETS)


def _guard(record: Record | None) -> Insert | None:
    if record is None or not record.status.is_active:
        return None
    return Insert(active_key(record.customer_tenant_id, record.qualification), str(record.request_id))


def _work(record: Record | None) -> Insert | None:
    if record is None or record.work is None:
        return None
    return Insert(work_key(record, record.work), "")


def _difference(was: Insert | None, now: Insert | None) -> Sequence[Change]:
    if was == now:
        return []
    return [*([Delete(was.key)] if was else []), *([now] if now else [])]


def _size(step: Iterable[Change]) -> int:
    return sum(len(change.key) + (0 if isinstance(change, Delete) else len(change.value)) for change in step)
