"""A simulated request: the service's own record and transitions, and beside it what Microsoft will do."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from qualification.domain.call_errors import Throttled
from qualification.domain.customer import Customer
from qualification.domain.event import Event
from qualification.domain.lifecycle import accepted, claimed, requeued
from qualification.domain.look import CustomerQualification, Look
from qualification.domain.outcome import postponed
from qualification.domain.record import Record
from qualification.domain.request import Mode, Qualification, QualificationRequest, parse_request
from qualification.domain.review import review_postponed, reviewed
from qualification.domain.status import Status
from qualification.domain.timing import Moment, Policy
from qualification.domain.vetting import accepted_with
from qualification.stores.keys import SHARDS, shard_of
from tools.scale.demand import BEGINS, HOURS, Demand, cumulative_shares

SEGMENT = {Qualification.EDUCATION: {"educationSegment": "K12"}}


@dataclass(slots=True)
class Case:
    """A request, or in a sample all the requests that it stands for.

    Attributes:
        record: as the service would store it.
        shard: where it would store it.
        length: of the vetting; zero where Partner Center grants at once.
        outcome: Partner Center's word at its end.
        ends: when the vetting ends, once it has begun.
    """

    record: Record
    shard: int
    length: timedelta
    outcome: str
    ends: datetime | None = None

    def submit(self, now: datetime, policy: Policy, jitter: float) -> None:
        """Partner Center takes the request."""
        claim = claimed(
            self.record,
            Look((), now),
            0,
            ms_request_id=self.record.request_id,
            validation_code=None,
            moment=Moment(now, 1.0, policy),
        )
        self.ends = now + self.length
        answer = Look((self._found(now),), now)
        self.record = accepted_with(claim.record, answer.rows[0], answer, Moment(now, jitter, policy)).record

    def look(self, now: datetime, policy: Policy, jitter: float) -> tuple[Event, ...]:
        """The timer looks, and tells what is new."""
        look = Look((self._found(now),), now)
        seen = Customer(customer_tenant_id=self.record.customer_tenant_id).after(look)
        transition = reviewed(self.record, seen, 0, look, Moment(now, jitter, policy))
        self.record = transition.record
        return transition.events

    def throttled(self, retry_at: datetime, now: datetime, policy: Policy, jitter: float) -> None:
        """Partner Center asks to wait, be it before the request was sent or at a look."""
        error = Throttled(retry_at, http_status=429)
        if self.record.status is Status.QUEUED:
            later = postponed(self.record, error, Moment(now, jitter, policy))
        else:
            later = review_postponed(self.record, error, Moment(now, jitter, policy))
        self.record = later.record

    def requeue(self, now: datetime, policy: Policy, jitter: float) -> None:
        """The timer puts another message on the queue."""
        self.record = requeued(self.record, moment=Moment(now, jitter, policy)).record

    def _found(self, now: datetime) -> CustomerQualification:
        word = "InReview" if self.ends is not None and now < self.ends else self.outcome
        created = self.record.in_review_since.isoformat()
        return CustomerQualification(
            qualification=self.record.qualification, vetting_status=word, vetting_created=created
        )


def cases(demand: Demand, mode: Mode, policy: Policy, number: int, chance: Random) -> Iterator[Case]:
    """A year of requests, in the order in which they come in."""
    hours = chance.choices(range(HOURS), cum_weights=cumulative_shares(demand), k=number)
    wanted = {each: _request(each, mode) for each in Qualification}
    for at in sorted(BEGINS + timedelta(hours=hour + chance.random()) for hour in hours):
        yield _case(at, demand, wanted, policy, chance)


def _case(
    at: datetime, demand: Demand, wanted: dict[Qualification, QualificationRequest], policy: Policy, chance: Random
) -> Case:
    drawn = chance.random()
    is_education = drawn < demand.education
    kind = (
        Qualification.EDUCATION
        if is_education
        else Qualification.GOVERNMENT_COMMUNITY_CLOUD
        if drawn < demand.education + demand.government
        else Qualification.STATE_OWNED_ENTITY
    )
    is_vetted = is_education and wanted[kind].mode is Mode.ASYNCHRONOUS
    length = timedelta(minutes=chance.lognormvariate(demand.vetting.mean, demand.vetting.stdev))
    customer = UUID(int=chance.getrandbits(128))
    new = Record(
        request_id=UUID(int=chance.getrandbits(128)),
        customer_tenant_id=customer,
        request=wanted[kind],
        source="standard",
        fingerprint="",
        first_fingerprint="",
        created_at=at,
        updated_at=at,
        history=(),
        work=None,
    )
    return Case(
        record=accepted(new, Moment(at, 1.0, policy)).record,
        shard=SHARDS.index(shard_of(customer)),
        length=length if is_vetted else timedelta(0),
        outcome="Denied" if is_vetted and chance.random() < demand.denied else "Approved",
    )


def _request(kind: Qualification, mode: Mode) -> QualificationRequest:
    possible = Mode.ASYNCHRONOUS if kind is Qualification.STATE_OWNED_ENTITY else mode
    return parse_request({"qualification": str(kind), "mode": str(possible)} | SEGMENT.get(kind, {}))
