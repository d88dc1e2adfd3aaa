"""What editors, hooks and bots are told is so: programs, modules and folders that there are."""

import json
import re
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]  # its stubs are a package of their own

from tests.documents.blocks import ROOT

JSON = [*ROOT.glob(".vscode/*.json"), *ROOT.glob(".devcontainer/*.json"), ROOT / "tools/node/package.json"]
YAML = [ROOT / ".pre-commit-config.yaml", *(ROOT / ".github").rglob("*.yml")]


@pytest.mark.parametrize("path", JSON, ids=lambda path: path.name)
def test_a_file_is_json(path: Path) -> None:
    """Without comments, so that everything reads it."""
    assert json.loads(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", YAML, ids=lambda path: path.name)
def test_a_file_is_yaml(path: Path) -> None:
    """An object, as GitHub and pre-commit want it."""
    assert isinstance(yaml.safe_load(path.read_text(encoding="utf-8")), dict)


def test_a_hook_runs_what_is_installed() -> None:
    """By the programs of .venv, and each file that it names is there."""
    [repo] = read(".pre-commit-config.yaml")["repos"]
    for hook in repo["hooks"]:
        program, *words = hook["entry"].split()
        assert (ROOT / program).exists(), hook["id"]
        assert all((ROOT / word).exists() for word in words if word.startswith("tests/")), hook["id"]


def test_what_a_debugger_starts_is_there() -> None:
    """Modules of ours and of pytest's."""
    document = json.loads((ROOT / ".vscode" / "launch.json").read_text(encoding="utf-8"))
    modules = [each["module"] for each in document["configurations"] if "module" in each]
    assert [module for module in modules if find_spec(module) is None] == []


def test_dependabot_looks_where_dependencies_stand() -> None:
    """A folder that is gone would be passed over without a word."""
    signs = {"github-actions": ".github/workflows", "npm": "package.json", "pip": "requirements.txt"}
    updates = read(".github/dependabot.yml")["updates"]
    assert {each["package-ecosystem"] for each in updates} == signs.keys()
    for each in updates:
        for folder in each.get("directories") or [each["directory"]]:
            assert (ROOT / folder.strip("/") / signs[each["package-ecosystem"]]).exists(), folder


def test_tools_on_node_are_pinned() -> None:
    """One version, not a range."""
    versions = json.loads((ROOT / "tools/node/package.json").read_text(encoding="utf-8"))["devDependencies"].values()
    assert [version for version in versions if not re.fullmatch(r"\d+\.\d+\.\d+", version)] == []


def read(name: str) -> Any:
    """A file in YAML."""
    return yaml.safe_load((ROOT / name).read_text(encoding="utf-8"))
