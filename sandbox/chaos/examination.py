"""The promises, each as a rule that the evidence of a run is held against."""

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from uuid import UUID

from qualification.domain.events import NEWS
from qualification.domain.record import EventType, Record, Status, WorkAction
from qualification.domain.request import Qualification
from qualification.stores.keys import active_key, work_key
from sandbox.chaos.evidence import Evidence
from sandbox.partner_center import Operation
from sandbox.partner_center.books import Call

ACCEPTED, CONFLICT = 202, 409

AFTER: dict[Status, set[Status]] = {
    Status.QUEUED: {Status.SUBMITTING, Status.IN_REVIEW, Status.APPROVED, Status.DENIED, Status.FAILED},
    Status.SUBMITTING: {Status.IN_REVIEW, Status.APPROVED, Status.DENIED, Status.FAILED},
    Status.IN_REVIEW: {Status.APPROVED, Status.DENIED},
    Status.APPROVED: {Status.REVOKED},
}
"""The statuses that may follow one another in a history."""

type Rule = Callable[[Evidence], Iterator[Difference]]


@dataclass(frozen=True, slots=True)
class Difference:
    """A promise that was not kept; `customer_id` where it is about one customer."""

    rule: str
    detail: str
    customer_id: str | None = None


def examine(evidence: Evidence) -> list[Difference]:
    """All differences between what is promised and what is there."""
    return [difference for rule in RULES for difference in rule(evidence)]


def every_delivery_is_answered(evidence: Evidence) -> Iterator[Difference]:
    """Each delivery got an answer for good, and all deliveries of one event the same one."""
    answered = {(answer.ask.event_id, answer.ask.at) for answer in evidence.answers}
    locations: dict[str, set[str | None]] = defaultdict(set)
    for ask in (ask for customer in evidence.plan.everybody.values() for ask in customer.asks):
        if (ask.event_id, ask.at) not in answered:
            yield Difference("every delivery is answered", f"{ask.event_id} was not", ask.customer_id)
    for answer in evidence.answers:
        if answer.status == ACCEPTED:
            locations[answer.ask.event_id].add(answer.location)
        elif answer.status != CONFLICT:
            text = f"{answer.ask.event_id} was answered {answer.status}"
            yield Difference("every delivery is accepted, or conflicts", text, answer.ask.customer_id)
    for event_id, several in locations.items():
        if len(several) > 1:
            yield Difference("one event, one request", f"{event_id}: {several}", event_id[4:40])


def every_accepted_request_ends(evidence: Evidence) -> Iterator[Difference]:
    """Each 202 names a stored request, and that has the end that Partner Center gave it."""
    for answer in evidence.answers:
        if answer.status == ACCEPTED:
            request_id = UUID((answer.location or "").rpartition("/")[2])
            if request_id not in evidence.ledger.records:
                yield Difference("every 202 is stored", f"{request_id} is not", answer.ask.customer_id)
    for record in evidence.ledger.records.values():
        customer = evidence.plan.customer(str(record.customer_tenant_id))
        if record.status not in customer.may_end:
            text = f"{record.request_id} of a {customer.kind} is {record.status}, not {sorted(customer.may_end)}"
            yield Difference("every 202 has a final status", text, customer.id)


def nothing_is_sent_twice(evidence: Evidence) -> Iterator[Difference]:
    """No request has two POSTs or PUTs that took effect."""
    effects = Counter(_asked_for(call) for call in evidence.calls if call.effect)
    for (customer_id, what), count in effects.items():
        if count > 1:
            yield Difference("nothing is sent twice", f"{count} calls took effect for {what}", customer_id)


def a_failed_request_took_no_effect(evidence: Evidence) -> Iterator[Difference]:
    """What Partner Center granted is not called failed, and what is called approved is there."""
    effects = {_asked_for(call) for call in evidence.calls if call.effect}
    for record in evidence.ledger.records.values():
        customer_id = str(record.customer_tenant_id)
        website = getattr(record.request, "website", None)
        if record.status is Status.FAILED and website and (customer_id, website) in effects:
            yield Difference("a failed request took no effect", f"{record.request_id} did", customer_id)
        if record.status is Status.APPROVED and record.qualification not in evidence.held[customer_id]:
            yield Difference("what is approved is there", f"{record.request_id} is not", customer_id)


def every_event_is_there_in_order(evidence: Evidence) -> Iterator[Difference]:
    """A subscriber that drops repeats sees 1..n of each request, without a gap."""
    streams = evidence.events_by_request()
    for request_id, record in evidence.ledger.records.items():
        told = [event["data"]["sequence"] for event in streams.get(request_id, [])]
        if told != list(range(1, record.sequence + 1)):
            text = f"{request_id} has {record.sequence} events, and {told} came"
            yield Difference("every event is there, in order", text, str(record.customer_tenant_id))
    for request_id in streams.keys() - evidence.ledger.records.keys():
        yield Difference("every event is there, in order", f"{request_id} was never stored")


