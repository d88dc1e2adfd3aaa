"""Options of every command, taken before its name and after it."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from qualification.commands.failure import Failure
from qualification.settings.local_settings import read_local_settings

_PANEL = "Before or after the command"

SettingsFile = Annotated[
    Path | None,
    typer.Option(
        "--settings",
        metavar="FILE",
        help="A local.settings.json whose values are read beside the environment, which wins.",
        rich_help_panel=_PANEL,
    ),
]
AsJson = Annotated[bool, typer.Option("--json", metavar=" ", help="Print JSON, for scripts.", rich_help_panel=_PANEL)]
Debug = Annotated[
    bool, typer.Option("--debug", metavar=" ", help="Print the traceback of an error too.", rich_help_panel=_PANEL)
]

App = Annotated[
    str | None,
    typer.Option(
        "--app", metavar="NAME", help="A deployed function app, whose settings az reads; writes none of them."
    ),
]
Group = Annotated[str | None, typer.Option("--resource-group", metavar="GROUP", help="Where the app is deployed.")]


@dataclass(slots=True)
class Options:
    """What was said so far; the command line is read from left to right."""

    settings: Path | None = None
    as_json: bool = False
    debug: bool = False

    def add(self, settings: Path | None, *, as_json: bool = False, debug: bool = False) -> None:
        """Take the options of one place; of two files the later one counts."""
        self.settings = settings or self.settings
        self.as_json = self.as_json or as_json
        self.debug = self.debug or debug

    def refuse_json(self, command: str) -> None:
        """Raise Failure where a script would wait for JSON that never comes."""
        if self.as_json:
            raise Failure(f"{command} has no data to give as JSON: leave --json out.")

    def app(self, name: str | None, group: str | None) -> tuple[str, str] | None:
        """The deployed app that is meant, and its resource group; raises Failure where what was said does not fit together."""
        if name is None and group is None:
            return None
        if name is None or group is None:
            raise Failure("--app and --resource-group belong together.")
        if self.settings:
            raise Failure("--app has the settings of the deployed app: leave --settings out.")
        return name, group

    def environment(self) -> dict[str, str]:
        """The app settings; raises LocalSettingsError where the file cannot be used."""
        return {**(read_local_settings(self.settings).values if self.settings else {}), **os.environ}
