"""An `az` whose answers are scripted, in front of the real one on the PATH of a command."""

import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

PROGRAM = """#!{python}
import json, pathlib, sys
words = sys.argv[1:]
folder = pathlib.Path({folder!r})
with (folder / "calls").open("a") as calls:
    calls.write(json.dumps(words) + "\\n")
if words[:2] == ["account", "get-access-token"]:
    sys.stderr.write("ERROR: Please run 'az login' to setup account.\\n")
    sys.exit(1)
method, path = words[words.index("--method") + 1], words[words.index("--url") + 1].partition("?")[0]
answers = json.loads((folder / "answers.json").read_text())
found = next((each for each in answers if each["method"] == method and path.endswith(each["path"])), None)
if found is None:
    sys.stderr.write('ERROR: Not Found({{"error":{{"code":"ResourceNotFound","message":"The Resource was not found."}}}})\\n')
    sys.exit(1)
if found.get("error"):
    sys.stderr.write(found["error"] + "\\n")
    sys.exit(1)
sys.stdout.write(json.dumps(found["answer"]))
"""


class ScriptedAz:
    """Answers `az rest` with what it is told to, and notes how it was called; nobody is signed in to it otherwise.

    Args:
        folder: an existing one, where the program and its notes lie.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._answers: list[dict[str, Any]] = []
        program = folder / "az"
        program.write_text(PROGRAM.format(python=sys.executable, folder=str(folder)))
        program.chmod(0o700)

    def answers(self, method: str, path: str, answer: Mapping[str, Any]) -> None:
        """A call of this method whose path ends so gets this answer; the newest counts."""
        self._tell({"method": method, "path": path, "answer": answer})

    def refuses(self, method: str, path: str, error: str) -> None:
        """It ends with this on standard error."""
        self._tell({"method": method, "path": path, "error": error})

    @property
    def calls(self) -> list[list[str]]:
        """The words behind `az` of each call, in their order."""
        notes = self._folder / "calls"
        return [json.loads(line) for line in notes.read_text().splitlines()] if notes.exists() else []

    @property
    def environment(self) -> dict[str, str]:
        """Variables that have a command, and the SDK of Azure within it, find this one."""
        return {
            "PATH": f"{self._folder}{os.pathsep}{os.environ['PATH']}",
            "AZURE_TOKEN_CREDENTIALS": "AzureCliCredential",
        }

    def _tell(self, told: dict[str, Any]) -> None:
        self._answers.insert(0, told)
        (self._folder / "answers.json").write_text(json.dumps(self._answers))
