"""What must hold of each event on the topic: in order, without a gap, and true."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from qualification.domain.event import Event, EventType
from qualification.domain.record import Record
from qualification.domain.request import Qualification
from qualification.domain.status import Status
from tests.simulation.accounts import HOUR, Kept
from tests.simulation.looked import is_misled

if TYPE_CHECKING:
    from tests.simulation.judge import Judge

STALE = HOUR
"""A look may show what was true so long ago."""


@dataclass
class News:
    """Watches the topic.

    Attributes:
        sequences: the newest number of each request.
        alerts: requests, and what somebody was alerted to.
        decided: by customer, qualification and decision, the requests of which it was published, and what each may be
            about: rows, and the number of their word.
        misled: requests whose first write was decided on a look that was wrong: see exceptions.
    """

    judge: "Judge"
    sequences: dict[UUID, int] = field(default_factory=dict)
    alerts: set[tuple[UUID, str]] = field(default_factory=set)
    decided: dict[tuple[UUID, Qualification, str], dict[UUID, set[tuple[int, int]]]] = field(
        default_factory=lambda: defaultdict(dict)
    )
    misled: set[UUID] = field(default_factory=set)
    _said: dict[str, object] = field(default_factory=dict)

    def stored(self, event: Event, step: tuple[Record | None, Record] | None) -> None:
        """An event is in the outbox, together with the step that it is about."""
        if event.type is not EventType.STATUS_CHANGED:
            return
        said = event.data["previousStatus"], event.data["status"]
        before, record = step or (None, None)
        if before is None or record is None or said[1] != record.status or said[0] not in _passed(before, record):
            self.judge.broken("event says what the step did not do", f"{event.stream.hex[:6]}: {said[0]} -> {said[1]}")

    def published(self, event: Event) -> None:
        """An event is on the topic."""
        judge, last = self.judge, self.sequences.get(event.stream, 0)
        if event.sequence > last + 1:
            judge.broken("event ahead of an older one", f"{event.stream.hex[:6]}: {event.sequence} after {last}")
        if self._said.setdefault(event.id, event.data) != event.data:
            judge.broken("two events of one number", event.id)
        if event.sequence <= last:
            judge.rare["event repeated"] += 1
            return
        self.sequences[event.stream] = event.sequence
        if event.type is EventType.ATTENTION_REQUIRED:
            self.alerts.add((event.stream, str(event.data["reason"])))
            judge.rare[f"alert {event.data['reason']}"] += 1
        elif event.stream in judge.records:
            self._check_truth(judge.records[event.stream], Status(str(event.data["status"])))

    def _check_truth(self, record: Record, status: Status) -> None:
        if status in {Status.APPROVED, Status.DENIED}:
            told = self.decided[record.customer_tenant_id, record.qualification, status]
            told.setdefault(record.request_id, set()).update(self._about(record, status))
        if not self._is_true(record, status) and record.request_id not in self.misled:
            self.judge.broken("published what never was", f"{record.request_id.hex[:6]} {status}")

    def _about(self, record: Record, status: Status) -> set[tuple[int, int]]:
        """The words that may have been seen: each a row's number, and the word's number in it."""
        rows, since, now = self._rows(record), self._since(record), self.judge.world.now
        silent = record.qualification is Qualification.STATE_OWNED_ENTITY and status is Status.APPROVED
        return {
            (number, nth)
            for number, row in enumerate(rows)
            for nth, (began, word, _) in enumerate(row.words)
            if began <= now
            and (word == status or (silent and word is None))
            # What was denied before is known; an approval lasts.
            and (status is Status.APPROVED or began >= since)
        }

    def _rows(self, record: Record) -> list[Kept]:
        rows = self.judge.world.partner_center.accounts[record.customer_tenant_id].rows
        return [row for row in rows if row.qualification is record.qualification]

    def _since(self, record: Record) -> datetime:
        first, written = self.judge.since[record.request_id], [each.at for each in self.judge.writes.own(record)]
        # A review that was adopted is its own, whatever is written later.
        adopts = any(
            entry.status is Status.IN_REVIEW and written and entry.at < min(written) for entry in record.history
        )
        return (first if adopts else min(written, default=first)) - STALE

    def _is_true(self, record: Record, status: Status) -> bool:
        judge, now = self.judge, self.judge.world.now
        account = judge.world.partner_center.accounts[record.customer_tenant_id]
        own, rows, since = judge.writes.own(record), self._rows(record), self._since(record)
        silent = record.qualification is Qualification.STATE_OWNED_ENTITY
        match status:
            case Status.IN_REVIEW:
                taken = any(each.kind.startswith("taken") for each in own)
                return taken or any(row.words[0][0] <= now and (row.gone or now) >= since for row in rows)
            case Status.APPROVED:
                return any(row.said("Approved", since, now) or (silent and row.is_there(now)) for row in rows)
            case Status.DENIED:
                began = [when for row in rows for when, word, _ in row.words if word == "Denied" and when <= now]
                # An old denial without a date, beside a review that vanished, may be its answer: see exceptions.
                return any(when >= since or not account.dated for when in began)
            # Its event may come after a look that was right again.
            case Status.REVOKED if is_misled(judge.looked.of(record.customer_tenant_id)):
                return True
            case Status.REVOKED:
                there = sorted((row for row in rows if row.is_there(now)), key=lambda row: row.changed_at(now))
                words = [row.word(now) for row in there]
                # The newest review counts, by its beginning or by its decision.
                newest = max(there, key=lambda row: row.words[0][0], default=None)
                is_denied = newest is not None and newest.word(now) == "Denied"
                # An approval without a date looks like the one before it that was withdrawn: see exceptions.
                is_denied = is_denied or (not account.dated and "Denied" in words)
                return is_denied or "Approved" not in words or "Denied" in words[words.index("Approved") :]
            case _:
                return True


def _passed(before: Record, record: Record) -> set[Status]:
    """The statuses that a step began with and went through: what was not taken is queued before it ends."""
    return {before.status, *(entry.status for entry in record.history[:-1] if entry not in before.history)}
