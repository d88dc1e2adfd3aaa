"""What the store says of itself: records, histories, guards, work items and what is waited for agree."""

from collections.abc import Iterator
from itertools import pairwise

from qualification.domain.event import EventType
from qualification.domain.events import NEWS
from qualification.domain.record import Record
from qualification.domain.status import HistoryEntry, Status
from qualification.stores.keys import guard_key, waiting_key, work_key
from sandbox.chaos.evidence import Evidence
from sandbox.chaos.rules.difference import Difference

AFTER: dict[Status, set[Status]] = {
    Status.QUEUED: {Status.SUBMITTING, Status.IN_REVIEW, Status.APPROVED, Status.FAILED, Status.CANCELLED},
    # A write that did not leave leads to Queued and, where it was taken back meanwhile, on to Cancelled in one step.
    Status.SUBMITTING: {
        *(Status.QUEUED, Status.IN_REVIEW, Status.APPROVED, Status.DENIED, Status.FAILED, Status.CANCELLED)
    },
    Status.IN_REVIEW: {Status.APPROVED, Status.DENIED, Status.FAILED},
    Status.APPROVED: {Status.REVOKED},
    Status.DENIED: {Status.APPROVED},
    Status.REVOKED: {Status.APPROVED},
    Status.FAILED: {Status.APPROVED},
}
"""The statuses that may follow one another in a history."""


def record_history_and_events_agree(evidence: Evidence) -> Iterator[Difference]:
    """The history leads to the status by allowed steps, and the events say the same at the same times."""
    streams = evidence.events_by_request()
    for record in evidence.ledger.records.values():
        history, customer_id = record.history, str(record.customer_tenant_id)
        entered = [history[0], *(other for one, other in pairwise(history) if other.status is not one.status)]
        good = (
            entered[0].status is Status.QUEUED
            and entered[-1].status is record.status
            and all(other.status in AFTER.get(one.status, set()) for one, other in pairwise(entered))
            and all(one.at <= other.at for one, other in pairwise(history))
        )
        if not good:
            yield Difference("record and history agree", story(record), customer_id)
        came = [
            (event["data"]["status"], event["time"])
            for event in streams.get(record.request_id, [])
            if event["type"] == EventType.STATUS_CHANGED
        ]
        if came != [_news(entry) for entry in entered if entry.status in NEWS]:
            yield Difference("history and events agree", f"{story(record)}; published {came}", customer_id)


def work_is_where_it_is_wanted(evidence: Evidence) -> Iterator[Difference]:
    """Each unfinished record has its one work item, and each work item its record."""
    ledger = evidence.ledger
    wanted = {work_key(record, record.work): record for record in ledger.records.values() if record.work}
    for key in ledger.work - wanted.keys():
        yield Difference("no work item is orphaned", key)
    for key in wanted.keys() - ledger.work:
        yield Difference("no record is without its work item", key, str(wanted[key].customer_tenant_id))
    for record in ledger.records.values():
        if record.status.is_active and record.work is None:
            yield Difference("what is unfinished has work", story(record), str(record.customer_tenant_id))


def what_is_waited_for_has_its_row(evidence: Evidence) -> Iterator[Difference]:
    """The rows that say for what requests wait are those of the records."""
    waits = {
        waiting_key(record, record.waiting): record for record in evidence.ledger.records.values() if record.waiting
    }
    for key in waits.keys() ^ evidence.ledger.waiting:
        yield Difference("waiting rows are those of records", key, key.split("|")[2])


def guards_agree_with_records(evidence: Evidence) -> Iterator[Difference]:
    """Each guard names the newest request of its customer and qualification, and no other one is unfinished."""
    guards = evidence.ledger.guards
    newest: dict[str, Record] = {}
    for record in sorted(evidence.ledger.records.values(), key=lambda each: each.created_at):
        newest[guard_key(record.customer_tenant_id, record.qualification)] = record
    for key in guards.keys() ^ newest.keys():
        yield Difference("guards agree with records", f"{key} has no counterpart", key.split("|")[1])
    for key in guards.keys() & newest.keys():
        guard, record = guards[key], newest[key]
        if (guard.request_id, guard.active) != (record.request_id, record.status.is_active):
            text = f"{guard} where the newest is {story(record)}"
            yield Difference("guards agree with records", text, str(record.customer_tenant_id))
    for record in evidence.ledger.records.values():
        if record.status.is_active and record not in newest.values():
            text = f"{story(record)} is not the newest"
            yield Difference("one unfinished request a qualification", text, str(record.customer_tenant_id))


def story(record: Record) -> str:
    """A record in one line."""
    steps = ", ".join(f"{each.status} {each.at}" for each in record.history)
    return f"{record.request_id} is {record.status}: {steps}"


def _news(entry: HistoryEntry) -> tuple[str, str]:
    return entry.status.value, entry.at.isoformat().replace("+00:00", "Z")
