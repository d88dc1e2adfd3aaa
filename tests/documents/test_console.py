"""The commands that documents show work as they stand: each is run in a fresh copy of the project, beside a `make serve`."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import httpx
import pytest

from tests.documents.blocks import ROOT, Block, held
from tests.e2e.eventually import eventually

SHORT = {
    "make serve": "make --dry-run serve",
    "make chaos": "make chaos CHAOS_SECONDS=3",
    "make soak": ".venv/bin/python -m sandbox soak --webhooks 20",
    "make simulate": "make simulate SEEDS=1",
    ".venv/bin/python -m sandbox serve --without-functions": ".venv/bin/python -m sandbox serve --help",
    "make set-up": "make --dry-run set-up",
}
"""Commands that run for long, or until somebody stops them, and what is run in their place."""
ELSEWHERE = set(re.findall(r"[a-z-]+", (ROOT / ".ci" / "run").read_text(encoding="utf-8").rpartition("BESIDE")[2]))
"""Targets that .ci/run makes itself."""
OF_MAKE = {"MAKEFLAGS", "MAKELEVEL", "MAKEOVERRIDES", "MFLAGS"}
FILES = {
    "customers.csv": "tenantId,qualification,segment,website\n{customer},StateOwnedEntity,,\n",
    "payload.json": '{{"customerTenantId": "{customer}", "qualification": "StateOwnedEntity"}}',
}
"""What the guides tell a reader to have, about a customer of the reader's own."""
SERVE = ["-m", "sandbox", "serve", "--port", "0", "--service-bus-port", "0", "--partner-center-port", "0"]


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy of the project in which the service is served.

    Attributes:
        folder: where it is.
        variables: what the guides tell a reader to have in the environment.
        addresses: the usual addresses, and where things listen here.
    """

    folder: Path
    variables: dict[str, str]
    addresses: dict[str, str]

    def run(self, command: str) -> subprocess.CompletedProcess[str]:
        """Run what a reader would type."""
        for usual, ours in self.addresses.items():
            command = command.replace(usual, ours)
        # A make above this test would hand its own options down.
        inherited = {name: value for name, value in os.environ.items() if name not in OF_MAKE}
        return subprocess.run(  # noqa: S602  a shell, as a reader has one
            command,
            shell=True,
            cwd=self.folder,
            env=inherited | self.variables,
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Copy]:
    """The files that git knows or would take in; the packages are those that are installed already."""
    folder = tmp_path_factory.mktemp("clone")
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],  # noqa: S607  git is on the PATH
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    for name in filter(lambda name: (ROOT / name).is_file(), listed.stdout.splitlines()):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, folder / name)
    (folder / ".venv").symlink_to(Path(sys.prefix))
    os.utime(folder / "requirements-dev.txt", (0, 0))  # so that make takes .venv to be newer
    log = folder / "serve.log"
    with (
        log.open("w") as output,
        subprocess.Popen([sys.executable, *SERVE], cwd=folder, stdout=output, stderr=output) as serving,  # noqa: S603  our own
    ):
        try:
            eventually(lambda: "Ctrl-C ends everything" in log.read_text())
            yield served(folder, log.read_text())
        finally:
            serving.send_signal(signal.SIGINT)


def served(folder: Path, introduction: str) -> Copy:
    """What the introduction says, and a request of a customer that a reader may ask for."""
    shown = dict(re.findall(r"^  (\w+ ?\w+?)  +(\S+)", introduction, re.MULTILINE))
    url, key, partner_center = (shown[name] for name in ("Functions", "Function key", "Partner Center"))
    customer = str(uuid4())
    asked = httpx.post(
        f"{url}/api/customers/{customer}/qualifications",
        json={"qualification": "StateOwnedEntity"},
        headers={"x-functions-key": key},
    )
    settings = json.loads((folder / "local.settings.json").read_text())["Values"]
    variables = {"CUSTOMER": customer, "ID": asked.json()["requestId"], "KEY": key, "SERVICE_KEY": key}
    variables["SERVICE_APP_URL"] = url
    for name, content in FILES.items():
        (folder / name).write_text(content.format(customer=uuid4()))
    addresses = {"127.0.0.1:7071": urlsplit(url).netloc, "localhost:8071": urlsplit(partner_center).netloc}
    return Copy(folder, settings | variables, addresses)


@pytest.mark.parametrize("block", held("console"), ids=lambda block: block.where)
def test_commands_work_as_they_stand(copy: Copy, block: Block) -> None:
    """One after another, as a reader would paste them."""
    script = "\n".join(map(in_short, block.text.splitlines()))
    done = copy.run(f"set -e\n{script}")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "<html" not in done.stdout


def in_short(line: str) -> str:
    """What is run for a line; nothing where .ci/run runs it."""
    command = line.split("  #", maxsplit=1)[0].strip()
    if command.startswith("make ") and command.split()[1] in ELSEWHERE:
        return ""
    return SHORT.get(command, line)


def test_a_command_that_does_not_work_is_found(copy: Copy) -> None:
    """The check above can fail."""
    assert copy.run(".venv/bin/python -m sandbox webhook no-such-crm").returncode != 0
    assert copy.run("make no-such-target").returncode != 0
