"""Makes the record store for a service of this machine, as `python -m qualification create-store` does."""

import asyncio
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

from qualification.bootstrap import utc_now
from qualification.stores.opening import open_store


def make_store(settings: Mapping[str, str]) -> None:
    """Make the store that these app settings name, unless it is there; also where an event loop runs already."""
    with ThreadPoolExecutor(max_workers=1) as thread:
        thread.submit(asyncio.run, _make(settings)).result()


async def _make(settings: Mapping[str, str]) -> None:
    async with open_store(settings, utc_now) as store:
        await store.make()
