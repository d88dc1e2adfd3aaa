"""A hostile Partner Center on virtual time: whatever nobody has excluded, drawn from a seed. It knows what is true."""

from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING
from uuid import UUID

from qualification.domain.call_errors import (
    AccessLost,
    CustomerUnreachable,
    Elsewhere,
    InTheWay,
    OutcomeUnknown,
    PartnerCenterError,
    Refused,
    Throttled,
    Unavailable,
    UnderReview,
    Unsent,
)
from qualification.domain.look import Look
from qualification.domain.request import GovernmentRequest, Qualification, QualificationRequest
from qualification.use_cases.order import fingerprint
from qualification.use_cases.ports import Accepted
from tests.simulation.accounts import HOUR, MINUTE, Account, Answer, Kept, fate, open_account, replayed
from tests.simulation.codes import Codes
from tests.simulation.outages import Outages

if TYPE_CHECKING:
    from tests.simulation.world import World

LATE = (timedelta(seconds=90), 10 * MINUTE, 45 * MINUTE)
"""How late a write takes effect, or its row shows; both together stay below an hour."""
BURST = timedelta(seconds=10)
"""So long after a 429 others are answered it too: calls that were under way before anybody knew of the pause."""


class HostilePartnerCenter:
    """Keeps every customer's rows, and answers as it likes.

    Attributes:
        codes: the partner's validation codes.
        outages: until when it is silent.
    """

    def __init__(self, world: "World") -> None:
        self._world = world
        self.mischief = world.mischief
        self._random = Random(f"{world.seed}:partner center")
        self.accounts: dict[UUID, Account] = {}
        self.codes = Codes(world.mischief, self._random)
        self.outages = Outages(world)
        self._throttled: tuple[Account, datetime] | None = None

    def open(self, customer_id: UUID) -> Account:
        """A customer as it is before the first call."""
        account = open_account(self.mischief, self._random, self._world.now)
        self.accounts[customer_id] = account
        return account

    def read(self, customer_id: UUID, host: str) -> Look | PartnerCenterError:
        """Answer a GET."""
        account, now, happens = self._settled(customer_id), self._world.now, self.mischief.happens
        error = self._read_error(account, now)
        if error is not None:
            self._world.trace(f"{host} GET {customer_id.int} -> {error.code}")
            return error
        at, empty = now, False
        may_be_wrong = account.wrong is None or now - account.wrong > 26 * HOUR
        # Where it was wrong before, the next time comes sooner: what one look leaves behind, another must not complete.
        chance = 0.01 if account.wrong is None else 0.1
        if may_be_wrong and (happens("read-empty", chance) or self._world.aim.misleads(customer_id)):
            account.wrong, empty = now, True
        elif may_be_wrong and happens("read-stale", 0.02):
            account.wrong, at = now, now - self._random.choice((2 * MINUTE, 20 * MINUTE, 50 * MINUTE))
        rows = [] if empty else [row for row in account.rows if row.is_there(at) and row.shows <= at]
        shown = [row.seen(at) for row in rows for _ in range(row.copies)]
        self._random.shuffle(shown)
        self._world.judge.looked_at(customer_id, host, rows, at, wrong=account.wrong == now)
        said = ", ".join(f"{row.qualification[:3]} {row.vetting_status}" for row in shown)
        self._world.trace(f"{host} GET {customer_id.int} -> [{said}]{' (wrong)' if account.wrong == now else ''}")
        return Look(tuple(shown), now)

    def sign_in(self) -> None:
        """Redeem the refresh token."""
        if self.mischief.happens("sign-in-fails", 0.01):
            raise AccessLost("AADSTS50076", "MFA is needed.", partner_wide=True, http_status=400, at=self._world.now)

    def write(self, customer_id: UUID, request: QualificationRequest, ms_request_id: UUID, host: str) -> Answer:
        """Answer a POST."""
        account = self._settled(customer_id)
        if account.replays and ms_request_id in account.answers:
            kind, answer = "replayed", replayed(account.answers[ms_request_id], self._world.now)
        else:
            kind, answer = self._write(account, request, ms_request_id)
            if "unanswered" in kind:
                account.unanswered = True
                self._world.aim.unanswered(customer_id)
            if answer is not None and not isinstance(answer, Throttled | Unsent | AccessLost | Elsewhere):
                account.answers[ms_request_id] = answer
        self._world.judge.wrote(customer_id, request, ms_request_id, kind, host)
        self._world.trace(f"{host} POST {customer_id.int} {request.qualification[:3]} -> {kind}")
        return answer

    def act_elsewhere(self, customer_id: UUID) -> None:
        """Somebody else asks for Education, in the portal."""
        account = self._settled(customer_id)
        self._take(account, Qualification.EDUCATION, None, timedelta(), timedelta())
        self._world.trace(f"elsewhere: Education of {customer_id.int}")

    def _write(self, account: Account, request: QualificationRequest, ms_request_id: UUID) -> tuple[str, Answer]:
        now, kind = self._world.now, request.qualification
        if (refusal := self._refusal(account, request)) is not None:
            return refusal
        if isinstance(request, GovernmentRequest):
            self.codes.spend(request.validation_code)
        how, answer = self._lost_answer(now)
        delay, lag = timedelta(), timedelta()
        if how != "taken" and self.mischief.happens("taken-late", 0.5):
            how, delay = f"{how} late", self._random.choice(LATE)
        if self.mischief.happens("shows-late", 0.15):
            lag = self._random.choice(LATE[:2])
        row = self._take(account, kind, ms_request_id, delay, lag)
        return how, Accepted(row.seen(now), now) if how == "taken" else answer

    def _refusal(  # noqa: PLR0911  one return a reason
        self, account: Account, request: QualificationRequest
    ) -> tuple[str, Answer] | None:
        """Why it is not taken, and what is answered; None where it is."""
        happens, now = self.mischief.happens, self._world.now
        if self._is_in(account.gone):
            return "gone", CustomerUnreachable("60003", "no such tenant", partner_wide=False, http_status=404, at=now)
        if self._is_in(account.under_review):
            return "account-review", UnderReview("800073", "under review", http_status=403, at=now)
        if self._world.aim.loses_probe() or self._world.aim.loses_last(request, account.verifications):
            return "not-taken-unanswered", self._unclear(now)
        if now < self.outages.rights:
            return "denied", AccessLost("forbidden", "no right to write", partner_wide=True, http_status=403, at=now)
        if account.unanswered and happens("refused-again", 0.4):
            return "refused", Refused("3000", "the domain is not valid", http_status=400, at=now)
        content = fingerprint(request)
        for name, chance, error in self._not_taken(now):
            if (name == "refused" and content in account.refused) or happens(name, chance):
                # What is wrong with it stays wrong.
                account.refused |= {content} if name == "refused" else set()
                return name, error
        if now < max(self.outages.calls, self.outages.writes) or happens("not-taken-unanswered", 0.06):
            return "not-taken-unanswered", self._unclear(now)
        if isinstance(request, GovernmentRequest) and self.codes.is_refused(request.validation_code):
            return "code refused", Refused("600034", "code used up", http_status=400, at=now)
        return self._refused_second(account, request)

    def _refused_second(self, account: Account, request: QualificationRequest) -> tuple[str, Answer] | None:
        now = self._world.now
        standing = [row for row in account.rows if row.qualification is request.qualification and row.is_there(now)]
        if account.second == "passes" or not any(row.word(now) in {"InReview", "Approved"} for row in standing):
            return None
        if account.second == "refused":
            return "refused in review", Refused("3001", "cannot be set", http_status=400, at=now)
        return "conflict", InTheWay("409", "in review", http_status=409, at=now)

    def _lost_answer(self, now: datetime) -> tuple[str, Answer]:
        """How it is answered although it was taken."""
        happens = self.mischief.happens
        if happens("taken-throttled", 0.03):
            wait = self._random.choice((1, 5, 40)) * MINUTE
            return "taken-throttled", Throttled(now + wait, http_status=429, at=now)
        if happens("taken-unanswered", 0.1):
            return "taken-unanswered", self._unclear(now)
        if happens("taken-empty", 0.05):
            return "taken-empty", Accepted(None, now)
        return "taken", None

    def _not_taken(self, now: datetime) -> list[tuple[str, float, PartnerCenterError]]:
        wait = now + self._random.choice((1, 5, 90)) * MINUTE
        return [
            ("unsent", 0.02, Unsent("unreachable", "no connection")),
            ("unauthorized", 0.01, AccessLost("401", "no token", partner_wide=True, http_status=401, at=now)),
            ("throttled", 0.04, Throttled(wait, http_status=429, at=now)),
            ("proxy", 0.005, Elsewhere("http-404", "a page", partner_wide=True, http_status=404, at=now)),
            ("conflict", 0.03, InTheWay("409", "in progress", http_status=409, at=now)),
            ("refused", 0.06, Refused("3000", "the domain is not valid", http_status=400, at=now)),
        ]

    def _unclear(self, now: datetime) -> Answer:
        return self._random.choice((None, None, OutcomeUnknown("http-504", "late", http_status=504, at=now)))

    def _read_error(self, account: Account, now: datetime) -> PartnerCenterError | None:
        happens = self.mischief.happens
        if now < self.outages.calls:
            return Unavailable("no-answer", "silent")
        if self._is_in(account.gone):
            return CustomerUnreachable("60003", "no such tenant", partner_wide=False, http_status=404, at=now)
        if happens("read-fails", 0.04):
            return Unavailable("http-503", "busy", http_status=503, at=now)
        if happens("read-throttled", 0.01) or (self._was_throttled(account) and happens("throttled-again", 0.4)):
            self._throttled = account, now
            return Throttled(now + self._random.choice((1, 5, 90)) * MINUTE, http_status=429, at=now)
        if happens("proxy", 0.002):
            return Elsewhere("http-403", "a page", partner_wide=True, http_status=403, at=now)
        return None

    def _was_throttled(self, account: Account) -> bool:
        """Whether its last read was, or anybody's a moment ago."""
        if self._throttled is None:
            return False
        whose, at = self._throttled
        return whose is account or self._world.now - at < BURST

    def _is_in(self, span: tuple[datetime, datetime] | None) -> bool:
        return span is not None and span[0] <= self._world.now < span[1] and not self.mischief.calm

    def _take(
        self, account: Account, kind: Qualification, ms_request_id: UUID | None, delay: timedelta, lag: timedelta
    ) -> Kept:
        """A request takes effect, now or later."""
        begins = self._world.now + delay
        row = Kept(
            kind, fate(self._random, kind, begins), begins + lag, dated=account.dated, ms_request_id=ms_request_id
        )
        row.copies = account.copies
        last = row.words[-1]
        if last[1] == "gone":
            row.gone = last[0]
            row.words.pop()

        def happens() -> None:
            if kind is Qualification.EDUCATION:
                account.verifications += 1
            if not account.keeps_history:
                for other in account.rows:
                    if other.qualification is kind and other.gone is None:
                        # Reads that lag show the old row as long.
                        other.gone = begins + lag
            account.rows.append(row)

        if delay:
            account.pending.append((begins, happens))
        else:
            happens()
        return row

    def _settled(self, customer_id: UUID) -> Account:
        account = self.accounts.get(customer_id) or self.open(customer_id)
        now = self._world.now
        for item in sorted((each for each in account.pending if each[0] <= now), key=lambda each: each[0]):
            account.pending.remove(item)
            item[1]()
        return account
