"""`python -m tests.setup.driver FOLDER`: setup as `qualification.commands.setup` composes it, but for what needs a real Azure.

The service's other commands, the package and the person stand in here; they act on the same scripted Azure. The person's
answers are in the file `person`, what it was asked is added to the file `asked`.
"""

import json
import os
import signal
import socket
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from qualification.setup.answers import Answers
from qualification.setup.plan import Surroundings, plan
from qualification.setup.step import follow
from qualification.setup.stopped import Stopped

ROOT = Path(__file__).parents[2]
MOMENT = datetime(2026, 11, 27, 7, tzinfo=UTC)
SOURCES = ("dataverse", "hubspot", "salesforce", "standard")


class Person:
    """Answers what the file says, by the beginning of the question; Enter where it says nothing."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._answers: dict[str, str] = json.loads((folder / "person").read_text(encoding="utf-8"))

    def say(self, text: str) -> None:
        """Print it."""
        print(text, flush=True)  # noqa: T201  what a person reads

    def ask(self, question: str, default: str) -> str:
        """See Person."""
        self._asked(question)
        return next((answer for begin, answer in self._answers.items() if question.startswith(begin)), default)

    def ask_secret(self, question: str) -> str:
        """See Person."""
        return self.ask(question, "")

    def wait(self, until: str) -> None:
        """See Person."""
        self._asked(until)

    def _asked(self, text: str) -> None:
        with (self._folder / "asked").open("a", encoding="utf-8") as asked:
            asked.write(text + "\n")


class OwnCommands:
    """The service's other commands, as far as the scripted Azure would let them (`scripted_az/own.py`)."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def create_store(self, settings: Mapping[str, str]) -> str:
        """See OwnCommands."""
        return self._run("create-store", dict(settings))

    def sign_in(self, settings: Mapping[str, str]) -> None:
        """See OwnCommands."""
        self._run("sign-in", dict(settings))

    def doctor(self, app: str, group: str) -> int:
        """See OwnCommands."""
        given = {"app": app, "group": group, "code": (self._folder / "code").read_text(encoding="utf-8")}
        return int(self._run("doctor", given))

    def _run(self, name: str, given: dict[str, str]) -> str:
        port = int((self._folder / "port").read_text(encoding="utf-8"))
        with socket.create_connection(("127.0.0.1", port)) as connection:
            connection.sendall("\0".join(["own", name, json.dumps(given)]).encode())
            connection.shutdown(socket.SHUT_WR)
            with connection.makefile("rb") as said:
                _, dies, out, _ = said.read().decode().split("\0")
        if dies:
            os.kill(os.getpid(), signal.SIGKILL)
        return out


class Code:
    """A package whose content is in the file `code`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def digest(self) -> str:
        """Its content itself."""
        return (self._folder / "code").read_text(encoding="utf-8")

    def build(self, folder: Path) -> Path:
        """A file of that content."""
        made = folder / "package.zip"
        made.write_text(self.digest(), encoding="utf-8")
        return made


def main(folder: Path) -> int:
    """Set up; 0, or 2 with a sentence on standard error."""
    person = Person(folder)
    try:
        at = Surroundings(
            answers=Answers.read(folder / "setup.json"),
            person=person,
            own=OwnCommands(folder),
            package=Code(folder),
            sources=SOURCES,
            infra=ROOT / "infra",
            now=lambda: MOMENT,
            sleep=lambda seconds: person.say(f"      slept {seconds:g} s"),
        )
        follow(plan(at), person.say)
    except Stopped as stopped:
        sys.stderr.write(f"{stopped}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
