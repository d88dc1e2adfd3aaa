"""What senders and subscribers are promised: an answer each, one request an event, every event, in order."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from uuid import UUID

from sandbox.chaos.evidence import Evidence
from sandbox.chaos.rules.difference import Difference

ACCEPTED, CONFLICT = 202, 409


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


def every_202_is_stored(evidence: Evidence) -> Iterator[Difference]:
    """Each 202 names a stored request."""
    for answer in evidence.answers:
        if answer.status == ACCEPTED:
            request_id = UUID((answer.location or "").rpartition("/")[2])
            if request_id not in evidence.ledger.records:
                yield Difference("every 202 is stored", f"{request_id} is not", answer.ask.customer_id)


def every_event_is_there_in_order(evidence: Evidence) -> Iterator[Difference]:
    """A subscriber that drops repeats sees 1..n of each request, without a gap."""
    streams = evidence.events_by_request()
    for request_id, record in evidence.ledger.records.items():
        came = [event["data"]["sequence"] for event in streams.get(request_id, [])]
        if came != list(range(1, record.sequence + 1)):
            text = f"{request_id} has {record.sequence} events, and {came} came"
            yield Difference("every event is there, in order", text, str(record.customer_tenant_id))
    for request_id in streams.keys() - evidence.ledger.records.keys():
        yield Difference("every event is there, in order", f"{request_id} was never stored")
    for key in evidence.ledger.outbox:
        yield Difference("nothing is left to publish", key, key.split("|")[3])


def dead_letters_are_not_ours(evidence: Evidence) -> Iterator[Difference]:
    """All that is not ours is there; what is ours came too often from hosts that were killed, and its request is stored."""
    missing = Counter(evidence.foreign) - Counter(letter.body for letter in evidence.dead_letters)
    for body in missing:
        yield Difference("foreign messages are dead-lettered", body)
    for letter in evidence.dead_letters:
        if letter.body not in evidence.foreign and _request_of(letter.body) not in evidence.ledger.records:
            yield Difference("dead letters point to stored requests", f"{letter.reason}: {letter.body}")


def _request_of(body: str) -> UUID | None:
    try:
        return UUID(json.loads(body)["requestId"])
    except (ValueError, TypeError, KeyError):
        return None
