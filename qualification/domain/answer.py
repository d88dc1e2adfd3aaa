"""Which of the rows that a read shows answers a request. Pure.

Nothing Microsoft has published excludes several rows of one qualification, in any order, with or without a date, nor old
rows beside new ones. So the reads that first showed each row order them, and what was there before the first write answers
nothing until the request has been seen in review.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

from qualification.domain.customer import Customer, Sighting
from qualification.domain.look import Look, Word
from qualification.domain.record import Record
from qualification.domain.timing import Policy

SLACK = timedelta(minutes=5)
"""How far a denial's own moment may lie ahead of the first write: clocks differ, and moments are rounded."""
DENIALS = 6
"""A denial that may be an old one must be shown again after so much less time than a withdrawal."""
RANK = (Word.DENIED, Word.UNKNOWN, Word.IN_REVIEW, Word.APPROVED)
"""Of rows that nothing else orders, the last of these is taken."""
EARLIEST = datetime.min.replace(tzinfo=UTC)


def candidates(record: Record, customer: Customer, look: Look) -> list[Sighting]:
    """The rows of a read that may answer a request.

    Args:
        record: the request.
        customer: what is kept of its customer, this read included.
        look: the read.
    """
    shown = [customer.sighting(row) for row in look.of(record.qualification)]
    return _unknown(record, [each for each in shown if each])


def may_answer(record: Record, customer: Customer) -> list[Sighting]:
    """The rows of the newest read that may answer a request."""
    return _unknown(record, customer.shown(record.qualification))


def answer(record: Record, customer: Customer, look: Look) -> Sighting | None:
    """The row that answers, or None: the newest, except that a denial decides nothing beside a review."""
    found = candidates(record, customer, look)
    best = _newest(found)
    if best is None or best.row.word is not Word.DENIED:
        return best
    return _newest(each for each in found if each.row.word is Word.IN_REVIEW) or best


def is_believed(record: Record, denial: Sighting, look: Look, policy: Policy) -> bool:
    """Whether a denial counts at once: it is younger than the first write, or two reads an hour apart have shown it."""
    moment = denial.row.moment
    if moment and record.first_look_at and moment >= record.first_look_at - SLACK:
        return True
    doubtful = record.doubtful
    if doubtful is None or doubtful.row is None or not doubtful.row.is_same(denial.row):
        return False
    return look.at - doubtful.since >= policy.review_again / DENIALS


def is_lost(record: Record, look: Look, policy: Policy) -> bool:
    """Whether an approval is gone: for six hours no read has shown it; each showed a denial, or no row that may answer."""
    return record.doubtful is not None and look.at - record.doubtful.since >= policy.review_again


def _unknown(record: Record, shown: Sequence[Sighting]) -> list[Sighting]:
    """What is news; an approval that a known denial withdrew answers no more than that denial does."""
    known = [each for each in shown if _is_known(record, each)]
    since = max(map(_order, known), default=None)
    return [
        each
        for each in shown
        if each not in known
        and not (since and each.row.word is Word.APPROVED and each.row.moment and _order(each) < since)
    ]


def _is_known(record: Record, sighting: Sighting) -> bool:
    row = sighting.row
    dated_denial = row.moment if row.word is Word.DENIED else None
    if dated_denial and record.follows_from and dated_denial < record.follows_from:
        return True
    if record.known_look is None or sighting.look > record.known_look:
        return False
    if row.word is Word.IN_REVIEW and row.moment is None:
        # The claim's own read did not show it, or it would have been adopted: it may be a new one that looks like the old.
        return False
    # Once it was seen in review, what was there before may be its answer, but for a denial that says itself how old it is.
    return dated_denial is not None or not record.seen_in_review


def _newest(sightings: Iterable[Sighting]) -> Sighting | None:
    return max(sightings, key=lambda each: (*_order(each), RANK.index(each.row.word)), default=None)


def _order(sighting: Sighting) -> tuple[int, datetime]:
    return sighting.look, sighting.row.moment or EARLIEST
