"""Reviews of customers, as a run of the timer makes them."""

import asyncio
from collections.abc import Iterable

from qualification.domain.record import Record
from qualification.use_cases.due_work import RUN_FOR
from qualification.use_cases.review import Reviewed
from tests.unit.stage import Stage


async def reviewed(stage: Stage, records: Iterable[Record]) -> Reviewed:
    """A run that begins now reviews these."""
    until = stage.clock.now + RUN_FOR
    customers = [each.customer_tenant_id for each in records]
    return await stage.service.due_work.reviews.review(customers, until, asyncio.Event())
