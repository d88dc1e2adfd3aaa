"""The pages of docs/reference say all that there is to say, and nothing that is not so."""

import re

import pytest

from qualification.domain.events import Attention
from qualification.domain.waiting import Kind, Reason
from qualification.settings.app_settings import Settings
from qualification.settings.environment import EnvironmentModel, names
from qualification.webhooks.limits import limit_settings
from qualification.webhooks.registry import SOURCES
from tools.reference.pages import FOLDER, rebuilt
from tools.reference.settings import TRIGGERS, explanations, tables, triggers

EVERYBODY = {Reason.ACCESS_LOST, Reason.PARTNER_CENTER_UNREACHABLE}
"""Causes that hold everybody: they stand in the table about the partner."""


def test_every_setting_stands_there_once() -> None:
    """Those of the models, of every CRM, and of the triggers."""
    listed = re.findall(r"^\| `(\w+)` \|", tables(), re.MULTILINE)
    models = [model for name, source in SOURCES.items() for model in (source.settings, limit_settings(name))]
    crms = {name for model in models for name in names(model)}
    assert sorted(listed) == sorted(names(Settings) | crms | triggers())


def test_every_trigger_without_a_model_is_explained() -> None:
    """And no setting is explained that no trigger names any more."""
    assert triggers() == TRIGGERS.keys()


def test_an_explanation_goes_on_over_lines_and_to_models_made_of_it() -> None:
    """The last docstring wins."""

    class First(EnvironmentModel):
        """One.

        Attributes:
            plain: a word
                on two lines.
            other: as it was.
        """

    class Second(First):
        """Two.

        Attributes:
            other: as it is.
        """

    assert explanations(Second) == {"plain": "a word on two lines.", "other": "as it is."}


@pytest.mark.parametrize(
    ("text", "error"),
    [("no mark", ValueError), ("<!-- built: nonsense (make documents) -->\n<!-- end -->\n", KeyError)],
)
def test_a_page_that_would_not_be_held_is_refused(text: str, error: type[Exception]) -> None:
    """A misspelt mark must not leave a table to go stale."""
    with pytest.raises(error):
        rebuilt(text)


def test_what_stands_around_a_table_stays() -> None:
    """And building twice changes nothing."""
    page = rebuilt("Before.\n\n<!-- built: routes (make documents) -->\nstale\n<!-- end -->\n\nAfter.\n")
    assert page.startswith("Before.\n\n<!--")
    assert page.endswith("<!-- end -->\n\nAfter.\n")
    assert "stale" not in page
    assert rebuilt(page) == page


def test_every_reason_stands_in_the_table_of_its_kind() -> None:
    """A subscriber finds each word that an event may carry, once."""
    text = (FOLDER / "events.md").read_text(encoding="utf-8")
    parts = re.split(
        r"^\*\*(?:A request waits for a decision|A request waits for a cause|Everybody waits|Nothing waits).*$",
        text,
        flags=re.MULTILINE,
    )
    decisions, causes, partner, others = (
        set(re.findall(r"^\| `([a-z-]+)` \|", part, re.MULTILINE)) for part in parts[1:]
    )
    assert decisions == {each.value for each in Reason if each.kind is Kind.DECISION}
    assert causes == {each.value for each in Reason if each.kind is Kind.CAUSE and each not in EVERYBODY}
    assert partner | others == {each.value for each in [*EVERYBODY, *Attention]}
    assert partner & others == set()
