"""Customers as a hostile Partner Center keeps them: what is true of each, and from when on."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from qualification.domain.call_errors import PartnerCenterError
from qualification.domain.look import CustomerQualification
from qualification.domain.request import Qualification
from qualification.use_cases.ports import Accepted
from tests.simulation.mischief import Mischief

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
type Words = list[tuple[datetime, str | None, str | None]]
"""(moment, status, reason), in order."""

type Answer = Accepted | PartnerCenterError | None
"""What comes back; None is nothing, ever."""


@dataclass
class Kept:
    """A row, and what it says from when on.

    Attributes:
        qualification: which.
        words: (moment, status, reason), in order; the first is when it began.
        shows: when reads begin to show it.
        gone: since when it is not there any more.
        dated: whether it has a date.
        copies: how often it is shown.
        ms_request_id: whose write it is; None for what came from elsewhere.
    """

    qualification: Qualification
    words: Words
    shows: datetime
    gone: datetime | None = None
    dated: bool = True
    copies: int = 1
    ms_request_id: UUID | None = None

    def word(self, at: datetime) -> str | None:
        """Its status then."""
        return self.said_at(at)[0]

    def said_at(self, at: datetime) -> tuple[str | None, str | None]:
        """Its status and reason then."""
        return next(((word, why) for since, word, why in reversed(self.words) if since <= at), (None, None))

    def changed_at(self, at: datetime) -> datetime:
        """Since when it says what it says then."""
        return max(since for since, _, _ in self.words if since <= at)

    def is_there(self, at: datetime) -> bool:
        """Whether it exists then."""
        return self.words[0][0] <= at and (self.gone is None or at < self.gone)

    def said(self, word: str, since: datetime, until: datetime) -> bool:
        """Whether it said so at some moment of a span."""
        ends = [*(moment for moment, _, _ in self.words[1:]), datetime.max.replace(tzinfo=until.tzinfo)]
        return any(
            each == word and begins <= until and min(end, self.gone or end) >= since
            for (begins, each, _), end in zip(self.words, ends, strict=True)
        )

    def seen(self, at: datetime) -> CustomerQualification:
        """As a read shows it."""
        status, reason = self.said_at(at)
        created = self.words[0][0].isoformat() if self.dated else None
        return CustomerQualification(
            qualification=self.qualification,
            vetting_status=status,
            vetting_reason=reason,
            vetting_created=created,
        )


@dataclass
class Account:
    """A customer at Partner Center."""

    rows: list[Kept] = field(default_factory=list)
    pending: list[tuple[datetime, Callable[[], None]]] = field(default_factory=list)
    gone: tuple[datetime, datetime] | None = None
    under_review: tuple[datetime, datetime] | None = None
    keeps_history: bool = True
    copies: int = 1
    dated: bool = True
    replays: bool = False
    second: str = "conflict"
    answers: dict[UUID, Answer] = field(default_factory=dict)
    wrong: datetime | None = None
    verifications: int = 0
    unanswered: bool = False
    refused: set[str] = field(default_factory=set)


def open_account(mischief: Mischief, random: Random, now: datetime) -> Account:
    """A customer as it is before the first call."""
    happens = mischief.happens
    account = Account(
        keeps_history=happens("history", 0.4),
        dated=not happens("undated", 0.2),
        replays=happens("replay", 0.3),
    )
    account.copies = 2 if account.dated and happens("copies", 0.2) else 1
    if happens("passes-in-review", 0.3):
        account.second = "passes"
    elif happens("refused-in-review", 0.3):
        account.second = "refused"
    if happens("old-rows", 0.3):
        for _ in range(random.choice((1, 1, 2)) if account.keeps_history else 1):
            old = now - random.uniform(20, 200) * DAY
            words: Words = [
                (old, "InReview", None),
                (old + DAY, "Denied", "old"),
            ]
            account.rows.append(Kept(Qualification.EDUCATION, words, old, dated=account.dated))
            account.verifications += 1
    if happens("gone", 0.1):
        begins = now + random.choice((0, random.uniform(0, 3))) * DAY
        account.gone = (begins, begins + random.choice((0.1, 1, 5)) * DAY)
    if happens("account-review", 0.1):
        begins = now + random.choice((0, 0, random.uniform(0, 2))) * DAY
        account.under_review = (begins, begins + random.uniform(0.1, 2) * DAY)
    return account


def replayed(answer: Answer, now: datetime) -> Answer:
    """The same answer once more, with the time of now."""
    if isinstance(answer, PartnerCenterError):
        answer.at = now
        return answer
    return answer and Accepted(answer.row, now)


def fate(random: Random, kind: Qualification, begins: datetime) -> Words:
    """What becomes of a request that took effect; "gone" is no word, its row is not there any more."""
    if kind is Qualification.STATE_OWNED_ENTITY:
        return [(begins, None, None)]
    first = begins + random.choice((0.2, 2, 12, 40)) * HOUR * random.uniform(0.5, 1.5)
    then = first + random.uniform(1, 30) * HOUR
    after = then + random.uniform(1, 30) * HOUR
    fates: tuple[Words, ...] = (
        [(first, "Approved", None)],
        [(first, "Approved", None)],
        [(first, "Denied", "Ineligible")],
        [(first, "Denied", "Ineligible")],
        [(first, "Denied", "Ineligible"), (then, "Approved", None)],
        [(first, "Denied", "Ineligible"), (then, "InReview", None), (after, "Denied", "Ineligible")],
        [(first, "Approved", None), (then, "gone", None)],
        [(first, "Approved", None), (then, "Denied", "No longer an Education Customer")],
        [(first, "Approved", None), (then, "Expired", None)],
        [(first, "ActionRequired", None), (then, "Approved", None)],
        [(then, "gone", None)],
        [],
    )
    return [(begins, "InReview", None), *random.choice(fates)]
