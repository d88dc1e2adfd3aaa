"""Some worlds in every test run: some that are always the same, and some that nobody has seen before."""

import asyncio
import os
import subprocess
from collections import Counter
from collections.abc import Sequence
from random import Random

import pytest

from tests.simulation.exceptions import EXCEPTED
from tests.simulation.faults import ROOT
from tests.simulation.mischief import KINDS, PLOTS, Mischief
from tests.simulation.play import left_out_of, play, play_all
from tests.simulation.rare import AT_LEAST, SEEDS, STATES, too_rare
from tests.simulation.seeds import FIXED
from tests.simulation.virtual_time import NothingToCome, run

DRAWN = 50
"""Others for each commit; one that fails belongs into seeds.py. `make simulate` plays as many as one likes."""


def failures(seeds: Sequence[int]) -> list[str]:
    """What did not hold in these worlds, with the line that plays each again."""
    played = play_all(seeds, frozenset(), max(2, os.process_cpu_count() or 1))
    return [f"make simulate SEEDS=1 FIRST_SEED={each.seed}: {each.violations[0]}" for each in played if each.violations]


@pytest.mark.timeout(900)
def test_hostile_worlds_keep_every_promise() -> None:
    """Whatever goes wrong."""
    failed = failures(FIXED)
    assert not failed, "\n".join(failed)


@pytest.mark.timeout(900)
def test_worlds_that_nobody_has_seen_keep_every_promise() -> None:
    """Each commit plays others, and always the same, so that a run that failed fails again."""
    command = ["git", "rev-parse", "HEAD"]
    commit = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout  # noqa: S603  ours
    random = Random(commit)
    failed = failures([random.randrange(1_000_000_000) for _ in range(DRAWN)])
    assert not failed, "\n".join(failed)


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
    assert {kind for plot in PLOTS for kind in plot} <= set(KINDS)


def test_a_world_is_made_smaller_while_it_fails_in_the_same_way() -> None:
    """Whatever makes no difference is left out; of two that do for each other, one stays."""

    def fails(without: frozenset[str]) -> bool:
        return "kill" not in without and not {"correct", "cancel"} <= without

    assert left_out_of(["skew", "kill", "cancel", "correct"], frozenset({"api"}), fails) == {"api", "skew", "cancel"}


def test_whoever_is_left_out_takes_no_part() -> None:
    """Nobody asks for such a customer."""
    world = play(66, frozenset({"customer-1"}))
    assert not world.mischief.counts["customer-1"]
    assert world.customers[0] not in {record.customer_tenant_id for record in world.judge.records.values()}


def test_waiting_for_nothing_is_a_failure() -> None:
    """It would otherwise wait for ever."""

    async def wait() -> None:
        await asyncio.get_running_loop().create_future()

    with pytest.raises(NothingToCome):
        run(wait())


def test_a_long_run_that_met_a_state_too_rarely_fails() -> None:
    """A short one proves nothing about it."""
    enough = Counter(dict.fromkeys(STATES, AT_LEAST))
    assert not too_rare(enough, SEEDS)
    enough[STATES[0]] -= 1
    assert too_rare(enough, SEEDS) == {STATES[0]: AT_LEAST - 1}
    assert not too_rare(enough, SEEDS - 1)


def test_every_exception_has_its_reason() -> None:
    """There are few."""
    assert all(len(reason) > 40 for reason in EXCEPTED.values())
