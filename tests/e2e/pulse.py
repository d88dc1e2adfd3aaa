"""Fires a host's timer function several times a second, through the host's admin API: schedules know whole seconds only."""

import threading
from types import TracebackType
from typing import Self

import httpx

from sandbox.host_process import Address

INTERVAL = 0.15
NEVER = "0 0 0 1 1 *"
"""The schedule of a timer that is left to the pulse: next New Year's Day."""


class Pulse:
    """Beats until the end of the block.

    Args:
        address: of the host.
    """

    def __init__(self, address: Address) -> None:
        self._address = address
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._beat, name="pulse")

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None = None,
        error: BaseException | None = None,
        traceback: TracebackType | None = None,
    ) -> None:
        self._over.set()
        self._thread.join()

    def _beat(self) -> None:
        headers = {"x-functions-key": self._address.master_key}
        with httpx.Client(base_url=self._address.url, headers=headers, trust_env=False) as client:
            while not self._over.wait(INTERVAL):
                client.post("/admin/functions/advance_requests", json={"input": ""})
