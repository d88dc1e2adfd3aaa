"""The simulated year: what must hold whatever chance brings."""

from dataclasses import replace
from datetime import timedelta
from functools import cache
from random import Random

import pytest

from qualification.domain.request import Mode, Qualification
from qualification.domain.status import Status
from qualification.domain.timing import Policy
from qualification.domain.vetting import ENDED_FOR
from tools.scale.demand import BEGINS, DAY, HOURS, Demand
from tools.scale.deployment import TICK, Deployment
from tools.scale.looks import MINUTE, looks_until
from tools.scale.model import model
from tools.scale.year import Year, simulate

FEW = Demand(customers=150)
ENDS = BEGINS + timedelta(hours=HOURS)
WEEK = timedelta(weeks=1)
QUICK = replace(FEW, vetting_median=timedelta(hours=1), vetting_p95=timedelta(hours=3))


@cache
def year(demand: Demand, deployment: Deployment, seed: int = 1, sample: int = 150) -> Year:
    """A year that several rules look at."""
    return simulate(demand, deployment, seed, sample)


def test_the_same_seed_gives_the_same_year() -> None:
    """Another seed gives another year."""
    first, again, other = (simulate(QUICK, Deployment(), seed, 150).figures() for seed in (1, 1, 2))
    assert first == again
    assert first != other


@pytest.mark.parametrize("throttle", [None, 2], ids=["unthrottled", "throttled"])
@pytest.mark.parametrize("mode", Mode)
def test_every_request_ends_or_is_on_its_way(mode: Mode, throttle: int | None) -> None:
    """None is lost: each is approved, denied, in review, or queued, and only what Partner Center has can be in review."""
    passed = year(QUICK, Deployment(mode=mode, throttle=throttle))
    stand = passed.statuses()
    assert sum(stand.values()) == QUICK.customers
    assert set(stand) <= {Status.QUEUED, Status.IN_REVIEW, Status.APPROVED, Status.DENIED}
    assert stand[Status.IN_REVIEW] + stand[Status.QUEUED] < 0.1 * QUICK.customers
    for case in passed.everybody:
        ended = case.record.status is Status.DENIED and ENDS - case.record.ended_at > ENDED_FOR
        # A denial is read on for 90 days, and once more if its next look was not due by then.
        assert case.record.work is not None or ended
        assert case.record.work is None or not ended or case.record.work.due - case.record.ended_at < ENDED_FOR + WEEK


def test_no_end_of_a_vetting_is_seen_later_than_the_longest_delay_and_a_tick() -> None:
    """Where nothing is throttled: REVIEW_MAX, one period of the timer, and the moment the run itself takes."""
    deployment = Deployment()
    passed = year(FEW, deployment)
    longest = (deployment.policy.review_max + TICK) / MINUTE + 0.1
    seen = [delay for delays in passed.delays.values() for delay in delays]
    assert len(seen) > 100
    assert min(seen) >= 0
    assert max(seen) <= longest


def test_looks_at_ageing_vettings_are_as_many_as_the_closed_form_says() -> None:
    """Vettings of three days each, without the reviews of approvals: within 2 %."""
    same = Demand(
        customers=100, education=1, government=0, denied=1, vetting_median=3 * DAY, vetting_p95=3 * DAY + MINUTE
    )
    never = Policy(review_ended=4 * timedelta(days=365))
    passed = simulate(same, Deployment(policy=never), 1, 100)
    ended = passed.statuses()[Status.DENIED]
    assert sum(passed.hours.looks) / ended == pytest.approx(looks_until(Deployment().policy, 3 * DAY), rel=0.02)


def test_the_model_meets_the_simulation() -> None:
    """Calls, Azure's usage and the bill within 5 %, of a thousand requests."""
    demand = replace(QUICK, customers=800)
    simulated, on_paper = simulate(demand, Deployment(), 3, 800).figures(), model(demand, Deployment())
    assert simulated.calls == pytest.approx(on_paper.calls, rel=0.05)
    assert simulated.usage.table_transactions == pytest.approx(on_paper.usage.table_transactions, rel=0.05)
    assert simulated.usage.service_bus_operations == pytest.approx(on_paper.usage.service_bus_operations, rel=0.05)
    assert simulated.bill.total == pytest.approx(on_paper.bill.total, rel=0.05)


def test_synchronous_requests_are_never_vetted() -> None:
    """Partner Center answers at once; only approvals are looked at again."""
    passed = year(QUICK, Deployment(mode=Mode.SYNCHRONOUS))
    assert not passed.delays
    assert passed.statuses()[Status.IN_REVIEW] == 0
    schools = sum(passed.hours.requests[Qualification.EDUCATION])
    assert 0 < sum(passed.hours.looks) <= 12 * schools


def test_no_more_calls_get_through_than_partner_center_takes() -> None:
    """What is refused waits; no hour has more than sixty minutes' worth of calls."""
    passed = year(replace(QUICK, customers=100_000), Deployment(throttle=10))
    weight = passed.weight
    assert passed.throttle.refused > 0
    # A case may overdraw the last minute of an hour by what it stands for; the next one pays.
    assert max(passed.hours.calls()) <= 60 * 10 + 3 * weight


def test_a_timer_with_too_much_to_do_leaves_looks_over_and_goes_on() -> None:
    """Nothing is lost: all but the newest requests have ended by the end of the year."""
    slow = Deployment(concurrency=1, call_seconds=10)
    demand = replace(QUICK, customers=3_000)
    passed = year(demand, slow)
    assert max(passed.left) > 0
    assert passed.statuses()[Status.DENIED] + passed.statuses()[Status.APPROVED] > 0.9 * passed.number


def test_a_sample_stands_for_everybody() -> None:
    """A case stands for as many requests as it takes, in every count."""
    passed = year(replace(QUICK, customers=15_000), Deployment())
    assert passed.weight == 100
    assert sum(passed.hours.all_requests()) == pytest.approx(15_000)
    assert len(passed.hours.looks) == HOURS


def test_chance_is_the_only_chance() -> None:
    """A year draws from the generator it is given and from nothing else."""
    years = [Year(QUICK, Deployment(), Random(7), 50) for _ in range(2)]  # noqa: S311  not for secrecy
    for each in years:
        each.pass_by()
    assert years[0].delays == years[1].delays
