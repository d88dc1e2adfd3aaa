"""Many customers who ask at once."""

from datetime import timedelta
from uuid import UUID

from qualification.domain.record import Record
from qualification.domain.status import Status
from tests.unit.builders import order
from tests.unit.stage import Stage

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


async def many(stage: Stage, count: int) -> list[Record]:
    """So many customers ask at once."""
    ids = [UUID(int=10_000 + number) for number in range(count)]
    return [await stage.accept(order(customer_tenant_id=each)) for each in ids]


async def statuses(stage: Stage, records: list[Record]) -> set[Status]:
    """Where they stand."""
    return {(await stage.stored(each)).status for each in records}
