"""Route constraints, the part after the colon in `{id:int:min(1)}`.

Source: "Routing in ASP.NET Core", table of route constraints; the Functions host uses the same router.
"""

import re
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal, InvalidOperation

from sandbox.functions_host.errors import ConfigurationError

Constraint = Callable[[str], bool]

_FORM = re.compile(r"(\w+)(?:\((.*)\))?", re.DOTALL)
_GUID = re.compile(r"[\da-f]{32}|[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}", re.IGNORECASE)


def parse_constraint(text: str) -> Constraint:
    """Build the test that one constraint stands for.

    Args:
        text: such as `int`, `length(2,5)` or `regex(^a+$)`.

    Returns:
        A function that tells whether a route value passes.

    Raises:
        ConfigurationError: there is no such constraint, or its arguments are wrong.
    """
    found = _FORM.fullmatch(text)
    constraint: Constraint | None = None
    if found is not None:
        name, arguments = found[1].lower(), found[2]
        constraint = _plain(name) if arguments is None else _with_arguments(name, arguments)
    if constraint is None:
        raise ConfigurationError(f"There is no route constraint {text!r}.")
    return constraint


def _plain(name: str) -> Constraint | None:
    constraints: dict[str, Constraint] = {
        "int": lambda value: _integer(value, 31),
        "long": lambda value: _integer(value, 63),
        "float": _number,
        "double": _number,
        "decimal": _number,
        "bool": lambda value: value.lower() in {"true", "false"},
        "guid": _guid,
        "datetime": _datetime,
        "alpha": lambda value: re.fullmatch(r"[a-zA-Z]*", value) is not None,
        "required": bool,
        "file": _file,
        "nonfile": lambda value: not _file(value),
    }
    return constraints.get(name)


def _with_arguments(name: str, arguments: str) -> Constraint | None:
    try:
        if name == "regex":
            # A template doubles the braces that are the expression's own.
            pattern = re.compile(arguments.replace("{{", "{").replace("}}", "}"), re.IGNORECASE)
            return lambda value: pattern.search(value) is not None
        numbers = [int(part) for part in arguments.split(",")]
    except (ValueError, re.error):
        return None
    low, high = numbers[0], numbers[-1]
    constraints: dict[tuple[str, int], Constraint] = {
        ("length", 1): lambda value: len(value) == low,
        ("length", 2): lambda value: low <= len(value) <= high,
        ("minlength", 1): lambda value: len(value) >= low,
        ("maxlength", 1): lambda value: len(value) <= high,
        ("min", 1): lambda value: _integer(value, 63) and int(value) >= low,
        ("max", 1): lambda value: _integer(value, 63) and int(value) <= high,
        ("range", 2): lambda value: _integer(value, 63) and low <= int(value) <= high,
    }
    return constraints.get((name, len(numbers)))


def _integer(value: str, bits: int) -> bool:
    return re.fullmatch(r"[+-]?[0-9]+", value) is not None and -(2**bits) <= int(value) < 2**bits


def _number(value: str) -> bool:
    try:
        return Decimal(value).is_finite()
    except InvalidOperation:
        return False


def _guid(value: str) -> bool:
    inner = value[1:-1] if value[:1] + value[-1:] in {"{}", "()"} else value
    return _GUID.fullmatch(inner) is not None


def _datetime(value: str) -> bool:
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return False
    return True


def _file(value: str) -> bool:
    return "." in value.rpartition("/")[2].strip(".")
