"""Rows in Azure Table Storage, or in its emulator Azurite."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from functools import partial
from itertools import batched
from typing import TYPE_CHECKING, Any, Self
from uuid import uuid4

from qualification.domain.errors import StepConflict, StoreMissing, StoreUnavailable
from qualification.settings.credential import AzureCredential
from qualification.settings.no_token import NoToken
from qualification.stores.keys import MARKER, SHARDS
from qualification.stores.own_transaction import certain
from qualification.stores.rows import MAX_CHANGES, PAGE, Change, Delete, Row
from qualification.stores.table_entity import operation, read_row
from qualification.stores.table_errors import ROW_MISSING, TABLE_MISSING, TABLE_THERE, code_of, explained

if TYPE_CHECKING:
    from azure.data.tables import TableEntity
    from azure.data.tables.aio import TableClient

TABLE = "qualifications"

PATIENCE = 6.0
"""Seconds that one call may take with all its retries, so that a webhook can still answer 503 in time."""

READS_AT_A_TIME = 32
"""Ranges read side by side; Azure Table Storage has no query for several."""

LIMITS: Mapping[str, Any] = {
    "connection_timeout": 2,
    "read_timeout": 4,
    "retry_total": 2,
    "retry_backoff_factor": 0.2,
    "retry_backoff_max": 1,
}

SCOPE = "https://storage.azure.com/.default"
"""As the SDK asks for it."""


class TableRows:
    """Rows in one table of a storage account, which only `make` makes.

    A transaction whose answer got lost, be it repeated by the SDK or not, is looked for in its rows before it counts as failed.
    """

    def __init__(
        self, connect: Callable[[], TableClient], patience: float, credential: AzureCredential | None = None
    ) -> None:
        self._connect = connect
        self._credential = credential
        self._patience = patience
        self._client: TableClient | None = None

    @classmethod
    def from_connection_string(cls, connection_string: str, table: str = TABLE, *, patience: float = PATIENCE) -> Self:
        """Rows in a storage account, or in Azurite; nothing is opened yet."""

        def connect() -> TableClient:
            from azure.data.tables.aio import TableClient  # noqa: PLC0415  only who uses the store pays for the SDK

            return TableClient.from_connection_string(_tidy(connection_string), table, **LIMITS)

        return cls(connect, patience)

    @classmethod
    def from_endpoint(
        cls, endpoint: str, credential: AzureCredential, table: str = TABLE, *, patience: float = PATIENCE
    ) -> Self:
        """Rows in the storage account at an https endpoint, for the identity of `credential`, which stays the caller's.

        The identity needs the role Qualification records, or Storage Table Data Contributor.
        """

        def connect() -> TableClient:
            from azure.data.tables.aio import TableClient  # noqa: PLC0415  only who uses the store pays for the SDK

            return TableClient(endpoint, table, credential=credential, **LIMITS)

        return cls(connect, patience, credential)

    async def make(self) -> bool:
        """See Rows; where the table is there already, which a deployment sees to, the role on its rows is enough."""
        from azure.core.exceptions import ResourceExistsError  # noqa: PLC0415  only who uses the store pays for the SDK

        try:
            await self._find(SHARDS[0], MARKER)
        except StoreMissing:
            pass
        else:
            return False

        async def create(client: TableClient) -> bool:
            try:
                await client.create_table()
            except ResourceExistsError as error:
                if code_of(error) != TABLE_THERE:
                    raise
                return False
            return True

        return await self._call(create)

    async def get(self, shard: str, key: str) -> Row | None:
        """See Rows."""
        entity = await self._find(shard, key)
        return None if entity is None else read_row(entity)

    async def _find(self, shard: str, key: str) -> TableEntity | None:
        from azure.core.exceptions import ResourceNotFoundError  # noqa: PLC0415  as above

        async def read(client: TableClient) -> TableEntity | None:
            try:
                return await client.get_entity(shard, key)
            except ResourceNotFoundError as error:
                if code_of(error) == TABLE_MISSING:
                    raise
                return None

        return await self._call(read)

    async def scan(self, shard: str, start: str, stop: str) -> AsyncIterator[list[Row]]:
        """See Rows."""
        pages = self._open().query_entities(
            "PartitionKey eq @shard and RowKey ge @start and RowKey lt @stop",
            parameters={"shard": shard, "start": start, "stop": stop},
            results_per_page=PAGE,
        )
        by_page = pages.by_page()

        async def read(_: TableClient) -> list[Row] | None:
            page = await anext(by_page, None)
            return None if page is None else [read_row(entity) async for entity in page]

        while (rows := await self._call(read)) is not None:
            # A page may be empty and others follow: Azure ends one wherever its servers do ("Query timeout and pagination").
            if rows:
                yield rows

    async def ranges(self, shard: str, bounds: Sequence[tuple[str, str]]) -> list[Row]:
        """See Rows."""
        found: list[Row] = []
        for some in batched(bounds, READS_AT_A_TIME, strict=False):
            for rows in await asyncio.gather(*(self._range(shard, *each) for each in some)):
                found += rows
        return found

    async def transact(self, shard: str, changes: Sequence[Change]) -> dict[str, str]:
        """See Rows."""
        if len(changes) > MAX_CHANGES:
            raise ValueError(f"{len(changes)} changes in one transaction")
        mark, find = uuid4().hex, partial(self._find, shard)
        make = partial(self._transact, shard, changes, mark)
        return await certain(make, find, changes, mark, patience=self._patience)

    async def _transact(self, shard: str, changes: Sequence[Change], mark: str) -> dict[str, str]:
        while changes:
            etags = await self._submit(shard, changes, mark)
            if etags is not None:
                return etags
            changes = await self._without_missing(shard, changes)
        return {}

    async def close(self) -> None:
        """See Rows."""
        client, self._client = self._client, None
        if client:
            await client.close()

    async def _range(self, shard: str, start: str, stop: str) -> list[Row]:
        return [row async for page in self.scan(shard, start, stop) for row in page]

    async def _submit(self, shard: str, changes: Sequence[Change], mark: str) -> dict[str, str] | None:
        """The new ETags, or None where a row to be deleted or replaced is missing."""
        from azure.core.exceptions import HttpResponseError  # noqa: PLC0415  as above

        operations = [operation(shard, change, mark) for change in changes]

        async def submit(client: TableClient) -> dict[str, str] | None:
            try:
                answers = await client.submit_transaction(operations)
            except HttpResponseError as error:
                if code_of(error) in ROW_MISSING:
                    return None
                raise
            pairs = zip(changes, answers, strict=True)
            return {change.key: answer["etag"] for change, answer in pairs if not isinstance(change, Delete)}

        return await self._call(submit)

    async def _without_missing(self, shard: str, changes: Sequence[Change]) -> list[Change]:
        """The changes but for deletions of rows that are gone already, which fail a whole transaction.

        Raises:
            StepConflict: it is not for them that the transaction failed, so a row to be replaced is gone.
        """
        keys = [change.key for change in changes if isinstance(change, Delete)]
        found = await asyncio.gather(*(self.get(shard, key) for key in keys))
        gone = {key for key, row in zip(keys, found, strict=True) if row is None}
        if not gone:
            raise StepConflict("a row of the step is gone")
        return [change for change in changes if change.key not in gone]

    def _open(self) -> TableClient:
        if self._client is None:
            try:
                self._client = self._connect()
            except ValueError as error:
                raise StoreUnavailable(f"the address of the table storage is not right: {error}") from error
        return self._client

    async def _call[T](self, call: Callable[[TableClient], Awaitable[T]]) -> T:
        from azure.core.exceptions import AzureError  # noqa: PLC0415  as above

        client = self._open()
        try:
            async with asyncio.timeout(self._patience):
                return await call(client)
        except TimeoutError as error:
            raise StoreUnavailable(f"{self._awaited()} within {self._patience:g} s") from error
        except NoToken as error:
            raise StoreUnavailable(f"table storage cannot be asked: {error}") from error
        except AzureError as error:
            raise explained(error) from error
        except Exception as error:  # the SDK stumbles over pages of gateways with errors of all kinds
            raise StoreUnavailable(f"table storage gave no answer that can be read ({type(error).__name__})") from error

    def _awaited(self) -> str:
        if self._credential and self._credential.is_asking:
            return f"table storage cannot be asked: {self._credential.giver} gave no token"
        return "table storage did not answer"


def _tidy(connection_string: str) -> str:
    """Without what tools leave between and after members: the SDK knows UseDevelopmentStorage=true only as all there is."""
    return ";".join(member.strip() for member in connection_string.split(";") if member.strip())
