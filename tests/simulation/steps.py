"""What must hold of each step of a record: transitions, work, confirmations; and what of it is rare."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from qualification.domain.correction import TAKEN_BACK
from qualification.domain.record import Record
from qualification.domain.status import Status
from qualification.domain.waiting import Kind
from qualification.use_cases.order import fingerprint
from tests.simulation.accounts import DAY, HOUR, MINUTE
from tests.simulation.hosts import MOST_APART
from tests.simulation.rare import count_step
from tests.unit.transitions import TRANSITIONS

if TYPE_CHECKING:
    from tests.simulation.hosts import Host
    from tests.simulation.judge import Judge
    from tests.simulation.looked import Seen

AGAIN = timedelta(hours=6)
"""So much later a second look must show less than the records say, before it is believed."""
GONE = frozenset({"60003"})
"""Errors after which a customer is read rarely."""


@dataclass
class Steps:
    """Watches the records.

    Attributes:
        confirms: how often each request was confirmed.
        agreed: the content that was confirmed and has not been sent yet.
        corrected: when each request was last corrected.
    """

    judge: "Judge"
    confirms: Counter[UUID] = field(default_factory=Counter)
    agreed: dict[UUID, str] = field(default_factory=dict)
    corrected: dict[UUID, datetime] = field(default_factory=dict)
    _confirming: dict[tuple[UUID, str], set[str]] = field(default_factory=lambda: defaultdict(set))

    def confirming(self, request_id: UUID, by: str, content: str) -> None:
        """Somebody is about to confirm this content."""
        self._confirming[request_id, by].add(content)

    def stored(self, before: Record | None, record: Record, host: "Host") -> None:
        """A record was stored."""
        judge, name = self.judge, record.request_id.hex[:6]
        if before is None or before.status is not record.status:
            was, error = before.status if before else None, record.error.code if record.error else "-"
            judge.world.trace(f"{host.name} {name} {was} -> {record.status} ({error})")
        if before is not None:
            self._changed(before, record, host)
        if record.status.is_active:
            self._check_work(record, host.clock())
        waiting = record.waiting
        if waiting and (before is None or before.waiting is None or before.waiting.reason is not waiting.reason):
            judge.rare[f"waits {waiting.reason}"] += 1
            judge.world.trace(f"{host.name} {name} waits for {waiting.reason}")
            if waiting.reason.kind is Kind.DECISION:
                judge.world.aim.waiting(record.customer_tenant_id)

    def _changed(self, before: Record, record: Record, host: "Host") -> None:
        judge, name, about = self.judge, record.request_id.hex[:6], record.request_id
        if before.status is not record.status and record.status not in TRANSITIONS[before.status]:
            taken_back = before.status is Status.SUBMITTING and record.status is Status.CANCELLED
            newer = before.correction and before.correction.request.qualification is not before.qualification
            if not (taken_back and (before.withdrawn or newer)):
                judge.broken("transition", f"{name}: {before.status} -> {record.status}")
        # A confirmation outlives the death of its host, so the next one of the same reason shows in the history only.
        if record.history[-1] not in before.history and (record.history[-1].note or "").startswith("confirmed ("):
            self._confirmed(record)
        elif not record.confirmed and record.fingerprint != before.fingerprint:
            # It has to be confirmed again.
            self.agreed.pop(about, None)
        if record.fingerprint != before.fingerprint or (record.correction and record.correction != before.correction):
            self.corrected[about] = judge.world.now
        if record.attempts > before.attempts:
            self._claimed(before, record, host)
        self._check_adopted(before, record, host)
        if before.status.is_active and record.status is Status.FAILED:
            self._check_failed(record)
        self._check_confirmation(before, record)
        self._check_mark(before, record)
        self._check_denial(before, record, host)
        if record.sequence < before.sequence:
            judge.broken("events counted backwards", name)
        judge.writes.recorded(before, record)
        count_step(judge, before, record)

    def _check_denial(self, before: Record, record: Record, host: "Host") -> None:
        """A denial decides nothing beside a review."""
        seen = self.judge.looked.by(host.name, record.customer_tenant_id)
        is_denied = record.status is Status.DENIED and before.status is not Status.DENIED
        if is_denied and seen and "InReview" in seen.words(record.qualification):
            self.judge.broken("denied beside a review", record.request_id.hex[:6])

    def _check_confirmation(self, before: Record, record: Record) -> None:
        """A confirmation holds over what was not sent, for the same content."""
        own = self.judge.writes.own(record)
        not_taken = bool(own) and own[-1].kind == "unauthorized"
        came_back = before.status is Status.SUBMITTING and record.status is Status.QUEUED
        not_sent = record.attempts < before.attempts or (came_back and not_taken)
        if not_sent and record.fingerprint == before.fingerprint and before.confirmed - record.confirmed:
            self.judge.broken("confirmation lost although nothing was sent", record.request_id.hex[:6])

    def _check_mark(self, before: Record, record: Record) -> None:
        """Only whose mark it is takes it back."""
        entry = record.history[-1]
        if entry in before.history or entry.note != TAKEN_BACK:
            return
        if (entry.by or "").partition(" ")[0] != record.source:
            self.judge.broken(
                "taken back by somebody else", f"{record.request_id.hex[:6]} of {record.source}: {entry.by}"
            )

    def _confirmed(self, record: Record) -> None:
        about, by, content = record.request_id, record.history[-1].by or "", fingerprint(record.request)
        self.confirms[about] += 1
        self.agreed[about] = content
        if (about, by) in self._confirming and content not in self._confirming[about, by]:
            self.judge.broken("confirmed is not what was seen", f"{about.hex[:6]} by {by}")

    def _claimed(self, before: Record, record: Record, host: "Host") -> None:
        judge, name = self.judge, record.request_id.hex[:6]
        seen = judge.looked.by(host.name, record.customer_tenant_id)
        if seen is None or judge.world.now - seen.at > 3 * MINUTE:
            judge.broken("no look before the claim", name)
        elif all(self._says_more(record, each) for each in judge.looked.beside(seen)):
            judge.broken("written although a record says more", name)
        elif any(each.wrong for each in judge.looked.beside(seen)) and before.attempts == 0:
            self._misled(record)
        if before.withdrawn is not None and not before.confirmed:
            judge.broken("claimed although the mark was taken back", name)

    def _says_more(self, record: Record, seen: "Seen") -> bool:
        """Whether what stands of another request is not shown by this look, and was within the six hours before."""
        looks = [each for each in self.judge.looked.of(seen.customer_id) if seen.at - AGAIN < each.at < seen.at]
        others = [each for each in self.judge.records.values() if each.customer_tenant_id == seen.customer_id]
        standing = {each.qualification for each in others if each is not record and _stands(each)}
        return any(not seen.words(kind) and any(each.words(kind) for each in looks) for kind in standing)

    def _check_adopted(self, before: Record, record: Record, host: "Host") -> None:
        seen = self.judge.looked.by(host.name, record.customer_tenant_id)
        adopts = before.status is Status.QUEUED and record.status in {Status.IN_REVIEW, Status.APPROVED}
        if adopts and seen and seen.wrong:
            self._misled(record)

    def _misled(self, record: Record) -> None:
        """It was decided on a look that was wrong, ahead of its first write, and no record said more: see exceptions."""
        self.judge.news.misled.add(record.request_id)
        self.judge.rare["misled by one look"] += 1

    def _check_failed(self, record: Record) -> None:
        """A refusal answers the write that got it, and no earlier one."""
        given_up = record.error is not None and record.error.code == "given-up"
        earlier = [each.kind for each in self.judge.writes.own(record)[:-1] if each.is_uncertain]
        if earlier and not given_up:
            self.judge.broken("failed while a write is out", f"{record.request_id.hex[:6]}: {earlier}")

    def _check_work(self, record: Record, now: datetime) -> None:
        name, hold = record.request_id.hex[:6], self.judge.holding.hold
        if record.work is None:
            self.judge.broken("unfinished without work", f"{name} {record.status}")
            return
        most, waiting = DAY + HOUR, record.waiting
        if waiting and waiting.reason.kind is Kind.DECISION and not record.out:
            most = 7 * DAY + HOUR
        if record.error and record.error.code in GONE:
            most = 30 * DAY + HOUR
        # A host dates by its own clock.
        most += MOST_APART if self.judge.world.is_apart else timedelta()
        if record.work.due - now > most and not (hold.pause and record.work.due <= hold.pause.until + HOUR):
            what = f"{name} {record.status} {record.work.due - now} {waiting and waiting.reason}"
            self.judge.broken("work too late", what)


def _stands(record: Record) -> bool:
    """Whether Partner Center should show something of it; a review that a person gave up goes on there."""
    given_up = record.status is Status.FAILED and record.taken and record.out
    return given_up or record.status in {Status.IN_REVIEW, Status.APPROVED}
