"""Connections to Azure Table Storage that break in the middle of a step: all of its rows are there, or none."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import uuid4

import pytest

from qualification.domain.errors import StepConflict, StoreUnavailable
from qualification.domain.status import Status
from qualification.domain.transition import Step, Stored, Transition
from qualification.domain.work import WorkAction, WorkItem
from qualification.stores.records import KeyedRecordStore
from qualification.stores.tables import TableRows
from sandbox.azurite import connection_string
from tests.contract.stores.samples import NOW, add, record, records_of, save, state_of, told, work

pytestmark = pytest.mark.tables

PARTS = 6
"""The row changes of `step`, each a part of the batch's body."""
BOUNDARY = b"--changeset"


class Cable:
    """A way to Azurite that breaks.

    Attributes:
        parts: how many parts of a batch's body pass before it breaks; None for all of them.
        answers: whether answers pass.
    """

    def __init__(self, port: int) -> None:
        self.port = port
        self.parts: int | None = None
        self.answers = True

    async def connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Carry one connection until either end closes it, or it breaks."""
        upstream_reader, upstream = await asyncio.open_connection("127.0.0.1", self.port)
        there = asyncio.create_task(self._there(reader, upstream))
        back = asyncio.create_task(self._back(upstream_reader, writer))
        await asyncio.wait({there, back}, return_when=asyncio.FIRST_COMPLETED)
        for end in (upstream, writer):
            end.close()
        await asyncio.gather(there, back, return_exceptions=True)

    async def _there(self, reader: asyncio.StreamReader, upstream: asyncio.StreamWriter) -> None:
        while data := await reader.read(1 << 20):
            if self.parts is None or BOUNDARY not in data:
                upstream.write(data)
                continue
            pieces = data.split(BOUNDARY)
            upstream.write(BOUNDARY.join(pieces[: self.parts + 1]))
            await upstream.drain()
            return

    async def _back(self, upstream_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await upstream_reader.read(1 << 20):
            if not self.answers:
                return
            writer.write(data)


@asynccontextmanager
async def through_cable(azurite: int) -> AsyncIterator[tuple[Cable, KeyedRecordStore, KeyedRecordStore]]:
    """A cable, a store at its end, and a store on the same table that needs no cable."""
    cable, table = Cable(azurite), f"test{uuid4().hex}"
    async with await asyncio.start_server(cable.connect, "127.0.0.1", 0) as server:
        port: int = server.sockets[0].getsockname()[1]
        stores = [
            KeyedRecordStore(TableRows.from_connection_string(connection_string(each), table))
            for each in (port, azurite)
        ]
        rows = TableRows.from_connection_string(connection_string(azurite), table)
        await rows.make()
        await rows.close()
        yield cable, stores[0], stores[1]
        for store in stores:
            await store.close()


def step(stored: Stored) -> Transition:
    """A step that changes rows of every kind: the record, its guard, its work item, and two events."""
    first = told(stored.record.changed(status=Status.IN_REVIEW, work=work(WorkAction.REVIEW)))
    second = told(first.record)
    return Transition(second.record, (*first.events, *second.events))


async def items(store: KeyedRecordStore) -> list[tuple[WorkAction, int]]:
    """Everything due: what it is, and the number of an event."""

    def described(item: WorkItem) -> tuple[WorkAction, int]:
        return item.action, item.event.sequence if item.event else 0

    return sorted([described(item) async for page in store.due(NOW) for item in page])


@pytest.mark.parametrize("parts", range(PARTS + 1))
async def test_a_batch_that_breaks_off_leaves_nothing(azurite: int, parts: int) -> None:
    """However many of its rows have arrived: nothing is stored, and the step can be taken again."""
    async with through_cable(azurite) as (cable, store, other):
        stored = await add(store, Transition(record()))
        cable.parts = parts
        with pytest.raises(StoreUnavailable):
            await save(store, stored, step(stored))
        assert await records_of(other, stored.record.customer_tenant_id) == [stored]
        assert await items(other) == [(WorkAction.QUEUE, 0)]
        cable.parts = None
        await save(store, stored, step(stored))
        assert await items(other) == [(WorkAction.PUBLISH, 1), (WorkAction.PUBLISH, 2), (WorkAction.REVIEW, 0)]


async def test_a_step_whose_answer_is_lost_is_whole(azurite: int) -> None:
    """The caller hears of an outage, everything is stored, and the same step again is a conflict, not a second one."""
    async with through_cable(azurite) as (cable, store, other):
        stored = await add(store, Transition(record()))
        state = await state_of(store, stored.record.customer_tenant_id)
        cable.answers = False
        with pytest.raises(StoreUnavailable):
            await store.commit(state, [Step(stored, step(stored))])
        cable.answers = True
        found = await other.find(stored.record.customer_tenant_id, stored.record.request_id)
        assert found
        assert found.record == step(stored).record
        assert await items(other) == [(WorkAction.PUBLISH, 1), (WorkAction.PUBLISH, 2), (WorkAction.REVIEW, 0)]
        with pytest.raises(StepConflict):
            await store.commit(state, [Step(stored, step(stored))])
