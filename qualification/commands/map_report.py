"""What would become of a payload, for a terminal and for a script."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Group
from rich.table import Column, Table
from rich.text import Text

from qualification.use_cases.telemetry import one_line
from qualification.webhooks.preview import FieldPreview, Preview, fields_setting
from qualification.webhooks.reply import Outcome
from qualification.webhooks.source import Source

LONGEST = 100
"""Characters of a value that are shown."""
WORDS = {
    Outcome.ACCEPTED: "asks for a qualification",
    Outcome.UNRELATED: "is not about a qualification, so nothing would happen",
    Outcome.REJECTED: "can never work",
    Outcome.UNREADABLE: "cannot be read",
    Outcome.NOT_PROVEN: "would not be believed",
}
STYLES = {Outcome.ACCEPTED: "bold green", Outcome.UNRELATED: "bold yellow"}
OUTCOMES = {outcome: outcome.name.lower().replace("_", "-") for outcome in Outcome}
IN_AZURE = (
    "`webhookSettings` in infra/main.parameters.json, then azd provision; or the portal: the function app, Settings > "
    "Environment variables > App settings, until azd provisions again"
)


def document(source: type[Source], found: Sequence[Preview]) -> dict[str, object]:
    """For a script: `outcome` is `accepted`, `unrelated`, `rejected` or `not-proven`."""
    return {
        "source": source.name,
        "setting": fields_setting(source),
        "events": [
            {
                "outcome": OUTCOMES[each.outcome],
                "status": source.replies[each.outcome].status,
                "eventId": each.event_id,
                "fields": [
                    {
                        "field": line.ours,
                        "from": line.theirs,
                        "came": line.came,
                        "becomes": line.becomes,
                        "used": line.used,
                        "fault": line.fault,
                    }
                    for line in each.fields
                ],
                "faults": list(each.faults),
            }
            for each in found
        ],
    }


def report(source: type[Source], found: Sequence[Preview], settings: Path | None) -> Group:
    """For a terminal: each event with its fields, then where the mapping is set.

    Args:
        source: the CRM.
        found: what would become of each event.
        settings: the file that the settings were read from, beside the environment.
    """
    parts: list[Text | Table] = []
    for number, each in enumerate(found, start=1):
        parts.append(_title(source, each, f"Event {number} of {len(found)}" if len(found) > 1 else "It"))
        parts += [Text(f"  -> {fault}", "bold red") for fault in each.faults]
        grid = Table.grid(Column(no_wrap=True), Column(overflow="fold"), padding=(0, 2))
        for line in each.fields:
            grid.add_row(f"  {line.ours}", _line(line))
        parts += [grid, Text()]
    here = f"{settings}, or the environment, which wins" if settings else "the environment, or a file with --settings"
    said = f"{fields_setting(source)} says which field is which. Here it is read from {here}. In Azure it is set in {IN_AZURE}."
    return Group(*parts, Text(said))


def _title(source: type[Source], found: Preview, what: str) -> Text:
    reply = source.replies[found.outcome]
    told = ", and published as request-rejected" if reply.attention else ""
    title = f"{what} {WORDS[found.outcome]}: answered {reply.status}{told}"
    return Text(title, STYLES.get(found.outcome, "bold red"))


def _line(line: FieldPreview) -> Text:
    text = Text("always" if line.theirs is None else line.theirs)
    if not line.used:
        return text.append(": left out, this qualification has no use for it", "dim")
    text.append(f": {_shown(line.came)}" if line.came is not None else ": nothing came")
    if line.fault:
        text.append(f"\n-> {line.fault}", "bold red")
    elif line.becomes is None and line.came is not None:
        text.append("\n-> nothing, as the mapping of values says", "yellow")
    elif _shown(line.becomes) != _shown(line.came):
        text.append(f"\n-> {_shown(line.becomes)}", "green")
    return text


def _shown(value: Any) -> str:
    text = one_line(value if isinstance(value, str) else json.dumps(value))
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}..."
