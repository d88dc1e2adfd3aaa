"""The parts of a filter expression: predicates are true, false or unknown for a message, operands have a value."""

import re
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, override

from sandbox.service_bus.filters import values
from sandbox.service_bus.filters.errors import FilterEvaluationError
from sandbox.service_bus.filters.subject import Subject


class Predicate(ABC):
    """Something that is true, false or, with None, unknown."""

    @abstractmethod
    def test(self, subject: Subject) -> bool | None:
        """Test a message."""


class Operand(ABC):
    """Something that has a value, None if it is unknown."""

    @abstractmethod
    def value(self, subject: Subject) -> Any:
        """Return its value for a message."""


@dataclass(frozen=True, slots=True)
class Constant(Operand):
    """A literal."""

    literal: Any

    @override
    def value(self, subject: Subject) -> Any:
        return self.literal


@dataclass(frozen=True, slots=True)
class SystemProperty(Operand):
    """`sys.Name`."""

    name: str

    @override
    def value(self, subject: Subject) -> Any:
        return subject.system(self.name)


@dataclass(frozen=True, slots=True)
class UserProperty(Operand):
    """`name` or `user.name`."""

    name: str

    @override
    def value(self, subject: Subject) -> Any:
        return subject.user(self.name)


@dataclass(frozen=True, slots=True)
class Arithmetic(Operand):
    """A calculation with two operands."""

    sign: str
    left: Operand
    right: Operand

    @override
    def value(self, subject: Subject) -> Any:
        return values.calculate(self.sign, self.left.value(subject), self.right.value(subject))


@dataclass(frozen=True, slots=True)
class Comparison(Predicate):
    """A comparison of two operands."""

    sign: str
    left: Operand
    right: Operand

    @override
    def test(self, subject: Subject) -> bool | None:
        return values.compare(self.sign, self.left.value(subject), self.right.value(subject))


@dataclass(frozen=True, slots=True)
class Membership(Predicate):
    """`IN`: equal to one of several operands."""

    operand: Operand
    choices: tuple[Operand, ...]

    @override
    def test(self, subject: Subject) -> bool | None:
        value = self.operand.value(subject)
        if value is None:
            return None
        answers = [values.compare("=", value, choice.value(subject)) for choice in self.choices]
        return any(answers)


@dataclass(frozen=True, slots=True)
class Likeness(Predicate):
    """`LIKE`: `%` stands for any characters, `_` for one, an escaped one for itself."""

    operand: Operand
    pattern: Operand
    escape: Operand | None

    @override
    def test(self, subject: Subject) -> bool | None:
        text, pattern = self.operand.value(subject), self.pattern.value(subject)
        escape = self.escape.value(subject) if self.escape else ""
        if text is None or pattern is None or escape is None:
            return None
        if not (isinstance(text, str) and isinstance(pattern, str) and isinstance(escape, str)):
            raise FilterEvaluationError("LIKE compares strings only")
        return _pattern(pattern, escape).fullmatch(text) is not None


@dataclass(frozen=True, slots=True)
class Nullity(Predicate):
    """`IS NULL`: there is no such property, or it has no value."""

    operand: Operand

    @override
    def test(self, subject: Subject) -> bool | None:
        return self.operand.value(subject) is None


@dataclass(frozen=True, slots=True)
class Junction(Predicate):
    """`AND` or `OR`."""

    combine: Callable[[bool | None, bool | None], bool | None]
    left: Predicate
    right: Predicate

    @override
    def test(self, subject: Subject) -> bool | None:
        return self.combine(self.left.test(subject), self.right.test(subject))


@dataclass(frozen=True, slots=True)
class Negation(Predicate):
    """`NOT`."""

    predicate: Predicate

    @override
    def test(self, subject: Subject) -> bool | None:
        return values.negation(self.predicate.test(subject))


def _pattern(pattern: str, escape: str) -> re.Pattern[str]:
    parts: list[str] = []
    characters = iter(pattern)
    for character in characters:
        if escape and character == escape:
            parts.append(re.escape(next(characters, "")))
        else:
            parts.append({"%": ".*", "_": "."}.get(character, re.escape(character)))
    return re.compile("".join(parts), re.DOTALL)
