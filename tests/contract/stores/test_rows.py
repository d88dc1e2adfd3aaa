"""What the record store asks of any rows."""

import asyncio
from collections.abc import Callable

import pytest

from qualification.domain.errors import StepConflict
from qualification.stores.rows import MAX_CHANGES, PAGE, Change, Delete, Insert, Replace, Row, Rows

OTHERS: list[Change] = [Insert("new1", "x"), Insert("new2", "x"), Delete("old")]
CONFLICTS: dict[str, Callable[[str], Change]] = {
    "the key is taken": lambda _: Insert("taken", "x"),
    "the etag is stale": lambda stale: Replace("taken", "x", stale),
    "the row is missing": lambda stale: Replace("missing", "x", stale),
}


async def all_rows(rows: Rows, shard: str = "00") -> dict[str, str]:
    """Everything in a shard."""
    return {row.key: row.value async for page in rows.scan(shard, "", "~") for row in page}


async def test_a_missing_row_is_none(rows: Rows) -> None:
    """A missing row is no error, not even before anything was ever stored."""
    assert await rows.get("00", "nobody") is None


async def test_an_inserted_row_is_read_back(rows: Rows) -> None:
    """A row is found under its shard and key, with the ETag that its insertion returned."""
    etags = await rows.transact("00", [Insert("a", "text")])
    assert await rows.get("00", "a") == Row("a", "text", etags["a"])
    assert await rows.get("01", "a") is None


@pytest.mark.parametrize(
    "text", ["", "O'Brien \" \\ / # ? % + &", "Zürich 学校 🏫\r\n\t", "x" * 200_000, "🏫" * 40_000], ids=len
)
async def test_any_text_is_kept_word_for_word(rows: Rows, text: str) -> None:
    """A value may hold any text, far longer than Table Storage's 64 KiB of one property."""
    await rows.transact("00", [Insert("a", text)])
    row = await rows.get("00", "a")
    assert row
    assert row.value == text


async def test_a_shorter_text_leaves_nothing_of_a_longer_one(rows: Rows) -> None:
    """Replacing replaces all of the value."""
    etags = await rows.transact("00", [Insert("a", "x" * 100_000)])
    await rows.transact("00", [Replace("a", "short", etags["a"])])
    assert await all_rows(rows) == {"a": "short"}


async def test_every_change_renews_the_etag(rows: Rows) -> None:
    """An ETag stands for one version of a row, also where the text is the same again."""
    first = await rows.transact("00", [Insert("a", "text")])
    second = await rows.transact("00", [Replace("a", "text", first["a"])])
    third = await rows.transact("00", [Replace("a", "text", second["a"])])
    assert len({first["a"], second["a"], third["a"]}) == 3


@pytest.mark.parametrize("position", range(len(OTHERS) + 1))
@pytest.mark.parametrize("conflict", CONFLICTS)
async def test_a_conflict_anywhere_leaves_nothing(rows: Rows, conflict: str, position: int) -> None:
    """All changes are made or none, wherever among them the conflict is."""
    etags = await rows.transact("00", [Insert("taken", "older"), Insert("old", "first")])
    await rows.transact("00", [Replace("taken", "first", etags["taken"])])
    change = CONFLICTS[conflict](etags["taken"])
    with pytest.raises(StepConflict):
        await rows.transact("00", [*OTHERS[:position], change, *OTHERS[position:]])
    assert await all_rows(rows) == {"taken": "first", "old": "first"}


async def test_deleting_what_is_gone_is_no_conflict(rows: Rows) -> None:
    """A deletion asks for the row to be gone, and other changes beside it are made."""
    await rows.transact("00", [Insert("old", "x")])
    await rows.transact("00", [Delete("never"), Insert("new", "x"), Delete("old"), Delete("nor this")])
    assert await all_rows(rows) == {"new": "x"}
    await rows.transact("00", [Delete("old"), Delete("never")])


