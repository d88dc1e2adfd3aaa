"""The emulator's short connection string, in each way that tools write it."""

from uuid import uuid4

import pytest

from qualification.stores.rows import Insert
from qualification.stores.tables import TableRows

SPELLINGS = (
    "UseDevelopmentStorage=true",
    "UseDevelopmentStorage=true;",
    "UseDevelopmentStorage=True;",
    "usedevelopmentstorage=TRUE ; ",
    " UseDevelopmentStorage=true;;\n",
)


@pytest.mark.parametrize("spelling", SPELLINGS)
async def test_it_stands_for_the_emulator_on_this_machine(spelling: str) -> None:
    """It is opened at Azurite's usual address ("Use the Azurite emulator")."""
    rows = TableRows.from_connection_string(spelling)
    assert rows._open().url == "http://127.0.0.1:10002/devstoreaccount1"
    await rows.close()


@pytest.mark.tables
@pytest.mark.usefixtures("default_azurite")
@pytest.mark.parametrize("spelling", SPELLINGS)
async def test_it_works(spelling: str) -> None:
    """A row is written and read."""
    rows = TableRows.from_connection_string(spelling, f"test{uuid4().hex}")
    await rows.make()
    await rows.transact("00", [Insert("a", "text")])
    assert await rows.get("00", "a")
    await rows.close()


async def test_an_account_may_be_written_like_that_too(dead_account: str) -> None:
    """Blanks and semicolons between members change nothing."""
    rows = TableRows.from_connection_string(f" {dead_account.replace(';', ' ;; ')}\n")
    expected = TableRows.from_connection_string(dead_account)
    assert rows._open().url == expected._open().url
    assert rows._open().account_name == expected._open().account_name
    for each in (rows, expected):
        await each.close()
