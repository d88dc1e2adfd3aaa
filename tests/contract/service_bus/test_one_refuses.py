"""The topic refuses and the queue is well, or the other way round: neither holds up the other."""

from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import uuid4

import pytest

from qualification.bootstrap import Service, bootstrap
from qualification.domain.alerts import alerted
from qualification.domain.events import Attention
from qualification.domain.transition import Step, Transition
from sandbox.service_bus import BrokerThread
from tests.contract.service_bus.conftest import QUEUE, TOPIC
from tests.unit.builders import AT, queued
from tests.unit.stage import SETTINGS
from tests.unit.stand_ins.clock import StandInClock
from tests.unit.stand_ins.rows import marked_rows

REQUESTS = 40


@pytest.fixture
async def service(request: pytest.FixtureRequest, broker: BrokerThread) -> AsyncIterator[Service]:
    """A service one of whose entities is not there, with forty hints to repeat and forty events to publish."""
    settings = {"ServiceBusConnection": broker.connection_string, request.param: "not-there"}
    clock = StandInClock()
    composed = bootstrap(SETTINGS | settings, rows=marked_rows(), clock=clock)
    for _ in range(REQUESTS):
        record = queued(customer_tenant_id=uuid4(), request_id=uuid4())
        state = (await composed.store.customers(record.customer_tenant_id))[record.customer_tenant_id]
        told = alerted(Transition(record), Attention.CORRECTION_IGNORED, "d", "r", AT, "key")
        await composed.store.commit(state, [Step(None, told)])
    clock.advance(timedelta(hours=1))
    yield composed
    await composed.close()


@pytest.mark.parametrize(
    ("service", "requeued", "published"),
    [("QUALIFICATION_TOPIC", REQUESTS, 0), ("QUALIFICATION_QUEUE", 0, REQUESTS)],
    indirect=["service"],
)
async def test_all_goes_where_it_can_in_the_first_run(
    service: Service, broker: BrokerThread, requeued: int, published: int
) -> None:
    """Forty and forty, and the run tells that the bus is down."""
    run = await service.due_work.advance()
    assert (run.requeued, run.published) == (requeued, published)
    assert (run.queue_is_down, run.topic_is_down) == (not requeued, not published)
    counts = broker.counts()
    assert counts[QUEUE].active == requeued
    assert counts[f"{TOPIC}/Subscriptions/all"].active == published
