"""Whether what was published was so at Partner Center, and whether everything ends or says what it waits for."""

from collections.abc import Iterator
from datetime import timedelta

from qualification.domain.event import EventType
from qualification.domain.record import Record
from qualification.domain.request import Qualification
from qualification.domain.status import Status
from qualification.domain.work import WorkAction
from sandbox.chaos.evidence import VANISHED, Evidence
from sandbox.chaos.rules.difference import Difference
from sandbox.chaos.rules.rows import story
from sandbox.partner_center import Operation
from sandbox.partner_center.held import Decision, Held
from sandbox.partner_center.vocabulary import APPROVED, DENIED

ROUNDING = timedelta(seconds=1)
"""`Date` names whole seconds."""


def every_published_status_was_true(evidence: Evidence) -> Iterator[Difference]:
    """It was so at Partner Center at some moment since the request's first write."""
    for request_id, stream in evidence.events_by_request().items():
        record = evidence.ledger.records.get(request_id)
        if record is None:
            continue
        for event in stream:
            status = event["data"].get("status")
            if event["type"] == EventType.STATUS_CHANGED and not _was_true(evidence, record, status):
                text = f"{status} was published; {_words(evidence, record)} is what there was; {story(record)}"
                yield Difference("every published status was true", text, str(record.customer_tenant_id))


def what_partner_center_decided_is_what_the_newest_says(evidence: Evidence) -> Iterator[Difference]:
    """An approval that stands is Approved here, what is Approved here stands there, a decided review is not in review here."""
    newest = {guard.request_id for guard in evidence.ledger.guards.values()}
    for record in evidence.ledger.records.values():
        customer_id = str(record.customer_tenant_id)
        if record.request_id not in newest:
            continue
        word = evidence.word(customer_id, record.qualification)
        grant = word == APPROVED or (word is None and record.qualification is Qualification.STATE_OWNED_ENTITY)
        speaks = record.status.is_active or record.taken or record.attempts > 0
        text = f"{word} there; {story(record)}"
        if record.status is Status.APPROVED and word in {VANISHED, DENIED}:
            yield Difference("what is approved is there", text, customer_id)
        unreachable = record.unread_since is not None
        if speaks and grant and record.status is not Status.APPROVED and not unreachable:
            yield Difference("what is there is approved", text, customer_id)


def everything_ends_or_waits(evidence: Evidence) -> Iterator[Difference]:
    """An unfinished request is in review at Partner Center, or waits for what somebody was alerted to."""
    streams = evidence.events_by_request()
    for record in evidence.ledger.records.values():
        customer_id = str(record.customer_tenant_id)
        if not record.status.is_active:
            continue
        alerts = {
            event["data"]["reason"]
            for event in streams.get(record.request_id, [])
            if event["type"] == EventType.ATTENTION_REQUIRED
        }
        if record.waiting is not None and record.waiting.reason in alerts:
            continue
        in_review = record.status is Status.IN_REVIEW and record.work is not None
        if in_review and record.work and record.work.action is WorkAction.REVIEW:
            continue
        yield Difference(
            "everything ends or waits for what was alerted", f"{record.waiting}; {story(record)}", customer_id
        )


def nothing_fails_by_itself(evidence: Evidence) -> Iterator[Difference]:
    """Only a refusal in Partner Center's own words, our own rules and people end a request without an answer."""
    for record in evidence.ledger.records.values():
        customer = evidence.plan.customer(str(record.customer_tenant_id))
        code = record.error.code if record.error else None
        given_up = code == "given-up"
        if record.status is Status.FAILED and not given_up and not (customer.is_hostile or code in customer.may_fail):
            text = f"a {customer.kind} failed with {code}; {story(record)}"
            yield Difference("nothing fails by itself", text, customer.id)
        ended = record.status is Status.CANCELLED or (record.status is Status.FAILED and given_up)
        by_somebody = record.history[-1].by is not None
        if ended and not by_somebody:
            yield Difference("nothing is ended by nobody", story(record), customer.id)


def _was_true(evidence: Evidence, record: Record, status: str) -> bool:
    words = _words(evidence, record)
    match status:
        case Status.APPROVED:
            return APPROVED in words or (None in words and record.qualification is Qualification.STATE_OWNED_ENTITY)
        case Status.DENIED:
            return DENIED in words
        case Status.REVOKED:
            return bool(words & {DENIED, VANISHED})
        case Status.IN_REVIEW:
            # Every review begins as one; an acceptance without an effect is one in Partner Center's own words.
            return bool(words) or _was_accepted(evidence, record)
        case _:
            return True


def _words(evidence: Evidence, record: Record) -> set[str | None]:
    """What Partner Center said of the qualification from the request's first write on."""
    since = record.first_look_at if record.attempts else None
    reviews = evidence.reviews(str(record.customer_tenant_id), record.qualification)
    words: set[str | None] = set()
    for number, review in enumerate(reviews):
        replaced = reviews[number + 1].created if number + 1 < len(reviews) else None
        if review.created > evidence.now or (since and replaced and replaced < since - ROUNDING):
            continue
        decisions = [each for each in _made(review) if each.at <= evidence.now]
        if since is not None and review.created < since - ROUNDING:
            # It was there before: what it said then counts only as far as it is no denial.
            old = [each for each in decisions if each.at < since - ROUNDING]
            decisions = [each for each in decisions if each not in old]
            words |= {old[-1].status} - {DENIED, VANISHED} if old else set()
        words |= {each.status for each in decisions}
    return words


def _made(review: Held) -> list[Decision]:
    gone = [Decision(review.vanishes_at, VANISHED)] if review.vanishes_at else []
    return [*review.decisions, *gone]


def _was_accepted(evidence: Evidence, record: Record) -> bool:
    return any(
        call.customer == str(record.customer_tenant_id)
        and call.operation in {Operation.POST, Operation.PUT}
        and call.status is not None
        and call.status < 300  # noqa: PLR2004  2xx
        for call in evidence.calls
    )
