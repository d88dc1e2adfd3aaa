"""How often Partner Center is written to, and how soon again."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import pairwise
from json import loads

from qualification.domain.budget import VERIFICATIONS
from qualification.domain.doubt import WRITES
from qualification.domain.record import Record
from qualification.domain.request import Qualification
from qualification.use_cases.hold import READ_EVERY
from sandbox.chaos.evidence import Evidence
from sandbox.chaos.ground import RESEND_AFTER
from sandbox.chaos.rules.difference import Difference
from sandbox.partner_center import Operation
from sandbox.partner_center.books import Call
from sandbox.partner_center.vocabulary import qualification_from_scalar

WRITTEN = frozenset({Operation.POST, Operation.PUT})
NOT_TAKEN, CONFLICT, TIMEOUT, THROTTLED, SERVER_ERROR, NOT_IMPLEMENTED = 401, 409, 408, 429, 500, 501
OK, REDIRECT, CLIENT_ERROR = 200, 300, 400
ROUNDING = timedelta(seconds=1)
"""`Date` names whole seconds."""
UNDER_WAY = timedelta(seconds=1.5)
"""A write that was let go before a stop was read may arrive so much later."""

type Key = tuple[str, Qualification]


def a_write_in_doubt_is_left_alone(evidence: Evidence) -> Iterator[Difference]:
    """None follows it within RESEND_AFTER, unless a person said so in between."""
    for (customer_id, which), calls in _writes(evidence).items():
        for one, other in pairwise(calls):
            if not _is_in_doubt(one) or other.at - one.at >= RESEND_AFTER - ROUNDING:
                continue
            if not evidence.people_acted(customer_id, one.at, other.at):
                text = f"{which} was written at {one.at} ({one.status}) and again at {other.at}"
                yield Difference("a write in doubt is left alone", text, customer_id)


def two_writes_go_without_a_person(evidence: Evidence) -> Iterator[Difference]:
    """Each request has at most two writes that may have been taken, besides those that got 429 and those of a person."""
    records = _written(evidence)
    for (customer_id, which), calls in _writes(evidence).items():
        count = sum(call.status != THROTTLED and _may_be_taken(call) for call in calls)
        most = WRITES * len(records[customer_id, which]) + len(evidence.acts_about(customer_id))
        if count > most:
            text = f"{count} writes for {which}, of {len(records[customer_id, which])} requests"
            yield Difference("two writes go without a person", text, customer_id)


def every_write_is_counted(evidence: Evidence) -> Iterator[Difference]:
    """A write that arrived at Partner Center is one of the attempts of a request; 401 says that it was not taken."""
    records = _written(evidence)
    for (customer_id, which), calls in _writes(evidence).items():
        counted = sum(record.attempts for record in records[customer_id, which])
        arrived = sum(call.status != NOT_TAKEN for call in calls)
        if arrived > counted:
            text = f"{arrived} writes for {which} arrived, {counted} are counted"
            yield Difference("every write is counted", text, customer_id)


def verifications_are_not_wasted(evidence: Evidence) -> Iterator[Difference]:
    """Partner Center counts at most three Education requests of a customer, and one more than were wanted, without a person."""
    records = _written(evidence)
    effects = Counter(
        call.customer or ""
        for call in evidence.calls
        if call.effect and _qualification(call) is Qualification.EDUCATION
    )
    for customer_id, spent in effects.items():
        persons = len(evidence.acts_about(customer_id)) + evidence.plan.customer(customer_id).confirms
        wanted = len(records[customer_id, Qualification.EDUCATION])
        if spent > VERIFICATIONS + persons:
            yield Difference("three verifications at most", f"{spent} were spent", customer_id)
        if spent > wanted + 1 + persons:
            yield Difference("one verification without need", f"{spent} spent for {wanted} requests", customer_id)


def nothing_is_written_under_a_stop(evidence: Evidence) -> Iterator[Difference]:
    """From five seconds after a person's stop until the resume no write leaves."""
    for call in evidence.calls:
        for since, until in evidence.stops:
            if call.operation in WRITTEN and since + READ_EVERY + UNDER_WAY < call.at < until:
                text = f"a {call.operation} at {call.at}, stopped since {since}"
                yield Difference("nothing is written under a stop", text, call.customer)


def _writes(evidence: Evidence) -> dict[Key, list[Call]]:
    writes: dict[Key, list[Call]] = defaultdict(list)
    for call in evidence.calls:
        if call.operation in WRITTEN and call.customer:
            writes[call.customer, _qualification(call)].append(call)
    return writes


def _written(evidence: Evidence) -> dict[Key, Sequence[Record]]:
    records: dict[Key, list[Record]] = defaultdict(list)
    for record in evidence.ledger.records.values():
        if record.attempts:
            records[str(record.customer_tenant_id), record.qualification].append(record)
    return defaultdict(list, records)


def _qualification(call: Call) -> Qualification:
    if call.operation is Operation.PUT:
        return Qualification(qualification_from_scalar(loads(call.body)).value)
    return Qualification(loads(call.body)["qualification"])


def _is_in_doubt(call: Call) -> bool:
    status = call.status
    if status is None or status in {CONFLICT, TIMEOUT, THROTTLED} or REDIRECT <= status < CLIENT_ERROR:
        return True
    return status >= SERVER_ERROR and status != NOT_IMPLEMENTED


def _may_be_taken(call: Call) -> bool:
    return _is_in_doubt(call) or OK <= (call.status or OK) < REDIRECT
