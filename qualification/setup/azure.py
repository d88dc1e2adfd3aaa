"""The Azure CLI: what it is asked, and what it has to say."""

import json
import shlex
import shutil
import subprocess
from collections.abc import Callable
from typing import Any

from qualification.setup.stopped import Stopped

NOT_FOUND = 3
"""Its exit code where `show` finds nothing ("Azure CLI exit codes")."""
QUIET = ("--only-show-errors", "--output", "json")
GET_IT = "The Azure CLI (az) is needed and was not found: https://learn.microsoft.com/cli/azure/install-azure-cli"


class Azure:
    """Runs `az`, as the person who is signed in to it.

    Args:
        say: is given each command that changes something, as it begins.
    """

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say

    def read(self, *words: str) -> Any:
        """What a command answers that changes nothing.

        Raises:
            Stopped: it has failed; says what the CLI says.
        """
        return _answer(words, _run(words))

    def find(self, *words: str) -> Any:
        """What `show` shows; None where there is none. Raises Stopped as `read` does."""
        done = _run(words)
        return None if done.returncode == NOT_FOUND else _answer(words, done)

    def change(self, *words: str) -> Any:
        """What a command answers that changes something; raises Stopped as `read` does. No secret may be among the words."""
        self._say(f"      az {shlex.join(words)}")
        return _answer(words, _run(words))

    def works(self, *words: str) -> bool:
        """Whether a command succeeds."""
        return _run(words).returncode == 0

    def sign_in(self, *words: str) -> None:
        """Have the person sign in, who sees what the CLI says; raises Stopped where that fails."""
        self._say(f"      az login {shlex.join(words)}".rstrip())
        if subprocess.run([_program(), "login", *words, "--output", "none"], check=False).returncode:  # noqa: S603  the CLI
            raise Stopped("Nobody is signed in to the Azure CLI, see above.")


def _run(words: tuple[str, ...]) -> "subprocess.CompletedProcess[str]":
    # On Windows it is a script, which only its whole path starts.
    return subprocess.run(  # noqa: S603  the CLI; no shell
        [_program(), *words, *QUIET], check=False, capture_output=True, text=True, stdin=subprocess.DEVNULL
    )


def _program() -> str:
    found = shutil.which("az")
    if found is None:
        raise Stopped(GET_IT)
    return found


def _answer(words: tuple[str, ...], done: "subprocess.CompletedProcess[str]") -> Any:
    if done.returncode:
        raise Stopped(f"az {shlex.join(words)}\n{done.stderr.strip() or f'ended with {done.returncode}'}")
    return json.loads(done.stdout) if done.stdout.strip() else None
