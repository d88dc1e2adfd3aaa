"""What a run has come to, as tables; and the evidence of each difference."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from rich.box import ASCII
from rich.console import Console
from rich.table import Table

from sandbox.chaos.rules.difference import Difference
from sandbox.chaos.run import Outcome
from sandbox.partner_center import Operation

SHOWN = 10
"""Differences whose evidence is printed in full."""


def report(outcome: Outcome, console: Console) -> None:
    """Print the counts, the differences, and the evidence of the first of them."""
    title = f"Chaos, seed {outcome.plan.seed}, {outcome.plan.seconds:g} s"
    table = Table("", "", "Count", title=title, box=ASCII, show_header=True)
    for group, counts in _counts(outcome).items():
        for name, count in counts.items():
            table.add_row(group, name, f"{count}")
            group = ""  # noqa: PLW2901  named once
        table.add_section()
    console.print(table)
    if not outcome.differences:
        console.print("[green]Nothing lost, nothing twice: no difference.[/green]")
        return
    for difference in outcome.differences:
        console.print(f"DIFFERENCE  {difference.rule}: {difference.detail}", style="red", markup=False, highlight=False)
    customers = dict.fromkeys(each.customer_id for each in outcome.differences if each.customer_id)
    for customer_id in list(customers)[:SHOWN]:
        console.print_json(json.dumps(evidence_about(outcome, customer_id), default=str))


def evidence_about(outcome: Outcome, customer_id: str) -> dict[str, Any]:
    """Everything that is known about a customer: what was asked, stored, called and told."""
    evidence = outcome.evidence
    customer = outcome.plan.customer(customer_id)
    return {
        "customer": customer_id,
        "kind": customer.kind,
        "answers": [
            {"event": each.ask.event_id, "at": each.ask.at, "status": each.status, "location": each.location}
            for each in evidence.answers
            if each.ask.customer_id == customer_id
        ],
        "records": [
            record.model_dump(mode="json", by_alias=True)
            for record in evidence.ledger.records.values()
            if record.customer_tenant_id == UUID(customer_id)
        ],
        "calls": [
            {
                "at": call.at,
                "what": call.operation,
                "status": call.status,
                "effect": call.effect,
                "body": call.body.decode(),
            }
            for call in evidence.calls
            if call.customer == customer_id
        ],
        "events": [event for event in evidence.events if event["subject"] == customer_id],
        "reviews": evidence.vettings[customer_id],
        "people": evidence.acts_about(customer_id),
    }


def _counts(outcome: Outcome) -> dict[str, Mapping[str, int]]:
    evidence, load = outcome.evidence, outcome.load
    records = evidence.ledger.records.values()
    operations = Counter(call.operation for call in evidence.calls)
    effects = Counter(call.operation for call in evidence.calls if call.effect)
    events = Counter(event["type"].split(".")[1] for event in evidence.events)
    return {
        "Kills (SIGKILL)": {
            "of all places": sum(outcome.kills.hits.values()),
            **_named(outcome.kills.hits),
            "place not reached in time": sum(outcome.kills.misses.values()),
            "host processes started": outcome.starts,
        },
        "Mishaps": {**_named(outcome.mishaps.count), "message locks lost while the work ran": outcome.lost_locks},
        "Struck on the way to": outcome.struck,
        "Held by the hosts": {
            f"{what} of host {number}, {when}": getattr(held, what)
            for what in ("sockets", "files", "threads", "tasks")
            for number, pair in enumerate(outcome.held)
            for when, held in zip(("at first", "in the end"), pair, strict=True)
        },
        "People": {**_named(outcome.people.counts), "stops": len(outcome.people.stops)},
        "Requests": {
            "deliveries": len(evidence.answers),
            "requests stored": len(records),
            **{f"status {status}": count for status, count in sorted(Counter(each.status for each in records).items())},
        },
        "Answers": {
            "none, or the connection broke" if status == 0 else f"HTTP {status}": count
            for status, count in sorted(load.statuses.items())
        },
        "Partner Center": {
            "GETs": operations[Operation.GET] + operations[Operation.GET_SYNCHRONOUS],
            "POSTs": operations[Operation.POST],
            "POSTs that took effect": effects[Operation.POST],
            "PUTs": operations[Operation.PUT],
            "PUTs that took effect": effects[Operation.PUT],
        },
        "Events": {
            **dict(sorted(events.items())),
            "told more than once": len(evidence.events) - len({event["id"] for event in evidence.events}),
        },
        "Dead letters": {
            "not ours": sum(letter.body in evidence.foreign for letter in evidence.dead_letters),
            "ours, delivered too often by killed hosts": sum(
                letter.body not in evidence.foreign for letter in evidence.dead_letters
            ),
        },
        "Outcome": {
            "seconds to drain": round(outcome.drained_in),
            "hours let pass meanwhile": outcome.hours,
            "differences": len(outcome.differences),
            **_by_rule(outcome.differences),
        },
    }


def _named(counts: Mapping[Any, int]) -> dict[str, int]:
    return {str(name): count for name, count in counts.items()}


def _by_rule(differences: Iterable[Difference]) -> dict[str, int]:
    return dict(Counter(difference.rule for difference in differences))
