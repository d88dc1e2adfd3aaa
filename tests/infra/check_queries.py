"""Every alert and every part of the workbook asks for events and fields that the code really emits."""

import inspect
import json
import logging
import os
import re
import subprocess
import sys
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any, get_args
from uuid import UUID, uuid4

import pytest

from qualification.domain.call_errors import PartnerCenterError, Reaction
from qualification.domain.errors import QualificationError
from qualification.domain.events import Attention
from qualification.domain.record import Record
from qualification.domain.status import Status
from qualification.domain.waiting import Reason
from qualification.use_cases import telemetry
from tests.infra.deployed import BOOTSTRAP, INFRA, MAIN, deployed, scope
from tests.unit.builders import UNAVAILABLE, queued

VALIDATE = Path(__file__).with_name("kusto") / "validate.js"
QUERIES = {path.stem: path.read_text(encoding="utf-8") for path in sorted((INFRA / "queries").glob("*.kql"))}
WORKBOOK = json.loads((INFRA / "workbook.json").read_text(encoding="utf-8"))
PANELS = {item["name"]: item["content"] for item in WORKBOOK["items"] if item["type"] == 3}  # a query
TABLES = {"exceptions", "requests", "traces", "_LogOperation", "AzureDiagnostics", "StorageTableLogs"}
VALUES = {
    str: "x",
    int: 1,
    float: 1.0,
    bool: True,
    UUID: uuid4(),
    timedelta: timedelta(days=1),
    Record: queued(),
    Status: Status.IN_REVIEW,
    PartnerCenterError: UNAVAILABLE,
    QualificationError: UNAVAILABLE,
}
WORDS: dict[str, set[Any]] = {
    "status": set(Status),
    "reason": {*Attention, *Reason},
    "attention": {*Attention, *Reason},
    "reaction": set(Reaction),
}
every_query = pytest.mark.parametrize(
    "query",
    [pytest.param(text, id=name) for name, text in QUERIES.items()]
    + [pytest.param(panel["query"], id=f"workbook {name}") for name, panel in PANELS.items()],
)


