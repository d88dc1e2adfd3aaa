"""What editors, hooks and bots are told is so: programs, modules and folders that there are."""

import json
import re
import subprocess
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
    """Everywhere, and nowhere else: a folder that is gone would be passed over without a word."""
    updates = {each["package-ecosystem"]: each for each in read(".github/dependabot.yml")["updates"]}
    looked_at = {name: set(each.get("directories") or [each["directory"]]) for name, each in updates.items()}
    assert looked_at == {"github-actions": {"/"}, "npm": holding("package.json"), "uv": holding("requirements.txt")}


def holding(name: str) -> set[str]:
    """The folders in which git knows a file of that name, as Dependabot writes them."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", name, f"*/{name}"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)  # noqa: S603  git
    return {"/" + Path(path).parent.as_posix().removeprefix(".") for path in listed.stdout.split()}


def test_tools_on_node_are_pinned() -> None:
    """One version, not a range."""
    versions = json.loads((ROOT / "tools/node/package.json").read_text(encoding="utf-8"))["devDependencies"].values()
    assert [version for version in versions if not re.fullmatch(r"\d+\.\d+\.\d+", version)] == []


def read(name: str) -> Any:
    """A file in YAML."""
    return yaml.safe_load((ROOT / name).read_text(encoding="utf-8"))
