"""Under which shard and key each row is kept. Pure.

All rows of a customer are in one shard, so that one transaction can change them together. Keys sort as text, work items
by the time they fall due. None holds what Azure Table Storage forbids in keys: slashes, backslashes, number signs,
question marks, control characters ("Understanding the Table service data model").
"""

from datetime import UTC, datetime
from hashlib import sha256
from uuid import UUID

from qualification.domain.record import Event, Record, Work, WorkAction
from qualification.domain.request import Qualification

SHARDS = tuple(f"{number:02}" for number in range(16))
"""All shards. Fixed: another number would put existing customers elsewhere."""


def shard_of(subject: UUID) -> str:
    """The shard of a customer's (or the partner's) tenant id."""
    return SHARDS[sha256(subject.bytes).digest()[0] % len(SHARDS)]


def request_key(customer_id: UUID, request_id: UUID) -> str:
    """Key of a record, or of the note that another request answers for this one: there is never both."""
    return f"request|{customer_id}|{request_id}"


def request_range(customer_id: UUID) -> tuple[str, str]:
    """From which key, up to but without which key, all of a customer's records and such notes are."""
    return f"request|{customer_id}|", f"request|{customer_id}}}"


def active_key(customer_id: UUID, qualification: Qualification) -> str:
    """Key of the guard that keeps a second active request out."""
    return f"active|{customer_id}|{qualification}"


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
