"""What a person may do about a request: for every state that is reached, each allowed action is accepted, each other refused."""

import asyncio
from collections import deque
from datetime import timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from qualification.domain.actions import Action, allowed
from qualification.domain.call_errors import InTheWay, PartnerCenterError, UnderReview
from qualification.domain.caller import Caller, CallerKind
from qualification.domain.errors import ActionNotAllowed, PreconditionFailed
from qualification.domain.etag import etag
from qualification.domain.look import CustomerQualification
from qualification.domain.record import Record
from qualification.domain.request import Qualification
from qualification.domain.transition import CustomerState
from qualification.stores.rows import Row
from tests.unit.builders import (
    ACCESS_LOST,
    CUSTOMER,
    NO_RELATIONSHIP,
    OLD_DENIAL,
    REFUSED,
    UNAVAILABLE,
    UNKNOWN,
    order,
    row,
    throttled,
    wanted,
)
from tests.unit.stage import Stage
from tests.unit.stand_ins.partner_center import Write

ANNA = Caller(kind=CallerKind.FUNCTION_KEY, id="0badcafe", name="Anna")
STRANGER = Caller(kind=CallerKind.FUNCTION_KEY, id="ffffffff")
IN_THE_WAY = InTheWay("409", "Something is in the way.", http_status=409)
UNDER_REVIEW = UnderReview("800073", "The account is under review.", http_status=403)
OUTCOMES: list[PartnerCenterError | None] = [
    None,
    REFUSED,
    UNKNOWN,
    IN_THE_WAY,
    UNDER_REVIEW,
    ACCESS_LOST,
    NO_RELATIONSHIP,
    UNAVAILABLE,
]
WORDS = ["InReview", "Approved", "Denied", "OnHold", None]
SPANS = [timedelta(minutes=2), timedelta(hours=2), timedelta(days=2), timedelta(days=8)]


