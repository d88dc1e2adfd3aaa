"""Rows that nobody can read: written by hand, or by a newer version."""

from uuid import uuid4

import pytest

from qualification.domain.record import WorkAction
from qualification.domain.request import Qualification
from qualification.domain.transition import Owner, Transition
from qualification.stores.keys import active_key, cause_key, request_key, shard_of
from qualification.stores.records import KeyedRecordStore
from qualification.stores.rows import Insert, Rows
from tests.contract.stores.samples import CODE, NOW, record

RUBBISH = f'{{"validationCode": "{CODE}", "status": "FromTheFuture"}}'


@pytest.mark.parametrize(
    "key",
    [
        "work|0|rubbish",
        "work|2026-01-01T00:00:00.000000Z|dance|{customer}|{request}",
        "work|2026-01-01T00:00:00.000000Z|queue|nobody|{request}",
        "work|2026-01-01T00:00:00.000000Z|publish|{customer}|{request}|0000000001",
    ],
)
async def test_unreadable_work_does_not_stop_the_rest(
    store: KeyedRecordStore, rows: Rows, caplog: pytest.LogCaptureFixture, key: str
) -> None:
    """All other work of the shard is found; the key is logged, the row's text is not."""
    stored = await store.add(Transition(record()))
    customer_id = stored.record.customer_tenant_id
    key = key.format(customer=customer_id, request=uuid4())
    await rows.transact(shard_of(customer_id), [Insert(key, RUBBISH)])
    found = [(item.action, item.request_id) async for page in store.due(NOW) for item in page]
    assert found == [(WorkAction.QUEUE, stored.record.request_id)]
    assert key in caplog.text
    assert CODE not in caplog.text


async def test_an_unreadable_record_is_passed_over(
    store: KeyedRecordStore, rows: Rows, caplog: pytest.LogCaptureFixture
) -> None:
    """The customer's other records are found; the key is logged, the row's text is not."""
    stored = await store.add(Transition(record()))
    customer_id, request_id = stored.record.customer_tenant_id, uuid4()
    await rows.transact(shard_of(customer_id), [Insert(request_key(customer_id, request_id), RUBBISH)])
    assert await store.records(customer_id) == [stored]
    assert await store.find(customer_id, request_id) is None
    assert str(request_id) in caplog.text
    assert CODE not in caplog.text


async def test_unreadable_notes_are_as_good_as_none(store: KeyedRecordStore, rows: Rows) -> None:
    """A guard, join or cause that says nothing raises nothing."""
    customer_id, request_id = uuid4(), uuid4()
    keys = [
        active_key(customer_id, Qualification.EDUCATION),
        request_key(customer_id, request_id),
        cause_key(customer_id, "cause"),
    ]
    await rows.transact(shard_of(customer_id), [Insert(key, RUBBISH) for key in keys])
    assert await store.active(customer_id, Qualification.EDUCATION) is None
    assert await store.joined(customer_id, request_id) is None
    assert not await store.raise_cause("cause", customer_id, Owner(request_id, customer_id, NOW))
    assert await store.owner_of("cause", customer_id) is None
