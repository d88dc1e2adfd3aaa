"""Filter expressions, parsed by recursive descent.

https://learn.microsoft.com/azure/service-bus-messaging/service-bus-messaging-sql-filter gives the grammar; rule
actions, parameters (`@name`) and `newid()` are left out.
"""

from collections.abc import Callable

from sandbox.service_bus.filters import values
from sandbox.service_bus.filters.errors import FilterSyntaxError
from sandbox.service_bus.filters.expressions import (
    Arithmetic,
    Comparison,
    Constant,
    Junction,
    Likeness,
    Membership,
    Negation,
    Nullity,
    Operand,
    Predicate,
    SystemProperty,
    UserProperty,
)
from sandbox.service_bus.filters.subject import SYSTEM_PROPERTIES
from sandbox.service_bus.filters.tokens import Token, tokens

type _Node = Predicate | Operand


def parse(expression: str) -> Predicate:
    """Parse an expression.

    Raises:
        FilterSyntaxError: it is not of the filter language; the message tells the position.
    """
    return _Parser(expression).parse()


class _Parser:
    def __init__(self, expression: str) -> None:
        self._tokens = list(tokens(expression))
        self._at = 0

    def parse(self) -> Predicate:
        predicate = self._predicate(self._disjunction)
        if self._token.kind != "end":
            raise self._unexpected()
        return predicate

    @property
    def _token(self) -> Token:
        return self._tokens[self._at]

    def _unexpected(self, wanted: str = "") -> FilterSyntaxError:
        token = self._token
        hint = f", {wanted} wanted" if wanted else ""
        return FilterSyntaxError(f"unexpected {token.text!r} at position {token.at + 1}{hint}")

    def _accept(self, *texts: str) -> str | None:
        token = self._token
        if token.kind in ("keyword", "operator") and token.text in texts:
            self._at += 1
            return token.text
        return None

    def _expect(self, text: str) -> None:
        if not self._accept(text):
            raise self._unexpected(text)

    def _predicate(self, rule: Callable[[], _Node]) -> Predicate:
        start = self._token
        return _condition(rule(), start)

    def _operand(self, rule: Callable[[], _Node]) -> Operand:
        start = self._token
        node = rule()
        if isinstance(node, Operand):
            return node
        raise FilterSyntaxError(f"{start.text!r} at position {start.at + 1} begins a condition where a value is wanted")

    def _disjunction(self) -> _Node:
        start = self._token
        node = self._conjunction()
        while self._accept("OR"):
            node = Junction(values.disjunction, _condition(node, start), self._predicate(self._conjunction))
        return node

    def _conjunction(self) -> _Node:
        start = self._token
        node = self._negation()
        while self._accept("AND"):
            node = Junction(values.conjunction, _condition(node, start), self._predicate(self._negation))
        return node

    def _negation(self) -> _Node:
        if self._accept("NOT"):
            return Negation(self._predicate(self._negation))
        return self._comparison()

    def _comparison(self) -> _Node:
        node = self._sum()
        if not isinstance(node, Operand):
            return node
        if sign := self._accept(*values.COMPARISONS):
            return Comparison(sign, node, self._operand(self._sum))
        if self._accept("IS"):
            negated = self._accept("NOT")
            self._expect("NULL")
            return Negation(Nullity(node)) if negated else Nullity(node)
        negated = self._accept("NOT")
        if self._accept("IN"):
            predicate: Predicate = Membership(node, self._choices())
        elif self._accept("LIKE"):
            pattern = self._operand(self._sum)
            predicate = Likeness(node, pattern, self._escape() if self._accept("ESCAPE") else None)
        elif negated:
            raise self._unexpected("IN or LIKE")
        else:
            return node
        return Negation(predicate) if negated else predicate

    def _choices(self) -> tuple[Operand, ...]:
        self._expect("(")
        choices = [self._operand(self._sum)]
        while self._accept(","):
            choices.append(self._operand(self._sum))
        self._expect(")")
        return tuple(choices)

    def _escape(self) -> Operand:
        token = self._token
        if token.kind != "string" or len(token.text) != 1:
            raise self._unexpected("a string of one character")
        self._at += 1
        return Constant(token.text)

    def _sum(self) -> _Node:
        node = self._product()
        while isinstance(node, Operand) and (sign := self._accept("+", "-")):
            node = Arithmetic(sign, node, self._operand(self._product))
        return node

    def _product(self) -> _Node:
        node = self._factor()
        while isinstance(node, Operand) and (sign := self._accept("*", "/", "%")):
            node = Arithmetic(sign, node, self._operand(self._factor))
        return node

    def _factor(self) -> _Node:
        if sign := self._accept("+", "-"):
            return Arithmetic(sign, Constant(0), self._operand(self._factor))
        if self._accept("("):
            node = self._disjunction()
            self._expect(")")
            return node
        if self._accept("EXISTS"):
            self._expect("(")
            node = Negation(Nullity(self._property()))
            self._expect(")")
            return node
        if self._token.kind == "name":
            return self._property()
        return self._literal()

    def _property(self) -> Operand:
        token = self._token
        if token.kind != "name":
            raise self._unexpected("a property")
        self._at += 1
        if not self._accept("."):
            return UserProperty(token.text.lower())
        name = self._token
        if name.kind not in ("name", "keyword"):
            raise self._unexpected("a property")
        self._at += 1
        if token.text.lower() == "user":
            return UserProperty(name.text.lower())
        if token.text.lower() == "sys" and name.text.lower() in SYSTEM_PROPERTIES:
            return SystemProperty(name.text.lower())
        raise FilterSyntaxError(f"there is no property {token.text}.{name.text} (position {token.at + 1})")

    def _literal(self) -> Operand:
        token = self._token
        if token.kind == "string":
            literal: object = token.text
        elif token.kind == "number":
            literal = int(token.text) if token.text.isdecimal() else float(token.text)
        elif token.kind == "keyword" and token.text in _WORDS:
            literal = _WORDS[token.text]
        else:
            raise self._unexpected("a value")
        self._at += 1
        return Constant(literal)


def _condition(node: _Node, start: Token) -> Predicate:
    if isinstance(node, Predicate):
        return node
    raise FilterSyntaxError(f"{start.text!r} at position {start.at + 1} begins a value where a condition is wanted")


_WORDS = {"TRUE": True, "FALSE": False, "NULL": None}
