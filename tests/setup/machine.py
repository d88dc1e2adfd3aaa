"""A machine with an Azure CLI that is scripted, where somebody runs setup."""

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.setup.driver import ROOT
from tests.setup.scripted_az.cli import CHANGES, name_of
from tests.setup.scripted_az.server import ScriptedAzure
from tests.setup.scripted_az.world import State

ANSWERS = {"A name": "test", "Who gets": "operators@example.com, duty@example.com", "CRMs": "standard"}
KILLED = -9


class Machine:
    """Close it, or use the fixture `machine`.

    Args:
        folder: an empty one.
        answers: what the person answers, by the beginning of a question.
    """

    def __init__(self, folder: Path, answers: dict[str, str] | None = None) -> None:
        self.folder = folder
        self.azure = ScriptedAzure(folder)
        self.write("port", str(self.azure.port))
        self.write("person", json.dumps(ANSWERS | (answers or {})))
        self.write("code", "1")

    @property
    def state(self) -> State:
        """What there is in Azure."""
        return self.azure.state

    def close(self) -> None:
        """Take Azure away."""
        self.azure.close()

    @property
    def answers(self) -> Any:
        """The file of answers."""
        return json.loads((self.folder / "setup.json").read_text(encoding="utf-8"))

    def answer(self, **answers: Any) -> None:
        """Write into the file of answers."""
        file = self.folder / "setup.json"
        self.write("setup.json", json.dumps((self.answers if file.exists() else {}) | answers))

    def set_up(self, *, die: int = 0) -> "subprocess.CompletedProcess[str]":
        """Run setup, and let it die after the change of that number, counted from now."""
        self.azure.dies_at = self.state["changes"] + die if die else 0
        self.azure.calls.clear()
        self.write("asked", "")
        return subprocess.run(  # noqa: S603  our own
            [sys.executable, "-m", "tests.setup.driver", str(self.folder)],
            cwd=ROOT,
            env=os.environ | {"PATH": f"{self.folder}{os.pathsep}{os.environ['PATH']}"},
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )

    @property
    def calls(self) -> list[str]:
        """The commands of the last run, with what differs from run to run left out."""
        return [_steady(shlex.join(["az", *each])) for each in self.azure.calls]

    @property
    def changes(self) -> list[str]:
        """Those of them that change something, by their names."""
        return [name for name in map(name_of, self.azure.calls) if name in CHANGES]

    @property
    def asked(self) -> list[str]:
        """What the person was asked in the last run."""
        return self.read("asked").splitlines()

    def read(self, name: str) -> str:
        """A file."""
        return (self.folder / name).read_text(encoding="utf-8")

    def write(self, name: str, text: str) -> None:
        """A file."""
        (self.folder / name).write_text(text, encoding="utf-8")


def _steady(call: str) -> str:
    """Without the folders of this machine, and what stands for templates and parameters."""
    call = call.replace(f"{ROOT}/", "").removesuffix(" --only-show-errors --output json")
    call = re.sub(r"(@?)/\S*/(parameters\.json|credential\.json|secret|packages/\S+\.zip)", r"\1\2", call)
    return re.sub(r"setup-[0-9a-f]{16}", "setup-0123456789abcdef", call)
