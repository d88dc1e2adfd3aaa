import asyncio

import pytest

from qualification.stores.marker import UNMARKED
from qualification.use_cases.health import FRESH, Health, Verdict
from tests.unit.stage import Stage


def health(stage: Stage) -> Health:
    """The use case."""
    return Health(store=stage.store, bus=stage.bus, clock=stage.clock, closed={})


async def test_when_all_answers_it_is_healthy(stage: Stage) -> None:
    """Store, bus and settings."""
    checks = {"settings": "ok", "sources": "ok", "recordStore": "ok", "serviceBus": "ok"}
    assert await health(stage).check() == (Verdict.HEALTHY, checks)


@pytest.mark.parametrize(
    ("stuck", "word"),
    [(False, "cannot be reached; the log says why"), (True, "does not answer within 2 s")],
    ids=["down", "stuck"],
)
async def test_without_the_bus_it_is_degraded(stage: Stage, stuck: bool, word: str) -> None:  # noqa: FBT001  a parameter of the rule
    """Requests are taken, and wait; the answer does not."""
    stage.bus.stuck, stage.bus.down = stuck, not stuck
    checks = {"settings": "ok", "sources": "ok", "recordStore": "ok", "serviceBus": word}
    assert await health(stage).check() == (Verdict.DEGRADED, checks)


async def test_without_the_store_it_is_unhealthy(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    """Nothing can be taken. Anybody may ask, so only the log says why, and of which of the two."""
    stage.rows.down = stage.bus.down = True
    word = "cannot be reached; the log says why"
    checks = {"settings": "ok", "sources": "ok", "recordStore": word, "serviceBus": word}
    assert await health(stage).check() == (Verdict.UNHEALTHY, checks)
    assert caplog.messages == [
        "the record store is not reachable: the store is down",
        "the bus is not reachable: the bus is down",
    ]


async def test_a_store_that_nobody_has_made_says_how_to_make_it(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    """Whoever has just deployed reads it in the answer, and in the log."""
    stage.rows.shards.clear()
    verdict, checks = await health(stage).check()
    assert (verdict, checks["recordStore"]) == (Verdict.UNHEALTHY, UNMARKED)
    assert caplog.messages == [UNMARKED]


async def test_a_closed_source_degrades_it_and_is_named(stage: Stage) -> None:
    """Everything else runs; each setting comes with what to do."""
    closed = {"WEBHOOK_ACME_SECRETS": "is missing"}
    verdict, checks = await Health(store=stage.store, bus=stage.bus, clock=stage.clock, closed=closed).check()
    assert (verdict, checks["sources"]) == (Verdict.DEGRADED, closed)
    stage.rows.down = True
    verdict, _ = await Health(store=stage.store, bus=stage.bus, clock=stage.clock, closed=closed).check()
    assert verdict is Verdict.UNHEALTHY


async def test_a_report_is_good_for_some_seconds(stage: Stage) -> None:
    """Anybody may ask, any number of times, and each check would ask store and bus."""
    asked = health(stage)
    await asyncio.gather(*(asked.check() for _ in range(20)))
    stage.rows.down = True
    stage.clock.advance(FRESH - FRESH / 100)
    assert (await asked.check())[0] is Verdict.HEALTHY
    stage.clock.advance(FRESH / 100)
    assert (await asked.check())[0] is Verdict.UNHEALTHY
    stage.rows.down = False
    stage.clock.advance(-FRESH)
    assert (await asked.check())[0] is Verdict.HEALTHY
