"""The model on paper: its formulas, and that docs/scale.md and the templates say the same."""

import json
import re
from datetime import timedelta
from math import exp
from random import Random

import pytest

from qualification.settings.formats import duration
from tests.unit.imports import ROOT
from tools.scale import page, usage
from tools.scale.bill import service_bus_standard
from tools.scale.demand import DAY, HOURS, Demand, hourly_shares
from tools.scale.deployment import TICK, Deployment
from tools.scale.figures import length_name
from tools.scale.footprint import LOOKS_A_TRANSACTION, READS_A_SCAN
from tools.scale.limits import limits
from tools.scale.looks import longest_gap, looks_a_vetting, looks_until
from tools.scale.model import expected
from tools.scale.overload import Due, wait_for, waiting
from tools.scale.scales import DEPLOYED, HUGE, LARGE, SCALES
from tools.scale.throttle import Throttle

POLICY = DEPLOYED.policy


def test_the_shares_of_the_hours_add_up() -> None:
    """All requests of the year, most of them at work, and three times as many a day in the intake peak."""
    demand = Demand(customers=1)
    shares = hourly_shares(demand)
    assert len(shares) == HOURS
    assert sum(shares) == pytest.approx(1)
    at_work = sum(share for hour, share in enumerate(shares) if demand.is_at_work(hour))
    assert at_work == pytest.approx(demand.at_work, abs=0.01)
    peak, usual = (sum(shares[day * 24 : day * 24 + 7 * 24]) for day in (demand.intake_from + 7, 7))
    assert peak / usual == pytest.approx(demand.intake_factor, rel=0.01)


def test_looks_grow_with_the_logarithm_of_a_vettings_length() -> None:
    """Every five minutes at first, then after a twentieth of its age (a little later, by the tick), then after about four hours."""
    lengths = [
        timedelta(minutes=100),
        timedelta(minutes=1_000),
        80 * timedelta(hours=1),
        80 * timedelta(hours=1) + 10 * DAY,
    ]
    fixed, grown, before, after = (looks_until(POLICY, length) for length in lengths)
    assert fixed == pytest.approx(100 / 5, abs=1)
    assert grown - fixed == pytest.approx(2.3026 / 0.0464, rel=0.05)
    assert after - before == pytest.approx(10 * 24 * 60 / (240 * 0.95), rel=0.02)


def test_a_vetting_has_on_average_as_many_looks_as_vettings_of_its_lengths() -> None:
    """Two ways to the same mean."""
    demand, chance = Demand(customers=1), Random(1)  # noqa: S311  not for secrecy
    drawn = [chance.lognormvariate(demand.vetting.mean, demand.vetting.stdev) for _ in range(500)]
    mean = sum(looks_until(POLICY, timedelta(minutes=length)) for length in drawn) / len(drawn)
    assert looks_a_vetting(POLICY, demand) == pytest.approx(mean, rel=0.03)


def test_half_of_all_vettings_end_within_the_median() -> None:
    """And nineteen of twenty within the other length that was assumed."""
    demand = Demand(customers=1)
    assert demand.ends_within(24 * 60) == pytest.approx(0.5)
    assert demand.ends_within(5 * 24 * 60) == pytest.approx(0.95)
    assert demand.ends_within(0) == 0


def test_the_longest_delay_is_the_policys_and_a_tick() -> None:
    """However old the vetting."""
    assert longest_gap(POLICY, timedelta(0)) == POLICY.review_first + TICK
    assert longest_gap(POLICY, 90 * DAY) == POLICY.review_max + TICK


