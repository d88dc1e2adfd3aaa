"""Notes of a sender's events that changed nothing: which request answers for each, bounded for a customer."""

import logging
from contextlib import suppress
from uuid import UUID

from pydantic import BaseModel

from qualification.domain.errors import StepConflict
from qualification.domain.transition import Joined
from qualification.stores.keys import joined_key, shard_of
from qualification.stores.rows import Change, Insert, Replace, Row, Rows
from qualification.stores.versions import check_version, versioned

NOTE_TRIES = 50
"""Others who note something in the same row cost one each; an event that is not noted is decided anew when it is repeated."""
NOTES_IN_ROW = 16
"""With keys.NOTES rows a customer's last two hundred events and more are known; senders repeat what is a few days old."""

log = logging.getLogger(__name__)


class Notes(BaseModel):
    """What a row of notes holds: which requests answer for events that changed nothing, the oldest first."""

    notes: tuple[Joined, ...]


async def noted(rows: Rows, customer_id: UUID, request_id: UUID) -> Joined | None:
    """The note of an event, by the id of the request that it would have begun; None where there is none that can be read."""
    row = await rows.get(shard_of(customer_id), joined_key(customer_id, request_id))
    try:
        notes = _read(row) if row else ()
    except ValueError:
        log.error("row %s cannot be read by this version", row.key if row else "")  # noqa: TRY400  the key says it all
        return None
    return next((each for each in notes if each.request_id == request_id), None)


async def note(rows: Rows, customer_id: UUID, joined: Joined) -> None:
    """Note an event, and forget the oldest one where there are many."""
    shard, key = shard_of(customer_id), joined_key(customer_id, joined.request_id)
    for _ in range(NOTE_TRIES):
        try:
            change = _change(customer_id, joined, await rows.get(shard, key))
        except ValueError:
            break
        if change is None:
            return
        with suppress(StepConflict):
            await rows.transact(shard, [change])
            return
    log.warning("an event of customer %s that changes nothing is not noted", customer_id)


def _change(customer_id: UUID, joined: Joined, row: Row | None) -> Change | None:
    """Note that another request answers for a sender's event, and forget the oldest note; None where that is noted.

    Raises:
        ValueError: the row cannot be read.
    """
    noted = _read(row) if row else ()
    if any(each.request_id == joined.request_id for each in noted):
        return None
    key, notes = joined_key(customer_id, joined.request_id), Notes(notes=(*noted, joined)[-NOTES_IN_ROW:])
    text = versioned(notes.model_dump_json())
    return Replace(key, text, row.etag) if row else Insert(key, text)


def _read(row: Row) -> tuple[Joined, ...]:
    """The notes in a row, the oldest first.

    Raises:
        ValueError: there are none, or a newer version of this service wrote them.
    """
    check_version(row.value)
    return Notes.model_validate_json(row.value).notes
