"""Each alert has a case in docs/alerts.md, and the case fits the rule: its rows, its value, when it fires and what the mail says."""

import re
from typing import Any

import pytest

from tests.infra.check_alerts import rules
from tests.infra.check_queries import QUERIES, VALIDATE, asked, emitted
from tests.infra.deployed import ROOT, deployed

METRICS = {"dead-letters", "queue-stuck", "topic-full"}
GUIDE = (ROOT / "docs" / "alerts.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^### ([a-z-]+)\n(.+?)(?=^### |\Z)", GUIDE, re.MULTILINE | re.DOTALL))
WORDS = {"GreaterThan": "above", "LessThan": "below"}
PERIODS = {"PT5M": "every 5 minutes", "PT15M": "every 15 minutes", "PT1H": "hourly"}
WINDOWS = {
    "PT5M": "5",
    "PT15M": "15",
    "PT30M": "30",
    "PT1H": "60",
    "PT4H": "4 hours",
    "PT6H": "6 hours",
    "P1D": "a day",
}


def rows(section: str) -> list[tuple[str, dict[str, str]]]:
    """The rows of a case: an event of ours, a table or a metric, and its fields."""
    (block,) = re.findall(r"```text\n(.+?)```", section, re.DOTALL)
    found = [line.split(" ", 2) for line in block.splitlines()]
    return [(name, dict(re.findall(r"(\w+)=(.+?)(?= \w+=|$)", fields))) for _, name, fields in found]


def metric_rules() -> dict[str, Any]:
    """The alerts on metrics, by name."""
    found = deployed("plain").of_type("Microsoft.Insights/metricAlerts")
    return {name: each["properties"] for each in found for name in SECTIONS if each["name"].endswith(f"-{name}")}


def test_every_alert_has_a_section() -> None:
    """And there is none for an alert that is gone."""
    assert set(SECTIONS) == {*QUERIES, *METRICS, "unhealthy"}
    assert set(metric_rules()) == {*METRICS, "unhealthy"}


@pytest.mark.parametrize("name", SECTIONS)
def test_a_section_says_how_bad_it_is_and_how_soon_it_is_seen(name: str) -> None:
    """Severity, period and window, as they are deployed."""
    rule = rules().get(name) or metric_rules()[name]
    period, window = PERIODS[rule["evaluationFrequency"]], WINDOWS[rule["windowSize"]]
    assert SECTIONS[name].lstrip().startswith(f"*Severity {rule['severity']}, {period} over {window}. ")


@pytest.mark.parametrize("name", QUERIES)
def test_the_rows_of_a_case_are_such_as_are_written(name: str) -> None:
    """With every field that the query reads, and none that nobody writes."""
    table, events, fields = asked(QUERIES[name])
    used: set[str] = set()
    for row, values in rows(SECTIONS[name]):
        used |= set(values)
        if table == "traces":
            assert set(values) <= emitted()[row], row
        else:
            assert row == table
            assert set(values) <= columns(row)
    assert events <= {row for row, _ in rows(SECTIONS[name])}
    assert fields <= used


def columns(table: str) -> set[str]:
    """Those of a table that the check of the queries knows."""
    (found,) = re.findall(rf"^  {table}:\s+[`\"](.+?)[`\"],$", VALIDATE.read_text(encoding="utf-8"), re.MULTILINE)
    return set(re.findall(r"(\w+): ", found))


@pytest.mark.parametrize("name", [*QUERIES, *METRICS])
def test_the_value_of_a_case_fires_the_rule(name: str) -> None:
    """By the threshold that is deployed."""
    rule = rules().get(name) or metric_rules()[name]
    (criterion,) = rule["criteria"]["allOf"]
    word, threshold = WORDS[criterion["operator"]], criterion["threshold"]
    ((value, said),) = re.findall(rf"\*\*([\d.]+)\*\*[^.]*?, {word} ([\d.]+\d|\d)", SECTIONS[name])
    assert float(said) == threshold
    assert float(value) > threshold if word == "above" else float(value) < threshold


@pytest.mark.parametrize("name", QUERIES)
def test_the_mail_of_a_case_names_what_its_rows_say(name: str) -> None:
    """The first three columns that the rule is split by."""
    (criterion,) = rules()[name]["criteria"]["allOf"]
    split = [each["name"] for each in criterion["dimensions"]][:3]
    subjects = re.findall(r"Subject:\s+`Fired ([a-z-]+): ([^`]+)`", SECTIONS[name])
    assert bool(subjects) == bool(split)
    for said, text in subjects:
        assert said == name
        assert text == " ".join(named(name, column) for column in split)


def named(name: str, column: str) -> str:
    """What the first row of the case says in that column of the query."""
    _, first = rows(SECTIONS[name])[0]
    return first.get({"reader": "identity_claim_appid_g"}.get(column, column), "none")


@pytest.mark.parametrize("name", METRICS)
def test_a_case_of_a_metric_is_about_the_entity_that_is_watched(name: str) -> None:
    """And aggregates as the rule does."""
    (criterion,) = metric_rules()[name]["criteria"]["allOf"]
    (dimension,) = criterion["dimensions"]
    for metric, values in rows(SECTIONS[name]):
        assert metric == criterion["metricName"]
        assert values.keys() == {"EntityName", criterion["timeAggregation"]}
        assert dimension["values"] in ([values["EntityName"]], ["*"])


def test_the_case_of_the_health_check_fails_in_as_many_places_as_count() -> None:
    """Those that ask."""
    places = {each["Id"] for each in deployed("plain").one("Microsoft.Insights/webtests")["properties"]["Locations"]}
    failed = {values["Location"] for _, values in rows(SECTIONS["unhealthy"])}
    assert failed == places
    count = metric_rules()["unhealthy"]["criteria"]["failedLocationCount"]
    assert f"**{len(failed)}** places have failed, at least {count}" in SECTIONS["unhealthy"]
