"""The examination finds what is wrong: each test breaks one thing in the evidence of a good run."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest

from qualification.domain.event import EventType
from qualification.domain.record import Record, Status
from qualification.domain.transition import Owner
from qualification.stores.keys import active_key, work_key
from sandbox.chaos.evidence import DeadLetter, Evidence
from sandbox.chaos.examination import examine
from sandbox.chaos.ledger import Ledger
from sandbox.partner_center import Operation


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
    told = evidence.events[events_of(evidence)[0]]
    lie = told | {"data": told["data"] | {"status": "Denied"}}
    return replace(evidence, events=tuple(lie if event["id"] == told["id"] else event for event in evidence.events))


def sent_twice(evidence: Evidence) -> Evidence:
    """A POST took effect twice."""
    post = next(call for call in evidence.calls if call.effect and call.operation is Operation.POST)
    return replace(evidence, calls=(*evidence.calls, post))


def failed_with_effect(evidence: Evidence) -> Evidence:
    """A request whose POST took effect is called failed."""
    posted = {call.customer for call in evidence.calls if call.effect and call.operation is Operation.POST}
    record = next(
        record
        for record in evidence.ledger.records.values()
        if str(record.customer_tenant_id) in posted and getattr(record.request, "website", "no") in _websites(evidence)
    )
    return with_record(evidence, record, status=Status.FAILED)


def _websites(evidence: Evidence) -> str:
    return " ".join(call.body.decode() for call in evidence.calls if call.effect)


def not_held(evidence: Evidence) -> Evidence:
    """Partner Center knows nothing of what is called approved."""
    return replace(evidence, held={customer_id: {} for customer_id in evidence.held})


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
    record = a_record(evidence)
    key = active_key(record.customer_tenant_id, record.qualification)
    return changed(evidence, guards=evidence.ledger.guards | {key: record.request_id})


def with_dead_letter(evidence: Evidence) -> Evidence:
    """A message that nobody knows is among the dead letters."""
    return replace(evidence, dead_letters=(*evidence.dead_letters, DeadLetter("{}", "unknown")))


def noted(evidence: Evidence) -> Evidence:
    """A finished request is still noted as the owner of a cause."""
    record = a_record(evidence)
    owner = Owner(record.request_id, record.customer_tenant_id, record.created_at)
    return changed(evidence, causes={"access-lost:invalid_grant": owner})


def with_alarm(evidence: Evidence) -> Evidence:
    """A request has raised an alarm."""
    told = evidence.events[events_of(evidence)[0]]
    return replace(evidence, events=(*evidence.events, told | {"id": "alarm", "type": EventType.ATTENTION_REQUIRED}))


def bent(evidence: Evidence) -> Evidence:
    """A history runs backwards."""
    record = a_record(evidence)
    return with_record(evidence, record, history=record.history[::-1])


BROKEN: dict[str, Callable[[Evidence], Evidence]] = {
    "every 202 is stored": without_record,
    "every 202 has a final status": lambda evidence: with_record(
        evidence, a_record(evidence), status=Status.SUBMITTING
    ),
    "every delivery is answered": lambda evidence: replace(evidence, answers=evidence.answers[1:]),
    "every delivery is accepted, or conflicts": lambda evidence: answered(evidence, status=400, location=None),
    "one event, one request": lambda evidence: answered(evidence, location=f"/api/{uuid4()}"),
    "nothing is sent twice": sent_twice,
    "a failed request took no effect": failed_with_effect,
    "what is approved is there": not_held,
    "every event is there, in order": with_gap,
    "record and history agree": bent,
    "history and events agree": with_other_status,
    "no record is without its work item": without_work,
    "no work item is orphaned": lambda evidence: changed(evidence, work=evidence.ledger.work | {"work|x|queue|y|z"}),
    "only what is unfinished has work": lambda evidence: with_record(
        evidence, a_record(evidence, Status.IN_REVIEW, 1), work=None
    ),
    "guards are those of active requests": guarded,
    "nothing is left to publish": lambda evidence: changed(evidence, outbox=frozenset({"work|x|publish|y|z|1"})),
    "no mended cause is left": lambda evidence: with_alarm(noted(evidence)),
    "foreign messages are dead-lettered": lambda evidence: replace(evidence, foreign=("never came",)),
    "dead letters point to stored requests": with_dead_letter,
}


@pytest.mark.parametrize("rule", BROKEN)
def test_a_broken_promise_is_found(evidence: Evidence, rule: str) -> None:
    """The rule that is broken is named among the differences, and was not before."""
    assert rule not in {difference.rule for difference in examine(evidence)}
    assert rule in {difference.rule for difference in examine(BROKEN[rule](evidence))}


def test_the_note_of_an_owner_that_never_raised_its_alarm_is_allowed(evidence: Evidence) -> None:
    """It was killed before it could; the next to meet the cause takes the note over."""
    assert examine(noted(evidence)) == examine(evidence)


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
    assert examine(replace(evidence, ledger=Ledger({}, frozenset(), frozenset(), {}, {})))
