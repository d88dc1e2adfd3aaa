"""The examination finds what is wrong: each test breaks one thing in the evidence of a good run."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from qualification.domain.event import EventType
from qualification.domain.record import Record, RequestError
from qualification.domain.status import Status
from qualification.stores.keys import work_key
from sandbox.chaos.evidence import DeadLetter, Evidence
from sandbox.chaos.examination import examine
from sandbox.chaos.ledger import Ledger
from sandbox.partner_center import Operation
from sandbox.partner_center.books import Call

pytestmark = pytest.mark.timeout(600)  # the run that all of them look at


def a_record(evidence: Evidence, status: Status = Status.APPROVED, events: int = 2) -> Record:
    """One of the run with this status and so many events, and with a website as its mark."""
    return next(
        record
        for record in evidence.ledger.records.values()
        if record.status is status and record.sequence >= events and getattr(record.request, "website", None)
    )


def changed(evidence: Evidence, **fields: Any) -> Evidence:
    """The evidence with another ledger."""
    return replace(evidence, ledger=replace(evidence.ledger, **fields))


def with_record(evidence: Evidence, record: Record, **fields: Any) -> Evidence:
    """The evidence with a record changed."""
    records = evidence.ledger.records | {record.request_id: record.changed(**fields)}
    return changed(evidence, records=records)


def without_record(evidence: Evidence) -> Evidence:
    """A request that was accepted is not stored."""
    gone = a_record(evidence).request_id
    return changed(evidence, records={key: value for key, value in evidence.ledger.records.items() if key != gone})


def events_of(evidence: Evidence) -> list[int]:
    """Where the events of one request are among all."""
    request_id = str(a_record(evidence).request_id)
    seen: dict[str, int] = {}
    for number, event in enumerate(evidence.events):
        if event["data"].get("requestId") == request_id:
            seen.setdefault(event["id"], number)
    return list(seen.values())


def with_gap(evidence: Evidence) -> Evidence:
    """An event never came."""
    gone = evidence.events[events_of(evidence)[0]]["id"]
    return replace(evidence, events=tuple(event for event in evidence.events if event["id"] != gone))


def out_of_order(evidence: Evidence) -> Evidence:
    """The second event came before the first."""
    first, second = events_of(evidence)[:2]
    events = [evidence.events[second], *evidence.events]
    return replace(evidence, events=tuple(events)) if first < second else evidence


def with_other_status(evidence: Evidence) -> Evidence:
    """An event told another status than the history has."""
    events = [evidence.events[number] for number in events_of(evidence)]
    told = next(event for event in events if event["type"] == EventType.STATUS_CHANGED)
    lie = told | {"data": told["data"] | {"status": "Denied"}}
    return replace(evidence, events=tuple(lie if event["id"] == told["id"] else event for event in evidence.events))


def a_write(evidence: Evidence) -> Call:
    """A POST for Education, of a customer about whom nobody has decided anything."""
    return next(
        call
        for call in evidence.calls
        if call.effect
        and call.operation is Operation.POST
        and b'"Education"' in call.body
        and not evidence.acts_about(call.customer or "")
    )


def with_writes(evidence: Evidence, *seconds: float, **fields: Any) -> Evidence:
    """There were more writes like one that was, so many seconds after it."""
    call = a_write(evidence)
    more = [replace(call, at=call.at + timedelta(seconds=each), **fields) for each in seconds]
    calls = [replace(each, **fields) if each is call else each for each in evidence.calls]
    return replace(evidence, calls=tuple(sorted([*calls, *more], key=lambda each: each.at)))


def under_a_stop(evidence: Evidence) -> Evidence:
    """Somebody had stopped all writing when a write came."""
    at = a_write(evidence).at
    return replace(evidence, stops=((at - timedelta(minutes=1), at + timedelta(minutes=1)),))


def failed_by_itself(evidence: Evidence) -> Evidence:
    """A request of a school is called failed."""
    error = RequestError(code="800002", description="")
    return with_record(evidence, a_school(evidence), status=Status.FAILED, error=error)


def a_school(evidence: Evidence, status: Status = Status.APPROVED) -> Record:
    """A request of a customer that Partner Center treats well."""
    return next(
        record
        for record in evidence.ledger.records.values()
        if record.status is status and evidence.plan.customer(str(record.customer_tenant_id)).kind == "school"
    )


def ended_by_nobody(evidence: Evidence) -> Evidence:
    """A request was cancelled, and nobody did it."""
    record = a_record(evidence)
    return with_record(evidence, record, status=Status.CANCELLED)


def not_held(evidence: Evidence) -> Evidence:
    """Partner Center knows nothing of what is called approved."""
    return replace(evidence, vettings={customer_id: {} for customer_id in evidence.vettings})


def unseen(evidence: Evidence) -> Evidence:
    """An approval at Partner Center is not known here."""
    return with_record(evidence, a_school(evidence), status=Status.DENIED, unread_since=None)


def answered(evidence: Evidence, **fields: Any) -> Evidence:
    """Another answer came as well."""
    accepted = next(answer for answer in evidence.answers if answer.status == 202)
    return replace(evidence, answers=(*evidence.answers, replace(accepted, **fields)))


def without_work(evidence: Evidence) -> Evidence:
    """A work item is gone."""
    record = next(record for record in evidence.ledger.records.values() if record.work)
    assert record.work
    return changed(evidence, work=evidence.ledger.work - {work_key(record, record.work)})


def guarded(evidence: Evidence) -> Evidence:
    """A guard outlived its request."""
    key, guard = next((key, guard) for key, guard in evidence.ledger.guards.items() if not guard.active)
    return changed(evidence, guards=evidence.ledger.guards | {key: replace(guard, active=True)})


def two_unfinished(evidence: Evidence) -> Evidence:
    """A request is unfinished beside a newer one."""
    record = a_record(evidence)
    again = record.changed(request_id=uuid4(), created_at=record.created_at - timedelta(hours=1), status=Status.QUEUED)
    return changed(evidence, records=evidence.ledger.records | {again.request_id: again})


def waiting_for_nothing(evidence: Evidence) -> Evidence:
    """A request is in doubt, and nobody was alerted."""
    return with_record(evidence, a_record(evidence), status=Status.SUBMITTING, waiting=None)


def with_dead_letter(evidence: Evidence) -> Evidence:
    """A message that nobody knows is among the dead letters."""
    return replace(evidence, dead_letters=(*evidence.dead_letters, DeadLetter("{}", "unknown")))


def bent(evidence: Evidence) -> Evidence:
    """A history runs backwards."""
    record = a_record(evidence)
    return with_record(evidence, record, history=record.history[::-1])


BROKEN: dict[str, Callable[[Evidence], Evidence]] = {
    "every 202 is stored": without_record,
    "every delivery is answered": lambda evidence: replace(evidence, answers=evidence.answers[1:]),
    "every delivery is accepted, or conflicts": lambda evidence: answered(evidence, status=400, location=None),
    "one event, one request": lambda evidence: answered(evidence, location=f"/api/{uuid4()}"),
    "every event is there, in order": with_gap,
    "nothing is left to publish": lambda evidence: changed(evidence, outbox=frozenset({"work|x|publish|y|z|1"})),
    "foreign messages are dead-lettered": lambda evidence: replace(evidence, foreign=("never came",)),
    "dead letters point to stored requests": with_dead_letter,
    "record and history agree": bent,
    "history and events agree": with_other_status,
    "no record is without its work item": without_work,
    "no work item is orphaned": lambda evidence: changed(evidence, work=evidence.ledger.work | {"work|x|queue|y|z"}),
    "what is unfinished has work": lambda evidence: with_record(
        evidence, a_record(evidence), status=Status.SUBMITTING, work=None
    ),
    "waiting rows are those of records": lambda evidence: changed(
        evidence, waiting=evidence.ledger.waiting | {f"waiting|x|{uuid4()}|{uuid4()}"}
    ),
    "guards agree with records": guarded,
    "one unfinished request a qualification": two_unfinished,
    "a write in doubt is left alone": lambda evidence: with_writes(evidence, 1, status=504),
    "two writes go without a person": lambda evidence: with_writes(evidence, 10, 20, 30, 40, 50, 60, 70, 80, 90),
    "every write is counted": lambda evidence: with_writes(evidence, *range(10, 100, 5)),
    "three verifications at most": lambda evidence: with_writes(evidence, *range(10, 100, 5)),
    "one verification without need": lambda evidence: with_writes(evidence, *range(10, 100, 5)),
    "nothing is written under a stop": under_a_stop,
    "every published status was true": not_held,
    "what is approved is there": not_held,
    "what is there is approved": unseen,
    "everything ends or waits for what was alerted": waiting_for_nothing,
    "nothing fails by itself": failed_by_itself,
    "nothing is ended by nobody": ended_by_nobody,
}


@pytest.mark.parametrize("rule", BROKEN)
def test_a_broken_promise_is_found(evidence: Evidence, rule: str) -> None:
    """The rule that is broken is named among the differences, and was not before."""
    assert rule not in {difference.rule for difference in examine(evidence)}
    assert rule in {difference.rule for difference in examine(BROKEN[rule](evidence))}


def test_a_write_in_doubt_may_go_again_in_time(evidence: Evidence) -> None:
    """After RESEND_AFTER it is no difference."""
    rules = {difference.rule for difference in examine(with_writes(evidence, 4, status=504))}
    assert "a write in doubt is left alone" not in rules


def test_whoever_throttles_is_not_written_to_twice(evidence: Evidence) -> None:
    """A POST that got 429 may have been taken as well."""
    rules = {difference.rule for difference in examine(with_writes(evidence, 1, status=429))}
    assert "a write in doubt is left alone" in rules


def test_events_in_another_order_are_found(evidence: Evidence) -> None:
    """It is the first occurrence of an event that counts."""
    found = examine(out_of_order(evidence))
    assert "every event is there, in order" in {difference.rule for difference in found}


def test_repeats_are_allowed(evidence: Evidence) -> None:
    """Told at least once is what is promised."""
    again = replace(evidence, events=(*evidence.events, *evidence.events))
    assert examine(again) == examine(evidence)


def test_an_empty_store_is_no_proof(evidence: Evidence) -> None:
    """A store that lost everything breaks promises."""
    assert examine(replace(evidence, ledger=Ledger.of([])))
