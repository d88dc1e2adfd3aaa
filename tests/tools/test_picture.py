"""The picture of the demo that README shows."""

from html import unescape
from xml.etree.ElementTree import fromstring

import pytest

from sandbox.outcomes import NEXT_STEPS, in_words
from sandbox.stories import STORIES
from tools.picture import FROM, GAP, PICTURE, TABLE, TO, excerpt, picture

LINES = ["The whole service", FROM, "  0.1 s  webhook", TO, "  9.9 s  event", TABLE, "ok  A story", "All of it came."]


def test_it_shows_the_beginning_and_the_end() -> None:
    """The middle is long."""
    assert excerpt(LINES) == [FROM, "  0.1 s  webhook", GAP, "", TABLE, "ok  A story", "All of it came."]


def test_a_demo_that_says_other_things_is_no_picture() -> None:
    """The words that it is cut at are looked for, and named where they are missing."""
    with pytest.raises(ValueError, match="What was shown"):
        excerpt([line for line in LINES if line != TABLE])


def test_it_stands_alone() -> None:
    """It is an image, and fetches nothing."""
    drawn = picture("\n".join(LINES))
    assert fromstring(drawn).tag.endswith("svg")  # noqa: S314  our own text
    assert "url(http" not in drawn
    assert "@font-face" not in drawn


def test_the_one_that_is_kept_shows_the_demo_of_today() -> None:
    """After a change of its stories: `make picture`."""
    shown = unescape(PICTURE.read_text(encoding="utf-8")).replace("\xa0", " ")
    assert [story.title for story in STORIES if story.title not in shown] == []
    outcomes = [in_words(story.statuses, story.writes) for story in STORIES if story.statuses]
    assert [outcome for outcome in outcomes if outcome not in shown] == []
    assert NEXT_STEPS in shown
