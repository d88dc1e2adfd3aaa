"""Rows that this version cannot read: written by hand, or by a newer version."""

from uuid import UUID, uuid4

import pytest

from qualification.domain.request import Qualification
from qualification.domain.transition import Joined, Stored
from qualification.domain.work import WorkAction
from qualification.stores.keys import customer_key, guard_key, joined_key, request_key, shard_of
from qualification.stores.records import KeyedRecordStore
from qualification.stores.rows import Insert, Replace, Rows
from tests.contract.stores.samples import CODE, NOW, add_first, record, state_of

RUBBISH = f'{{"validationCode": "{CODE}", "status": "FromTheFuture"}}'


async def rewritten(rows: Rows, of: Stored, text: tuple[str, str]) -> None:
    """The row of a record, as somebody else has written it."""
    customer_id = of.record.customer_tenant_id
    row = await rows.get(shard_of(customer_id), request_key(customer_id, of.record.request_id))
    assert row
    await rows.transact(shard_of(customer_id), [Replace(row.key, row.value.replace(*text), row.etag)])


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
    stored = await add_first(store, record())
    customer_id = stored.record.customer_tenant_id
    key = key.format(customer=customer_id, request=uuid4())
    await rows.transact(shard_of(customer_id), [Insert(key, RUBBISH)])
    found = [(item.action, item.request_id) async for page in store.due(NOW) for item in page]
    assert found == [(WorkAction.QUEUE, stored.record.request_id)]
    assert key in caplog.text
    assert CODE not in caplog.text


@pytest.mark.parametrize(
    "key",
    [
        lambda customer_id: request_key(customer_id, uuid4()),
        lambda customer_id: guard_key(customer_id, Qualification.STATE_OWNED_ENTITY),
        customer_key,
    ],
    ids=["record", "guard", "customer"],
)
async def test_an_unreadable_row_is_counted(
    store: KeyedRecordStore, rows: Rows, caplog: pytest.LogCaptureFixture, key: object
) -> None:
    """It is never a missing row; the rest of the customer is found. The key is logged, the row's text is not."""
    stored = await add_first(store, record())
    customer_id = stored.record.customer_tenant_id
    assert callable(key)
    await rows.transact(shard_of(customer_id), [Insert(key(customer_id), RUBBISH)])
    state = await state_of(store, customer_id)
    assert (state.records, state.unreadable) == ((stored,), 1)
    assert key(customer_id)[:50] in caplog.text
    assert CODE not in caplog.text


async def test_a_record_of_a_newer_version_is_counted(store: KeyedRecordStore, rows: Rows) -> None:
    """Even where this version could make sense of it; what the newer one added would be lost."""
    stored = await add_first(store, record())
    await rewritten(rows, stored, ('"version":1', '"version":2'))
    state = await state_of(store, stored.record.customer_tenant_id)
    assert (state.records, state.unreadable) == ((), 1)
    newest = state.guards[stored.record.qualification]
    assert (newest.request_id, newest.active) == (stored.record.request_id, True)


async def test_a_record_with_more_members_of_the_same_version_is_read(store: KeyedRecordStore, rows: Rows) -> None:
    """A version that adds a member that an older one may leave alone does not stop it."""
    stored = await add_first(store, record())
    await rewritten(rows, stored, ('"version":1', '"version":1,"color":"blue"'))
    state = await state_of(store, stored.record.customer_tenant_id)
    assert ([each.record for each in state.records], state.unreadable) == ([stored.record], 0)


async def test_an_unreadable_note_of_an_event_is_as_good_as_none(store: KeyedRecordStore, rows: Rows) -> None:
    """It raises nothing, and what stands there stays."""
    customer_id, request_id = UUID(int=1), uuid4()
    await rows.transact(shard_of(customer_id), [Insert(joined_key(customer_id, request_id), RUBBISH)])
    assert await store.joined(customer_id, request_id) is None
    await store.join(customer_id, Joined(request_id, uuid4(), "f" * 64))
    found = await rows.get(shard_of(customer_id), joined_key(customer_id, request_id))
    assert found
    assert found.value == RUBBISH
