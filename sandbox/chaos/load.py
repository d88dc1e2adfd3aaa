"""Sends what is asked for, and again where no proper answer comes, as a CRM does."""

import threading
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import httpx

from qualification.webhooks.standard.sample import signed
from sandbox.chaos.customers import Ask
from sandbox.chaos.ground import Ground
from sandbox.host_process import Address

SENDERS = 12
TIMEOUT = 8.0
"""Seconds; longer than the service waits for its store."""
PAUSE = 0.25
SERVER_ERROR = 500


@dataclass(frozen=True, slots=True)
class Answered:
    """The last word about one delivery; `location` where it was accepted."""

    ask: Ask
    status: int
    location: str | None


class Load:
    """Sends deliveries at their time, several at once; a context manager.

    Attributes:
        answers: what came of each, so far.
        statuses: how often each HTTP status came, repeats included; 0 where a connection broke or none came about.
    """

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._pool = ThreadPoolExecutor(SENDERS, thread_name_prefix="sender")
        self._client = httpx.Client(timeout=TIMEOUT, trust_env=False)
        self._stopped = threading.Event()
        self._sent: list[Future[None]] = []
        self.answers: list[Answered] = []
        self.statuses: Counter[int] = Counter()

    def send(self, asks: Sequence[Ask], began: float) -> None:
        """Send deliveries, each at its time after `began` (of `time.monotonic`)."""
        for ask in asks:
            if self._stopped.wait(max(0.0, began + ask.at - time.monotonic())):
                return
            self.send_now([ask])

    def send_now(self, asks: Iterable[Ask]) -> None:
        """Send deliveries at once."""
        self._sent += [self._pool.submit(self.deliver, ask) for ask in asks]

    def deliver(self, ask: Ask) -> None:
        """Send one delivery until it is answered for good."""
        while not self._stopped.is_set():
            answer = self._try(ask)
            if answer is not None and answer.status_code < SERVER_ERROR:
                self.answers.append(Answered(ask, answer.status_code, answer.headers.get("location")))
                return
            self._stopped.wait(PAUSE)

    @property
    def is_over(self) -> bool:
        """Whether everything sent so far is answered."""
        return all(sent.done() for sent in self._sent)

    def close(self) -> None:
        """Send no more."""
        self._stopped.set()
        self._pool.shutdown()
        self._client.close()

    def _try(self, ask: Ask) -> httpx.Response | None:
        for address in self._ground.hosts.addresses[:1]:
            try:
                answer = self._post(address, ask)
            except httpx.HTTPError:
                break
            self.statuses[answer.status_code] += 1
            return answer
        self.statuses[0] += 1
        return None

    def _post(self, address: Address, ask: Ask) -> httpx.Response:
        if ask.webhook:
            content = {"customerTenantId": ask.customer_id, **ask.content}
            body, headers = signed(content, self._ground.secret, event_id=ask.event_id)
            return self._client.post(f"{address.url}/api/webhooks/standard", content=body, headers=headers)
        keys = {"x-functions-key": address.function_key, "idempotency-key": ask.event_id}
        path = f"/api/customers/{ask.customer_id}/qualifications"
        return self._client.post(f"{address.url}{path}", json=dict(ask.content), headers=keys)
