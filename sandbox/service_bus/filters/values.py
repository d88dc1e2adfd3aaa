"""Arithmetic and comparison of property values, where None is SQL's unknown."""

import operator
from collections.abc import Callable
from typing import Any

from sandbox.service_bus.filters.errors import FilterEvaluationError

_INT64 = range(-(2**63), 2**63)

COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def _quotient(left: Any, right: Any) -> Any:
    # As in C#, the quotient of two integers is an integer, cut off towards zero.
    if isinstance(left, int) and isinstance(right, int):
        return abs(left) // abs(right) * (1 if (left < 0) == (right < 0) else -1)
    return left / right


def _remainder(left: Any, right: Any) -> Any:
    return left - right * _quotient(left, right) if isinstance(left, int) and isinstance(right, int) else left % right


_OPERATIONS: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": _quotient,
    "%": _remainder,
}


def _kind(value: Any) -> type | None:
    if isinstance(value, bool):
        return bool
    if isinstance(value, (int, float)):
        return float
    return type(value) if isinstance(value, (str, bytes)) else None


def compare(sign: str, left: Any, right: Any) -> bool | None:
    """Compare two values; unknown if one is, or if they are of different kinds."""
    kind = _kind(left)
    if kind is None or kind is not _kind(right):
        return None
    if kind is bool and sign not in ("=", "<>", "!="):
        return None
    return COMPARISONS[sign](left, right)


def calculate(sign: str, left: Any, right: Any) -> Any:
    """Calculate with two values; unknown if one is.

    Raises:
        FilterEvaluationError: they are no numbers, the divisor is zero, or the result does not fit 64 bits.
    """
    if left is None or right is None:
        return None
    texts = isinstance(left, str) and isinstance(right, str) and sign == "+"
    if not texts and not (_kind(left) is float and _kind(right) is float):
        raise FilterEvaluationError(f"{left!r} {sign} {right!r} is not arithmetic")
    try:
        result = _OPERATIONS[sign](left, right)
    except ArithmeticError as error:
        raise FilterEvaluationError(f"{left!r} {sign} {right!r}: {error}") from error
    if isinstance(result, int) and result not in _INT64:
        raise FilterEvaluationError(f"{left!r} {sign} {right!r} does not fit 64 bits")
    return result


def conjunction(left: bool | None, right: bool | None) -> bool | None:  # noqa: FBT001  truth values are what it is about
    """AND in three-valued logic."""
    if left is False or right is False:
        return False
    return None if left is None or right is None else True


def disjunction(left: bool | None, right: bool | None) -> bool | None:  # noqa: FBT001  truth values are what it is about
    """OR in three-valued logic."""
    if left or right:
        return True
    return None if left is None or right is None else False


def negation(value: bool | None) -> bool | None:  # noqa: FBT001  truth values are what it is about
    """NOT in three-valued logic."""
    return None if value is None else not value