def test_looks_of_an_hour_share_transactions_as_chance_has_it() -> None:
    """The formula beside runs drawn by lot: each shard's looks are stored in groups of so many."""
    chance = Random(1)  # noqa: S311  not for secrecy
    for looks_an_hour in (200, 20_000, 300_000):
        in_a_shard = looks_an_hour / usage.RUNS_AN_HOUR / READS_A_SCAN
        found = []
        for _ in range(400):
            number, product = 0, chance.random()
            while product > exp(-min(in_a_shard, 600)):
                number, product = number + 1, product * chance.random()
            found.append(-(-number // LOOKS_A_TRANSACTION))
        drawn = usage.RUNS_AN_HOUR * READS_A_SCAN * (1 + sum(found) / len(found))
        assert usage.shared_transactions(looks_an_hour) == pytest.approx(drawn, rel=0.05)


def test_what_has_no_room_waits_until_it_has() -> None:
    """Gaps grow by the same time for all; with room for half, looks of one gap come that gap later."""
    due = [Due(100, 5)]
    assert wait_for(due, 100) == 0
    assert wait_for(due, 50) == pytest.approx(5)
    assert waiting(due, 5) == pytest.approx(50 * 5 / 60)
    assert wait_for([Due(100, 5), Due(100, 240)], 150) == pytest.approx(5, rel=0.1)


def test_calls_above_the_limit_are_refused_until_the_next_minute() -> None:
    """And a call that stands for many is paid for in the minutes after."""
    from tools.scale.demand import BEGINS  # noqa: PLC0415  only this rule is about moments

    throttle = Throttle(10)
    minute = timedelta(minutes=1)
    assert throttle.take(BEGINS, 25) is None
    assert throttle.take(BEGINS, 1) == BEGINS + minute
    assert throttle.take(BEGINS + minute, 1) == BEGINS + 2 * minute
    assert throttle.take(BEGINS + 2 * minute, 1) is None
    assert throttle.refused == 2


def test_expected_counts_grow_with_the_customers() -> None:
    """A hundred times the customers, a hundred times the looks."""
    small, large = (sum(expected(Demand(customers=number), DEPLOYED).looks) for number in (1_000, 100_000))
    assert large / small == pytest.approx(100)


def test_service_bus_is_billed_by_steps() -> None:
    """Included, dearer, cheaper."""
    base = service_bus_standard(0)
    assert service_bus_standard(13e6) == base
    assert service_bus_standard(14e6) - base == pytest.approx(0.80)
    assert service_bus_standard(101e6) - service_bus_standard(100e6) == pytest.approx(0.50)


def test_limits_come_in_the_order_in_which_they_are_reached() -> None:
    """And do not depend on the size they are reckoned from, but for what is taken when nobody asks."""
    for large, huge in zip(limits(LARGE, DEPLOYED), limits(HUGE, DEPLOYED), strict=True):
        assert large.reached_at <= huge.reached_at * 1.01
    reached = [each.reached_at for each in limits(HUGE, DEPLOYED)]
    assert reached == sorted(reached)


@pytest.mark.parametrize("name", page.TABLES)
def test_the_page_shows_what_the_model_says(name: str) -> None:
    """Otherwise run `python -m tools.scale --write`."""
    assert page.written(name, page.PAGE.read_text("utf-8")) == page.TABLES[name]()


def test_the_page_shows_a_year_of_each_size() -> None:
    """In every mode that it is simulated in."""
    shown = page.written(page.SIMULATION, page.PAGE.read_text("utf-8"))
    titles = re.findall(r"^### (\S+), (\w+):", shown, re.MULTILINE)
    assert titles == [(name, str(mode)) for name, scale in SCALES.items() for mode in scale.modes]


def test_the_model_has_the_deployed_settings() -> None:
    """What the templates and host.json set."""
    text = (ROOT / "infra" / "modules" / "app-settings.bicep").read_text("utf-8")
    pace = dict(re.findall(r"^  ([A-Z_]+): '([^']+)'$", text, re.MULTILINE))
    durations = {
        name.upper(): value for name, value in POLICY if isinstance(value, timedelta) and not name.endswith("timeout")
    }
    assert {name: duration(pace[name]) for name in durations} == durations
    assert float(pace["REVIEW_GROWTH"]) == POLICY.review_growth
    assert pace["ADVANCE_SCHEDULE"] == "0 * * * * *"
    assert int(pace["PARTNER_CENTER_MAX_CONCURRENCY"]) == Deployment().concurrency
    host = json.loads((ROOT / "host.json").read_text("utf-8"))
    assert host["extensions"]["serviceBus"]["maxConcurrentCalls"] == Deployment().messages_at_a_time
    plan = (ROOT / "infra" / "modules" / "function-app.bicep").read_text("utf-8")
    assert f"param maximumInstanceCount int = {Deployment().instances}" in plan
    assert f"param instanceMemoryMB int = {Deployment().memory_gb * 1024:.0f}" in plan


def test_every_length_of_a_vetting_has_a_name() -> None:
    """Borders belong to the longer."""
    names = [
        length_name(POLICY, length) for length in (timedelta(0), timedelta(minutes=100), DAY, 80 * timedelta(hours=1))
    ]
    assert names == ["up to 1.7 h", "up to a day", "up to 80 h", "more"]
