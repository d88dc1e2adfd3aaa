"""A row as an entity of Azure Table Storage: PartitionKey is the shard, RowKey the key, Value, Value1, ... the text.

Transaction says which transaction wrote it last, so that one whose answer got lost can be told from another's.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from qualification.stores.rows import Change, Delete, Insert, Replace, Row

if TYPE_CHECKING:
    from azure.data.tables import TableEntity

PIECE = 16_000
"""Characters in one property: it holds 64 KiB of UTF-16, in which a character takes up to four bytes."""
MARK = "Transaction"


def operation(shard: str, change: Change, mark: str) -> tuple[str, Mapping[str, Any], Mapping[str, Any]]:
    """A change as the SDK's `submit_transaction` takes it: what to do, with which entity, on which condition.

    Args:
        shard: where.
        change: the change.
        mark: of the transaction that it belongs to.
    """
    from azure.core import MatchConditions  # noqa: PLC0415  only who uses the store pays for the SDK

    keys = {"PartitionKey": shard, "RowKey": change.key}
    match change:
        case Insert(_, value):
            return "create", keys | _properties(value) | {MARK: mark}, {}
        case Replace(_, value, etag):
            condition = {"mode": "replace", "etag": etag, "match_condition": MatchConditions.IfNotModified}
            return "update", keys | _properties(value) | {MARK: mark}, condition
        case Delete():
            return "delete", keys, {}


def read_row(entity: "TableEntity") -> Row:
    """The row in an entity; without Value its text is empty."""
    pieces: list[str] = []
    while isinstance(piece := entity.get(_property(len(pieces))), str):
        pieces.append(piece)
    return Row(entity["RowKey"], "".join(pieces), entity.metadata["etag"] or "")


def _properties(value: str) -> dict[str, str]:
    pieces = [value[start : start + PIECE] for start in range(0, len(value), PIECE)] or [""]
    return {_property(number): piece for number, piece in enumerate(pieces)}


def _property(number: int) -> str:
    return f"Value{number or ''}"
