"""Bodies as anybody may send them: any bytes, any JSON, and JSON that is nearly right."""

import json
from typing import Any

from hypothesis import strategies as st

from qualification.webhooks.field_rules import NAMES

EDGES: list[Any] = [
    *(None, True, False, 0, -1, 2**63, 10**400, 1e308, float("inf"), float("nan")),
    *("", "\x00", "\ud800", "\U0001f600", "\r\n", "x" * 70_000, "../..", "2a14b164-f983-4048-92e1-4f9591b87445"),
    *("Education", "StateOwnedEntity", "GovernmentCommunityCloud", "K12", "synchronous", [], {}, [[[]]], {"": {}}),
]
SCALARS = st.sampled_from(EDGES) | st.text(max_size=20) | st.integers() | st.floats()
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)
OURS = st.dictionaries(st.sampled_from(sorted(NAMES)), VALUES, max_size=6)


def documents(names: list[str]) -> st.SearchStrategy[Any]:
    """JSON values; many are objects with some of these names."""
    return VALUES | OURS | st.dictionaries(st.sampled_from(names) | st.text(max_size=8), VALUES, max_size=6)


def bodies(names: list[str]) -> st.SearchStrategy[bytes]:
    """Any bytes, or JSON of `documents`, whole or cut short, in UTF-8 or not."""
    texts = st.builds(lambda value, ascii_: json.dumps(value, ensure_ascii=ascii_), documents(names), st.booleans())
    encoded = texts.map(lambda text: text.encode(errors="surrogatepass"))
    cut = st.builds(lambda body, end: body[:end], encoded, st.integers(0, 60))
    return st.binary(max_size=200) | encoded | cut
