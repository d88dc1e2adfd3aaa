"""Read before you write: what a customer's qualifications at Partner Center mean for a request. Pure.

Rules of combination and the three verifications (Microsoft Learn): "Update a customer's qualifications asynchronously",
"Get special pricing for offers", "Create and sell offers to education customers".
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from qualification.domain import budget
from qualification.domain.answer import answer, is_believed
from qualification.domain.call_errors import Refused
from qualification.domain.customer import Customer, Sighting
from qualification.domain.doubt import may_write_again
from qualification.domain.look import Look, Word
from qualification.domain.record import Record
from qualification.domain.request import EducationRequest, Qualification
from qualification.domain.status import Status
from qualification.domain.timing import Policy
from qualification.domain.unclear import is_unclear
from qualification.domain.waiting import Reason

EXCLUDES = {
    Qualification.EDUCATION: Qualification.GOVERNMENT_COMMUNITY_CLOUD,
    Qualification.GOVERNMENT_COMMUNITY_CLOUD: Qualification.EDUCATION,
}

SPENDS_KNOWINGLY = frozenset({Reason.LAST_ATTEMPT, Reason.OUTCOME_UNKNOWN, Reason.REVIEW_OVERDUE})


@dataclass(frozen=True, slots=True)
class Adopt:
    """Partner Center has it, or has answered it; follow what this row says and send nothing."""

    found: Sighting


@dataclass(frozen=True, slots=True)
class Refuse:
    """It can never work; send nothing."""

    error: Refused


@dataclass(frozen=True, slots=True)
class Wait:
    """It must not go now: what it waits for, what has happened, what a person can do, and what is news of the same reason."""

    reason: Reason
    detail: str
    remedy: str
    news: str = ""


@dataclass(frozen=True, slots=True)
class ReadOn:
    """It is in doubt, and may not be written again by itself: what this read shows counts like any other."""


@dataclass(frozen=True, slots=True)
class Submit:
    """Nothing stands in the way."""


def decide(
    record: Record,
    others: Sequence[Record],
    customer: Customer,
    look: Look,
    *,
    policy: Policy,
    unreadable: int = 0,
    confirm_first: Collection[Qualification] = (),
) -> Adopt | ReadOn | Refuse | Wait | Submit:
    """What to do about a request that may be written.

    Args:
        record: the request.
        others: the customer's other requests.
        customer: what is kept of the customer, this read and what it lacks included.
        look: what Partner Center shows now.
        policy: how long what is unclear must be shown before it is believed.
        unreadable: how many of the customer's records cannot be read.
        confirm_first: the qualifications that wait for a person.
    """
    return (
        _answered(record, customer, unreadable, look, policy)
        or _unclear(record, others, customer, unreadable, look, policy)
        or _combination(record, others, look)
        or _confirmations(record, customer, confirm_first)
        or Submit()
    )


def _answered(
    record: Record, customer: Customer, unreadable: int, look: Look, policy: Policy
) -> Adopt | ReadOn | Wait | None:
    """What the rows say of it, or of its write in doubt."""
    found = answer(record, customer, look)
    if found is not None and found.row.word in {Word.APPROVED, Word.IN_REVIEW}:
        return Adopt(found)
    if found is not None and found.row.word is Word.UNKNOWN and Reason.UNKNOWN_VETTING_STATUS not in record.confirmed:
        return _unknown_word(found)
    if not record.out:
        return None
    denied = found is not None and found.row.word is Word.DENIED
    if found is not None and denied and is_believed(record, found, look, policy):
        return Adopt(found)
    # Since it was put on the queue again it may have been corrected, or this read shows a denial that must wait.
    by_itself = not record.confirmed
    return ReadOn() if by_itself and (denied or not may_write_again(record, customer, unreadable)) else None


def _unclear(
    record: Record, others: Sequence[Record], customer: Customer, unreadable: int, look: Look, policy: Policy
) -> Wait | None:
    if unreadable:
        return Wait(
            Reason.STATUS_UNCLEAR,
            f"{unreadable} stored record(s) of customer {record.customer_tenant_id} cannot be read by this version.",
            "Look at the log for the rows' keys; a newer version of this service may have written them: deploy it again.",
        )
    if _was_given_up_in_doubt(record, others, look, policy):
        return Wait(
            Reason.STATUS_UNCLEAR,
            "A request of this customer was ended while its write was not answered; that write may still take effect.",
            "Nothing to do: the service reads again later, and goes on if nothing shows.",
        )
    if is_unclear(customer, look, policy):
        return Wait(
            Reason.STATUS_UNCLEAR,
            "Partner Center shows less than this service has recorded of the customer.",
            "Nothing to do: the service reads again later, and goes on if that shows the same.",
        )
    return None


def _was_given_up_in_doubt(record: Record, others: Sequence[Record], look: Look, policy: Policy) -> bool:
    """Whether the doubt of an earlier request is inherited: its write is out, and nobody waits for it any more."""
    same = [each for each in others if each.qualification is record.qualification and each.out and each.write]
    return any(
        each.status is Status.FAILED and each.write and look.at - each.write.at < policy.resend_after for each in same
    )


def _unknown_word(found: Sighting) -> Wait:
    return Wait(
        Reason.UNKNOWN_VETTING_STATUS,
        f"Partner Center reports the vetting status {found.row.vetting_status!r}, which this service does not know.",
        "Look at the customer in Partner Center; confirm to send the request all the same, or cancel it.",
        news=str(found.row.vetting_status),
    )


def _combination(record: Record, others: Sequence[Record], look: Look) -> Refuse | Wait | None:
    other = EXCLUDES.get(record.qualification)
    if other is None:
        return None
    words = {row.word for row in look.of(other)}
    if Word.APPROVED in words and not record.out:
        return Refuse(
            Refused(
                "qualifications-cannot-be-combined",
                f"{record.qualification} cannot be set beside {other}, which customer {record.customer_tenant_id} has.",
                remedy="A customer is either an education or a government customer; check which is right in your CRM.",
            )
        )
    ours = any(each.qualification is other and each.status in {Status.SUBMITTING, Status.IN_REVIEW} for each in others)
    if Word.APPROVED in words:
        # What came of its own write may show yet, so only a person ends it.
        return Wait(
            Reason.COMBINATION_IN_REVIEW,
            f"{other} is approved for this customer, and a customer has one of the two.",
            "Check which is right for the customer, and cancel this request if it is not.",
        )
    if ours or words & {Word.IN_REVIEW, Word.UNKNOWN}:
        return Wait(
            Reason.COMBINATION_IN_REVIEW,
            f"{other} is in review for this customer, and a customer has one of the two.",
            f"Nothing to do: the service goes on when {other} is decided. Cancel the request that is wrong.",
        )
    return None


def _confirmations(
    record: Record, customer: Customer, confirm_first: Collection[Qualification]
) -> Refuse | Wait | None:
    if isinstance(record.request, EducationRequest):
        spent = budget.spent(customer)
        # Whoever confirms a write once more has read that it may cost another verification.
        confirmed = bool(record.confirmed & SPENDS_KNOWINGLY)
        agreed = record.request.confirm_last_attempt or confirmed
        if spent >= budget.VERIFICATIONS:
            if budget.certain(customer) >= budget.VERIFICATIONS:
                return Refuse(_budget_spent(record))
            if not confirmed:
                return _last_attempt(record, customer)
        elif spent == budget.VERIFICATIONS - 1 and not agreed:
            return _last_attempt(record, customer)
    if record.over_limit is not None and not record.confirmed & {Reason.DAILY_LIMIT, *SPENDS_KNOWINGLY}:
        return above_limit(record.source, record.over_limit)
    if record.qualification in confirm_first and not record.confirmed & {Reason.CONFIRMATION_NEEDED, *SPENDS_KNOWINGLY}:
        return Wait(
            Reason.CONFIRMATION_NEEDED,
            f"{record.qualification} requests wait for a person here (CONFIRM_QUALIFICATIONS).",
            "Check the customer, then confirm or cancel the request.",
        )
    return None


def above_limit(source: str, limit: int) -> Wait:
    """For what a request waits that is one too many of its day."""
    return Wait(
        Reason.DAILY_LIMIT,
        f"{source} has asked for more than {limit} new requests in a day (UTC); this is one of those above.",
        "Check that the CRM is not running wild, then confirm or cancel the request.",
    )


def _last_attempt(record: Record, customer: Customer) -> Wait:
    return Wait(
        Reason.LAST_ATTEMPT,
        f"Microsoft verifies a customer for education three times; of customer {record.customer_tenant_id} "
        f"{budget.spent(customer)} count as spent: {budget.uncertain_words(customer)}.",
        "Check the customer's company data in the Microsoft 365 admin centre, then confirm or cancel the request.",
    )


def _budget_spent(record: Record) -> Refused:
    return Refused(
        "education-budget-spent",
        f"Education verification was requested {budget.VERIFICATIONS} times for customer {record.customer_tenant_id}; "
        "Microsoft allows no more.",
        remedy="Open a support ticket with Microsoft in Partner Center.",
    )