class Decided(RuleBasedStateMachine):
    """One customer whose requests live, while Partner Center does anything and people decide anything."""

    def __init__(self) -> None:
        super().__init__()
        self.stage = Stage()
        self.loop = asyncio.new_event_loop()
        self.events = 0

    def teardown(self) -> None:
        """Let go of the loop."""
        self.loop.close()

    @initialize(elsewhere=st.integers(0, 3))
    def verifications_were_used_elsewhere(self, elsewhere: int) -> None:
        """Of some a denial shows."""
        self.stage.partner_center.codes = ["CHOSEN-1"]
        self.stage.partner_center.held[CUSTOMER] = [
            row("Denied", created=f"2025-1{number}-20T08:00:00Z") for number in range(elsewhere)
        ]

    @rule(qualification=st.sampled_from(Qualification), website=st.sampled_from(["contoso.edu", "newer.edu"]))
    def somebody_asks(self, qualification: Qualification, website: str) -> None:
        """From a CRM: a new request, or a correction of one."""
        self.events += 1
        changes = {"website": website} if qualification is Qualification.EDUCATION else {}
        self.run(self.stage.accept(order(wanted(qualification, **changes), event_id=f"evt-{self.events}")))

    @rule(error=st.sampled_from(OUTCOMES), late=st.sampled_from([None, timedelta(), timedelta(minutes=9)]))
    def the_next_write_ends_so(self, error: PartnerCenterError | None, late: timedelta | None) -> None:
        """And takes effect at once, late or never."""
        self.stage.partner_center.writes.append(Write(error=error, after=late))

    @rule()
    def the_next_write_is_throttled(self) -> None:
        """For some minutes."""
        error = throttled(timedelta(minutes=7), self.stage.clock.now)
        self.stage.partner_center.writes.append(Write(error=error, after=None))

    @rule(qualification=st.sampled_from(Qualification), word=st.sampled_from(WORDS), dated=st.booleans())
    def partner_center_shows(self, qualification: Qualification, word: str | None, *, dated: bool) -> None:
        """Another row of a qualification, beside those of the others."""
        created = self.stage.clock.now.isoformat() if dated else OLD_DENIAL
        self.hold([row(word, qualification, created)], qualification)

    @rule(qualification=st.sampled_from(Qualification))
    def rows_vanish(self, qualification: Qualification) -> None:
        """Of one qualification."""
        self.hold([], qualification)

    @rule(error=st.sampled_from([None, None, UNAVAILABLE, NO_RELATIONSHIP]))
    def reads_end_so(self, error: PartnerCenterError | None) -> None:
        """From now on."""
        self.stage.partner_center.reading_fails = error

    @rule(span=st.sampled_from(SPANS))
    def time_passes(self, span: timedelta) -> None:
        """The timer fires, messages arrive."""
        self.run(self.stage.live(span))

    @rule(which=st.integers(0, 20), action=st.sampled_from(Action), amends=st.booleans())
    def somebody_decides(self, which: int, action: Action, *, amends: bool) -> None:
        """Whatever it is; what is allowed is accepted."""
        records = self.state().records
        if not records:
            return
        record = records[which % len(records)].record
        is_allowed = action in allowed(record, self.state())
        education = record.qualification is Qualification.EDUCATION
        takes = action is Action.CONFIRM or (action is Action.RETRY and not record.status.is_active)
        body = {"website": "amended.edu"} if amends and education and takes else {}
        try:
            self.run(self.act(record, action, ANNA, body))
        except (ActionNotAllowed, PreconditionFailed):
            assert not is_allowed

    @invariant()
    def each_allowed_action_is_accepted_and_each_other_refused(self) -> None:
        """Tried on what is stored, which is put back afterwards."""
        state = self.state()
        for stored in state.records:
            found = {action for action in Action if self.would_be_accepted(stored.record, action)}
            assert found == set(allowed(stored.record, state)), stored.record.status

    def would_be_accepted(self, record: Record, action: Action) -> bool:
        """Whether it is, and goes on; tried on a copy of the world."""
        rows: dict[str, dict[str, Row]] = {shard: dict(each) for shard, each in self.stage.rows.shards.items()}
        queue, topic = list(self.stage.bus.queue), list(self.stage.bus.topic)
        world: dict[str, Any] = {
            name: value.copy() if isinstance(value, list | deque) else value
            for name, value in vars(self.stage.partner_center).items()
        }
        world["held"] = {customer_id: list(held) for customer_id, held in world["held"].items()}
        try:
            self.run(self.act(record, action, STRANGER, {}))
            if action is Action.CONFIRM:
                self.goes_on(record)
        except ActionNotAllowed:
            return False
        finally:
            self.stage.rows.shards = rows
            self.stage.bus.queue[:], self.stage.bus.topic[:] = queue, topic
            vars(self.stage.partner_center).update(world)
        return True

    def goes_on(self, before: Record) -> None:
        """What was confirmed is written, unless something holds everybody, or a read shows that something else is so."""
        assert before.waiting
        hold = self.run(self.stage.service.holds.current())
        if hold.cause or hold.pause:
            return
        partner_center = self.stage.partner_center
        partner_center.reading_fails, sent = None, len(partner_center.sent)
        partner_center.writes.clear()
        self.run(self.stage.submit(before))
        after = self.run(self.stage.stored(before))
        assert (
            len(partner_center.sent) == sent + 1 or after.status is not before.status or after.waiting != before.waiting
        )

    async def act(self, record: Record, action: Action, by: Caller, body: dict[str, Any]) -> Record:
        """Decide."""
        decisions, ids = self.stage.service.decisions, (record.customer_tenant_id, record.request_id)
        match action:
            case Action.CONFIRM:
                return await decisions.confirm(*ids, etag(record), by, body)
            case Action.CANCEL:
                return await decisions.cancel(*ids, by, body)
            case Action.RETRY:
                return await decisions.retry(*ids, by, body | self.code_of(record))

    def code_of(self, record: Record) -> dict[str, str]:
        """What a retry of this request has to give again."""
        newest = record.correction or record
        return {"validationCode": "AGAIN-1"} if newest.code_given and not record.status.is_active else {}

    def hold(self, rows: list[CustomerQualification], of: Qualification) -> None:
        """Of this qualification these rows, and of the others what there was."""
        held = self.stage.partner_center.held.setdefault(CUSTOMER, [])
        held[:] = [each for each in held if not each.is_of(of)] + rows

    def state(self) -> CustomerState:
        """All that is stored of the customer."""
        state: CustomerState = self.run(self.stage.state(CUSTOMER))
        return state

    def run(self, work: Any) -> Any:
        """Wait for something of the service."""
        return self.loop.run_until_complete(work)


TestDecided = Decided.TestCase
TestDecided.settings = settings(max_examples=25, stateful_step_count=20, deadline=None)
