"""`python -m qualification setup`: from nothing to a service that runs, in Azure."""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated

import typer

from qualification.bootstrap import utc_now
from qualification.commands import create_store
from qualification.commands.console import say
from qualification.commands.failure import Failure
from qualification.commands.options import Debug, Options
from qualification.commands.terminal import Terminal
from qualification.domain.errors import StoreMissing, StoreUnavailable
from qualification.setup.answers import Answers
from qualification.setup.app_registration import PORT
from qualification.setup.package import Package
from qualification.setup.plan import Surroundings, plan
from qualification.setup.step import follow
from qualification.setup.stopped import Stopped
from qualification.webhooks.registry import SOURCES

EXAMPLES = """Examples:

python -m qualification setup
python -m qualification setup --answers staging.json

Exit code: 0 the service runs and the doctor is content; 2 faults. Run it again after a fault: it goes on where it was."""
ROOT = Path(__file__).parents[2]

AnswersFile = Annotated[
    Path,
    typer.Option(
        "--answers",
        metavar="FILE",
        help="JSON: what is wanted, by the names of docs/deploy.md; what is asked is kept there.",
    ),
]


class OwnCommands:
    """The other commands of this command line; see qualification.setup.own_commands."""

    def create_store(self, settings: Mapping[str, str]) -> str:
        """`create-store`."""
        try:
            asyncio.run(create_store.make(settings))
        except StoreMissing as error:
            raise Stopped(f"{error}\nThe bootstrap had made its table: see docs/recover.md.") from None
        except StoreUnavailable as error:
            return str(error)
        return ""

    def sign_in(self, settings: Mapping[str, str]) -> None:
        """`sign-in`, which asks on this terminal."""
        if _run(["sign-in", "--port", str(PORT)], settings):
            raise Stopped("The service account has not signed in, see above. Run setup again.")

    def doctor(self, app: str, group: str) -> int:
        """`doctor --app`."""
        return _run(["doctor", "--app", app, "--resource-group", group], {})


def _run(words: Sequence[str], settings: Mapping[str, str]) -> int:
    """A command of ours in a process of its own, on this terminal, as a person would run it; its exit code."""
    command = [sys.executable, "-m", "qualification", *words]
    return subprocess.run(command, check=False, cwd=ROOT, env={**os.environ, **settings}).returncode  # noqa: S603  ours


def command(context: typer.Context, answers: AnswersFile = Path("setup.json"), *, debug: Debug = False) -> int:
    """Set the service up in Azure, step by step; what is done is left alone, so it may be broken off and run again."""
    options: Options = context.obj
    options.add(None, debug=debug)
    options.refuse_json("setup")
    if not (ROOT / "infra" / "main.bicep").exists():
        raise Failure("Setup needs the whole repository, with its templates: run it in a clone.")
    person = Terminal(f"Nobody answers: write the answer into {answers}, or run setup at a terminal.")
    try:
        at = Surroundings(
            answers=Answers.read(answers),
            person=person,
            own=OwnCommands(),
            package=Package(ROOT),
            sources=SOURCES,
            infra=ROOT / "infra",
            now=utc_now,
            sleep=time.sleep,
        )
        follow(plan(at), person.say)
    except Stopped as stopped:
        raise Failure(str(stopped)) from None
    if at.answers.get("CONFIRM_QUALIFICATIONS"):
        say(
            f"Each request waits for your word (CONFIRM_QUALIFICATIONS in {answers}): docs/deploy.md, the first customer."
        )
    return 0
