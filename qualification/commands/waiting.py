"""`python -m qualification waiting`: what waits for a decision or a cause, and with --confirm the decision."""

import asyncio
import getpass
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

import typer
from rich.console import Group as Parts
from rich.table import Column, Table
from rich.text import Text

from qualification.bootstrap import Service, bootstrap
from qualification.commands.console import agreed, err, out, say
from qualification.commands.deployed_app import deployed_app
from qualification.commands.failure import Failure
from qualification.commands.options import App, AsJson, Debug, Group, Options, SettingsFile
from qualification.doctor.from_here import from_here
from qualification.domain.actions import may_confirm
from qualification.domain.caller import Caller, CallerKind
from qualification.domain.errors import ActionNotAllowed, PreconditionFailed, StepConflict
from qualification.domain.etag import etag
from qualification.domain.hold import Hold
from qualification.domain.waiting import Kind, WaitingRequest

EXAMPLES = """Examples:

python -m qualification waiting
python -m qualification waiting --json > waiting.json
python -m qualification waiting --confirm
python -m qualification waiting --confirm --app func-name --resource-group rg-name

Exit code: 0 done; 1 a request changed before it was confirmed; 2 faults."""
TITLES = {
    Kind.DECISION: "For a decision: confirm or cancel",
    Kind.CAUSE: "For a cause: it ends by itself once that is resolved",
}
Confirm = Annotated[
    bool, typer.Option("--confirm", metavar=" ", help="Confirm what waits for a decision; asks before it does.")
]


@dataclass(frozen=True, slots=True)
class Seen:
    """A request that can be confirmed, as it was shown."""

    waiting: WaitingRequest
    etag: str


def command(
    context: typer.Context,
    app: App = None,
    resource_group: Group = None,
    settings: SettingsFile = None,
    *,
    confirm: Confirm = False,
    as_json: AsJson = False,
    debug: Debug = False,
) -> int:
    """Show which requests wait for a decision or a cause, and since when; confirm those that wait for a decision."""
    options: Options = context.obj
    options.add(settings, as_json=as_json, debug=debug)
    if confirm and options.as_json:
        raise Failure("--confirm asks a person: leave --json out.")
    meant = options.app(app, resource_group)
    return asyncio.run(_run_for(*meant, options, confirm=confirm) if meant else _run(options, confirm=confirm))


async def _run_for(app: str, group: str, options: Options, *, confirm: bool) -> int:
    """The same of a deployed app, with its settings, as whoever is signed in to az."""
    with err.status(f"Reading the settings of {app} ..."):
        here = from_here(await deployed_app(app, group))
    return await _run(options, here.environment, confirm=confirm)


async def _run(options: Options, environment: Mapping[str, str] | None = None, *, confirm: bool) -> int:
    service = bootstrap(options.environment() if environment is None else environment)
    try:
        with err.status("Reading ..."):
            found, hold = await service.store.waiting(), await service.holds.current()
            seen = await confirmable(service, found) if confirm else []
        if options.as_json:
            sys.stdout.write(json.dumps(document(found), indent=2) + "\n")
            return 0
        out.print(table(found, hold, service.clock()), crop=False)
        return await _confirm(service, seen) if confirm else 0
    finally:
        await service.close()


async def _confirm(service: Service, seen: Sequence[Seen]) -> int:
    if not seen:
        say("\nNothing can be confirmed now.")
        return 0
    say(f"\n{len(seen)} request(s) can be confirmed. Each is sent to Partner Center, and may spend a verification.")
    if not agreed("Confirm all of them?"):
        say("Nothing was confirmed.")
        return 0
    left = await confirm_all(service, seen, Caller(kind=CallerKind.COMMAND_LINE, id=getpass.getuser()))
    say(f"{len(seen) - len(left)} confirmed.")
    for each in left:
        say(f"Request {each.waiting.request_id} has changed meanwhile and was not confirmed: look again.", err)
    return 1 if left else 0


async def confirmable(service: Service, found: Sequence[WaitingRequest]) -> list[Seen]:
    """Those that can be confirmed now, with the state that is confirmed."""
    states = await service.store.customers(*{each.customer_tenant_id for each in found})
    seen: list[Seen] = []
    for each in found:
        state = states[each.customer_tenant_id]
        stored = state.find(each.request_id)
        if stored is not None and may_confirm(stored.record, state.customer):
            seen.append(Seen(each, etag(stored.record)))
    return seen


async def confirm_all(service: Service, seen: Sequence[Seen], by: Caller) -> list[Seen]:
    """Confirm each as it was seen; those that have changed since, and were not confirmed."""
    left: list[Seen] = []
    for each in seen:
        ids = each.waiting.customer_tenant_id, each.waiting.request_id
        try:
            await service.decisions.confirm(*ids, each.etag, by, {})
        except (ActionNotAllowed, PreconditionFailed, StepConflict):
            left.append(each)
    return left


def document(found: Sequence[WaitingRequest]) -> dict[str, object]:
    """What waits, for a script; those that wait longest first."""
    return {
        "waiting": [
            {
                "customerTenantId": str(each.customer_tenant_id),
                "requestId": str(each.request_id),
                "reason": each.reason.value,
                "kind": each.reason.kind.value,
                "since": each.since.isoformat().replace("+00:00", "Z"),
            }
            for each in found
        ]
    }


def table(found: Sequence[WaitingRequest], hold: Hold, now: datetime) -> Parts:
    """What waits, for a terminal of 80 columns: decisions first, and in each part those that wait longest."""
    parts: list[Text | Table] = []
    if hold.stop is not None:
        note = f": {hold.stop.note}" if hold.stop.note else ""
        parts.append(Text(f"Writing is stopped by {hold.stop.by} since {_moment(hold.stop.since)}{note}", "bold red"))
    if hold.cause is not None:
        parts.append(Text(f"Everybody waits: {hold.cause.detail}\n-> {hold.cause.remedy}", "bold red"))
    for kind, title in TITLES.items():
        rows = [each for each in found if each.reason.kind is kind]
        if not rows:
            continue
        parts.append(Text(f"\n{title}", "bold"))
        grid = Table(Column("Since (UTC)"), Column("Waits for"), Column("Customer, request"), box=None, pad_edge=False)
        for each in rows:
            # An id is never broken: somebody will copy it.
            ids = Text(f"{each.customer_tenant_id}\n{each.request_id}", no_wrap=True)
            grid.add_row(f"{_moment(each.since)}\n{_age(each, now)}", each.reason.value, ids)
        parts.append(grid)
    counts = ", ".join(f"{sum(each.reason.kind is kind for each in found)} for a {kind}" for kind in TITLES)
    parts.append(Text(f"\nwaiting: {counts}" if found else "nothing waits", "bold"))
    return Parts(*parts)


def _moment(at: datetime) -> str:
    return f"{at:%m-%d %H:%M}"


def _age(waiting: WaitingRequest, now: datetime) -> str:
    span = now - waiting.since
    return f"{span.days} d" if span.days else f"{int(span.total_seconds() // 3600)} h"
