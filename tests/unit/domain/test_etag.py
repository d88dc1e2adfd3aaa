"""The ETag that a person's decision presents."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from qualification.domain.correction import correction_of
from qualification.domain.etag import etag
from qualification.domain.record import Correction
from qualification.domain.request import Qualification
from qualification.domain.status import Status
from qualification.domain.waiting import Reason, Waiting
from qualification.use_cases.order import fingerprint
from tests.unit.builders import NOW, in_review, queued, wanted

GOVERNMENT = Qualification.GOVERNMENT_COMMUNITY_CLOUD
WAITING = Waiting(reason=Reason.REVIEW_OVERDUE, detail="It lasts.", remedy="Wait.", since=NOW)
HOUR = timedelta(hours=1)


def newer(**changes: Any) -> Correction:
    """What a CRM sends afterwards."""
    content = wanted(**changes)
    return correction_of(content, fingerprint(content), "dataverse", NOW)


RECORD = in_review(correction=newer(website="fabrikam.edu"), waiting=WAITING)


@pytest.mark.parametrize(
    "changes",
    [
        {"request_id": UUID(int=7)},
        {"status": Status.DENIED},
        {"request": wanted(educationSegment="HigherEducation")},
        {"correction": newer(website="litware.edu")},
        {"correction": None},
        {"attempts": 2},
        {"waiting": WAITING.model_copy(update={"reason": Reason.OUTCOME_UNKNOWN})},
        {"waiting": WAITING.model_copy(update={"detail": "It lasts and lasts."})},
        {"waiting": WAITING.model_copy(update={"since": NOW + HOUR})},
        {"waiting": None},
    ],
    ids=str,
)
def test_what_a_person_decides_on_changes_it(changes: dict[str, Any]) -> None:
    """Whoever confirms what has changed meanwhile is told so first."""
    assert etag(RECORD.changed(**changes)) != etag(RECORD)


@pytest.mark.parametrize(
    "changes",
    [
        {"updated_at": NOW + HOUR},
        {"checked_at": NOW + HOUR},
        {"failures": 3},
        {"request": wanted(customerName="Contoso")},
        {"correction": newer(website="fabrikam.edu", customerName="Contoso")},
    ],
    ids=str,
)
def test_what_happens_by_itself_or_is_only_shown_leaves_it(changes: dict[str, Any]) -> None:
    """A read that shows nothing new must not refuse a person's decision."""
    assert etag(RECORD.changed(**changes)) == etag(RECORD)


def test_no_validation_code_is_in_it() -> None:
    """Callers see the tag, and nothing may be computed from a secret."""
    assert etag(queued(wanted(GOVERNMENT))) == etag(queued(wanted(GOVERNMENT, validationCode=None)))
