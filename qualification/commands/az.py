"""The Azure CLI as a command runs it. Its answers come through a pipe and are shown to nobody."""

import asyncio
import json
import re
import shutil
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Sequence
from typing import Any

from qualification.commands.failure import Failure

INSTALL = "https://learn.microsoft.com/cli/azure/install-azure-cli"
PATIENCE = 90.0
"""Seconds; the first call of a day may take half a minute to sign in."""
ALWAYS = ("--output", "json", "--only-show-errors")
LONGEST_WORDS = 300

_ERROR = re.compile(
    r'"code"\s*:\s*"(?P<code>\w+)".*?"message"\s*:\s*"(?P<message>(?:[^"\\]|\\.)*)"', re.DOTALL | re.IGNORECASE
)
"""The body of a refusal, as az prints it behind the reason ("Resource Manager REST API, error response")."""


class Refused(Failure):
    """Az ran, and did not do what it was asked.

    Attributes:
        code: Azure's own, or nothing.
        words: what az said.
    """

    def __init__(self, text: str, *, code: str = "", words: str = "") -> None:
        super().__init__(text)
        self.code = code
        self.words = words


async def az(words: Sequence[str], *, patience: float = PATIENCE) -> Any:
    """Run a command of az.

    Args:
        words: what stands behind `az`; no secret, for every process of the machine can read them.
        patience: seconds that it may take.

    Returns:
        Its answer, as JSON; None where it gives none.

    Raises:
        Failure: there is no az, or it does not answer.
        Refused: it ends with a fault.
    """
    program = shutil.which("az")
    if program is None:
        raise Failure(f"The Azure CLI (az) is not installed here, or not on the PATH: {INSTALL}")
    process = await asyncio.create_subprocess_exec(program, *words, *ALWAYS, stdin=DEVNULL, stdout=PIPE, stderr=PIPE)
    try:
        async with asyncio.timeout(patience):
            output, errors = await process.communicate()
    except TimeoutError:
        raise Failure(f"az {words[0]} gave no answer within {patience:g} s: try it by itself.") from None
    finally:
        await _end(process)
    if process.returncode:
        raise _refused(words, errors.decode(errors="replace"))
    try:
        return json.loads(output) if output.strip() else None
    except ValueError:
        # Raised out here, because the error repeats the answer, and that may hold a secret.
        unreadable = Refused(f"az {words[0]} gave an answer that is not JSON: update it (az upgrade).")
    raise unreadable


async def _end(process: Process) -> None:
    if process.returncode is None:
        process.kill()
        await process.wait()


def _refused(words: Sequence[str], errors: str) -> Refused:
    told = _ERROR.search(errors)
    said = told["message"].replace('\\"', '"') if told else errors.removeprefix("ERROR: ")
    short = " ".join(said.split())[:LONGEST_WORDS] or "nothing"
    code = told["code"] if told else ""
    return Refused(f"az {words[0]} was refused: {short}", code=code, words=short)
