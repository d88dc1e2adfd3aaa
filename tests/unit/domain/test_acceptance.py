"""A new request, as it stands before anything is done about it."""

from qualification.domain.caller import Caller, CallerKind
from qualification.domain.lifecycle import accepted, accepted_above_limit
from qualification.domain.record import Record
from qualification.domain.status import HistoryEntry, Status
from qualification.domain.waiting import Reason, Waiting
from qualification.domain.work import Work, WorkAction
from tests.unit.builders import AT, NOW, POLICY, queued

CALLER = Caller(kind=CallerKind.FUNCTION_KEY, id="0a1b", name="The CRM's key")
NOTE = "The website was left out."


def new(caller: Caller | None = CALLER) -> Record:
    """A request that has just come."""
    return queued(requested_by=caller, history=(), work=None, hinted_at=None)


def test_a_new_request_says_who_asked_for_it_and_what_was_left_out() -> None:
    """Whoever reads the history need not look for it in the log; a request of nobody known names nobody."""
    entry = HistoryEntry(status=Status.QUEUED, at=NOW, by="The CRM's key (key 0a1b)", note=NOTE)
    work = Work(action=WorkAction.QUEUE, due=NOW + POLICY.retry_first)
    assert accepted(new(), AT, NOTE).record == new().changed(history=(entry,), work=work, hinted_at=NOW)
    assert accepted(new(None), AT).record.history == (HistoryEntry(status=Status.QUEUED, at=NOW),)


def test_a_request_above_the_daily_limit_waits_for_a_person() -> None:
    """It says why and what to do; the alert is about the source, once a day, so this one raises none."""
    step = accepted_above_limit(new(), 200, AT, NOTE)
    due = NOW + POLICY.review_ended
    assert step.record == new().changed(
        over_limit=200,
        waiting=Waiting(
            reason=Reason.DAILY_LIMIT,
            detail="standard has asked for more than 200 new requests in a day (UTC); this is one of those above.",
            remedy="Check that the CRM is not running wild, then confirm or cancel the request.",
            since=NOW,
            alerted=True,
        ),
        not_before=due,
        work=Work(action=WorkAction.QUEUE, due=due),
        history=(HistoryEntry(status=Status.QUEUED, at=NOW, by="The CRM's key (key 0a1b)", note=NOTE),),
    )
    assert (step.record.raised, step.events) == (frozenset(), ())
