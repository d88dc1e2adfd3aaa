"""People who decide at random: confirm, cancel and retry over HTTP, stop all writing and resume it."""

import threading
import time
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Any

import httpx

from qualification.domain.record import Record
from sandbox.chaos.ground import Ground

TIMEOUT = 8.0
PAUSE = 0.2
PATIENCE = 30.0
"""Seconds for which a stop, or a resume, is tried while hosts are killed."""
WAITING_FIRST = 0.7
"""How likely what waits is chosen before all else."""
SUCCESS = (200, 202)


@dataclass(frozen=True, slots=True)
class Act:
    """A person's decision.

    Attributes:
        began: before it was sent, by Partner Center's clock.
        status: of the answer; 0 where a connection broke, so that nobody knows whether it was taken.
    """

    customer_id: str
    request_id: str
    action: str
    began: datetime
    status: int

    @property
    def may_count(self) -> bool:
        """Whether it was taken, or may have been."""
        return self.status in {0, *SUCCESS}


class People:
    """Act upon requests.

    Attributes:
        acts: what was decided so far.
        stops: from when until when writing was stopped, by Partner Center's clock.
    """

    def __init__(self, ground: Ground, random: Random) -> None:
        self._ground, self._random = ground, random
        self._client = httpx.Client(timeout=TIMEOUT, trust_env=False)
        self._over = threading.Event()
        self.acts: list[Act] = []
        self.stops: list[tuple[datetime, datetime]] = []

    @property
    def counts(self) -> Counter[str]:
        """How often each action was taken."""
        return Counter(act.action for act in self.acts if act.status in SUCCESS)

    def act_at_random(self) -> None:
        """Do one allowed thing to one request; what is waited for comes first."""
        records = list(self._ground.store.read().records.values())
        waiting = [record for record in records if record.waiting is not None]
        records = waiting if waiting and self._random.random() < WAITING_FIRST else records
        if records:
            self.act(self._random.choice(records))

    def act(self, record: Record, actions: tuple[str, ...] = ("confirm", "cancel", "retry")) -> None:
        """Do one of these to a request, if it is allowed now."""
        customer_id, request_id = str(record.customer_tenant_id), str(record.request_id)
        path = f"/api/customers/{customer_id}/qualifications/{request_id}"
        resource = self._call("GET", path)
        if resource is None or resource.status_code not in SUCCESS:
            return
        allowed = [each for each in actions if each in resource.json()["allowedActions"]]
        if not allowed:
            return
        action, began = self._random.choice(allowed), self._ground.now
        headers = {"if-match": f'"{resource.json()["etag"]}"'}
        answer = self._call("POST", f"{path}/{action}", {"note": "at random"}, headers)
        self.acts.append(Act(customer_id, request_id, action, began, 0 if answer is None else answer.status_code))

    def stop_for(self, seconds: float) -> None:
        """Stop all writing, wait, and resume it."""
        if not self._until_taken("/api/hold"):
            return
        since = self._ground.now
        self._over.wait(seconds)
        until = self._ground.now
        self._until_taken("/api/hold/resume")
        self.stops.append((since, until))

    def resume(self) -> None:
        """Resume, should a stop have outlived its resume."""
        self._until_taken("/api/hold/resume")

    def close(self) -> None:
        """Decide no more."""
        self._over.set()
        self._client.close()

    def _until_taken(self, path: str) -> bool:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            answer = self._call("POST", path, {})
            if answer is not None and answer.status_code in SUCCESS:
                return True
            time.sleep(PAUSE)
        return False

    def _call(
        self, method: str, path: str, content: dict[str, Any] | None = None, headers: dict[str, str] | None = None
    ) -> httpx.Response | None:
        for address in self._ground.hosts.addresses[:1]:
            keys = {"x-functions-key": address.function_key, **(headers or {})}
            try:
                return self._client.request(method, f"{address.url}{path}", json=content, headers=keys)
            except httpx.HTTPError:
                return None
        return None
