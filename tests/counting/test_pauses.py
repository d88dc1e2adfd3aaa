"""How often Python stops the work to look for garbage."""

import gc
from collections.abc import Iterator

import pytest

from qualification.settings.process import set_up_process
from tests.counting.counted_service import CountedService
from tests.counting.samples import customers, vetted
from tests.unit.builders import POLICY


@pytest.fixture
def collections() -> Iterator[list[str]]:
    """A list that grows with each look for cycles, by whichever thread; the process is as it was afterwards."""
    before, seen = gc.get_threshold(), list[str]()

    def note(phase: str, _about: dict[str, int]) -> None:
        if phase == "start":
            seen.append(phase)

    gc.callbacks.append(note)
    yield seen
    gc.callbacks.remove(note)
    gc.set_threshold(*before)


async def test_a_run_is_hardly_ever_stopped(service: CountedService, collections: list[str]) -> None:
    """With Python's own threshold the same run is stopped many times as often, each time for longer."""
    set_up_process()
    await service.put(vetted(customers(300)))
    service.clock.advance(POLICY.review_first)
    collections.clear()
    await service.due_work.advance()
    assert len(collections) <= 3
