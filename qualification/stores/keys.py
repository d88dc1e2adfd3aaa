"""Under which shard and key each row is kept. Pure.

All rows of a customer are in one shard, so that one transaction can change them together. Keys sort as text, work items
by the time they fall due. None holds what Azure Table Storage forbids in keys: slashes, backslashes, number signs,
question marks, control characters ("Understanding the Table service data model").
"""

from datetime import UTC, datetime
from hashlib import sha256
from uuid import UUID

from qualification.domain.event import Event
from qualification.domain.record import Record
from qualification.domain.request import Qualification
from qualification.domain.waiting import Reason, Waiting, WaitingRequest
from qualification.domain.work import Work, WorkAction

SHARDS = tuple(f"{number:02}" for number in range(16))
"""All shards. Fixed: another number would put existing customers elsewhere."""


MARKER = "store"
"""Key of the row, in the first shard, that says that somebody has made this store."""
HOLD = "hold"
"""Key of the one row that says what holds everybody."""


def shard_of(subject: UUID) -> str:
    """The shard of a customer's (or the partner's) tenant id."""
    return SHARDS[sha256(subject.bytes).digest()[0] % len(SHARDS)]


def request_key(customer_id: UUID, request_id: UUID) -> str:
    """Key of a record."""
    return f"customer|{customer_id}|request|{request_id}"


def guard_key(customer_id: UUID, qualification: Qualification) -> str:
    """Key of the guard: which request of this qualification is the newest, and whether it keeps others out."""
    return f"customer|{customer_id}|guard|{qualification}"


def customer_key(customer_id: UUID) -> str:
    """Key of what is kept of a customer beside its requests."""
    return f"customer|{customer_id}|customer"


def newest_key(customer_id: UUID, source: str) -> str:
    """Key of the newest dated event of a source about a customer."""
    return f"customer|{customer_id}|newest|{source}"


def customer_range(customer_id: UUID) -> tuple[str, str]:
    """From which key, up to but without which key, all of the above are."""
    return f"customer|{customer_id}|", f"customer|{customer_id}}}"


NOTES = 16
"""Rows of notes that a customer has at most: several, so that many events at once seldom want the same one."""


def joined_key(customer_id: UUID, request_id: UUID) -> str:
    """Key of the row with the note that another request answers for a sender's event."""
    return f"event|{customer_id}|{request_id.bytes[-1] % NOTES:02}"


def waiting_key(record: Record, waiting: Waiting) -> str:
    """Key of the row that says for what a request waits; these sort by when that began."""
    # With the reason: one transaction may take one reason's row away and put another's there, and no key twice.
    return f"waiting|{_moment(waiting.since)}|{record.customer_tenant_id}|{record.request_id}|{waiting.reason}"


WAITING = ("waiting|", "waiting}")
"""From which key, up to but without which key, all of those are."""


def parse_waiting_key(key: str) -> WaitingRequest:
    """Since when, of which customer, which request waits, and for what.

    Raises:
        ValueError: this is no key of a request that waits.
    """
    match key.split("|"):
        case ["waiting", since, customer_id, request_id, reason]:
            return WaitingRequest(UUID(customer_id), UUID(request_id), Reason(reason), datetime.fromisoformat(since))
    raise ValueError(f"{key} is no key of a request that waits")


def count_key(source: str) -> str:
    """Key of the row that counts what a source has asked for today."""
    return f"count|{source}"


def cause_key(subject: UUID, cause: str) -> str:
    """Key of the note that a cause needs a person; a cause is any text, so its digest stands for it."""
    return f"cause|{subject}|{sha256(cause.encode(errors='surrogatepass')).hexdigest()}"


def work_key(record: Record, work: Work) -> str:
    """Key of a record's work item."""
    return f"work|{_moment(work.due)}|{work.action}|{record.customer_tenant_id}|{record.request_id}"


def outbox_key(due: datetime, subject: UUID, stream: UUID, sequence: int) -> str:
    """Key of an event that waits in the outbox."""
    return f"work|{_moment(due)}|{WorkAction.PUBLISH}|{subject}|{stream}|{sequence:010}"


def event_key(event: Event) -> str:
    """Key of this event in the outbox."""
    return outbox_key(event.due, event.subject, event.stream, event.sequence)


def due_range(now: datetime) -> tuple[str, str]:
    """From which key, up to but without which key, all work is that is due at `now`."""
    return "work|", f"work|{_moment(now)}}}"


def parse_work_key(key: str) -> tuple[WorkAction, UUID, UUID]:
    """What a work item asks for, about which customer and which request.

    Raises:
        ValueError: this is no key of a work item.
    """
    match key.split("|"):
        case ["work", _, action, customer_id, request_id, *_]:
            return WorkAction(action), UUID(customer_id), UUID(request_id)
    raise ValueError(f"{key} is no key of a work item")


def _moment(time: datetime) -> str:
    if time.tzinfo is None:
        raise ValueError(f"{time} has no time zone")
    return time.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
