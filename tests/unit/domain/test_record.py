"""What is kept of a request when it enters a status."""

from datetime import timedelta

import pytest

from qualification.domain.record import Correction, Record, RequestError
from qualification.domain.request import Qualification
from qualification.domain.status import HistoryEntry, Status
from qualification.domain.work import Work, WorkAction
from tests.unit.builders import CORRELATION, NOW, REFUSED, queued, submitting, wanted

LATER = NOW + timedelta(hours=1)
GOVERNMENT = wanted(Qualification.GOVERNMENT_COMMUNITY_CLOUD)
WITHOUT_CODE = wanted(Qualification.GOVERNMENT_COMMUNITY_CLOUD, validationCode=None)
KEPT = Correction(request=GOVERNMENT, fingerprint="f", source="standard", at=NOW)
QUEUED = HistoryEntry(status=Status.QUEUED, at=NOW)
SUBMITTING = HistoryEntry(status=Status.SUBMITTING, at=NOW)


def test_a_new_status_is_in_the_history_with_who_and_why() -> None:
    """Whoever reads the history sees a person's decision in the person's own words."""
    after = submitting().entered(Status.FAILED, LATER, "key 0a1b", "The customer has left.")
    assert after.history == (
        QUEUED,
        SUBMITTING,
        HistoryEntry(status=Status.FAILED, at=LATER, by="key 0a1b", note="The customer has left."),
    )
    assert (after.status, after.updated_at, after.ended_at) == (Status.FAILED, LATER, LATER)


@pytest.mark.parametrize(
    ("by", "note", "added"),
    [
        (None, None, ()),
        ("key 0a1b", None, (HistoryEntry(status=Status.QUEUED, at=LATER, by="key 0a1b"),)),
        (None, "Retried.", (HistoryEntry(status=Status.QUEUED, at=LATER, note="Retried."),)),
    ],
)
def test_the_same_status_is_told_again_only_with_who_or_why(
    by: str | None, note: str | None, added: tuple[HistoryEntry, ...]
) -> None:
    """A history of nothing but tries would hide what people did."""
    after = queued().entered(Status.QUEUED, LATER, by, note)
    assert after.history == (QUEUED, *added)
    assert after.updated_at == LATER


def test_a_try_that_failed_leaves_no_trace_in_the_history() -> None:
    """That alone is taken back: what a person did before it stays."""
    confirmed = HistoryEntry(status=Status.QUEUED, at=NOW, by="key 0a1b")
    record = submitting(history=(QUEUED, confirmed, SUBMITTING))
    assert record.entered(Status.QUEUED, LATER).history == (QUEUED, confirmed)


@pytest.mark.parametrize("status", Status)
def test_only_an_unfinished_request_keeps_its_validation_codes(status: Status) -> None:
    """Of newer content that is kept as well: a secret that nothing needs any more is not stored."""
    after = queued(GOVERNMENT, correction=KEPT).entered(status, LATER)
    expected = GOVERNMENT if status.is_active else WITHOUT_CODE
    assert after.request == expected
    assert after.correction == KEPT.model_copy(update={"request": expected})


def test_what_else_changes_is_changed_with_the_status() -> None:
    """A finished request that had no newer content still has none."""
    after = queued(failures=3).entered(Status.FAILED, LATER, failures=0, request=GOVERNMENT)
    assert (after.failures, after.correction, after.request) == (0, None, GOVERNMENT)


@pytest.mark.parametrize(
    ("work", "due"),
    [
        (None, False),
        (Work(action=WorkAction.QUEUE, due=NOW), True),
        (Work(action=WorkAction.QUEUE, due=LATER), False),
        (Work(action=WorkAction.REVIEW, due=NOW), False),
        (Work(action=WorkAction.REVIEW, due=LATER), False),
    ],
)
def test_work_is_due_when_it_asks_for_this_and_its_time_has_come(work: Work | None, *, due: bool) -> None:
    """The timer's list may be older than the record: what it names is looked at once more."""
    assert queued(work=work).is_due(WorkAction.QUEUE, NOW) is due


def test_what_is_kept_of_an_error_is_what_support_asks_for() -> None:
    """Partner Center's code and words, the status and the correlation id."""
    assert RequestError.of(REFUSED) == RequestError(
        code="2000", description="The domain is not valid.", http_status=400, correlation_id=CORRELATION
    )


@pytest.mark.parametrize(
    ("record", "speaks"),
    [
        (queued(), True),
        (queued(status=Status.CANCELLED), False),
        (queued(status=Status.FAILED, attempts=1), True),
        (queued(status=Status.REVOKED, taken=True), True),
    ],
)
def test_a_request_that_sent_nothing_and_has_ended_says_nothing(record: Record, *, speaks: bool) -> None:
    """What Partner Center shows may be about any other."""
    assert record.speaks is speaks
