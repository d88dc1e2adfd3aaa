"""What must hold of each write that arrives at Partner Center."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from qualification.domain.record import Record
from qualification.domain.request import EducationRequest, Qualification, QualificationRequest
from qualification.domain.status import Status
from qualification.use_cases.order import fingerprint
from tests.simulation.accounts import HOUR, MINUTE
from tests.simulation.looked import is_misled

if TYPE_CHECKING:
    from tests.simulation.judge import Judge
    from tests.simulation.looked import Seen

UNCERTAIN = ("taken", "not-taken-unanswered", "conflict", "throttled")
"""How the kinds of writes begin that may have been taken, as far as their answer says."""
REFUSALS = ("refused", "refused in review", "gone", "account-review")
"""Kinds of answers that say no."""
ANSWERED = (*REFUSALS, "conflict", "code refused")
"""And that end an MS-RequestId."""
EXCLUDES = {
    Qualification.EDUCATION: Qualification.GOVERNMENT_COMMUNITY_CLOUD,
    Qualification.GOVERNMENT_COMMUNITY_CLOUD: Qualification.EDUCATION,
}
VERIFICATIONS = 3
FAR_TOO_MANY = 50
"""Writes of one request, whatever is answered; the most that a good service made in ninety worlds were nine."""
STANDS = frozenset({"InReview", "Approved"})
"""Words of rows beside which another request is not needed."""


@dataclass
class Written:
    """A write that arrived at Partner Center.

    Attributes:
        at: when.
        request_id: whose it is.
        ms_request_id: the MS-RequestId under which it came.
        kind: what came of it.
        confirms: how often a person had confirmed the request before.
        content: fingerprint of what it asked for.
        asked_for: whether somebody has allowed what it may cost.
    """

    at: datetime
    request_id: UUID
    ms_request_id: UUID
    kind: str
    confirms: int
    content: str
    asked_for: bool

    @property
    def is_uncertain(self) -> bool:
        """Whether it may have been taken."""
        return self.kind.startswith(UNCERTAIN)

    @property
    def may_be_spent(self) -> bool:
        """Whether it counts as a verification: what was answered 409 or 429 does not."""
        return self.is_uncertain and "throttled" not in self.kind and self.kind != "conflict"

    @property
    def counts(self) -> bool:
        """Whether it is one of the two that go without a person."""
        return "throttled" not in self.kind and (self.is_uncertain or self.kind.startswith(("refused", "replayed")))


def is_given_up(record: Record) -> bool:
    """Whether a person has ended it although Partner Center had accepted it: its review goes on there."""
    return record.taken and record.out and record.status is Status.FAILED


@dataclass
class Writes:
    """Watches the writes of all customers."""

    judge: "Judge"
    _of: dict[tuple[UUID, Qualification], list[Written]] = field(default_factory=lambda: defaultdict(list))

    def of(self, customer_id: UUID, qualification: Qualification) -> Sequence[Written]:
        """Those of a customer's qualification, in order."""
        return self._of[customer_id, qualification]

    def own(self, record: Record) -> list[Written]:
        """Those of a request."""
        writes = self._of[record.customer_tenant_id, record.qualification]
        return [each for each in writes if each.request_id == record.request_id]

    def recorded(self, before: Record, record: Record) -> None:
        """A record was stored: an id whose write was answered goes no further, or it may get the same answer for ever."""
        was, now = before.write, record.write
        if was is None or was.settled or record.attempts != before.attempts or not record.status.is_active:
            return
        is_recorded = now is None or now.claimed_at != was.claimed_at or now.settled
        own = self.own(record)
        if is_recorded and own and own[-1].kind in ANSWERED and record.ms_request_id == before.ms_request_id:
            self.judge.broken("MS-RequestId kept after an answer", f"{record.request_id.hex[:6]}: {own[-1].kind}")

    def arrived(
        self, customer_id: UUID, request: QualificationRequest, ms_request_id: UUID, kind: str, host: str
    ) -> None:
        """A write arrived, and this is what came of it."""
        judge, wanted = self.judge, request.qualification
        mine = [each for each in judge.records.values() if each.ms_request_id == ms_request_id]
        if len(mine) != 1 or mine[0].customer_tenant_id != customer_id:
            judge.broken("write without a claim", f"{customer_id.int} {wanted}")
            return
        record = mine[0]
        confirms = judge.steps.confirms[record.request_id]
        asked_for = confirms > 0 or (isinstance(request, EducationRequest) and request.confirm_last_attempt)
        about = (record.request_id, ms_request_id)
        written = Written(judge.world.now, *about, kind, confirms, fingerprint(request), asked_for)
        self._check_look(record, host)
        self._check_standing(record, written)
        self._check_number(record, written)
        self._check_wait(record, written)
        self._check_content(record, written)
        self._check_budget(record, written, ms_request_id)
        self._of[customer_id, wanted].append(written)
        self._count(record, written)

    def _check_look(self, record: Record, host: str) -> None:
        judge, name = self.judge, record.request_id.hex[:6]
        seen = judge.looked.by(host, record.customer_tenant_id)
        if seen is None or judge.world.now - seen.at > 3 * MINUTE:
            judge.broken("no look before the write", name)
            return
        # Two steps of a host may have read the customer at once; either may be this one's look.
        overlooked = [self._overlooked(record, each) for each in judge.looked.beside(seen)]
        if (newest := overlooked[-1]) is not None and all(overlooked):
            judge.broken(*newest)

    def _overlooked(self, record: Record, seen: "Seen") -> tuple[str, str] | None:
        """What a look showed that forbids the write."""
        name, words = record.request_id.hex[:6], seen.words(record.qualification)
        # A denial or an unknown word may be newer than an approval: which decides is what the service must know.
        if "InReview" in words or (words and {*words} == {"Approved"}):
            return "wrote over what it saw", f"{name}: {words}"
        other = EXCLUDES.get(record.qualification)
        beside = seen.words(other) if other else []
        if "InReview" in beside or "Approved" in beside:
            return "wrote beside what excludes it", f"{name}: {beside}"
        return None

    def _check_standing(self, record: Record, written: Written) -> None:
        """What Partner Center has accepted of us stands there: a look that does not show it is not enough to write again."""
        judge, now = self.judge, written.at
        newest = judge.looked.of(record.customer_tenant_id)[-2:]
        if is_misled(newest) or written.confirms or judge.steps.confirms[record.request_id]:
            return
        taken = {
            each.ms_request_id
            for each in self.of(record.customer_tenant_id, record.qualification)
            if each.request_id != record.request_id and is_given_up(judge.records[each.request_id])
        }
        rows = judge.world.partner_center.accounts[record.customer_tenant_id].rows
        standing = [
            row for row in rows if row.ms_request_id in taken and row.is_there(now) and row.shows <= now - 2 * HOUR
        ]
        if any(row.word(now) in STANDS for row in standing):
            judge.broken("written beside what was accepted", record.request_id.hex[:6])

    def _check_number(self, record: Record, written: Written) -> None:
        own = [*self.own(record), written]
        if len(own) == FAR_TOO_MANY:
            self.judge.broken("written without end", f"{record.request_id.hex[:6]}: {written.kind}")
            self.judge.world.over.set()
        counted = [each for each in own if each.counts and (each.is_uncertain or each.content == written.content)]
        if len(counted) > 2 + written.confirms:
            kinds = [each.kind for each in counted]
            self.judge.broken(
                "more than two writes", f"{record.request_id.hex[:6]}: {kinds}, {written.confirms} confirmed"
            )

    def _check_wait(self, record: Record, written: Written) -> None:
        judge, name = self.judge, record.request_id.hex[:6]
        before = self._of[record.customer_tenant_id, record.qualification]
        last = next((each for each in reversed(before) if each.is_uncertain), None)
        if last is None or written.at - last.at >= HOUR - MINUTE:
            return
        if last.request_id == record.request_id:
            if last.confirms == written.confirms:
                judge.broken("written again within an hour", f"{name}: {last.kind} at {last.at:%H:%M:%S}")
        elif not written.confirms:
            other = judge.records[last.request_id]
            if other.out and other.status is Status.FAILED:
                judge.broken("doubt not inherited", f"{name} after {last.request_id.hex[:6]} {last.kind}")

    def _check_content(self, record: Record, written: Written) -> None:
        judge, name = self.judge, record.request_id.hex[:6]
        if written.content != fingerprint(record.request):
            judge.broken("sent is not what is stored", name)
        agreed = judge.steps.agreed.pop(record.request_id, written.content)
        if agreed != written.content:
            judge.broken("sent is not what was confirmed", name)

    def _check_budget(self, record: Record, written: Written, ms_request_id: UUID) -> None:
        if not isinstance(record.request, EducationRequest):
            return
        judge, name = self.judge, record.request_id.hex[:6]
        account = judge.world.partner_center.accounts[record.customer_tenant_id]
        if not account.dated or not account.keeps_history:
            # See exceptions: undated rows; a row that takes the place of ours.
            return
        rows = [row for row in account.rows if row.qualification is Qualification.EDUCATION]
        spent = [row for row in rows if row.ms_request_id is not None or id(row) in judge.looked.known]
        if written.kind.startswith("taken") and not written.asked_for:
            others = [row for row in spent if row.ms_request_id != ms_request_id]
            if len(others) >= VERIFICATIONS - 1:
                judge.broken("the last verification unasked", f"{name}: {len(others)} were spent")
        # Who asked for the last one beforehand has not asked for it twice.
        if written.is_uncertain and not written.confirms and any(each.may_be_spent for each in self.own(record)):
            # Two of the three may go for this request; a third that was spent before makes the second the last.
            ours = {ms_request_id, *(each.ms_request_id for each in self.own(record))}
            before = [row for row in spent if row.ms_request_id not in ours]
            if before:
                judge.broken("written again where it may be the last", f"{name}: {len(before)} were spent otherwise")

    def _count(self, record: Record, written: Written) -> None:
        rare, kind = self.judge.rare, written.kind
        own = self.own(record)
        rare[f"write {kind}"] += 1
        if sum(each.counts for each in own) > 1:
            rare["written again"] += 1
        if kind in REFUSALS and any(each.is_uncertain for each in own):
            rare["resend refused"] += 1
        if kind.startswith("taken-throttled"):
            rare["429 taken"] += 1
        if kind == "code refused" and record.code_chosen:
            rare["code race"] += 1
        if self.judge.holding.hold.cause is not None and "unanswered" in kind:
            rare["probe lost"] += 1
