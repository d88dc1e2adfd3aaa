"""Every alert and every part of the workbook asks for events and fields that the code really emits."""

import inspect
import json
import logging
import os
import re
import subprocess
import sys
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, get_args
from uuid import UUID, uuid4

import pytest

from qualification.domain.call_errors import PartnerCenterError, Reaction
from qualification.domain.caller import Caller, CallerKind
from qualification.domain.errors import QualificationError
from qualification.domain.event import Event
from qualification.domain.events import Attention, attention_required
from qualification.domain.held import Held, HoldPart
from qualification.domain.outcome import failed
from qualification.domain.record import Record
from qualification.domain.status import Status
from qualification.domain.waiting import Reason, Waiting
from qualification.use_cases import telemetry
from tests.infra.deployed import INFRA, deployed
from tests.unit.builders import ACCESS_LOST, AT, NOW, REFUSED, UNAVAILABLE, queued, wanted

VALIDATE = Path(__file__).with_name("kusto") / "validate.js"
QUERIES = {path.stem: path.read_text(encoding="utf-8") for path in sorted((INFRA / "queries").glob("*.kql"))}
WORKBOOK = json.loads((INFRA / "workbook.json").read_text(encoding="utf-8"))
PANELS = {item["name"]: item["content"] for item in WORKBOOK["items"] if item["type"] == 3}  # a query
TABLES = {"exceptions", "requests", "traces", "_LogOperation", "AzureDiagnostics", "StorageTableLogs"}
ANNA = Caller(kind=CallerKind.FUNCTION_KEY, id="0badcafe", name="Anna")
REFERENCE = {"type": "Account", "id": "0015e00000ZkM3hAAF"}
# One with all that a line may say of it.
RECORD = failed(
    queued(wanted(reference=REFERENCE), requested_by=ANNA, vetting_reason="NotEnoughEvidence"), REFUSED, AT
).record
VALUES = {
    str: "x",
    int: 1,
    float: 1.0,
    bool: True,
    UUID: uuid4(),
    datetime: NOW,
    timedelta: timedelta(days=1),
    Caller: ANNA,
    Record: RECORD,
    Status: Status.IN_REVIEW,
    Waiting: Waiting(reason=Reason.LAST_ATTEMPT, detail="-", remedy="-", since=NOW),
    HoldPart: HoldPart(since=NOW, until=None, reason="stopped", detail="-", remedy="-", by="Anna"),
    Event: attention_required(RECORD, Reason.LAST_ATTEMPT, "-", "-", AT)[1][0],
    PartnerCenterError: ACCESS_LOST.as_answered(401, NOW),
    QualificationError: UNAVAILABLE,
}
WORDS: dict[str, set[Any]] = {
    "status": set(Status),
    "reason": {*Attention, *Reason},
    "attention": {*Attention, *Reason},
    "reaction": set(Reaction),
    "part": set(Held.model_fields),
}
TURNED = re.compile(r'\S+ (?:!\S+|[<>]=?) \S+|not\(.+?\)\)?|\S+ =[=~] "?(?:true|false)\b"?')
"""Conditions that let through what is not like their word, or that have a word for the contrary."""
LEFT_OUT = {
    "everybody-held": {'tostring(customDimensions.part) != "pause"', "todouble(customDimensions.hours) > 1"},
    "functions-failing": {"success == false", 'not(resultCode startswith "4")'},
    "person-needed": {'tostring(customDimensions.lasting) =~ "false"'},
    "request-waiting": {'tostring(customDimensions.alerted) =~ "true"'},
    "token-read": {'reader != "SERVICE_CLIENT_ID"'},
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
    for field, single, several in re.findall(r'customDimensions\.(\w+)\) (?:[!=]= "([^"]+)"|in \(([^)]+)\))', query):
        words = {single} if single else set(re.findall(r'"([^"]+)"', several))
        assert field == "event" or words <= WORDS[field], field


def test_an_alert_counts_what_it_names_and_leaves_out_what_is_named_here() -> None:
    """A condition that is turned round would tell of all that is well, and of nothing else."""
    turned = {
        name: {condition for line in re.findall(r"\| where (.+)", query) for condition in TURNED.findall(line)}
        for name, query in QUERIES.items()
    }
    assert {name: conditions for name, conditions in turned.items() if conditions} == LEFT_OUT


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


def test_what_lasts_is_alerted_as_a_state_and_what_does_not_once() -> None:
    """An attention line that another one goes on to repeat raises no alert of its own; no reason is left out of either."""
    assert '"attention"' in QUERIES["person-needed"]
    assert 'tostring(customDimensions.lasting) =~ "false"' in QUERIES["person-needed"]
    states = {"request-waiting": "request_waiting", "everybody-held": "everybody_held"}
    assert {name: asked(QUERIES[name])[1] for name in states} == {name: {event} for name, event in states.items()}
    # None of them leaves a reason out.
    assert not [name for name in states if re.search(r"where.*customDimensions\.reason\)", QUERIES[name])]


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
