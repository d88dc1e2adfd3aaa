"""What `map` prints of a payload, and its exit code."""

import io
from pathlib import Path

import pytest
from rich.console import Console

from qualification.commands.map import exit_code
from qualification.commands.map_report import document, report
from qualification.webhooks.preview import FieldPreview, Preview
from qualification.webhooks.registry import SOURCES
from qualification.webhooks.reply import Outcome

FIELDS = (
    FieldPreview("customerTenantId", "tenant", "2a14b164", "2a14b164"),
    FieldPreview("qualification", "kind", 7, "Education"),
    FieldPreview("educationSegment", "level", "Kindergarten", None, "is not listed"),
    FieldPreview("website", "site", None, None),
    FieldPreview("mode", None, "asynchronous", "asynchronous"),
    FieldPreview("confirmLastAttempt", "last", "maybe", None),
    FieldPreview("validationCode", "code", None, None, used=False),
)


def printed(*found: Preview, source: str = "dataverse", settings: Path | None = None) -> str:
    """On a terminal of 80 columns, with single blanks."""
    console = Console(file=io.StringIO(), width=80)
    console.print(report(SOURCES[source], found, settings), crop=False)
    assert isinstance(console.file, io.StringIO)
    text = console.file.getvalue()
    assert max(map(len, text.splitlines())) <= 80
    return " ".join(text.split())


def test_each_field_says_where_it_came_from_and_what_it_becomes() -> None:
    """Only what changes is said twice; a fault stands at its field."""
    text = printed(Preview(Outcome.REJECTED, "evt-1", FIELDS))
    for line in (
        "customerTenantId tenant: 2a14b164 qualification kind: 7 -> Education",
        "educationSegment level: Kindergarten -> is not listed",
        "website site: nothing came mode always: asynchronous",
        "confirmLastAttempt last: maybe -> nothing, as the mapping of values says",
        "validationCode code: left out, this qualification has no use for it",
    ):
        assert line in text


def test_the_title_says_how_the_crm_is_answered() -> None:
    """And whether subscribers hear of it, because the CRM shows the answer to nobody."""
    assert "It can never work: answered 422, and published as request-rejected" in printed(Preview(Outcome.REJECTED))
    assert "It can never work: answered 422 " in printed(Preview(Outcome.REJECTED), source="standard") + " "
    assert "published" not in printed(Preview(Outcome.REJECTED), source="standard")
    assert "asks for a qualification: answered 200" in printed(Preview(Outcome.ACCEPTED), source="salesforce")
    two = printed(Preview(Outcome.ACCEPTED), Preview(Outcome.UNRELATED, faults=("kind is empty",)))
    assert "Event 1 of 2 asks for" in two
    assert "Event 2 of 2 is not about a qualification, so nothing would happen: answered 204 -> kind is empty" in two


def test_the_setting_is_named_with_where_it_is_set() -> None:
    """On this machine and in Azure."""
    text = printed(Preview(Outcome.ACCEPTED), settings=Path("local.settings.json"))
    assert "WEBHOOK_DATAVERSE_FIELDS says which field is which." in text
    assert "Here it is read from local.settings.json, or the environment, which wins." in text
    assert "`webhookSettings` in infra/main.parameters.json, then azd provision" in text
    assert "from the environment, or a file with --settings." in printed(Preview(Outcome.ACCEPTED))


def test_a_value_steers_no_terminal_and_fills_none() -> None:
    """It is somebody else's text."""
    line = FieldPreview("website", "site", "\x1b[2J" + "x" * 5000, None, "is none")
    text = printed(Preview(Outcome.REJECTED, "evt-1", (line,)))
    assert "\x1b" not in text
    assert text.count("x") < 150


@pytest.mark.parametrize(
    ("outcomes", "code"),
    [
        ([Outcome.ACCEPTED], 0),
        ([Outcome.ACCEPTED, Outcome.UNRELATED], 1),
        ([Outcome.UNRELATED, Outcome.REJECTED, Outcome.ACCEPTED], 2),
        ([Outcome.NOT_PROVEN], 2),
    ],
)
def test_the_worst_event_decides_on_the_exit_code(outcomes: list[Outcome], code: int) -> None:
    """For scripts."""
    assert exit_code([Preview(outcome) for outcome in outcomes]) == code


def test_a_script_gets_the_same() -> None:
    """With the status that the CRM would get."""
    found = Preview(Outcome.NOT_PROVEN, None, FIELDS[1:2], ("OrganizationId is none of ours.",))
    assert document(SOURCES["salesforce"], [found]) == {
        "source": "salesforce",
        "setting": "WEBHOOK_SALESFORCE_FIELDS",
        "events": [
            {
                "outcome": "not-proven",
                "status": 401,
                "eventId": None,
                "fields": [
                    {
                        "field": "qualification",
                        "from": "kind",
                        "came": 7,
                        "becomes": "Education",
                        "used": True,
                        "fault": None,
                    }
                ],
                "faults": ["OrganizationId is none of ours."],
            }
        ],
    }
