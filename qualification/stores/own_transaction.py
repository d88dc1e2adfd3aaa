"""Finds out whether a transaction took effect whose answer got lost: it leaves a mark of its own in each row it writes."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from qualification.domain.errors import StepConflict, StoreUnavailable
from qualification.stores.rows import Change, Delete
from qualification.stores.table_entity import MARK

if TYPE_CHECKING:
    from azure.data.tables import TableEntity


async def certain(
    transact: Callable[[], Awaitable[dict[str, str]]],
    find: Callable[[str], Awaitable["TableEntity | None"]],
    changes: Sequence[Change],
    mark: str,
    *,
    patience: float,
) -> dict[str, str]:
    """Make a transaction, and see that it took effect also where the answer says otherwise or none came.

    The SDK repeats a transaction that Azure answered 500, 503 or 504; where the first one took effect, the second one loses the
    race to it. A transaction is taken for lost where others have changed its rows already: then what they hold decides.

    Args:
        transact: makes the changes; what it returns is the new ETags.
        find: the entity of a key, or None.
        changes: what is to be made.
        mark: what the transaction writes into each of its rows, and no other does.
        patience: seconds for all of it, where no answer came.

    Raises:
        StepConflict: one of the changes cannot be made; none was.
        StoreUnavailable: nobody knows whether they were made.
    """
    deadline = asyncio.get_running_loop().time() + patience
    try:
        return await transact()
    except StepConflict:
        own = await _etags(find, changes, mark)
        if own is None:
            raise
        return own
    except StoreUnavailable:
        with suppress(TimeoutError, StoreUnavailable):
            async with asyncio.timeout_at(deadline):
                if own := await _etags(find, changes, mark):
                    return own
        raise


async def _etags(
    find: Callable[[str], Awaitable["TableEntity | None"]], changes: Sequence[Change], mark: str
) -> dict[str, str] | None:
    """The ETags of the rows that it wrote; None where one of them is not its own."""
    etags: dict[str, str] = {}
    for change in changes:
        if isinstance(change, Delete):
            continue
        entity = await find(change.key)
        if entity is None or entity.get(MARK) != mark:
            return None
        etags[change.key] = entity.metadata["etag"] or ""
    return etags or None
