"""`python -m qualification map SOURCE < payload`: what would become of a CRM's payload, field by field."""

import json
import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from qualification.bootstrap import utc_now
from qualification.commands.console import err, out, say
from qualification.commands.failure import Failure
from qualification.commands.map_report import document, report
from qualification.commands.options import AsJson, Debug, Options, SettingsFile
from qualification.domain.errors import ConfigurationError
from qualification.settings.environment import read
from qualification.webhooks.preview import Preview, fields_setting, preview, rules_of
from qualification.webhooks.registry import SOURCES
from qualification.webhooks.reply import Outcome
from qualification.webhooks.source import Delivery, Source

EXAMPLES = """Examples:

python -m qualification map standard --settings local.settings.json < payload.json
python -m qualification map standard --json < payload.json
Get-Content -Raw payload.json | python -m qualification map standard

Exit code: 0 each event asks for a qualification; 1 some are not about one; 2 some are refused, or faults."""
CODES = {Outcome.ACCEPTED: 0, Outcome.UNRELATED: 1}
REFUSED = 2

SourceName = Annotated[str, typer.Argument(metavar="SOURCE", help=f"One of {', '.join(sorted(SOURCES))}.")]


def command(
    context: typer.Context,
    source: SourceName,
    settings: SettingsFile = None,
    *,
    as_json: AsJson = False,
    debug: Debug = False,
) -> int:
    """Show what would become of a CRM's payload (standard input), field by field. Nobody is proven, nothing is stored."""
    options: Options = context.obj
    options.add(settings, as_json=as_json, debug=debug)
    known = SOURCES.get(source)
    if known is None:
        raise Failure(f"There is no source {source}; known are: {', '.join(sorted(SOURCES))}.")
    found = _previews(known, options)
    if options.as_json:
        sys.stdout.write(json.dumps(document(known, found), indent=2) + "\n")
    else:
        out.print(report(known, found, options.settings), crop=False)
    return exit_code(found)


def exit_code(found: Sequence[Preview]) -> int:
    """The worst of the events decides."""
    return max((CODES.get(each.outcome, REFUSED) for each in found), default=0)


def _previews(source: type[Source], options: Options) -> list[Preview]:
    settings, faults = read(source.settings, options.environment())
    if settings is None:
        raise ConfigurationError(faults)
    if not rules_of(source, settings) and fields_setting(source) in source.sample.settings():
        raise Failure(f"{fields_setting(source)} is not set, so nothing can be mapped: name its file with --settings.")
    return preview(source, settings, Delivery("", dict.fromkeys(source.scheme.beside, ""), _payload(), utc_now()))


def _payload() -> bytes:
    if sys.stdin.isatty():
        say("Paste the payload, then end it (Ctrl-D; on Windows Ctrl-Z and Enter):", err)
    found = sys.stdin.buffer.read()
    if not found.strip():
        raise Failure("Nothing came on standard input: python -m qualification map SOURCE < payload")
    return found
