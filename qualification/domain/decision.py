"""Look before you POST: what a customer's qualifications at Partner Center mean for a request. Pure.

Rules of combination and the three education verifications: "Update a customer's qualifications asynchronously",
"Get special pricing for offers", "Create and sell offers to education customers" (Microsoft Learn).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from qualification.domain.errors import Refused
from qualification.domain.record import CustomerQualification, Posted, Record, Status
from qualification.domain.request import EducationRequest, Qualification
from qualification.domain.vetting_words import meaning, verdict

EDUCATION_BUDGET = 3
"""Education verification may be requested this often for a customer, in all."""

CANNOT_COMBINE = {
    Qualification.EDUCATION: Qualification.GOVERNMENT_COMMUNITY_CLOUD,
    Qualification.GOVERNMENT_COMMUNITY_CLOUD: Qualification.EDUCATION,
}


@dataclass(frozen=True, slots=True)
class Adopt:
    """Partner Center has it already; follow what it says and send nothing."""

    found: CustomerQualification


@dataclass(frozen=True, slots=True)
class Refuse:
    """It can never work; send nothing."""

    error: Refused


@dataclass(frozen=True, slots=True)
class Submit:
    """Nothing stands in the way.

    Attributes:
        denied_before: when an older denial was created, to tell it from an answer to this request.
    """

    denied_before: str | None = None


@dataclass(frozen=True, slots=True)
class Confirm:
    """It would be the customer's last education verification; wait until somebody confirms it."""


def find(qualifications: Sequence[CustomerQualification], wanted: Qualification) -> CustomerQualification | None:
    """The customer's row for a qualification, or None."""
    return next((row for row in qualifications if meaning(row.qualification) == meaning(wanted)), None)


def decide(record: Record, qualifications: Sequence[CustomerQualification]) -> Adopt | Refuse | Submit:
    """What to do about a request, given all qualifications the customer has now."""
    row = find(qualifications, record.qualification)
    if row is not None and verdict(row.vetting_status) is not Status.DENIED:
        return Adopt(row)
    if row is not None and _answers(record, row):
        return Adopt(row)
    other = CANNOT_COMBINE.get(record.qualification)
    held = find(qualifications, other) if other else None
    if held is not None and verdict(held.vetting_status) is not Status.DENIED:
        return Refuse(_cannot_combine(record.qualification, held.qualification))
    return Submit(denied_before=None if row is None else row.vetting_created or "")


def _answers(record: Record, denial: CustomerQualification) -> bool:
    """Whether a denial can only be, or may well be, the answer to a POST of this request."""
    if record.posted is Posted.NO:
        return False
    undated = not denial.vetting_created
    return undated or denial.vetting_created != record.denied_before


def check_budget(record: Record, spent: int) -> Submit | Confirm | Refuse:
    """Whether the customer has an education verification left for this request.

    Args:
        record: the request.
        spent: how many other education requests of this customer have reached Partner Center.
    """
    if not isinstance(record.request, EducationRequest) or spent < EDUCATION_BUDGET - 1:
        return Submit()
    if spent >= EDUCATION_BUDGET:
        return Refuse(_budget_spent())
    return Submit() if record.request.confirm_last_attempt else Confirm()


def _cannot_combine(wanted: str, held: str) -> Refused:
    return Refused(
        "qualifications-cannot-be-combined",
        f"{wanted} cannot be set beside {held}.",
        remedy="A customer is either an education or a government customer; check which one is right in your CRM.",
    )


def _budget_spent() -> Refused:
    return Refused(
        "education-budget-spent",
        f"Education verification was requested {EDUCATION_BUDGET} times for this customer; Microsoft allows no more.",
        remedy="Open a support ticket with Microsoft in Partner Center.",
    )
