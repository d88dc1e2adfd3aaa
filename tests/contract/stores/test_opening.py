"""Several hosts may open one new SQLite file at the same moment."""

import asyncio
from pathlib import Path

from qualification.stores.sqlite import SqliteRows


async def test_a_new_file_may_be_opened_by_several_at_once(tmp_path: Path) -> None:
    """Each waits for the others instead of calling the store unavailable, be it that they make it or use it."""
    for number in range(60):
        several = [SqliteRows(tmp_path / f"{number}.db") for _ in range(4)]
        assert sum(await asyncio.gather(*(rows.make() for rows in several))) >= 1
        assert await asyncio.gather(*(rows.get("00", "nothing") for rows in several)) == [None] * 4
        for rows in several:
            await rows.close()
