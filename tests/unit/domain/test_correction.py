"""What a sender's later event does to a request, and what is read of it afterwards."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from qualification.domain.caller import Caller, CallerKind
from qualification.domain.correction import corrected, correction_of, differences, ignored, kept
from qualification.domain.record import Correction, Record
from qualification.domain.request import Qualification, QualificationRequest, Reference
from qualification.domain.status import HistoryEntry, Status
from qualification.domain.transition import Transition
from qualification.domain.waiting import Reason, Waiting
from qualification.domain.work import Work, WorkAction
from qualification.use_cases.order import fingerprint
from tests.unit.builders import AT, MS_REQUEST, NOW, POLICY, REQUEST, approved, in_review, queued, wanted

GOVERNMENT = Qualification.GOVERNMENT_COMMUNITY_CLOUD
LATER = replace(AT, now=NOW + timedelta(hours=1))
ANNA = Caller(kind=CallerKind.FUNCTION_KEY, id="0badcafe", name="Anna")
FABRIKAM = wanted(website="fabrikam.edu")
CHANGE = "website contoso.edu -> fabrikam.edu"
WITHOUT_CODE, NAMES_A_CODE = wanted(GOVERNMENT, validationCode=None), wanted(GOVERNMENT, mode="synchronous")
"""The second differs in its mode too, which may be told; the code may not."""


def newer(content: QualificationRequest = FABRIKAM, **changes: Any) -> Correction:
    """What a CRM sends afterwards."""
    return correction_of(content, fingerprint(content), "dataverse", LATER.now, **changes)


def entry(status: Status, note: str, by: str = "dataverse") -> HistoryEntry:
    """Of the history, at the moment of the correction."""
    return HistoryEntry(status=status, at=LATER.now, by=by, note=note)


def test_a_later_event_is_kept_with_all_that_a_request_of_its_own_would_need() -> None:
    """Should it become one, it answers under the id that its sender was told."""
    content = NAMES_A_CODE
    assert newer(content, request_id=REQUEST, requested_by=ANNA) == Correction(
        request=content,
        fingerprint=fingerprint(content),
        source="dataverse",
        at=LATER.now,
        code_given=True,
        request_id=REQUEST,
        requested_by=ANNA,
    )
    assert newer(WITHOUT_CODE).code_given is False


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (wanted(), wanted(), ""),
        (wanted(), FABRIKAM, CHANGE),
        (wanted(website=None), wanted(), "website none -> contoso.edu"),
        (wanted(), wanted(website=None), "website contoso.edu -> none"),
        (
            wanted(),
            wanted(educationSegment="HigherEducation", confirmLastAttempt=True),
            "educationSegment K12 -> HigherEducation, confirmLastAttempt False -> True",
        ),
        (
            WITHOUT_CODE,
            NAMES_A_CODE,
            "mode asynchronous -> synchronous",
        ),
        (
            wanted(),
            wanted(customerName="Contoso").model_copy(update={"reference": Reference(type="account", id="1")}),
            "",
        ),
        (
            wanted(),
            wanted(website=".".join(["a" * 60] * 3) + ".edu"),
            f"website contoso.edu -> {'a' * 60}.{'a' * 39}",
        ),
    ],
    ids=["nothing", "a value", "one more", "one less", "two", "a code", "what is only shown", "a long one"],
)
def test_what_a_correction_changes_is_said_in_words(
    before: QualificationRequest, after: QualificationRequest, words: str
) -> None:
    """By the fields' JSON names, and never a validation code: histories and alerts are read by many."""
    assert differences(before, after) == words


def test_the_newest_content_takes_the_place_of_one_that_is_not_out() -> None:
    """It is due as a new request is, and nothing of the older holds it back or counts as confirmed for it."""
    before = queued(
        WITHOUT_CODE,
        correction=newer(),
        withdrawn="mark taken back",
        confirmed=frozenset({Reason.CONFIRMATION_NEEDED}),
        ms_request_id=MS_REQUEST,
        not_before=NOW + timedelta(days=1),
        failures=3,
        messages=4,
        waiting=waiting(Reason.CONFIRMATION_NEEDED),
        raised=frozenset({"confirmation-needed:"}),
        work=None,
    )
    correction = newer(NAMES_A_CODE, requested_by=ANNA)
    note = "corrected by dataverse: mode asynchronous -> synchronous"
    assert corrected(before, correction, LATER) == Transition(
        before.changed(
            request=correction.request,
            fingerprint=correction.fingerprint,
            code_given=True,
            correction=None,
            withdrawn=None,
            confirmed=frozenset(),
            ms_request_id=None,
            not_before=None,
            failures=0,
            messages=5,
            hinted_at=LATER.now,
            waiting=None,
            raised=frozenset(),
            updated_at=LATER.now,
            history=(*before.history, entry(Status.QUEUED, note, "dataverse (Anna (key 0badcafe))")),
            work=Work(action=WorkAction.QUEUE, due=LATER.now + POLICY.retry_first),
        )
    )


