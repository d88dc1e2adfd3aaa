"""Fills an SQLite file with any number of records, without the time that as many requests would take.

The rows are those that the store itself would write for one record; the others differ in their ids.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from uuid import UUID

from qualification.bootstrap import utc_now
from qualification.domain.customer import Customer
from qualification.domain.lifecycle import accepted, claimed
from qualification.domain.look import CustomerQualification, Look
from qualification.domain.record import Record
from qualification.domain.request import Qualification, parse_request
from qualification.domain.review import reviewed
from qualification.domain.timing import Moment, Policy
from qualification.domain.transition import CustomerState, Step, Transition
from qualification.domain.vetting import accepted_with
from qualification.stores.keys import shard_of
from qualification.stores.layout import step_changes
from qualification.stores.marker import MarkedRows
from qualification.stores.rows import Insert
from qualification.stores.sqlite import SqliteRows
from qualification.use_cases.order import fingerprint

CUSTOMER, REQUEST = UUID(int=1), UUID(int=2)
FOLLOWED = timedelta(days=91)
"""After its end a request is read for ninety days."""


def queued(at: datetime) -> Record:
    """A record that was accepted at `at`."""
    request = parse_request({"qualification": "Education", "educationSegment": "K12", "website": "contoso.edu"})
    new = Record(
        request_id=REQUEST,
        customer_tenant_id=CUSTOMER,
        request=request,
        source="standard",
        fingerprint=fingerprint(request),
        first_fingerprint=fingerprint(request),
        created_at=at,
        updated_at=at,
        history=(),
        work=None,
    )
    return accepted(new, Moment(at, 1.0, Policy())).record


def in_review(at: datetime) -> Record:
    """A record whose vetting began at `at`; its first look is due a few minutes later."""
    moment = Moment(at, 1.0, Policy())
    nothing = Look((), at)
    claim = claimed(queued(at), nothing, 0, ms_request_id=REQUEST, validation_code=None, moment=moment).record
    return accepted_with(claim, _row("InReview", at), nothing, moment).record


def finished(at: datetime) -> Record:
    """A record that was denied an hour after `at`, and is read no more since the last read `FOLLOWED` later."""
    denied_at, last = at + timedelta(hours=1), at + FOLLOWED
    row = _row("Denied", denied_at)
    seen = Customer(customer_tenant_id=CUSTOMER).after(Look((row,), denied_at))
    record = in_review(at)
    for moment in (denied_at, last):
        record = reviewed(record, seen, 0, Look((row,), moment), Moment(moment, 1.0, Policy())).record
    if record.work is not None:
        raise RuntimeError(f"it is read again at {record.work.due}")
    return record


def _row(vetting_status: str, created: datetime) -> CustomerQualification:
    return CustomerQualification(
        qualification=Qualification.EDUCATION, vetting_status=vetting_status, vetting_created=created.isoformat()
    )


async def fill(path: Path, record: Record, number: int, seed: int) -> list[tuple[UUID, UUID]]:
    """Store `number` records like this one, each of another customer.

    Args:
        path: the SQLite file; made if missing.
        record: the sample.
        number: how many.
        seed: another one gives other customers.

    Returns:
        Customer tenant id and request id of each.
    """
    rows = MarkedRows(SqliteRows(path), utc_now)
    await rows.make()
    await rows.close()
    ids = _ids(number, seed)
    connection = sqlite3.connect(path, isolation_level=None)
    if connection.execute("SELECT 1 FROM rows WHERE key LIKE 'customer|%' LIMIT 1").fetchone() is None:
        # Without a log a million rows are written once instead of twice; the service brings it back.
        connection.execute("PRAGMA journal_mode = OFF")
    nothing = CustomerState(Customer(customer_tenant_id=CUSTOMER))
    for change in step_changes(nothing, [Step(None, Transition(record))]):
        if isinstance(change, Insert):
            connection.execute("BEGIN")
            connection.executemany("INSERT INTO rows (shard, key, etag, value) VALUES (?, ?, ?, ?)", _like(change, ids))
            connection.execute("COMMIT")
    connection.close()
    return ids


def _ids(number: int, seed: int) -> list[tuple[UUID, UUID]]:
    chance = Random(seed)  # noqa: S311  not for secrecy
    ids = [(UUID(int=chance.getrandbits(128)), UUID(int=chance.getrandbits(128))) for _ in range(number)]
    # In the order of the keys, which SQLite fills many times as fast.
    return sorted(ids, key=lambda pair: (shard_of(pair[0]), str(pair[0])))


def _like(sample: Insert, ids: Sequence[tuple[UUID, UUID]]) -> Iterator[tuple[str, str, str, str]]:
    customer, request = str(CUSTOMER), str(REQUEST)
    for number, (customer_id, request_id) in enumerate(ids):
        key, value = (
            text.replace(customer, str(customer_id)).replace(request, str(request_id))
            for text in (sample.key, sample.value)
        )
        yield shard_of(customer_id), key, f"{number:032x}", value
