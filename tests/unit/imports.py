"""What the modules of a package import, read from their source."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Import:
    """One import.

    Attributes:
        importer: the importing module, with dots.
        imported: the imported module, with dots; for `from a import b` it is `a.b` where that is a module of ours.
        at_start: whether it happens when the importer is loaded: not in a function, and not for the type checker only.
    """

    importer: str
    imported: str
    at_start: bool


def modules(package: str) -> dict[str, Path]:
    """All modules of a package, or the one module of that name, with their files."""
    single = ROOT / f"{package}.py"
    files = [single] if single.exists() else sorted((ROOT / package).rglob("*.py"))
    return {".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): file for file in files}


def imports(package: str) -> list[Import]:
    """All imports in a package, or in one module."""
    return [
        Import(module, name, at_start)
        for module, file in modules(package).items()
        for name, at_start in _imports(ast.parse(file.read_text("utf-8")), at_start=True)
    ]


def _imports(tree: ast.AST, *, at_start: bool) -> Iterator[tuple[str, bool]]:
    for node in ast.iter_child_nodes(tree):
        match node:
            case ast.Import():
                yield from ((alias.name, at_start) for alias in node.names)
            case ast.ImportFrom(module=str(module), level=0):
                yield from ((_target(module, alias.name), at_start) for alias in node.names)
            case ast.ImportFrom():
                yield ".", at_start
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.Lambda():
                yield from _imports(node, at_start=False)
            case ast.If(test=ast.Name(id="TYPE_CHECKING")):
                yield from _imports(node, at_start=False)
            case _:
                yield from _imports(node, at_start=at_start)


def _target(module: str, name: str) -> str:
    path = ROOT.joinpath(*module.split("."), name)
    return f"{module}.{name}" if path.with_suffix(".py").exists() or (path / "__init__.py").exists() else module
