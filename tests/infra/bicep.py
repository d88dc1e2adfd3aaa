"""Bicep templates as data: what a template declares, with literals as Python values and all else as its source text."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import tree_sitter  # type: ignore[import-not-found]  # installed by make infra only
import tree_sitter_bicep  # type: ignore[import-not-found]  # same

INFRA = Path(__file__).parents[2] / "infra"
TEMPLATES = sorted(INFRA.rglob("*.bicep"))
PARSER = tree_sitter.Parser(tree_sitter.Language(tree_sitter_bicep.language()))
ESCAPES = {"\\'": "'", "\\\\": "\\", "\\$": "$", "\\n": "\n", "\\r": "\r", "\\t": "\t"}


@dataclass(frozen=True, slots=True)
class Expression:
    """A value that is known only when the template is deployed; `text` is its source."""

    text: str


@dataclass(frozen=True, slots=True)
class Declaration:
    """A parameter, variable, output, resource or module.

    Attributes:
        value: the literal, default, or body; None where there is none.
        kind: the type of a resource with its version, or the path of a module.
        decorators: source of each.
        condition: source of what follows `if`.
        existing: whether a resource is only referred to.
    """

    name: str
    value: Any = None
    kind: str = ""
    decorators: tuple[str, ...] = ()
    condition: str = ""
    existing: bool = False


@dataclass(frozen=True, slots=True)
class Template:
    """One file.

    Attributes:
        faults: what the grammar could not read.
        undeclared: names that the file uses and does not declare.
    """

    path: Path
    faults: tuple[str, ...]
    undeclared: frozenset[str]
    parameters: Mapping[str, Declaration] = field(default_factory=dict)
    variables: Mapping[str, Declaration] = field(default_factory=dict)
    outputs: Mapping[str, Declaration] = field(default_factory=dict)
    resources: Mapping[str, Declaration] = field(default_factory=dict)
    modules: Mapping[str, Declaration] = field(default_factory=dict)

    def of_type(self, resource_type: str) -> list[Declaration]:
        """The resources of that type that this template deploys, whatever their version."""
        return [
            each for each in self.resources.values() if not each.existing and each.kind.split("@")[0] == resource_type
        ]


@cache
def template(name: str) -> Template:
    """A template by its path below infra/."""
    path = INFRA / name
    return parse(path, path.read_bytes())


def templates() -> list[Template]:
    """All templates."""
    return [template(path.relative_to(INFRA).as_posix()) for path in TEMPLATES]


def parse(path: Path, source: bytes) -> Template:
    """What `source` declares."""
    root = PARSER.parse(source).root_node
    faults = tuple(
        f"line {node.start_point[0] + 1}: {_text(node)[:60]!r}"
        for node in _walk(root)
        if node.type == "ERROR" or node.is_missing
    )
    found: dict[str, dict[str, Declaration]] = {
        kind: {} for kind in ("parameter", "variable", "output", "resource", "module")
    }
    decorators: tuple[str, ...] = ()
    for node in root.named_children:
        if node.type == "decorators":
            decorators = tuple(_text(each) for each in node.named_children)
            continue
        kind = node.type.removesuffix("_declaration")
        if kind in found:
            declared = _declaration(node, decorators)
            found[kind][declared.name] = declared
        if node.type != "comment":
            decorators = ()
    return Template(path, faults, _undeclared(root), *found.values())


def _undeclared(root: Any) -> frozenset[str]:
    declared, used = set(), set()
    for node in _walk(root):
        if node.type in {"loop_variable", "loop_enumerator"}:
            declared.add(_text(node))
        elif node.type == "for_statement":
            declared |= {_text(node.named_children[0])} if node.named_children[0].type == "identifier" else set()
        elif node.type.endswith("_declaration"):
            declared |= {_text(child) for child in node.named_children[:1]}
        elif node.type == "identifier":
            first = node.parent.children[0] == node
            if not (first and node.parent.type in {"object_property", "call_expression"}):
                used.add(_text(node))
    return frozenset(used - declared)


def _declaration(node: Any, decorators: tuple[str, ...]) -> Declaration:
    name, *rest = [child for child in node.named_children if child.type != "comment"]
    kind = ""
    if rest and rest[0].type in {"type", "string"} and node.type != "variable_declaration":
        first, *rest = rest
        kind = _value(first) if first.type == "string" else _text(first)
    condition = ""
    body = rest[-1] if rest else None
    if body is not None and body.type == "if_statement":
        condition, body = _text(body.named_children[0]), body.named_children[-1]
    if body is not None and body.type == "for_statement" and node.type != "variable_declaration":
        body = body.named_children[-1]
    existing = any(child.type == "existing" or _text(child) == "existing" for child in node.children)
    return Declaration(_text(name), _value(body) if body else None, kind, decorators, condition, existing)


def _value(node: Any) -> Any:
    match node.type:
        case "object":
            return {
                _key(child.children[0]): _value(child.named_children[-1])
                for child in node.named_children
                if child.type == "object_property"
            }
        case "array":
            return [_value(child) for child in node.named_children if child.type != "comment"]
        case "string" if not any(child.type == "interpolation" for child in node.children):
            return "".join(ESCAPES.get(_text(child), _text(child)) for child in node.named_children)
        case "number":
            return int(_text(node))
        case "boolean":
            return _text(node) == "true"
        case _:
            return Expression(_text(node))


def _key(node: Any) -> str:
    value = _value(node)
    return value.text if isinstance(value, Expression) else str(value)


def _walk(node: Any) -> Iterator[Any]:
    yield node
    for child in node.children:
        yield from _walk(child)


def _text(node: Any) -> str:
    return str(node.text.decode())
