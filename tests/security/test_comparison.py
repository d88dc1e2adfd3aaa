"""Secrets are compared in constant time, as bytes."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
VERIFIERS = [
    "qualification/commands/callback.py",
    "qualification/webhooks/hubspot/signature.py",
    "qualification/webhooks/shared_secret.py",
    "sandbox/functions_host/keys.py",
]
SECRET_WORDS = {
    "secret",
    "secrets",
    "signature",
    "digest",
    "key",
    "master",
    "function",
    "sent",
    "shown",
    "state",
    "good",
}


def words(node: ast.AST) -> set[str]:
    """The names in an expression, of variables and attributes."""
    names = {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}
    return names | {each.attr for each in ast.walk(node) if isinstance(each, ast.Attribute)}


def compared_early(tree: ast.AST) -> list[int]:
    """Lines that compare what may be a secret by `==`, `!=` or `in`, which stop at the first difference."""
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Compare)
        and not isinstance(node.left, ast.Call)
        and not any(isinstance(side, ast.Constant | ast.Call) for side in (node.left, *node.comparators))
        and not all(isinstance(operator, ast.Is | ast.IsNot) for operator in node.ops)
        and SECRET_WORDS & words(node)
    ]


@pytest.mark.parametrize("name", VERIFIERS)
def test_a_verifier_compares_by_digest(name: str) -> None:
    """`hmac.compare_digest`, and nothing that stops early."""
    source = (ROOT / name).read_text(encoding="utf-8")
    assert "hmac.compare_digest(" in source
    assert not compared_early(ast.parse(source))


def test_an_early_end_would_be_noticed() -> None:
    """The rule above can fail."""
    assert compared_early(ast.parse("sent == self.function")) == [1]
    assert compared_early(ast.parse("shown in self._secrets")) == [1]


def test_no_verifier_is_forgotten() -> None:
    """Every module that compares by digest is on the list."""
    folders = (ROOT / "qualification", ROOT / "sandbox" / "functions_host")
    files = [file for folder in folders for file in folder.rglob("*.py")]
    found = [file.relative_to(ROOT).as_posix() for file in files if "compare_digest(" in file.read_text("utf-8")]
    assert sorted(found) == VERIFIERS
