"""What must hold in the end, when everything has behaved for long enough."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from qualification.domain.events import Attention
from qualification.domain.record import Record
from qualification.domain.request import Qualification
from qualification.domain.status import Status
from qualification.domain.transition import CustomerState
from qualification.domain.waiting import Reason
from qualification.domain.work import WorkAction
from qualification.stores.keys import waiting_key, work_key
from qualification.stores.records import KeyedRecordStore
from qualification.stores.rows import Rows
from tests.simulation.accounts import HOUR, Account, Kept
from tests.simulation.hosts import MOST_APART
from tests.simulation.matching import can_all_have_one
from tests.simulation.senders import PEOPLE
from tests.simulation.written import VERIFICATIONS

if TYPE_CHECKING:
    from tests.simulation.judge import Judge

OVERDUE = timedelta(days=5, hours=5)
"""REVIEW_OVERDUE, and the longest time between two reads."""
SETTLED = timedelta(days=9)
"""What is approved is read within 7 days here."""
SURELY_TOLD = 5
"""After so many answers an alert has been stored, whoever died meanwhile."""


@dataclass
class Verdict:
    """Looks at what is left of a world."""

    judge: "Judge"

    async def examine(self) -> None:
        """See that everything has come to a good end."""
        judge, world = self.judge, self.judge.world
        rows: Rows = world.deployment.rows(world.rows) if world.deployment.begun else world.rows
        store = KeyedRecordStore(rows)
        for request_id, customer_id in judge.promised.items():
            if await store.find(customer_id, request_id) is None:
                judge.broken("lost", request_id.hex[:6])
        for customer_id in world.customers:
            state = (await store.customers(customer_id))[customer_id]
            if state.unreadable:
                judge.broken("unreadable", str(customer_id.int))
            for stored in state.records:
                self._record(stored.record, state)
            for kind in Qualification:
                self._decision(state, kind)
            self._spent(customer_id)
            self._kept(state)
        self._work()
        self._waiting()
        self._clock()
        await self._cancel()

    def _record(self, record: Record, state: CustomerState) -> None:
        judge, name = self.judge, record.request_id.hex[:6]
        published = judge.news.sequences.get(record.request_id, 0)
        if published != record.sequence:
            judge.broken("event never published", f"{name}: {published} of {record.sequence}")
        guard = state.guards.get(record.qualification)
        if record.status.is_active:
            if guard is None or guard.request_id != record.request_id or not guard.active:
                judge.broken("unfinished without a guard", name)
            overdue = OVERDUE + (MOST_APART if judge.world.is_apart else timedelta())
            if record.waiting is None and judge.world.now - record.in_review_since > overdue:
                judge.broken("in review for long, and nobody was told", name)
            if record.waiting is None and record.status is not Status.IN_REVIEW:
                judge.broken("neither ended nor waits", f"{name} {record.status} {record.error and record.error.code}")
            if record.waiting and (record.request_id, record.waiting.reason) not in judge.news.alerts:
                judge.broken("waits and nobody was told", f"{name} {record.waiting.reason}")
            others = any(each.status.is_active for each in state.others(record)) or self._is_undecided(record)
            # What the customer has meanwhile ends no write in doubt; a person does.
            others = others or (
                record.out and record.waiting is not None and record.waiting.reason is Reason.COMBINATION_IN_REVIEW
            )
            if record.waiting and record.waiting.reason.kind == "cause" and not others:
                judge.broken("waits for a cause that is gone", f"{name} {record.status} {record.waiting.reason}")
        elif guard is not None and guard.active and guard.request_id == record.request_id:
            judge.broken("ended and still keeps others out", name)

    def _kept(self, state: CustomerState) -> None:
        """What the last two looks have shown is remembered."""
        looks = self.judge.looked.of(state.customer.customer_tenant_id)[-2:]
        shown = [[row.seen(look.at) for row, _ in look.rows] for look in looks]
        for row in shown[0] if len(looks) > 1 else ():
            if any(row.is_same(each) for each in shown[1]) and state.customer.sighting(row) is None:
                self.judge.broken("shown and not remembered", f"{state.customer.customer_tenant_id.int} {row}")

    def _spent(self, customer_id: UUID) -> None:
        """At most one verification without need, and never more than three, without a person."""
        alone = [each for each in self.judge.writes.of(customer_id, Qualification.EDUCATION) if not each.asked_for]
        taken = Counter(each.request_id for each in alone if each.kind.startswith("taken"))
        if sum(number - 1 for number in taken.values()) > 1:
            self.judge.broken("more than one verification without need", str(customer_id.int))
        if taken.total() > VERIFICATIONS:
            self.judge.broken("more than three verifications", str(customer_id.int))

    def _is_undecided(self, record: Record) -> bool:
        """Whether Partner Center shows a row that is neither approved nor denied: it may be decided yet."""
        world = self.judge.world
        rows = world.partner_center.accounts[record.customer_tenant_id].rows
        words = {row.word(world.now) for row in rows if row.is_there(world.now)}
        return bool(words - {"Approved", "Denied", None})

    def _decision(self, state: CustomerState, kind: Qualification) -> None:
        judge, guard = self.judge, state.guards.get(kind)
        rows = [row for row in self._account(state).rows if row.qualification is kind]
        self._told_once(state, kind)
        stored = state.find(guard.request_id) if guard else None
        if stored is None or not stored.record.speaks:
            return
        record, shown = stored.record, [row for row in rows if row.is_there(judge.world.now)]
        if self._is_beyond_telling(state, shown):
            return
        newest = max(shown, key=lambda row: row.words[0][0], default=None)
        says = self._word(newest)
        since = newest.words[-1][0] if newest else max((row.gone for row in rows if row.gone), default=judge.world.now)
        if judge.world.now - since < SETTLED:
            return
        name, status = record.request_id.hex[:6], record.status
        waits = record.waiting and record.waiting.reason
        if says == "Approved" and status is not Status.APPROVED:
            judge.broken("approval unseen", f"{name} {status} {waits}")
        if says is None and status is Status.APPROVED:
            judge.broken("loss unseen", name)
        # What was denied ahead of the first write was known, and is no answer to it.
        alike = [newest] if newest and newest.dated else rows
        again = newest is not None and [each[1:] for row in alike for each in row.words].count(newest.words[-1][1:]) > 1
        theirs = says == "Denied" and not again and since >= (record.first_look_at or judge.since[record.request_id])
        # Nor is a denial of a review before the one that it follows, which is not there any more.
        theirs = theirs and not (newest and record.follows_from and newest.words[0][0] < record.follows_from)
        beside = any(row.word(judge.world.now) == "InReview" for row in shown)
        spoken = bool(record.attempts or record.taken)
        if theirs and spoken and not beside and status not in {Status.DENIED, Status.REVOKED, Status.FAILED}:
            judge.broken("denial unseen", f"{name} {status} {waits}")

    def _told_once(self, state: CustomerState, kind: Qualification) -> None:
        judge, customer_id = self.judge, state.customer.customer_tenant_id
        if not self._account(state).dated:
            return
        for word in ("Approved", "Denied"):
            published = judge.news.decided[customer_id, kind, word]
            told = {each: about for each, about in published.items() if each not in judge.news.misled}
            if not can_all_have_one(told):
                names = sorted(each.hex[:6] for each in told)
                judge.broken("one decision told of two requests", f"{customer_id.int} {kind} {word}: {names}")

    def _is_beyond_telling(self, state: CustomerState, shown: Sequence[Kept]) -> bool:
        """Whether nobody can know which row counts: see exceptions."""
        now = self.judge.world.now
        newest = max(shown, key=lambda row: row.words[0][0], default=None)
        if not self._account(state).dated:
            first = [self.judge.looked.first(state.customer.customer_tenant_id, row, row.word(now)) for row in shown]
            if len({row.said_at(now) for row in shown}) < len(shown) or len(set(first)) < len(first):
                return True
        return newest is not None and any(row.changed_at(now) > newest.changed_at(now) for row in shown)

    def _account(self, state: CustomerState) -> Account:
        return self.judge.world.partner_center.accounts[state.customer.customer_tenant_id]

    def _word(self, row: Kept | None) -> str | None:
        if row is None:
            return None
        word = row.word(self.judge.world.now)
        return word or ("Approved" if row.qualification is Qualification.STATE_OWNED_ENTITY else word)

    def _work(self) -> None:
        judge, world = self.judge, self.judge.world
        keys = {key for rows in world.rows.shards.values() for key in rows if key.startswith("work|")}
        for record in judge.records.values():
            if record.work and work_key(record, record.work) not in keys:
                judge.broken("work item lost", record.request_id.hex[:6])
            if record.work and world.now - record.work.due > HOUR:
                judge.broken("work left undone", f"{record.request_id.hex[:6]} since {record.work.due:%d %H:%M}")
        left = sorted(keys - {work_key(each, each.work) for each in judge.records.values() if each.work})
        if left:
            kind = "event left in the outbox" if f"|{WorkAction.PUBLISH}|" in left[0] else "work item of nobody"
            judge.broken(kind, left[0])

    def _waiting(self) -> None:
        judge, world = self.judge, self.judge.world
        keys = {key for rows in world.rows.shards.values() for key in rows if key.startswith("waiting|")}
        wrong = keys ^ {waiting_key(each, each.waiting) for each in judge.records.values() if each.waiting}
        for key in sorted(wrong)[:1]:
            judge.broken("what waits is not what is listed", key)

    def _clock(self) -> None:
        """A clock that is hours off is told once its host has seen the time, and no other is."""
        judge = self.judge
        told = any(reason == Attention.CLOCK_WRONG for _, reason in judge.news.alerts)
        if told and not judge.world.apart:
            judge.broken("a clock that is right was told", "")
        if not told and any(judge.looked.answers(name) >= SURELY_TOLD for name in judge.world.apart):
            judge.broken("clocks are hours apart, and nobody was told", ", ".join(judge.world.apart))
        if told:
            judge.rare["clock told"] += 1

    async def _cancel(self) -> None:
        judge, world = self.judge, self.judge.world
        host = await world.alive()
        for record in [each for each in judge.records.values() if each.status.is_active]:
            about = (record.customer_tenant_id, record.request_id)
            await host.run(host.service.decisions.cancel(*about, PEOPLE[0], {}))
            if judge.records[record.request_id].status.is_active:
                judge.broken("cannot be ended", record.request_id.hex[:6])
