"""Some worlds in every test run: those that found something once, and some that nobody has seen before."""

import secrets

import pytest

from tests.simulation.__main__ import play
from tests.simulation.exceptions import EXCEPTED
from tests.simulation.mischief import KINDS, Mischief
from tests.simulation.seeds import FOUND
from tests.simulation.virtual_time import NothingToCome, run

DRAWN = 1
"""Anew in each run; one that fails belongs into seeds.py."""


@pytest.fixture(params=[*FOUND, *(f"drawn {number}" for number in range(DRAWN))])
def seed(request: pytest.FixtureRequest) -> int:
    """A seed; a drawn one is named in the failure."""
    return request.param if isinstance(request.param, int) else secrets.randbelow(1_000_000)


def test_a_hostile_world_keeps_every_promise(seed: int) -> None:
    """Whatever goes wrong."""
    world = play(seed)
    assert not world.judge.violations, f"make simulate SEEDS=1 FIRST_SEED={seed} TRACE=1: {world.judge.violations[:3]}"


def test_the_same_seed_gives_the_same_trace() -> None:
    """Otherwise no failure could be reproduced."""
    assert play(66).lines == play(66).lines


def test_what_is_left_out_never_happens() -> None:
    """Other kinds draw from streams of their own."""
    world = play(66, frozenset({"kill", "hint-late"}))
    assert not world.mischief.counts["kill"]
    with pytest.raises(ValueError, match="no kind of mischief"):
        Mischief(1, frozenset({"nonsense"}))
    assert len(set(KINDS)) == len(KINDS)


def test_waiting_for_nothing_is_a_failure() -> None:
    """It would otherwise wait for ever."""

    async def wait() -> None:
        import asyncio  # noqa: PLC0415  only here

        await asyncio.get_running_loop().create_future()

    with pytest.raises(NothingToCome):
        run(wait())


def test_every_exception_has_its_reason() -> None:
    """There are few."""
    assert all(len(reason) > 40 for reason in EXCEPTED.values())
