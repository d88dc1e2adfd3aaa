"""The service as bootstrap composes it, over rows that count."""

import asyncio
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from qualification.bootstrap import bootstrap
from qualification.domain.record import Record
from qualification.domain.transition import Transition
from qualification.stores.records import KeyedRecordStore
from qualification.stores.sqlite import SqliteRows
from sandbox.partner_center import PartnerCenterThread
from sandbox.service_bus import BrokerThread
from sandbox.service_settings import service_settings, webhook_secret
from tests.counting.counted_rows import CountedRows
from tests.unit.builders import POLICY
from tests.unit.stand_ins.clock import StandInClock


class CountedService:
    """Its use cases, at a time that the test says; nothing is due before the clock is advanced.

    Attributes:
        rows: counts what the store asks for.
    """

    def __init__(self, folder: Path, broker: BrokerThread, partner_center: PartnerCenterThread, page: int) -> None:
        settings = service_settings(
            service_bus=broker.connection_string,
            partner_center_url=partner_center.url,
            credentials=partner_center.credentials,
            folder=folder,
            secret=webhook_secret(),
        )
        self.clock = StandInClock()
        self._service = service = bootstrap(settings, clock=self.clock)
        self.rows = CountedRows(SqliteRows(folder / "counted.db"), page)
        self.store = KeyedRecordStore(self.rows)
        self.bus = service.bus
        outbox = replace(service.progress.steps.outbox, store=self.store)
        steps = replace(service.progress.steps, store=self.store, outbox=outbox, policy=POLICY)
        reviews = replace(service.progress.reviews, steps=steps)
        self.progress = replace(service.progress, steps=steps, reviews=reviews)
        self.submission = replace(service.submission, steps=steps)
        self.intake = replace(service.intake, store=self.store)

    async def put(self, records: Iterable[Record]) -> None:
        """Store records, and forget that it took anything."""
        await asyncio.gather(*(self.store.add(Transition(record)) for record in records))
        self.rows.forget()

    async def close(self) -> None:
        """Let go of everything."""
        await self._service.close()
        await self.store.close()
