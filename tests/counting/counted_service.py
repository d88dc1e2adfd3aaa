"""The service as bootstrap composes it, over rows that count."""

import asyncio
from collections.abc import Iterable
from pathlib import Path
from uuid import UUID

from qualification.bootstrap import bootstrap
from qualification.domain.customer import Customer
from qualification.domain.record import Record
from qualification.domain.transition import CustomerState, Step, Transition
from qualification.stores.sqlite import SqliteRows
from sandbox.partner_center import PartnerCenterThread
from sandbox.service_bus import BrokerThread
from sandbox.service_settings import QUICK, service_settings, webhook_secret
from tests.counting.counted_rows import CountedRows
from tests.unit.stand_ins.clock import StandInClock


class CountedService:
    """Its use cases, at a time that the test says; nothing is due before the clock is advanced.

    Attributes:
        rows: counts what the store asks for.
    """

    def __init__(
        self, folder: Path, broker: BrokerThread, partner_center: PartnerCenterThread, clock: StandInClock, page: int
    ) -> None:
        settings = service_settings(
            service_bus=broker.connection_string,
            partner_center_url=partner_center.url,
            credentials=partner_center.credentials,
            folder=folder,
            secret=webhook_secret(),
        )
        self.clock = clock
        self.rows = CountedRows(SqliteRows(folder / "records.db"), page)
        plain = {name: value for name, value in settings.items() if name not in QUICK}
        self._service = service = bootstrap(plain, rows=self.rows, clock=self.clock)
        self.store, self.bus = service.store, service.adapters.bus
        self.due_work, self.submission, self.intake = service.due_work, service.submission, service.intake

    async def put(self, records: Iterable[Record]) -> None:
        """Store records, and forget that it took anything."""
        customers: dict[UUID, list[Step]] = {}
        for record in records:
            customers.setdefault(record.customer_tenant_id, []).append(Step(None, Transition(record)))
        states = {each: CustomerState(Customer(customer_tenant_id=each)) for each in customers}
        await asyncio.gather(*(self.store.commit(states[each], steps) for each, steps in customers.items()))
        self.rows.forget()

    async def close(self) -> None:
        """Let go of everything."""
        await self._service.close()
        await self.rows.close()
