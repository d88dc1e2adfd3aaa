"""`python -m qualification create-store`: makes the record store, once; the service itself never does."""

import asyncio
from collections.abc import Mapping

import typer

from qualification.bootstrap import utc_now
from qualification.commands.console import err, say
from qualification.commands.options import Debug, Options, SettingsFile
from qualification.stores.opening import open_store

EXAMPLES = """Examples:

python -m qualification create-store
python -m qualification create-store --settings local.settings.json

Exit code: 0 the store is there; 2 faults. Who runs it needs the role Qualification records on
the table, or, where there is no table yet, Storage Table Data Contributor."""


def command(context: typer.Context, settings: SettingsFile = None, *, debug: Debug = False) -> int:
    """Make the table or file for the records, with its marker; it asks for RecordStorage only, and may be run again."""
    options: Options = context.obj
    options.add(settings, debug=debug)
    options.refuse_json("create-store")
    with err.status("Making the record store ..."):
        is_new = asyncio.run(make(options.environment()))
    say("The record store is made." if is_new else "The record store was there already.")
    return 0


async def make(environment: Mapping[str, str]) -> bool:
    """Make the store that the app settings name, unless it is there; whether it is new. Raises what `MarkedRows.make` raises."""
    async with open_store(environment, utc_now) as store:
        return await store.make()
