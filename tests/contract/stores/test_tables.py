"""What holds for Azure Table Storage in particular."""

import asyncio
import subprocess
import sys
from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import batched
from uuid import uuid4

import pytest
from azure.data.tables.aio import TableClient

from qualification.domain.errors import StoreMissing, StoreUnavailable
from qualification.stores.rows import Insert, Replace
from qualification.stores.tables import TableRows
from sandbox.azurite import connection_string

ROW_NOT_FOUND = '{"odata.error": {"code": "ResourceNotFound", "message": {"lang": "en", "value": "gone"}}}'


@asynccontextmanager
async def answering(*answers: str) -> AsyncIterator[str]:
    """The account of a server that gives these answers (status line, then body) in turn, and then the last for ever."""
    left = list(batched(answers, 2, strict=True))

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        status, body = left.pop(0) if len(left) > 1 else left[0]
        kind = "Content-Type: application/json\r\n" if body.startswith("{") else ""
        head = f"HTTP/1.1 {status}\r\n{kind}Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        writer.write((head + body).encode())
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        yield connection_string(server.sockets[0].getsockname()[1])


@pytest.fixture
async def table(azurite_account: str) -> AsyncIterator[TableClient]:
    """A table that does not exist yet."""
    async with TableClient.from_connection_string(azurite_account, f"test{uuid4().hex}") as client:
        yield client


def test_nobody_pays_for_the_sdk_before_using_it() -> None:
    """Importing and building the store imports nothing of Azure: a cold webhook that answers 401 needs none of it."""
    program = """
import sys
from qualification.stores.records import KeyedRecordStore
from qualification.stores.tables import TableRows
KeyedRecordStore(TableRows.from_connection_string("AccountName=a;AccountKey=a"))
KeyedRecordStore(TableRows.from_endpoint("https://a.table.core.windows.net", object()))
print([name for name in sys.modules if name.startswith(("azure", "aiohttp"))])
"""
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)  # noqa: S603  the program is above
    assert ran.stdout.strip() == "[]"


async def test_a_malformed_connection_string_says_so() -> None:
    """It is told in a sentence that does not repeat the value."""
    rows = TableRows.from_connection_string("AccountKey=very-secret")
    with pytest.raises(StoreUnavailable, match="address of the table storage") as raised:
        await rows.get("00", "a")
    assert "very-secret" not in str(raised.value)


async def test_silence_is_not_waited_for_forever() -> None:
    """A server that takes the call and never answers is given up after `patience`."""
    connected: list[asyncio.StreamWriter] = []
    server = await asyncio.start_server(lambda _, writer: connected.append(writer), "127.0.0.1", 0)
    rows = TableRows.from_connection_string(connection_string(server.sockets[0].getsockname()[1]), patience=0.2)
    with pytest.raises(StoreUnavailable, match=r"did not answer within 0\.2 s"):
        await rows.transact("00", [Insert("a", "text")])
    assert connected
    await rows.close()
    for writer in connected:
        writer.close()
    server.close()
    await server.wait_closed()


async def test_a_server_in_trouble_is_a_store_that_is_down() -> None:
    """An answer that makes no sense is StoreUnavailable, with its status and without its body."""
    async with answering("500 Trouble", "<html>") as account:
        rows = TableRows.from_connection_string(account)
        with pytest.raises(StoreUnavailable, match="table storage answered 500"):
            await rows.get("00", "a")
        await rows.close()


async def test_a_moment_of_trouble_goes_unnoticed() -> None:
    """A busy server is asked again before the store counts as down."""
    async with answering("503 Busy", "", "404 Not Found", ROW_NOT_FOUND) as account:
        rows = TableRows.from_connection_string(account)
        assert await rows.get("00", "a") is None
        await rows.close()


# The SDK reads Azure's XML errors in a way that a later Python will read differently.
@pytest.mark.filterwarnings("ignore:Testing an element's truth value:DeprecationWarning")
@pytest.mark.tables
async def test_a_wrong_key_is_a_store_that_is_down(azurite: int) -> None:
    """Being refused says so, with Azure's code."""
    rows = TableRows.from_connection_string(connection_string(azurite, b64encode(b"wrong").decode()))
    with pytest.raises(StoreUnavailable, match="answered 403 AuthorizationFailure"):
        await rows.get("00", "a")
    await rows.close()


@pytest.mark.tables
async def test_a_missing_table_is_made_once(azurite_account: str, table: TableClient) -> None:
    """Several people may make it at the same time."""
    instances = [TableRows.from_connection_string(azurite_account, table.table_name) for _ in range(5)]
    assert sum(await asyncio.gather(*(rows.make() for rows in instances))) == 1
    await asyncio.gather(*(rows.transact("00", [Insert(f"{n}", "x")]) for n, rows in enumerate(instances)))
    assert [row.key async for page in instances[0].scan("00", "", "~") for row in page] == list("01234")
    for rows in instances:
        await rows.close()


@pytest.mark.tables
async def test_a_table_that_was_deleted_is_missing(azurite_account: str, table: TableClient) -> None:
    """Reading, scanning and writing each say so, and none makes another one."""
    rows = TableRows.from_connection_string(azurite_account, table.table_name)
    await rows.make()
    await rows.transact("00", [Insert("a", "x")])
    await table.delete_table()
    with pytest.raises(StoreMissing, match="create-store"):
        await rows.get("00", "a")
    with pytest.raises(StoreMissing, match="create-store"):
        [page async for page in rows.scan("00", "", "~")]
    with pytest.raises(StoreMissing, match="create-store"):
        await rows.transact("00", [Insert("a", "x")])
    await rows.close()


@pytest.mark.tables
async def test_a_row_is_an_entity_that_a_person_can_read(azurite_account: str, table: TableClient) -> None:
    """PartitionKey is the shard, RowKey the key, Value the text; a longer text goes on in Value1, and shrinks again."""
    rows = TableRows.from_connection_string(azurite_account, table.table_name)
    await rows.make()
    etags = await rows.transact("07", [Insert("a|b", "x" * 20_000)])
    entity = await table.get_entity("07", "a|b")
    assert (len(entity["Value"]), len(entity["Value1"])) == (16_000, 4_000)
    await rows.transact("07", [Replace("a|b", "short", etags["a|b"])])
    assert dict(await table.get_entity("07", "a|b")) | {"Transaction": ""} == {
        "PartitionKey": "07",
        "RowKey": "a|b",
        "Value": "short",
        "Transaction": "",
    }
    await rows.close()
