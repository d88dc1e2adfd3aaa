import pytest

from qualification.use_cases.health import Health, Verdict
from tests.unit.stage import Stage


def health(stage: Stage) -> Health:
    """The use case."""
    return Health(store=stage.store, bus=stage.bus)


async def test_when_all_answers_it_is_healthy(stage: Stage) -> None:
    """Store, bus and settings."""
    checks = {"settings": "ok", "recordStore": "ok", "serviceBus": "ok"}
    assert await health(stage).check() == (Verdict.HEALTHY, checks)


@pytest.mark.parametrize("stuck", [False, True], ids=["down", "stuck"])
async def test_without_the_bus_it_is_degraded(stage: Stage, stuck: bool) -> None:  # noqa: FBT001  a parameter of the rule
    """Requests are taken, and wait; the answer does not."""
    stage.bus.stuck, stage.bus.down = stuck, not stuck
    verdict, checks = await health(stage).check()
    assert (verdict, checks["recordStore"]) == (Verdict.DEGRADED, "ok")
    assert checks["serviceBus"] != "ok"


async def test_without_the_store_it_is_unhealthy(stage: Stage) -> None:
    """Nothing can be taken."""
    stage.rows.down = stage.bus.down = True
    verdict, checks = await health(stage).check()
    assert verdict is Verdict.UNHEALTHY
    assert "the store is down" not in checks["recordStore"]
