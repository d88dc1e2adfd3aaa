"""Partner Center on a thread and an event loop of its own, for tests and benchmarks that have other things to wait for."""

import asyncio
import threading
from collections.abc import Callable, Coroutine
from typing import Any, Self

from sandbox.partner_center.credentials import Credentials
from sandbox.partner_center.endpoint import Endpoint
from sandbox.partner_center.server import PartnerCenterServer
from sandbox.partner_center.state import PartnerCenter


class PartnerCenterThread(Endpoint):
    """A context manager that serves between `__enter__` and `__exit__`.

    Args:
        port: 0 for a free one.
        partner_center: The state to serve; after the start it belongs to the thread, see `run`.
    """

    def __init__(self, port: int = 0, *, partner_center: PartnerCenter | None = None) -> None:
        self._server = PartnerCenterServer(port=port, partner_center=partner_center)
        self._thread = threading.Thread(target=self._serve, name="partner-center", daemon=True)
        self._ready = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping: asyncio.Event | None = None
        self._failure: BaseException | None = None

    @property
    def url(self) -> str:
        """The API's base address, without a path."""
        return self._server.url

    @property
    def credentials(self) -> Credentials:
        """Tenant, client and the first refresh token."""
        return self._server.credentials

    def run[T](self, action: Callable[[PartnerCenter], T]) -> T:
        """Do something with the state between two calls, and return what comes of it."""

        async def act() -> T:
            return action(self._server.partner_center)

        return self._await(act())

    def reset(self) -> None:
        """Go back to the beginning; see `PartnerCenter.reset`."""
        self.run(PartnerCenter.reset)

    def interrupt(self) -> None:
        """Reset all connections and refuse new ones, until `resume`."""
        self._await(self._server.interrupt())

    def resume(self) -> None:
        """Accept connections again, at the same port."""
        self._await(self._server.resume())

    def __enter__(self) -> Self:
        self._thread.start()
        self._ready.wait()
        if self._failure is not None:
            self._thread.join()
            raise self._failure
        return self

    def __exit__(self, *_: object) -> None:
        if self._loop is not None and self._stopping is not None:
            self._loop.call_soon_threadsafe(self._stopping.set)
        self._thread.join()
        self._loop = None

    def _await[T](self, coroutine: Coroutine[Any, Any, T]) -> T:
        if self._loop is None:
            coroutine.close()
            raise RuntimeError("the thread is not running")
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result()

    def _serve(self) -> None:
        try:
            asyncio.run(self._serve_until_stopped())
        except BaseException as failure:  # noqa: BLE001  handed to the thread that started this one
            self._failure = failure
        finally:
            self._ready.set()

    async def _serve_until_stopped(self) -> None:
        self._stopping = asyncio.Event()
        async with self._server:
            self._loop = asyncio.get_running_loop()
            self._ready.set()
            await self._stopping.wait()
