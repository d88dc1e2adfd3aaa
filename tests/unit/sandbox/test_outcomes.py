"""The demo's last word fits a terminal of 80 columns, and says what to try next."""

import io

import pytest
from rich.console import Console

from sandbox.outcomes import NEXT_STEPS, WIDTH, Outcomes
from sandbox.stories import STORIES, Story

LONGEST_CAME = "outcome-unknown, Failed; 0 calls"


def shown(outcomes: Outcomes) -> list[str]:
    """What a terminal of 80 columns shows, line by line."""
    written = io.StringIO()
    outcomes.print(Console(file=written, width=WIDTH))
    return written.getvalue().splitlines()


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.customer)
def test_every_story_has_one_line(story: Story) -> None:
    """With the longest that can come of one beside it."""
    outcomes = Outcomes(wanted=1)
    outcomes.add(story.title, LONGEST_CAME, LONGEST_CAME)
    [row] = [line for line in shown(outcomes) if line.strip().startswith("ok")]
    assert story.title in row
    assert LONGEST_CAME in row
    assert len(row) <= WIDTH


def test_the_last_line_says_what_next() -> None:
    """A newcomer is left with a command, not with a verdict."""
    outcomes = Outcomes(wanted=1)
    outcomes.add("A story", "Approved", "Approved")
    assert shown(outcomes)[-2:] == ["All of it came.", NEXT_STEPS]
    assert len(NEXT_STEPS) <= WIDTH


def test_what_did_not_come_stands_beside_what_was_expected() -> None:
    """And then nothing is proposed."""
    outcomes = Outcomes(wanted=1)
    outcomes.add("A story", "Approved", "Denied")
    lines = [" ".join(line.split()) for line in shown(outcomes)]
    assert lines[-4:] == ["NO A story Denied", "expected Approved", "", "Not all of it came."]
    assert not outcomes.good


def test_a_story_that_was_never_told_is_missed() -> None:
    """Fewer rows than there are stories is not well."""
    outcomes = Outcomes(wanted=2)
    outcomes.add("A story", "Approved", "Approved")
    assert shown(outcomes)[-1] == "Not all of it came."
