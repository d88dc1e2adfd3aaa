"""A short story through the whole service: real runtime, real Service Bus SDK, real HTTP, one machine."""

import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from sandbox.crm import BUILDERS
from sandbox.event_text import event_text, news
from sandbox.outcomes import WIDTH, Outcomes, in_words
from sandbox.partner_center import Fault, Operation, PartnerCenter, ReplyName
from sandbox.stories import (
    ACADEMY,
    CITY,
    COLLEGE,
    COMPANY,
    INTRUDER,
    LIBRARY,
    RAILWAY,
    SCHOOL,
    STORIES,
    UNIVERSITY,
    Story,
)
from sandbox.subscriber import Subscriber
from sandbox.world import World, world

PATIENCE = 120.0
"""Seconds after which the demo stops waiting for an event."""


class Demo:
    """Plays the stories and checks what came of them."""

    def __init__(self, running: World, console: Console) -> None:
        self._world = running
        self._console = console
        self._began = time.monotonic()
        self._names = {story.customer_id: story.customer for story in STORIES}
        self._http = httpx.Client(base_url=running.host.address.url, timeout=10)
        self._outcomes = Outcomes(wanted=len(STORIES) + 1)

    def play(self) -> bool:
        """Play to the end; whether everything came as expected."""
        for story in STORIES:
            self._script(story)
        with self._http, Subscriber(self._world.broker.connection_string, self._show_event) as subscriber:
            self._tell("Four CRMs report seven customers, each in its own language.")
            location = self._send_unanswered(LIBRARY)
            for story in (UNIVERSITY, COMPANY, CITY, RAILWAY, COLLEGE, ACADEMY):
                self._send(story)
            self._repeat(UNIVERSITY)
            self._forge(INTRUDER)
            self._live_through_outage(SCHOOL)
            self._decide(location, LIBRARY, subscriber)
            subscriber.wait_until(lambda: all(self._is_over(story, subscriber) for story in STORIES), PATIENCE)
            for story in STORIES:
                self._check(story, subscriber)
        self._outcomes.print(self._console)
        return self._outcomes.good

    def _script(self, story: Story) -> None:
        self._world.partner_center.run(lambda state: state.script(story.script, story.customer_id))

    def _send(self, story: Story, **settings: str) -> httpx.Response:
        content = {"customerTenantId": story.customer_id, **story.request}
        call = BUILDERS[story.crm](content, self._world.settings | settings, f"crm-{story.customer_id}")
        answer = self._http.post(call.path, content=call.body, headers=call.headers)
        wanted = f"{story.request['qualification']}: {answer.status_code} {answer.reason_phrase}"
        if call.source == "salesforce" and "<Ack>true</Ack>" in answer.text:
            wanted += ", Ack true"
        self._line("webhook", story.customer, f"{call.source}, {wanted}")
        return answer

    def _repeat(self, story: Story) -> None:
        self._tell("The CRM sends the first webhook again, as CRMs do.")
        first = self._get(f"/api/customers/{story.customer_id}/qualifications")["items"]
        answer = self._send(story)
        again = self._get(f"/api/customers/{story.customer_id}/qualifications")["items"]
        same = "same" if answer.headers["location"] == first[0]["links"]["self"] else "another"
        came = f"{answer.status_code}, {len(again)} stored, {same} location"
        self._outcomes.add("The same webhook twice is one request", "202, 1 stored, same location", came)

    def _forge(self, story: Story) -> None:
        self._tell("Somebody sends a webhook with a signature of its own making.")
        answer = self._send(story, WEBHOOK_STANDARD_SECRETS="whsec_Zm9yZ2VkLXNlY3JldC1mb3JnZWQ=")
        stored = self._get(f"/api/customers/{story.customer_id}/qualifications")["items"]
        self._outcomes.add(story.title, "401, 0 stored", f"{answer.status_code}, {len(stored)} stored")

    def _send_unanswered(self, story: Story) -> str:
        """Send one whose POSTs Partner Center never answers; where to follow it."""
        fault = Fault(operation=Operation.POST, customer=story.customer_id, then=ReplyName.GATEWAY_TIMEOUT)
        self._world.partner_center.run(lambda state: state.fault(fault))
        return self._send(story).headers["location"]

    def _decide(self, location: str, story: Story, subscriber: Subscriber) -> None:
        self._tell(
            "Nobody answers for Northwind Library. The service reads, waits, and sends once more (half a minute)."
        )
        subscriber.wait_until(lambda: "outcome-unknown" in _statuses(story, subscriber), PATIENCE)
        self._tell("Two POSTs got no answer. Nobody knows, so a person looks in Partner Center, and ends the request.")
        key = {"x-functions-key": self._world.host.address.function_key}
        answer = self._http.post(
            f"{location}/cancel", json={"note": "not in Partner Center, asked by phone"}, headers=key
        )
        status = answer.json()
        self._line("action", story.customer, f"cancel: {answer.status_code}, {status.get('status')}")

    def _live_through_outage(self, story: Story) -> None:
        self._tell("Partner Center goes down, and the next webhook comes all the same.")
        self._set_outage(down=True)
        location = self._send(story).headers["location"]
        status = self._poll(location, lambda status: status["error"] is not None)
        error = status["error"] or {}
        self._line("status", story.customer, f"{status['status']}, {error.get('description', 'no error seen')}")
        self._set_outage(down=False)
        self._tell("Partner Center is back. The request goes on by itself; now Microsoft takes its time.")

    def _set_outage(self, *, down: bool) -> None:
        def change(state: PartnerCenter) -> None:
            state.settings.outage = down

        self._world.partner_center.run(change)

    def _poll(self, path: str, until: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        deadline = time.monotonic() + PATIENCE
        while not until(status := self._get(path)) and time.monotonic() < deadline:
            time.sleep(0.1)
        return status

    def _get(self, path: str) -> dict[str, Any]:
        key = {"x-functions-key": self._world.host.address.function_key}
        answer: dict[str, Any] = self._http.get(path, headers=key).json()
        return answer

    def _is_over(self, story: Story, subscriber: Subscriber) -> bool:
        return len(_statuses(story, subscriber)) >= len(story.statuses)

    def _check(self, story: Story, subscriber: Subscriber) -> None:
        if not story.statuses:
            return
        books = self._world.partner_center.run(lambda state: state.books)
        writes = books.effective_posts(story.customer_id) + books.effective_puts(story.customer_id)
        came = in_words(_statuses(story, subscriber), writes)
        self._outcomes.add(story.title, in_words(story.statuses, story.writes), came)

    def _show_event(self, event: dict[str, Any]) -> None:
        self._line("event", self._names.get(event["subject"], event["subject"]), event_text(event))

    def _tell(self, text: str) -> None:
        self._console.print(f"\n[bold]{text}[/bold]")

    def _line(self, kind: str, customer: str, text: str | Text) -> None:
        headline, *rest = (Text(text) if isinstance(text, str) else text).split()
        row = Table.grid(padding=(0, 2))
        for width in (7, 7, 21, None):
            row.add_column(width=width, overflow="fold")
        row.add_row(f"{time.monotonic() - self._began:5.1f} s", kind, customer, headline)
        self._console.print(row)
        for line in rest:
            self._console.print(Padding(line, (0, 0, 0, 18)))


def _statuses(story: Story, subscriber: Subscriber) -> list[str]:
    return [news(event) for event in subscriber.about(story.customer_id)]


def _introduce(running: World, console: Console) -> None:
    console.print("[bold]The whole service, on this machine[/bold]")
    for name, address, remark in (
        ("Functions host", running.host.address.url, "function_app.py in Azure's own runtime"),
        ("Service Bus", f"sb://127.0.0.1:{running.broker.port}", "behind the real azure-servicebus SDK"),
        ("Partner Center", running.partner_center.url, "simulated; vetting takes 2 s, not days"),
    ):
        console.print(f"  {name:<14}  {address:<22}  {remark}", highlight=False)


def run(console: Console | None = None) -> int:
    """Play the demo; 0 if all came as expected.

    Args:
        console: where it is shown; by default here, in as many columns as the terminal has.
    """
    console = console or Console()
    if not console.is_terminal:
        console.width = WIDTH
    with TemporaryDirectory(prefix="qualification-demo-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        with world(folder) as running:
            running.host.start()
            _introduce(running, console)
            good = Demo(running, console).play()
        if not good:
            console.print((folder / "functions-host.log").read_text(), markup=False, highlight=False)
    return 0 if good else 1
