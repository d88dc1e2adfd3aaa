from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.service_bus.filters.errors import FilterEvaluationError, FilterSyntaxError
from sandbox.service_bus.filters.parser import parse
from sandbox.service_bus.filters.subject import Subject


@dataclass
class Message:
    """A message with some properties."""

    properties: list[Any] = field(default_factory=list)
    application_properties: dict[str, Any] = field(default_factory=dict)


SYSTEM = ["id-1", None, "to", "label", None, UUID(int=1)]
USER = {
    "status": "Approved",
    "Count": 7,
    "ratio": 0.5,
    "ok": True,
    "empty": None,
    "HR-Id": "h",
    "text": "50% off_",
    "it": "it's",
}


def _test(expression: str) -> bool | None:
    return parse(expression).test(Subject(Message(SYSTEM, USER)))


@pytest.mark.parametrize(
    "expression",
    [
        "status = 'Approved'",
        "user.status = 'Approved'",
        "STATUS IN ('Denied', 'Approved')",
        "status NOT IN ('Denied')",
        "status <> 'Denied' AND status != 'Failed'",
        "count = 7 AND COUNT >= 7.0 AND count < 8 AND count <= 7 AND count > 6.5",
        "ok = TRUE",
        "ok <> false",
        "NOT status = 'Denied'",
        "status = 'x' OR count = 7 AND ok = TRUE",
        "(status = 'x' OR count = 7) AND ok = TRUE",
        "count + 1 * 2 = 9",
        "(count + 1) * 2 = 16",
        "count / 2 = 3 AND -count / 2 = -3",
        "count % 4 = 3",
        "7 / 2.0 = 3.5",
        "count - -1 = 8",
        "ratio * 2 = 1",
        "1e3 = 1000 AND .5 = ratio",
        "'a' + 'b' = 'ab'",
        "status LIKE 'App%'",
        "status LIKE '_pproved'",
        "status NOT LIKE '%x%'",
        r"text LIKE '50\% off\_' ESCAPE '\'",
        "it = 'it''s'",
        "[HR-Id] = 'h'",
        "\"HR-Id\" = 'h'",
        "EXISTS(status) AND NOT EXISTS(missing)",
        "missing IS NULL AND empty IS NULL AND status IS NOT NULL",
        "sys.MessageId = 'id-1' AND sys.Label = 'label' AND sys.To = 'to'",
        "sys.CorrelationId = '00000000-0000-0000-0000-000000000001'",
        "sys.Label LIKE '%abe%' OR 1 = 2",
        "sys.SessionId IS NULL",
        "1=1",
    ],
)
def test_is_true(expression: str) -> None:
    """Operators, precedence, literals and names mean what the documentation of SQL filters says."""
    assert _test(expression) is True


@pytest.mark.parametrize(
    "expression", ["status = 'approved'", "count > 7", "NOT 1 = 1", "ok = FALSE", "status LIKE 'app%'", "EXISTS(empty)"]
)
def test_is_false(expression: str) -> None:
    """Values are compared with regard to case, property names without."""
    assert _test(expression) is False


@pytest.mark.parametrize(
    "expression",
    [
        "missing = 1",
        "missing <> 1",
        "NOT missing = 1",
        "missing + 1 = 2",
        "missing LIKE 'a'",
        "missing IN (1)",
        "missing NOT IN (1)",
        "missing = 1 AND 1 = 1",
        "missing = 1 OR 1 = 2",
        "status = 1",
        "ok < TRUE",
        "status = NULL",
    ],
)
def test_is_unknown(expression: str) -> None:
    """What depends on a property that is not there, or compares values of different kinds, is neither true nor false."""
    assert _test(expression) is None


@pytest.mark.parametrize(("expression", "answer"), [("missing = 1 AND 1 = 2", False), ("missing = 1 OR 1 = 1", True)])
def test_unknown_gives_way_to_what_is_certain(expression: str, *, answer: bool) -> None:
    """False decides a conjunction and true a disjunction."""
    assert _test(expression) is answer


@pytest.mark.parametrize(
    "expression", ["count / 0 = 1", "count % 0 = 1", "status * 2 = 1", "count LIKE '7'", "9223372036854775807 + 1 = 0"]
)
def test_cannot_be_evaluated(expression: str) -> None:
    """Arithmetic without numbers, a division by zero, an overflow, a pattern without a string."""
    with pytest.raises(FilterEvaluationError):
        _test(expression)


@pytest.mark.parametrize(
    ("expression", "fault"),
    [
        ("", "the end"),
        ("status =", "the end"),
        ("status = 'x", 'unexpected "\'" at position 10'),
        ("status = 'x' status", "'status' at position 14"),
        ("status", "a condition is wanted"),
        ("status AND ok = TRUE", "a condition is wanted"),
        ("(count = 7) + 1 = 8", "unexpected '+'"),
        ("count = (ok = TRUE)", "a value is wanted"),
        ("status NOT = 'x'", "IN or LIKE wanted"),
        ("status IN ()", "a value wanted"),
        ("status IN ('x'", ") wanted"),
        ("status LIKE 'x' ESCAPE 'ab'", "one character"),
        ("status IS 'x'", "NULL wanted"),
        ("EXISTS('x')", "a property wanted"),
        ("sys.Colour = 'red'", "no property sys.Colour"),
        ("my.status = 'x'", "no property my.status"),
        ("status = @parameter", "unexpected '@' at position 10"),
        ("SET status = 'x'", "'SET' at position 1"),
    ],
)
def test_is_malformed(expression: str, fault: str) -> None:
    """The fault says what is wrong and where."""
    with pytest.raises(FilterSyntaxError, match="position") as error:
        parse(expression)
    assert fault in str(error.value)


@given(st.text(max_size=20), st.text(max_size=20))
def test_like_with_a_prefix_is_starts_with(prefix: str, text: str) -> None:
    """Whatever characters there are, also those that mean something in a pattern or a regular expression."""
    escaped = "".join("~" + character if character in "%_~" else character for character in prefix)
    quoted = escaped.replace("'", "''")
    message = Message(application_properties={"p": text})
    assert parse(f"p LIKE '{quoted}%' ESCAPE '~'").test(Subject(message)) is text.startswith(prefix)


@given(st.integers(-(2**40), 2**40), st.integers(-(2**20), 2**20).filter(bool))
def test_quotient_and_remainder_belong_together(dividend: int, divisor: int) -> None:
    """Division of integers cuts off towards zero, as in C#, and the remainder makes up for it."""
    message = Subject(Message(application_properties={"a": dividend, "b": divisor}))
    assert parse("a / b * b + a % b = a").test(message) is True
    assert parse("a % b * a >= 0").test(message) is True
