"""One soak: a client's webhooks, a host that takes them, and what the host holds meanwhile."""

import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles

from qualification.domain.status import Status
from sandbox.chaos.ledger import Ledger
from sandbox.holding import Holding, held_by
from sandbox.host_process import ROOT, HostProcess
from sandbox.partner_center import Operation, PartnerCenter, ValidationCode
from sandbox.world import World, world

INTERVAL = 1.0
PATIENCE = 300.0
"""Seconds for everything to end once the last webhook is answered."""
SETTLED = 2.0
"""Seconds after the last request has ended until what the host holds counts as the end."""
PERCENT = 100
FEW = 1000
"""Up to so many webhooks the sandbox's own quick settings do; more of them would make it review all the time."""
SOAKING = {
    # Reviews run all the time, each customer's a few times.
    "ADVANCE_SCHEDULE": "*/5 * * * * *",
    "REVIEW_FIRST": "PT5S",
    "REVIEW_MAX": "PT20S",
    # As in production: a message waits in a long queue for its turn, so it is not repeated soon.
    "RETRY_FIRST": "PT1M",
    "RETRY_MAX": "PT1H",
    "PARTNER_CENTER_TIMEOUT": "PT10S",
    "PARTNER_CENTER_MAX_CONCURRENCY": "16",
}


@dataclass(frozen=True, slots=True)
class Soaked:
    """What came of it.

    Attributes:
        sending: seconds until all webhooks were answered.
        ending: seconds from then until all requests had ended.
        latencies: of the webhooks, in seconds.
        answers: how often each HTTP status came, 0 for none.
        health: the same of the health checks beside them.
        statuses: the requests by status.
        calls: of Partner Center by operation.
        sent_twice: customers with more than one POST that took effect.
        left: active guards, outbox rows and work items of requests that have ended.
        held: what the host held, each second; the first before the first webhook, the last at the end.
    """

    webhooks: int
    sending: float
    ending: float
    latencies: tuple[float, ...]
    answers: dict[str, int]
    health: dict[str, int]
    statuses: Counter[Status]
    calls: Counter[Operation]
    sent_twice: int
    left: int
    held: tuple[Holding, ...]

    @property
    def all_final(self) -> bool:
        """Whether each webhook has become a request that ended well, once."""
        clean = not self.sent_twice and not self.left
        return clean and self.statuses[Status.APPROVED] == self.webhooks == self.statuses.total()

    @property
    def is_flat(self) -> bool:
        """Whether the host holds at the end what one at work needs, however much it has done."""
        return self.held[-1].is_flat_since(self.held[0])

    def percentile(self, percent: int) -> float:
        """The latency in seconds that so many percent of the webhooks did not exceed."""
        return quantiles(self.latencies, n=PERCENT)[percent - 1]


def soak(folder: Path, webhooks: int, tell: Callable[[str], None] = lambda _: None) -> Soaked:
    """Send webhooks, wait until all requests have ended, and say what that took.

    Args:
        folder: where records and logs go; empty.
        webhooks: how many.
        tell: is given a line now and then.
    """
    with world(folder) as running:
        running.partner_center.run(lambda state: _prepare(state, webhooks))
        settings = running.settings | (SOAKING if webhooks > FEW else {})
        with HostProcess(settings, folder / "soaked-host.log") as host:
            return _Soak(running, host, folder / "records.db", webhooks, tell).play()


class _Soak:
    def __init__(
        self, running: World, host: HostProcess, database: Path, webhooks: int, tell: Callable[[str], None]
    ) -> None:
        self._running, self._host, self._database = running, host, database
        self._webhooks, self._tell = webhooks, tell
        self._held: list[Holding] = []
        self._began = time.monotonic()

    def play(self) -> Soaked:
        self._look()
        url, secret = self._host.address.url, self._running.secret
        command = [sys.executable, "-m", "sandbox.soak.client", url, secret, str(self._webhooks)]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as client:  # noqa: S603  our own module
            while (output := self._output(client)) is None:
                self._look()
            sent = json.loads(output)
        ended = time.monotonic()
        while not self._is_over() and time.monotonic() - ended < PATIENCE:
            time.sleep(INTERVAL)
            self._look()
        ending = time.monotonic() - ended
        time.sleep(SETTLED)
        self._look()
        ledger = Ledger.read(self._database)
        books = self._running.partner_center.run(lambda state: state.books)
        working = sum(record.work is not None for record in ledger.records.values())
        return Soaked(
            self._webhooks,
            sent["seconds"],
            ending,
            tuple(sent["latencies"]),
            sent["statuses"],
            sent["health"],
            Counter(record.status for record in ledger.records.values()),
            Counter(books.count),
            sum(count > 1 for count in books.effective_by_customer().values()),
            len(_active(ledger)) + len(ledger.outbox) + len(ledger.work) - working,
            tuple(self._held),
        )

    def _output(self, client: subprocess.Popen[str]) -> str | None:
        """All that the client has written, once it has ended."""
        try:
            return client.communicate(timeout=INTERVAL)[0]
        except subprocess.TimeoutExpired:
            return None

    def _look(self) -> None:
        now = held_by(self._host)
        self._held.append(now)
        if len(self._held) % 10 == 1:
            posts = self._running.partner_center.run(lambda state: state.books.count[Operation.POST])
            at = time.monotonic() - self._began
            self._tell(
                f"{at:6.1f} s  {now.memory:.0f} MiB, {now.sockets} sockets, {now.threads} threads, "
                f"{now.tasks} tasks, {posts} POSTs"
            )

    def _is_over(self) -> bool:
        posted = self._running.partner_center.run(lambda state: state.books.count[Operation.POST])
        # The whole store is read only once all requests have got that far.
        return posted >= self._webhooks and _ended(Ledger.read(self._database))


def _ended(ledger: Ledger) -> bool:
    return not _active(ledger) and not ledger.outbox


def _active(ledger: Ledger) -> list[str]:
    """The guards of a request that is still on its way."""
    return [key for key, newest in ledger.guards.items() if newest.active]


def _prepare(state: PartnerCenter, webhooks: int) -> None:
    state.settings.vetting_seconds = 10 if webhooks > FEW else 1
    state.set_codes([ValidationCode(validation_id="soak", max_creates=webhooks, remaining_creates=webhooks)])
