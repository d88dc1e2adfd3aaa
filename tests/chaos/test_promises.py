"""The short form of `make chaos`: kills at every place, every kind of mishap, and nothing is lost or sent twice."""

import io

import pytest
from rich.console import Console

from sandbox.chaos.blows import Kill, Mishap
from sandbox.chaos.plan import Plan
from sandbox.chaos.report import evidence_about, report
from sandbox.chaos.run import Outcome

pytestmark = pytest.mark.timeout(600)  # the run that all of them look at


def test_every_promise_is_kept(outcome: Outcome) -> None:
    """Whatever is killed, refused, cut off or delayed: the store, the books and the events agree in the end."""
    about = [evidence_about(outcome, each.customer_id) for each in outcome.differences if each.customer_id]
    assert outcome.differences == [], about


def test_it_was_hard_enough(outcome: Outcome) -> None:
    """Hosts were killed for each place of the plan, every kind of mishap happened, and requests of all kinds came."""
    assert sum(outcome.kills.hits.values()) >= len(Kill)
    assert set(outcome.mishaps.count) == set(Mishap)
    assert {customer.kind for customer in outcome.plan.customers} == {
        outcome.plan.customer(str(record.customer_tenant_id)).kind
        for record in outcome.evidence.ledger.records.values()
    }
    assert any(call.effect for call in outcome.evidence.calls)


def test_the_plan_comes_from_the_seed() -> None:
    """The same seed asks for the same and does the same; another one does not."""
    assert Plan.of(5, 60) == Plan.of(5, 60)
    assert Plan.of(5, 60) != Plan.of(6, 60)


def test_the_default_run_kills_at_least_a_hundred_times() -> None:
    """Five minutes have more than a hundred kills, every place among them."""
    kills = Plan.of(5, 300).kills
    assert len(kills) > 100
    assert {each.kill for each in kills} == set(Kill)


def test_the_report_counts_what_happened(outcome: Outcome) -> None:
    """A table in plain text, where there is no terminal."""
    output = io.StringIO()
    report(outcome, Console(file=output, width=120))
    text = output.getvalue()
    for line in (
        "host processes started",
        Mishap.CLOCK_JUMP,
        "POSTs that took effect",
        "told more than once",
        "differences",
    ):
        assert line in text
    assert "\x1b" not in text
