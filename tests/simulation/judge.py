"""What must hold, whatever goes wrong; it names no fault. Checked as things happen, and at the end (see verdict)."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from qualification.domain.event import Event, EventType
from qualification.domain.hold import Hold
from qualification.domain.record import Record
from qualification.domain.request import EducationRequest, Qualification, QualificationRequest
from qualification.domain.status import Status
from qualification.domain.waiting import Kind, Reason
from qualification.stores.keys import HOLD
from qualification.stores.rows import Change, Delete
from qualification.use_cases.order import Order, fingerprint
from tests.simulation.accounts import DAY, HOUR, MINUTE, Kept

if TYPE_CHECKING:
    from tests.simulation.hosts import Host
    from tests.simulation.world import World

UNCERTAIN = ("taken", "not-taken-unanswered", "conflict", "throttled")
"""How the kinds of writes begin that may have been taken, as far as their answer says."""
REACHES_ALL = timedelta(seconds=5)
STALE = HOUR
TRANSITIONS = {
    Status.QUEUED: {Status.SUBMITTING, Status.IN_REVIEW, Status.APPROVED, Status.FAILED, Status.CANCELLED},
    Status.SUBMITTING: {Status.QUEUED, Status.IN_REVIEW, Status.APPROVED, Status.DENIED, Status.FAILED},
    Status.IN_REVIEW: {Status.APPROVED, Status.DENIED, Status.FAILED},
    Status.APPROVED: {Status.REVOKED},
    Status.DENIED: {Status.APPROVED},
    Status.REVOKED: {Status.APPROVED},
    Status.FAILED: {Status.APPROVED},
    Status.CANCELLED: set[Status](),
}
"""No other change of status; a write taken back while a mark was taken back ends at once (Submitting to Cancelled)."""


@dataclass
class Written:
    """A write that arrived at Partner Center."""

    at: datetime
    request_id: UUID
    kind: str
    confirms: int

    @property
    def is_uncertain(self) -> bool:
        """Whether it may have been taken."""
        return self.kind.startswith(UNCERTAIN)


@dataclass
class Seen:
    """A look."""

    at: datetime
    host: str
    rows: Sequence[tuple[Kept, str | None]]
    wrong: bool


@dataclass
class Judge:
    """Watches a world.

    Attributes:
        violations: what did not hold: its name and what happened.
        rare: how often each rare state was met.
    """

    world: "World"
    violations: list[tuple[str, str]] = field(default_factory=list)
    rare: Counter[str] = field(default_factory=Counter)
    records: dict[UUID, Record] = field(default_factory=dict)
    promised: dict[UUID, UUID] = field(default_factory=dict)
    confirms: Counter[UUID] = field(default_factory=Counter)
    agreed: dict[UUID, str] = field(default_factory=dict)
    writes: dict[tuple[UUID, Qualification], list[Written]] = field(default_factory=lambda: defaultdict(list))
    looks: dict[UUID, list[Seen]] = field(default_factory=lambda: defaultdict(list))
    misled: set[UUID] = field(default_factory=set)
    known: set[int] = field(default_factory=set)
    hold: Hold = field(default_factory=Hold)
    since: dict[str, datetime] = field(default_factory=dict)
    probed: datetime | None = None
    sequences: dict[UUID, int] = field(default_factory=dict)
    alerts: set[tuple[UUID, str]] = field(default_factory=set)
    decided: dict[tuple[UUID, Qualification, str], set[UUID]] = field(default_factory=lambda: defaultdict(set))

    def broken(self, name: str, what: str) -> None:
        """Something did not hold."""
        self.violations.append((name, what))
        self.world.trace(f"VIOLATION {name}: {what}")

    def crashed(self, error: BaseException) -> None:
        """Something ended in an error that nobody expects."""
        self.broken("crashed", repr(error))

    def killed(self, where: str) -> None:
        """A host died."""
        self.rare[f"killed at {where}"] += 1

    def accepted(self, order: Order, record: Record) -> None:
        """A sender was answered 202."""
        self.promised[record.request_id] = order.customer_tenant_id

    def retried(self, record: Record) -> None:
        """A person was answered that it goes on."""
        self.promised[record.request_id] = record.customer_tenant_id

    def called(self, host: str, method: str, customer_id: UUID) -> None:
        """A call leaves a host."""
        now, hold = self.world.now, self.hold
        if hold.pause and now < hold.pause.until and now - self.since["pause"] > REACHES_ALL:
            self.broken("call under a pause", f"{host} {method} {customer_id.int}, until {hold.pause.until:%H:%M:%S}")
        if method == "GET":
            return
        if hold.stop and now - self.since["stop"] > REACHES_ALL:
            self.broken(
                "write under a stop", f"{host} {customer_id.int}, {now - self.since['stop']} after it was stored"
            )
        if hold.cause and now - self.since["cause"] > REACHES_ALL:
            last = self.probed or self.since["cause"]
            if now - last < HOUR - 2 * MINUTE:
                self.broken(
                    "more than a probe an hour", f"{host} {customer_id.int} {hold.cause.code}, {now - last} after"
                )
            self.probed = now

    def looked(self, customer_id: UUID, host: str, rows: Sequence[Kept], at: datetime, *, wrong: bool) -> None:
        """A look was answered."""
        self.looks[customer_id].append(Seen(self.world.now, host, [(row, row.word(at)) for row in rows], wrong))
        self.known.update(id(row) for row in rows)

    def wrote(
        self,
        customer_id: UUID,
        request: QualificationRequest,
        ms_request_id: UUID,
        kind: str,
        host: str,
    ) -> None:
        """A write arrived."""
        now, wanted = self.world.now, request.qualification
        mine = [each for each in self.records.values() if each.ms_request_id == ms_request_id]
        if len(mine) != 1 or mine[0].customer_tenant_id != customer_id:
            self.broken("write without a claim", f"{customer_id.int} {wanted}")
            return
        record = mine[0]
        name, confirms = record.request_id.hex[:6], self.confirms[record.request_id]
        self._check_look(record, host)
        before = self.writes[customer_id, wanted]
        written = Written(now, record.request_id, kind, confirms)
        own = [each for each in (*before, written) if each.request_id == record.request_id]
        counted = [each for each in own if each.is_uncertain and "throttled" not in each.kind]
        if len(counted) > 2 + confirms:
            self.broken("more than two writes", f"{name}: {[each.kind for each in counted]}, {confirms} confirmed")
        last = next((each for each in reversed(before) if each.is_uncertain), None)
        if (
            last
            and now - last.at < HOUR - MINUTE
            and last.confirms == confirms
            and last.request_id == record.request_id
        ):
            self.broken("written again within an hour", f"{name}: {last.kind} at {last.at:%H:%M:%S}")
        if last and now - last.at < HOUR - MINUTE and last.request_id != record.request_id and not confirms:
            other = self.records[last.request_id]
            if other.out and other.status is Status.FAILED:
                self.broken("doubt not inherited", f"{name} after {last.request_id.hex[:6]} {last.kind}")
        if fingerprint(request) != fingerprint(record.request):
            self.broken("sent is not what is stored", name)
        if record.request_id in self.agreed and self.agreed[record.request_id] != fingerprint(request):
            self.broken("sent is not what was confirmed", name)
        self.agreed.pop(record.request_id, None)
        self._check_budget(record, written, ms_request_id)
        before.append(written)
        self.rare[f"write {kind}"] += 1
        if len(counted) > 1:
            self.rare["written again"] += 1

    def stored(self, host: "Host", changes: Sequence[Change]) -> None:
        """A transaction was made."""
        for change in changes:
            if isinstance(change, Delete):
                continue
            if change.key == HOLD:
                self._held(Hold.model_validate_json(change.value))
            elif "|request|" in change.key:
                self._recorded(Record.model_validate_json(change.value), host)

    def published(self, event: Event) -> None:
        """An event is on the topic."""
        last = self.sequences.get(event.stream, 0)
        if event.sequence > last + 1:
            self.broken("event ahead of an older one", f"{event.stream.hex[:6]}: {event.sequence} after {last}")
        if event.sequence <= last:
            self.rare["event repeated"] += 1
            return
        self.sequences[event.stream] = event.sequence
        if event.type is EventType.ATTENTION_REQUIRED:
            self.alerts.add((event.stream, str(event.data["reason"])))
            self.rare[f"alert {event.data['reason']}"] += 1
        elif event.stream in self.records:
            self._check_truth(self.records[event.stream], str(event.data["status"]), event.time)

    async def examine(self) -> None:
        """It is over: see that everything has come to a good end."""
        from tests.simulation.verdict import Verdict  # noqa: PLC0415  it is about this very class

        await Verdict(self).examine()

    def _check_look(self, record: Record, host: str) -> None:
        now, name = self.world.now, record.request_id.hex[:6]
        seen = next((each for each in reversed(self.looks[record.customer_tenant_id]) if each.host == host), None)
        if seen is None or now - seen.at > 3 * MINUTE:
            self.broken("no look before the write", name)
            return
        if seen.wrong:
            self.rare["wrong look ahead of a write"] += 1
        words = [word for row, word in seen.rows if row.qualification is record.qualification]
        # A denial or an unknown word may be newer than an approval: which decides is what the service must know.
        if "InReview" in words or (words and {*words} == {"Approved"}):
            self.broken("wrote over what it saw", f"{name}: {words}")

    def _check_budget(self, record: Record, written: Written, ms_request_id: UUID) -> None:
        if not isinstance(record.request, EducationRequest):
            return
        if written.confirms or record.request.confirm_last_attempt or not written.kind.startswith("taken"):
            return
        account = self.world.partner_center.accounts[record.customer_tenant_id]
        if not account.dated or not account.keeps_history:
            return
        rows = [row for row in account.rows if row.qualification is Qualification.EDUCATION]
        spent = [row for row in rows if row.ms_request_id is not None or id(row) in self.known]
        own = [row for row in spent if row.ms_request_id != ms_request_id]
        if len(own) >= 2:
            self.broken("the last verification unasked", f"{record.request_id.hex[:6]}: {len(own)} were spent")

    def _held(self, hold: Hold) -> None:
        now, before = self.world.now, self.hold
        if hold.pause and (before.pause is None or before.pause.until < hold.pause.until):
            self.since["pause"] = now
        if hold.stop and before.stop is None:
            self.since["stop"] = now
            self.rare["stopped"] += 1
        if hold.cause and (before.cause is None or before.cause.code != hold.cause.code):
            self.since["cause"], self.probed = now, None
            self.rare[f"cause {hold.cause.code}"] += 1
        self.hold = hold

    def _recorded(self, record: Record, host: "Host") -> None:
        before = self.records.get(record.request_id)
        self.records[record.request_id] = record
        name = record.request_id.hex[:6]
        if before is None or before.status is not record.status:
            was = before.status if before else None
            self.world.trace(
                f"{host.name} {name} {was} -> {record.status} ({record.error.code if record.error else '-'})"
            )
        if before is not None:
            self._changed(before, record, name)
        if record.status.is_active:
            self._check_work(record, host.clock())
        waiting = record.waiting
        if waiting and (before is None or before.waiting is None or before.waiting.reason is not waiting.reason):
            self.rare[f"waits {waiting.reason}"] += 1
            self.world.trace(f"{host.name} {name} waits for {waiting.reason}")

    def _changed(self, before: Record, record: Record, name: str) -> None:
        if before.status is not record.status and record.status not in TRANSITIONS[before.status]:
            taken_back = before.status is Status.SUBMITTING and record.status is Status.CANCELLED
            if not (taken_back and before.withdrawn):
                self.broken("transition", f"{name}: {before.status} -> {record.status}")
        if record.confirmed - before.confirmed:
            self.confirms[record.request_id] += 1
            self.agreed[record.request_id] = fingerprint(record.request)
            self.rare[f"confirmed {before.waiting.reason if before.waiting else '?'}"] += 1
        if record.attempts > before.attempts == 0 and self.looks[record.customer_tenant_id][-1].wrong:
            # The first write was decided on a look that was wrong, and no record said more: see exceptions.
            self.misled.add(record.request_id)
            self.rare["misled by one look"] += 1
        if record.sequence < before.sequence:
            self.broken("events counted backwards", name)
        self._count(before, record)

    def _count(self, before: Record, record: Record) -> None:
        if record.fingerprint != before.fingerprint:
            self.rare["correction before sending"] += 1
        if record.correction and not before.correction:
            self.rare["correction after sending"] += 1
        if record.status is Status.IN_REVIEW and before.status is Status.QUEUED:
            self.rare["adopted"] += 1
        if record.doubtful and not before.doubtful:
            self.rare["undated denial" if record.doubtful.row else "row vanished"] += 1
        if before.status is Status.SUBMITTING and record.status is Status.SUBMITTING and record.work != before.work:
            self.rare["in doubt, read on"] += 1

    def _check_work(self, record: Record, now: datetime) -> None:
        name = record.request_id.hex[:6]
        if record.work is None:
            self.broken("unfinished without work", f"{name} {record.status}")
            return
        most, waiting = DAY + HOUR, record.waiting
        if waiting and waiting.reason.kind is Kind.DECISION and not record.out:
            most = 7 * DAY + HOUR
        if record.error and record.error.code == "60003":
            most = 30 * DAY + HOUR
        if record.work.due - now > most and not (self.hold.pause and record.work.due <= self.hold.pause.until + HOUR):
            self.broken("work too late", f"{name} {record.status} {record.work.due - now} {waiting and waiting.reason}")

    def _check_truth(self, record: Record, status: str, at: datetime) -> None:
        account = self.world.partner_center.accounts[record.customer_tenant_id]
        rows = [row for row in account.rows if row.qualification is record.qualification]
        now, name = self.world.now, record.request_id.hex[:6]
        since = min((each.at for each in self._own(record)), default=record.created_at) - STALE
        if status in {Status.APPROVED, Status.DENIED}:
            self.decided[record.customer_tenant_id, record.qualification, status].add(record.request_id)
        silent = record.qualification is Qualification.STATE_OWNED_ENTITY
        match status:
            case Status.IN_REVIEW:
                taken = any(each.kind.startswith("taken") for each in self._own(record))
                is_true = taken or any(row.words[0][0] <= now and (row.gone or now) >= since for row in rows)
            case Status.APPROVED:
                is_true = any(row.said("Approved", since, now) or (silent and row.is_there(now)) for row in rows)
            case Status.DENIED:
                began = [when for row in rows for when, word, _ in row.words if word == "Denied" and when <= now]
                # An old denial without a date, beside a review that vanished, may be its answer: see exceptions.
                is_true = any(when >= since or not account.dated for when in began)
            case Status.REVOKED:
                there = sorted((row for row in rows if row.is_there(now)), key=lambda row: row.changed_at(now))
                words = [row.word(now) for row in there]
                is_true = "Approved" not in words or "Denied" in words[words.index("Approved") :]
            case _:
                return
        if not is_true and record.request_id not in self.misled:
            self.broken("published what never was", f"{name} {status} at {at:%d %H:%M:%S}")

    def _own(self, record: Record) -> list[Written]:
        writes = self.writes[record.customer_tenant_id, record.qualification]
        return [each for each in writes if each.request_id == record.request_id]


UNTOLD = frozenset({Reason.THROTTLED})
"""What a request may wait for although nobody was alerted: the pause that holds everybody has its own event."""
