"""How often Partner Center is asked about one vetting; counted with the service's own rules, in virtual time."""

from datetime import UTC, datetime, timedelta
from random import Random

from benchmarks.backlog import CUSTOMER, in_review
from benchmarks.line import Line, Target
from qualification.domain.customer import Customer
from qualification.domain.look import CustomerQualification, Look
from qualification.domain.request import Qualification
from qualification.domain.review import reviewed
from qualification.domain.timing import Moment, Policy

VETTING = timedelta(days=3)
POLLING = timedelta(minutes=5)
TICK = timedelta(minutes=1)
"""The timer's period: what falls due is done at its next firing."""
SAMPLES = 200


async def vetting() -> list[Line]:
    """Calls, and the worst detection delay, over many vettings that differ in jitter."""
    policy = Policy()
    counts, gaps = zip(*(_looks(policy, Random(seed)) for seed in range(SAMPLES)), strict=True)  # noqa: S311  not for secrecy
    return [
        Line(
            row="Calls to Partner Center for a three-day vetting",
            unit="calls",
            ours=sum(counts) / len(counts),
            baseline="every five minutes",
            theirs=VETTING / POLLING,
            target=Target(most=1 / 8),
        ),
        Line(
            row="Longest time until the end of such a vetting is seen",
            unit="h",
            ours=max(gaps) / timedelta(hours=1),
            baseline="REVIEW_MAX",
            theirs=policy.review_max / timedelta(hours=1),
            target=Target(most=1),
        ),
    ]


def _looks(policy: Policy, chance: Random) -> tuple[int, timedelta]:
    """How many looks the vetting took, and the longest time between two of them."""
    began = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
    record = in_review(began)
    seen = CustomerQualification(qualification=Qualification.EDUCATION, vetting_status="InReview")
    customer = Customer(customer_tenant_id=CUSTOMER)
    at, looks, longest = began, 0, timedelta(0)
    while record.work and at < began + VETTING:
        next_at = began + -((began - record.work.due) // TICK) * TICK
        longest = max(longest, next_at - at)
        at = next_at
        looks += 1
        look = Look((seen,), at)
        customer = customer.after(look)
        record = reviewed(record, customer, 0, look, Moment(at, chance.random(), policy)).record
    return looks, longest
