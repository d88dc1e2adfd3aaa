"""`python -m qualification doctor`."""

import asyncio
import json
import os
import sys
from collections.abc import Callable, Sequence

import typer

from qualification.bootstrap import bootstrap
from qualification.commands.console import err, out
from qualification.commands.deployed_app import deployed_app
from qualification.commands.options import App, AsJson, Debug, Group, Options, SettingsFile
from qualification.doctor.app_examination import examine_app
from qualification.doctor.diagnosis import Diagnosis, exit_code
from qualification.doctor.examination import examine
from qualification.doctor.from_here import CLIENT_SECRET
from qualification.doctor.table import table

EXAMPLES = """Examples:

python -m qualification doctor
python -m qualification doctor --settings local.settings.json
python -m qualification doctor --app func-name --resource-group rg-name
python -m qualification doctor --json > doctor.json

Exit code: 0 well, or could not be checked; 1 warnings; 2 faults."""


def doctor(
    context: typer.Context,
    app: App = None,
    resource_group: Group = None,
    settings: SettingsFile = None,
    *,
    as_json: AsJson = False,
    debug: Debug = False,
) -> int:
    """Check sign-in, roles, records, Service Bus with its filters, and clock; a remedy for whatever is not well."""
    options: Options = context.obj
    options.add(settings, as_json=as_json, debug=debug)
    meant = options.app(app, resource_group)
    with err.status("Checking ...") as status:
        if meant:
            diagnoses = asyncio.run(_examine_app(*meant, status.update))
        else:
            diagnoses = asyncio.run(_examine(options.environment(), status.update))
    if options.as_json:
        sys.stdout.write(json.dumps(document(diagnoses), indent=2) + "\n")
    else:
        out.print(table(diagnoses, out.width), crop=False)
    return exit_code(diagnoses)


def document(diagnoses: Sequence[Diagnosis]) -> dict[str, object]:
    """The diagnoses for a script: `finding` is `ok`, `not-checked`, `warning` or `fault`, `remedy` null where all is well.

    `seenAs` is `app` or `you` of a deployed app, otherwise null.
    """
    return {
        "exitCode": exit_code(diagnoses),
        "checks": [
            {
                "name": diagnosis.name,
                "seenAs": diagnosis.seen_as.name.lower() if diagnosis.seen_as else None,
                "finding": diagnosis.finding.name.lower().replace("_", "-"),
                "detail": diagnosis.detail,
                "remedy": diagnosis.remedy or None,
            }
            for diagnosis in diagnoses
        ],
    }


async def _examine(environment: dict[str, str], say: Callable[[str], None]) -> list[Diagnosis]:
    service = bootstrap(environment)
    try:
        return await examine(service, environment, say)
    finally:
        await service.close()


async def _examine_app(app: str, group: str, say: Callable[[str], None]) -> list[Diagnosis]:
    say(f"Reading the settings of {app} ...")
    return await examine_app(await deployed_app(app, group), os.environ.get(CLIENT_SECRET, "").strip(), say)