def record_history_and_events_agree(evidence: Evidence) -> Iterator[Difference]:
    """The history leads to the status by allowed steps, and the events tell the same story at the same times."""
    streams = evidence.events_by_request()
    for record in evidence.ledger.records.values():
        history = record.history
        steps = [(one.status, other.status) for one, other in pairwise(history)]
        good = (
            history[0].status is Status.QUEUED
            and history[-1].status is record.status
            and all(after in AFTER.get(before, set()) for before, after in steps)
            and all(one.at <= other.at for one, other in pairwise(history))
        )
        if not good:
            yield Difference("record and history agree", _story(record), str(record.customer_tenant_id))
        news = [(entry.status.value, entry.at) for entry in history if entry.status in NEWS]
        told = [
            (event["data"]["status"], event["time"])
            for event in streams.get(record.request_id, [])
            if event["type"] == EventType.STATUS_CHANGED
        ]
        if told != [(status, at.isoformat().replace("+00:00", "Z")) for status, at in news]:
            yield Difference(
                "history and events agree", f"{_story(record)}; told {told}", str(record.customer_tenant_id)
            )


def work_is_where_it_is_wanted(evidence: Evidence) -> Iterator[Difference]:
    """Each unfinished record has its one work item and its guard, a finished one neither; nothing is left to publish."""
    ledger = evidence.ledger
    wanted = {work_key(record, record.work): record for record in ledger.records.values() if record.work}
    for key in ledger.work - wanted.keys():
        yield Difference("no work item is orphaned", key)
    for key in wanted.keys() - ledger.work:
        yield Difference("no record is without its work item", key, str(wanted[key].customer_tenant_id))
    for record in ledger.records.values():
        looked_at = record.status is Status.APPROVED and record.qualification is Qualification.EDUCATION
        if (record.work is not None) != (record.status.is_active or looked_at):
            text = f"{record.request_id} is {record.status}, its work is {record.work}"
            yield Difference("only what is unfinished has work", text, str(record.customer_tenant_id))
        if record.work and record.work.action is not WorkAction.REVIEW:
            yield Difference("nothing waits in the queue", _story(record), str(record.customer_tenant_id))
    guards = {
        active_key(record.customer_tenant_id, record.qualification): record.request_id
        for record in ledger.records.values()
        if record.status.is_active
    }
    for key in {key for key in ledger.guards.keys() | guards.keys() if ledger.guards.get(key) != guards.get(key)}:
        yield Difference("guards are those of active requests", f"{key}: {ledger.guards.get(key)}", key.split("|")[1])
    for key in ledger.outbox:
        yield Difference("nothing is left to publish", key, key.split("|")[3])


def no_cause_is_left(evidence: Evidence) -> Iterator[Difference]:
    """What has been mended is not noted as broken: the next time it must be news again.

    The note of an owner that was killed before it could raise the alarm may be left: it is taken over the next time.
    """
    streams = evidence.events_by_request()
    for cause, owner in evidence.ledger.causes.items():
        alarms = [
            event
            for event in streams.get(owner.request_id, [])
            if event["type"] == EventType.ATTENTION_REQUIRED and datetime.fromisoformat(event["time"]) >= owner.since
        ]
        if alarms:
            yield Difference("no mended cause is left", cause, str(owner.customer_tenant_id))


def dead_letters_are_not_ours(evidence: Evidence) -> Iterator[Difference]:
    """All that is not ours is there; what is ours came too often from hosts that were killed, and has ended all the same."""
    missing = Counter(evidence.foreign) - Counter(letter.body for letter in evidence.dead_letters)
    for body in missing:
        yield Difference("foreign messages are dead-lettered", body)
    for letter in evidence.dead_letters:
        if letter.body not in evidence.foreign and _request_of(letter.body) not in evidence.ledger.records:
            yield Difference("dead letters point to stored requests", f"{letter.reason}: {letter.body}")


RULES: tuple[Rule, ...] = (
    every_delivery_is_answered,
    every_accepted_request_ends,
    nothing_is_sent_twice,
    a_failed_request_took_no_effect,
    every_event_is_there_in_order,
    record_history_and_events_agree,
    work_is_where_it_is_wanted,
    no_cause_is_left,
    dead_letters_are_not_ours,
)


def _asked_for(call: Call) -> tuple[str, str]:
    """The customer, and the mark of the one request that asks for this; without a mark the customer has only one."""
    if call.operation is not Operation.POST:
        return call.customer or "", call.operation
    body = json.loads(call.body)
    return call.customer or "", body.get("website") or body["qualification"]


def _request_of(body: str) -> UUID | None:
    try:
        return UUID(json.loads(body)["requestId"])
    except (ValueError, TypeError, KeyError):
        return None


def _story(record: Record) -> str:
    return f"{record.request_id} is {record.status}: " + ", ".join(
        f"{each.status} {each.at}" for each in record.history
    )