@cache
def emitted() -> dict[str, set[str]]:
    """Fields by event: every function of telemetry is called with all of its arguments, and its log record looked at."""
    records: list[logging.LogRecord] = []

    class Listener(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            records.append(record)

    listener = Listener()
    telemetry.log.addHandler(listener)
    for name, function in inspect.getmembers(telemetry, inspect.isfunction):
        if not name.startswith("_"):
            arguments = inspect.signature(function, eval_str=True).parameters
            function(**{each.name: sample(each.annotation) for each in arguments.values()})
    telemetry.log.removeHandler(listener)
    ordinary = set(vars(logging.makeLogRecord({}))) | {"message"}
    told = [{name: value for name, value in vars(record).items() if name not in ordinary} for record in records]
    found: dict[str, set[str]] = {}
    for fields in told:
        found.setdefault(str(fields.pop("event")), set()).update(fields)
    return found


def sample(annotation: Any) -> Any:
    """A value of that type; of a choice, of the first."""
    return VALUES[get_args(annotation)[0] if get_args(annotation) else annotation]


def asked(query: str) -> tuple[str, set[str], set[str]]:
    """The table that a query reads, the events it wants, and the fields it uses."""
    events = set(re.findall(r'customDimensions\.event\) == "(\w+)"', query))
    fields = set(re.findall(r"customDimensions(?:\.|\[\")(\w+)", query)) - {"event"}
    return query.split(maxsplit=1)[0], events, fields


def test_telemetry_emits_events() -> None:
    """The checks below have something to compare with."""
    assert {"request_status", "attention", "advance_run", "sender_refused"} <= set(emitted())
    assert {"requestId", "status", "vettingReason", "errorCode"} <= emitted()["request_status"]


@every_query
def test_a_query_names_an_event_and_fields_that_are_emitted(query: str) -> None:
    """A query for a name that nobody emits finds nothing, which looks as if all were well."""
    table, events, fields = asked(query)
    assert table in TABLES
    if table != "traces":
        assert (events, fields) == (set(), set())
        return
    (event,) = events
    assert fields <= emitted()[event], event


@every_query
def test_a_query_compares_with_words_that_are_used(query: str) -> None:
    """Statuses, reasons and reactions are words of the code."""
    for field, single, several in re.findall(r'customDimensions\.(\w+)\) (?:== "([^"]+)"|in \(([^)]+)\))', query):
        words = {single} if single else set(re.findall(r'"([^"]+)"', several))
        assert field == "event" or words <= WORDS[field], field


def faults(queries: dict[str, str]) -> dict[str, list[str]]:
    """What Kusto's own language service says against each of some queries."""
    done = subprocess.run(  # noqa: S603  our own script
        ["node", VALIDATE],  # noqa: S607  the one that make infra has asked for
        input=json.dumps(queries),
        check=True,
        capture_output=True,
        text=True,
        env=os.environ | {"NODE_PATH": str(Path(sys.prefix, "node_modules"))},
    )
    said: dict[str, list[str]] = json.loads(done.stdout)
    return {name: lines for name, lines in said.items() if lines}


def test_queries_are_valid_over_the_tables_that_they_read() -> None:
    """Syntax, tables, columns and types; a query that Azure refuses would stop the deployment of its alert."""
    assert faults(QUERIES | {name: panel["query"] for name, panel in PANELS.items()}) == {}


def test_a_query_that_is_not_valid_would_be_seen() -> None:
    """The check above can fail: by a column, by an operator, by a table."""
    wrong = {
        "column": "traces | where time > ago(1h)",
        "operator": "traces | summarise count()",
        "table": "trace | count",
    }
    assert set(faults(wrong)) == set(wrong)


def test_a_name_that_nobody_emits_would_be_seen() -> None:
    """The checks above can fail."""
    _, (event,), fields = asked(
        'traces\n| where tostring(customDimensions.event) == "attention"\n| project customDimensions.nobody'
    )
    assert not fields <= emitted()[event]


def rules(profile: str = "plain") -> dict[str, Any]:
    """The log alerts by name, without what all of their names have before."""
    prefix = deployed(profile).one("Microsoft.Insights/actionGroups")["name"].replace("ag-", "alert-", 1) + "-"
    found = deployed(profile).of_type("Microsoft.Insights/scheduledQueryRules")
    return {each["name"].removeprefix(prefix): each["properties"] for each in found}


@pytest.mark.parametrize("profile", MAIN)
def test_every_query_belongs_to_an_alert_and_gives_its_value(profile: str) -> None:
    """An alert's rule compares the column `value`, of one row or of each combination of the columns that it is split by."""
    assert set(rules(profile)) == set(QUERIES)
    for name, rule in rules(profile).items():
        (criterion,) = rule["criteria"]["allOf"]
        if name != "token-read":  # it names the service, whose id Azure makes
            assert criterion["query"] == QUERIES[name]
        assert (criterion["metricMeasureColumn"], criterion["timeAggregation"]) == ("value", "Maximum")
        last = QUERIES[name].strip().splitlines()[-1]
        found = re.fullmatch(r"\| summarize value = [^,]+?(?: by (.+))?", last)
        assert found, name
        columns = [part.split(" = ")[0] for part in (found[1] or "").split(", ") if part]
        assert [each["name"] for each in criterion["dimensions"]] == columns, name
        assert all(each["values"] == ["*"] and each["operator"] == "Include" for each in criterion["dimensions"])


def test_who_may_read_the_token_is_the_service() -> None:
    """The query leaves out the one who reads it every day, by the id that the app settings name."""
    (criterion,) = rules()["token-read"]["criteria"]["allOf"]
    query, _, service = criterion["query"].rpartition(", 'SERVICE_CLIENT_ID', ")
    assert "/secrets/refresh-token" in query
    assert f"[{service.removesuffix(')]')}]" == deployed("plain").settings["AZURE_CLIENT_ID"]


def test_a_rule_fires_where_it_should() -> None:
    """Above or below which value, how often it is looked at, and over how long."""
    told = {
        name: (rule["criteria"]["allOf"][0]["operator"], rule["criteria"]["allOf"][0]["threshold"], rule["windowSize"])
        for name, rule in rules().items()
    }
    assert told == {
        "access-lost": ("GreaterThan", 0, "PT2H"),
        "advance-missed": ("LessThan", 1, "PT15M"),
        "events-late": ("GreaterThan", 900, "PT15M"),
        "functions-failing": ("GreaterThan", 4, "PT15M"),
        "log-cap": ("GreaterThan", 0, "PT1H"),
        "many-waiting": ("GreaterThan", 20, "P1D"),
        "person-needed": ("GreaterThan", 0, "P1D"),
        "refresh-token-old": ("GreaterThan", 60, "PT6H"),
        "requests-failed": ("GreaterThan", 0, "PT1H"),
        "reviews-overdue": ("GreaterThan", 0, "P1D"),
        "senders-refused": ("GreaterThan", 0, "PT1H"),
        "table-deleted": ("GreaterThan", 0, "PT1H"),
        "token-read": ("GreaterThan", 0, "PT1H"),
    }


@pytest.mark.parametrize("profile", MAIN)
def test_every_alert_looks_at_what_is_deployed_and_tells_somebody(profile: str) -> None:
    """At the component or the namespace of this deployment, and each by the one action group, which has a receiver."""
    found = deployed(profile)
    group = found.one("Microsoft.Insights/actionGroups")
    several = profile == "everything"
    mailboxes = ["operators@example.com", "duty@example.com"] if several else ["operators@example.com"]
    assert [each["emailAddress"] for each in group["properties"]["emailReceivers"]] == mailboxes
    assert "'serviceUri', parameters('webhook')" in group["properties"]["webhookReceivers"]  # a secret, so no value
    assert group["properties"]["enabled"] is True
    component, namespace = (
        found.one("Microsoft.Insights/components")["id"],
        found.one("Microsoft.ServiceBus/namespaces")["id"],
    )
    logs = found.one("Microsoft.OperationalInsights/workspaces")["id"]
    elsewhere = {"log-cap": logs} | dict.fromkeys(("table-deleted", "token-read"), logs.replace("/log-", "/log-audit-"))
    for name, rule in rules(profile).items():
        scopes = [elsewhere.get(name, component)]
        assert (rule["scopes"], rule["actions"]["actionGroups"], rule["enabled"]) == (scopes, [group["id"]], True)
    test = found.one("Microsoft.Insights/webtests")
    for alert in found.of_type("Microsoft.Insights/metricAlerts"):
        scopes = [test["id"], component] if alert["name"].endswith("-unhealthy") else [namespace]
        assert alert["properties"]["scopes"] == scopes
        assert alert["properties"]["actions"] == [{"actionGroupId": group["id"]}]
        assert alert["properties"]["enabled"] is True


def test_the_health_check_is_asked_from_outside() -> None:
    """From two places, at the service's own address; Application Insights finds the test by its hidden link."""
    found = deployed("plain")
    test, component = found.one("Microsoft.Insights/webtests"), found.one("Microsoft.Insights/components")["id"]
    assert test["properties"]["Request"]["RequestUrl"] == f"{found.outputs['SERVICE_APP_URL']}/api/health"
    assert test["properties"]["ValidationRules"]["ExpectedHttpStatusCode"] == 200
    assert test["tags"][f"hidden-link:{component}"] == "Resource"
    criteria = found.one("Microsoft.Insights/metricAlerts", "-unhealthy")["properties"]["criteria"]
    assert (criteria["webTestId"], criteria["componentId"]) == (test["id"], component)
    assert criteria["failedLocationCount"] == len(test["properties"]["Locations"])


def test_metrics_have_names_that_azure_knows() -> None:
    """Of the namespace ("Monitoring data reference for Azure Service Bus"), split by queue and topic."""
    asked = {}
    for alert in deployed("plain").of_type("Microsoft.Insights/metricAlerts"):
        if alert["name"].endswith("-unhealthy"):
            continue
        (criterion,) = alert["properties"]["criteria"]["allOf"]
        (dimension,) = criterion["dimensions"]
        assert criterion["metricNamespace"] == "Microsoft.ServiceBus/namespaces"
        assert (criterion["operator"], dimension["name"], dimension["operator"]) == (
            "GreaterThan",
            "EntityName",
            "Include",
        )
        asked[criterion["metricName"]] = (*dimension["values"], criterion["timeAggregation"], criterion["threshold"])
    topic = deployed("plain").one("Microsoft.ServiceBus/namespaces/topics")["properties"]
    assert asked == {
        "DeadletteredMessages": ("*", "Maximum", 0),
        "ActiveMessages": ("qualification-requests", "Minimum", 0),
        "Size": ("qualification-events", "Average", topic["maxSizeInMegabytes"] * 1024 * 1024 * 0.8),
    }


def test_every_reason_for_attention_raises_an_alert() -> None:
    """By the event itself, or by one that goes on for as long as its cause does."""
    named = {word for query in QUERIES.values() for word in re.findall(r'"([a-z-]+)"', query)}
    lasting = {Attention.REFRESH_TOKEN_EXPIRING.value: "refresh-token-old"}
    assert set(lasting.values()) <= set(QUERIES)
    reasons: set[str] = {*Attention, *Reason}
    assert reasons - named - set(lasting) == set()


def test_an_alert_looks_back_at_least_as_far_as_it_waits() -> None:
    """Otherwise something that happens between two looks is seen by neither."""
    lengths = {f"PT{minutes}M": minutes for minutes in (5, 15)} | {"PT1H": 60, "PT2H": 120, "PT6H": 360, "P1D": 1440}
    for rule in rules().values():
        assert lengths[rule["evaluationFrequency"]] <= lengths[rule["windowSize"]]


def test_every_alert_is_explained_to_operators() -> None:
    """Each has a heading of its name in docs/operate.md."""
    guide = (INFRA.parent / "docs" / "operate.md").read_text(encoding="utf-8")
    headings = set(re.findall(r"^### ([a-z-]+)$", guide, re.MULTILINE))
    assert headings == {*QUERIES, "dead-letters", "queue-stuck", "topic-full", "unhealthy"}


def test_the_workbook_reads_the_component_that_the_template_names() -> None:
    """The template puts the component's id in place of one word."""
    found = deployed("plain")
    workbook = found.one("Microsoft.Insights/workbooks")["properties"]
    component = found.one("Microsoft.Insights/components")["id"]
    assert workbook["sourceId"] == component
    data = json.loads(workbook["serializedData"])
    assert data["fallbackResourceIds"] == [component]
    panels = [item["content"] for item in data["items"] if item["type"] == 3]
    assert [panel["query"] for panel in panels] == [panel["query"] for panel in PANELS.values()]
    assert all(panel["crossComponentResources"] == [component] for panel in panels)
    assert {panel["timeContextFromParameter"] for panel in panels} == {"TimeRange"}


@pytest.mark.parametrize("profile", MAIN)
def test_logs_are_where_they_are_looked_for(profile: str) -> None:
    """Component, platform log and Service Bus's own write to the one workspace."""
    found = deployed(profile)
    workspace = found.one("Microsoft.OperationalInsights/workspaces")["id"]
    assert found.one("Microsoft.Insights/components")["properties"]["WorkspaceResourceId"] == workspace
    logged = {
        scope(each).split("/")[1]: each["properties"] for each in found.of_type("Microsoft.Insights/diagnosticSettings")
    }
    assert {part: each["workspaceId"] for part, each in logged.items()} == {"namespaces": workspace, "sites": workspace}
    assert logged["namespaces"]["logs"] == [{"categoryGroup": "allLogs", "enabled": True}]
    assert logged["sites"]["logs"] == [{"category": "FunctionAppLogs", "enabled": True}]


@pytest.mark.parametrize("profile", BOOTSTRAP)
def test_audit_logs_are_where_no_cap_blinds_them(profile: str) -> None:
    """Who read a secret, and who deleted rows, in a workspace of its own."""
    found = deployed(profile)
    workspace = found.one("Microsoft.OperationalInsights/workspaces")
    assert "workspaceCapping" not in workspace["properties"]
    logged = {
        scope(each).rsplit("/", 2)[1]: each["properties"]
        for each in found.of_type("Microsoft.Insights/diagnosticSettings")
    }
    assert {each["workspaceId"] for each in logged.values()} == {workspace["id"]}
    assert {
        part: [log.get("category", log.get("categoryGroup")) for log in each["logs"]] for part, each in logged.items()
    } == {
        "tableServices": ["StorageDelete", "StorageWrite"],
        "vaults": ["audit"],
    }
    assert all(log["enabled"] for each in logged.values() for log in each["logs"])
