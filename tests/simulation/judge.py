"""What must hold, whatever goes wrong; it names no fault. Checked as things happen, and at the end (see verdict)."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from qualification.domain.event import Event
from qualification.domain.hold import Hold
from qualification.domain.record import Record
from qualification.domain.request import EducationRequest, QualificationRequest
from qualification.domain.work import WorkAction
from qualification.stores.keys import HOLD
from qualification.stores.rows import Change, Delete
from qualification.use_cases.order import Order
from tests.simulation.accounts import Kept
from tests.simulation.dated import Dated, contents
from tests.simulation.holding import Holding
from tests.simulation.looked import Looked, Seen
from tests.simulation.news import News
from tests.simulation.promptness import Promptness
from tests.simulation.steps import Steps
from tests.simulation.upgrades import Upgrades
from tests.simulation.verdict import Verdict
from tests.simulation.versions import kind_of
from tests.simulation.written import Writes

if TYPE_CHECKING:
    from tests.simulation.hosts import Host
    from tests.simulation.world import World


@dataclass
class Judge:
    """Watches a world.

    Attributes:
        violations: what did not hold: its name and what happened.
        rare: how often each rare state was met.
        records: as they are stored now.
        since: when each was first stored.
        promised: requests that somebody was answered 202 for, and their customers.
    """

    world: "World"
    violations: list[tuple[str, str]] = field(default_factory=list)
    rare: Counter[str] = field(default_factory=Counter)
    records: dict[UUID, Record] = field(default_factory=dict)
    since: dict[UUID, datetime] = field(default_factory=dict)
    promised: dict[UUID, UUID] = field(default_factory=dict)
    looked: Looked = field(default_factory=Looked)
    holding: Holding = field(init=False)
    writes: Writes = field(init=False)
    news: News = field(init=False)
    steps: Steps = field(init=False)
    dated: Dated = field(init=False)
    upgrades: Upgrades = field(init=False)
    promptness: Promptness = field(init=False)

    def __post_init__(self) -> None:
        """Let each of its rooms know it."""
        self.holding, self.writes, self.news, self.steps = Holding(self), Writes(self), News(self), Steps(self)
        self.dated, self.upgrades, self.promptness = Dated(self), Upgrades(self), Promptness(self)

    def broken(self, name: str, what: str) -> None:
        """Something did not hold."""
        self.violations.append((name, what))
        self.world.trace(f"VIOLATION {name}: {what}")

    def crashed(self, error: BaseException) -> None:
        """Something ended in an error that nobody expects."""
        self.broken("crashed", repr(error))

    def killed(self, where: str) -> None:
        """A host died."""
        self.rare[f"killed {where}"] += 1

    def accepted(self, order: Order, record: Record, *, is_first: bool) -> None:
        """A sender was answered 202; what it has asked for is what a request holds, or has held, unless newer overtook it."""
        wanted, about = contents(order.request), f"{record.request_id.hex[:6]} {order.source} {order.event_id}"
        if self.dated.is_newest(order) and not (order.occurred_at and self.world.is_apart):
            if is_first and record.newest_fingerprint not in wanted:
                self.broken("answered and not taken", about)
            if not wanted & self.dated.held[order.customer_tenant_id]:
                self.broken("answered and never taken", about)
        self.promised[record.request_id] = order.customer_tenant_id
        self.dated.answered(order.customer_tenant_id, order.occurred_at)

    def retried(self, before: Record, record: Record, *, decides: bool) -> None:
        """A person was answered that it goes on: with the newest content, and with nothing that was said of the old."""
        self.promised[record.request_id] = record.customer_tenant_id
        if decides:
            self.promptness.decided(record)
        if record.request_id == before.request_id or not decides:
            return
        newest = [each.correction or each for each in (before, self.records[before.request_id])]
        if record.first_fingerprint not in contents(newest[0].request) | contents(newest[1].request):
            self.broken("retried with old content", f"{before.request_id.hex[:6]} {record.request_id.hex[:6]}")
        if isinstance(record.request, EducationRequest) and record.request.confirm_last_attempt:
            self.broken("retried as if it were the last", f"{before.request_id.hex[:6]} {record.request_id.hex[:6]}")

    def withdrawn(self, customer_id: UUID, record: Record | None, at: datetime | None, *, is_overtaken: bool) -> None:
        """A CRM was answered that its mark is taken back: the request has ended, or will once it may."""
        self.dated.answered(customer_id, at)
        if record is None:
            return
        if is_overtaken and not self.world.is_apart:
            self.broken("taken back by an older event", record.request_id.hex[:6])
        if record == self.records[record.request_id] and record.status.is_active and record.withdrawn is None:
            self.broken("mark taken back, and nobody remembers", record.request_id.hex[:6])

    def called(self, host: "Host", method: str, customer_id: UUID) -> None:
        """A call leaves a host."""
        self.holding.called(host, method, customer_id)
        self.upgrades.called(host, method, customer_id)
        self.promptness.called(customer_id)

    def looked_at(self, customer_id: UUID, host: str, rows: Sequence[Kept], at: datetime, *, wrong: bool) -> None:
        """A look was answered."""
        self.looked.add(Seen(customer_id, self.world.now, host, [(row, row.word(at)) for row in rows], wrong))

    def wrote(
        self, customer_id: UUID, request: QualificationRequest, ms_request_id: UUID, kind: str, host: str
    ) -> None:
        """A write arrived."""
        self.writes.arrived(customer_id, request, ms_request_id, kind, host)

    def stored(self, host: "Host", changes: Sequence[Change]) -> None:
        """A transaction was made."""
        values = {each.key: each.value for each in changes if not isinstance(each, Delete)}
        events = [
            Event.model_validate_json(value) for key, value in values.items() if kind_of(key) == WorkAction.PUBLISH
        ]
        steps = dict[UUID, tuple[Record | None, Record]]()
        for key, value in values.items():
            if key == HOLD:
                self.holding.stored(Hold.model_validate_json(value), has_event=bool(events))
            elif kind_of(key) == "request":
                record = Record.model_validate_json(value)
                before = self.records.get(record.request_id)
                steps[record.request_id] = before, record
                self.records[record.request_id] = record
                self.since.setdefault(record.request_id, self.world.now)
                self.dated.stored(before, record)
                self.steps.stored(before, record, host)
        for event in events:
            self.news.stored(event, steps.get(event.stream))

    def published(self, event: Event) -> None:
        """An event is on the topic."""
        self.news.published(event)

    async def examine(self) -> None:
        """It is over: see that everything has come to a good end."""
        await Verdict(self).examine()