async def test_many_may_delete_the_same_rows_at_once(rows: Rows) -> None:
    """Whoever comes second finds the rows gone, as it wanted."""
    await rows.transact("00", [Insert(f"{n}", "x") for n in range(20)])
    changes: list[Change] = [Delete(f"{n}") for n in range(20)]
    await asyncio.gather(*(rows.transact("00", changes) for _ in range(4)))
    assert await all_rows(rows) == {}


async def test_a_transaction_takes_a_hundred_changes_and_no_more(rows: Rows) -> None:
    """The limit of Table Storage holds everywhere, so that what works on one runs on the other."""
    await rows.transact("00", [Insert(f"{n:03}", "x") for n in range(MAX_CHANGES)])
    assert len(await all_rows(rows)) == MAX_CHANGES
    with pytest.raises(ValueError, match="101 changes"):
        await rows.transact("01", [Insert(f"{n:03}", "x") for n in range(MAX_CHANGES + 1)])
    assert await all_rows(rows, "01") == {}


async def test_a_scan_takes_the_first_bound_in_and_leaves_the_last_out(rows: Rows) -> None:
    """A scan covers start <= key < stop of one shard."""
    await rows.transact("00", [Insert(key, "x") for key in ("a", "b|1", "b|2", "b}", "c")])
    await rows.transact("01", [Insert("b|3", "x")])
    assert [row.key async for page in rows.scan("00", "b|1", "b}") for row in page] == ["b|1", "b|2"]


async def test_ranges_are_read_together(rows: Rows) -> None:
    """Each range as a scan reads it, however many there are; what is in none of them, or in another shard, is left out."""
    await rows.transact("00", [Insert(f"{number:02}|{part}", "x") for number in range(40) for part in "ab"])
    await rows.transact("01", [Insert("07|a", "x")])
    found = await rows.ranges("00", [(f"{number:02}|", f"{number:02}}}") for number in range(0, 80, 2)])
    assert sorted(row.key for row in found) == [f"{number:02}|{part}" for number in range(0, 40, 2) for part in "ab"]
    assert await rows.ranges("00", []) == []


async def test_a_scan_gives_thousands_of_rows_in_order_and_once(rows: Rows) -> None:
    """Pages are bounded, follow one another in key order, and leave nothing out."""
    keys = [f"{n:05}" for n in range(2 * PAGE + 1)]
    for start in range(0, len(keys), MAX_CHANGES):
        await rows.transact("00", [Insert(key, "x") for key in keys[start : start + MAX_CHANGES]])
    pages = [[row.key for row in page] async for page in rows.scan("00", "", "~")]
    assert [key for page in pages for key in page] == keys
    assert max(map(len, pages)) <= PAGE


async def test_one_of_many_writers_wins_each_etag(rows: Rows) -> None:
    """Of all who replace the same version of a row exactly one succeeds."""
    etags = await rows.transact("00", [Insert("a", "nobody")])
    tries = [rows.transact("00", [Replace("a", f"{n}", etags["a"])]) for n in range(16)]
    results = await asyncio.gather(*tries, return_exceptions=True)
    winners = [n for n, result in enumerate(results) if isinstance(result, dict)]
    assert len(winners) == 1
    assert sum(isinstance(result, StepConflict) for result in results) == 15
    assert await all_rows(rows) == {"a": f"{winners[0]}"}


async def test_counting_together_loses_nothing(rows: Rows) -> None:
    """Read, add one, replace under the ETag, try again on conflict: no addition is lost."""
    await rows.transact("00", [Insert("counter", "0")])

    async def add_one() -> None:
        while True:
            row = await rows.get("00", "counter")
            assert row
            try:
                await rows.transact("00", [Replace("counter", str(int(row.value) + 1), row.etag)])
            except StepConflict:
                continue
            return

    await asyncio.gather(*(add_one() for _ in range(12)))
    assert await all_rows(rows) == {"counter": "12"}


async def test_rows_open_again_after_close(rows: Rows) -> None:
    """Closing lets go of connections and files; what is stored stays, and the next use opens them again."""
    await rows.transact("00", [Insert("a", "text")])
    await rows.close()
    await rows.close()
    assert await all_rows(rows) == {"a": "text"}