def test_a_correction_of_one_above_the_daily_limit_waits_on() -> None:
    """It is one too many of its day whatever it asks for; what else the history is to say stands in it."""
    before = queued(
        waiting=waiting(Reason.DAILY_LIMIT),
        raised=frozenset({"daily-limit:"}),
        not_before=NOW + timedelta(days=7),
        messages=4,
    )
    note = f"corrected by dataverse: {CHANGE}; website left out"
    assert corrected(before, newer(), LATER, "website left out") == Transition(
        before.changed(
            request=FABRIKAM,
            fingerprint=fingerprint(FABRIKAM),
            updated_at=LATER.now,
            history=(*before.history, entry(Status.QUEUED, note)),
        )
    )


def waiting(reason: Reason) -> Waiting:
    """It waits for this."""
    return Waiting(reason=reason, detail="It waits.", remedy="Decide.", since=NOW)


@pytest.mark.parametrize("record", [in_review(), approved()], ids=["in review", "approved"])
def test_a_correction_of_what_is_out_is_kept_and_somebody_is_alerted(record: Record) -> None:
    """The CRM's administrator reads what is not sent and what to do; an approval is read again at once."""
    before, correction = record.changed(withdrawn="mark taken back"), newer()
    after = kept(before, correction, LATER)
    note = f"kept and not sent, from dataverse: {CHANGE}"
    due = Work(action=WorkAction.REVIEW, due=LATER.now)
    (alert,) = after.events
    assert after.record == before.changed(
        correction=correction,
        withdrawn=None,
        updated_at=LATER.now,
        history=(*before.history, entry(before.status, note)),
        work=due if record.status is Status.APPROVED else before.work,
        raised=frozenset({f"correction-ignored:{correction.fingerprint}"}),
        sequence=before.sequence + 1,
        event_due=after.record.event_due,
    )
    assert {name: alert.data[name] for name in ("reason", "detail", "remedy")} == {
        "reason": "correction-ignored",
        "detail": "dataverse has sent other content for a request that Partner Center has or may have already"
        f" ({CHANGE}).",
        "remedy": "Read the request's status: if it is denied, retry it, and the newest content is sent;"
        " otherwise nothing is to do.",
    }


def test_what_is_out_wanted_again_takes_the_kept_correction_back() -> None:
    """Nothing newer is to be sent then, and nobody need be alerted."""
    before = in_review(correction=newer(), withdrawn="mark taken back")
    again = newer(before.request)
    assert kept(before, again, LATER) == Transition(
        before.changed(correction=None, withdrawn=None, updated_at=LATER.now)
    )


@pytest.mark.parametrize(("told", "alerts"), [(9, 1), (10, 0)])
def test_ten_ignored_corrections_of_a_request_alert_somebody_and_no_more(told: int, alerts: int) -> None:
    """Nobody reads more, and a CRM may run wild; alerts about something else do not count."""
    raised = frozenset({"review-overdue:", *(f"correction-ignored:{number}" for number in range(told))})
    step = Transition(in_review(raised=raised))
    assert len(ignored(step, "Other content.", "Nothing to do.", "the newest", LATER).events) == alerts


@pytest.mark.parametrize("there", [19, 20])
def test_of_more_than_twenty_corrections_the_oldest_leaves_the_history(there: int) -> None:
    """A record is of limited size; what else has happened to it stays."""
    notes = tuple(
        HistoryEntry(status=Status.QUEUED, at=NOW, by="dataverse", note=f"{words}dataverse: change {number}")
        for number, words in zip(range(there), ["corrected by ", "kept and not sent, from "] * there, strict=False)
    )
    others = (
        HistoryEntry(status=Status.QUEUED, at=NOW, by="Anna", note="confirmed"),
        HistoryEntry(status=Status.QUEUED, at=NOW),
    )
    first = queued().history
    before = queued(history=(*first, *notes, *others))
    newest = entry(Status.QUEUED, f"corrected by dataverse: {CHANGE}")
    assert corrected(before, newer(), LATER).record.history == (*first, *notes[there - 19 :], *others, newest)
