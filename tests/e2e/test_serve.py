"""What somebody sees who runs the whole service by hand: `serve`, `webhook`, `trouble`."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from sandbox.host_process import ROOT
from sandbox.names import name_of
from sandbox.subscriber import Subscriber
from tests.e2e.eventually import DEADLINE, eventually

ANY_PORT = [word for name in ("--port", "--service-bus-port", "--partner-center-port") for word in (name, "0")]


class Serving:
    """A `serve` that runs in a copy of the project, and what it has printed so far."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._log = folder / "console.log"
        command = [sys.executable, "-m", "sandbox", "serve", *ANY_PORT]
        with self._log.open("w") as log:
            self.process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)  # noqa: S603  our own command

    @property
    def console(self) -> str:
        """What it has printed."""
        return self._log.read_text()

    def line(self, name: str) -> str:
        """What stands behind a name in the introduction."""
        [found] = re.findall(rf"^  {name} +(\S+)", self.console, re.MULTILINE)
        return str(found)

    def command(self, *arguments: str) -> str:
        """What another command of the sandbox prints, in another terminal."""
        done = subprocess.run(  # noqa: S603  our own command
            [sys.executable, "-m", "sandbox", *arguments],
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def webhook(self, crm: str) -> str:
        """Send a webhook about a new customer; its id."""
        [customer] = re.findall(r"\(([0-9a-f-]{36})\)", self.command("webhook", crm))
        return str(customer)

    def shows(self, customer: str, news: str) -> None:
        """Wait for the line of an event."""
        line = rf"^\d\d:\d\d:\d\d  {name_of(customer)} {customer[:8]}  Education  {news}$"
        eventually(lambda: re.search(line, self.console, re.MULTILINE))


@pytest.fixture(scope="module")
def serving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """`serve`, ready."""
    folder = tmp_path_factory.mktemp("project")
    for part in ("qualification", "sandbox"):
        shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
    for file in ("function_app.py", "host.json"):
        shutil.copy(ROOT / file, folder / file)
    served = Serving(folder)
    try:
        eventually(lambda: "Ctrl-C ends everything" in served.console)
        yield served
    finally:
        served.process.send_signal(signal.SIGINT)
        served.process.wait(timeout=DEADLINE)


def test_an_event_is_a_line_for_people(serving: Serving) -> None:
    """When, who by name and id, what; and nobody's subscription has lost it."""
    customer = serving.webhook("dataverse")
    serving.shows(customer, "InReview")
    serving.shows(customer, "Approved")
    settings = json.loads((serving.folder / "local.settings.json").read_text())
    with Subscriber(settings["Values"]["ServiceBusConnection"], lambda _: None, "all") as subscriber:
        assert subscriber.wait_until(lambda: len(subscriber.about(customer)) == 2, DEADLINE)


def test_trouble_comes_and_goes(serving: Serving) -> None:
    """The commands find the ports by the file that `serve` writes."""
    assert "denied" in serving.command("trouble", "denial")
    customer = serving.webhook("standard")
    serving.shows(customer, "Denied")
    assert "\n          Not an Education Customer" in serving.console
    assert serving.command("trouble", "none") == "Partner Center is well again.\n"
    serving.shows(serving.webhook("standard"), "Approved")


def test_its_page_leads_on(serving: Serving) -> None:
    """Whoever opens the address in a browser sees that it runs, and where to read."""
    url = serving.line("Functions")
    page = httpx.get(url).text
    assert '<a href="/api/health">' in page
    assert httpx.get(f"{url}/api/health").json()["status"] == "healthy"


def test_a_topology_that_cannot_be_used_is_explained(tmp_path: Path) -> None:
    """In one line, before anything starts."""
    missing = tmp_path / "topology.json"
    done = subprocess.run(  # noqa: S603  our own command
        [sys.executable, "-m", "sandbox", "serve", *ANY_PORT, "--topology", str(missing)],
        cwd=ROOT,
        env=os.environ,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout == f"The topology cannot be used:\n{missing}: No such file or directory\n"
