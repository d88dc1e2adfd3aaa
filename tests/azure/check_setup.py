"""Each call of `az` that setup makes is a command that the Azure CLI knows, with options that it has, written out."""

import shlex
from pathlib import Path

import pytest

from tests.azure.check_commands import parse
from tests.documents.blocks import ROOT

CALLS, OTHERS = (
    (ROOT / "tests" / "setup" / name).read_text(encoding="utf-8").splitlines()
    for name in ("calls.txt", "other_calls.txt")
)
"""What tests/setup holds setup to: the plain way, and what only others ask."""


@pytest.mark.parametrize("call", [*CALLS, *OTHERS])
def test_the_cli_takes_what_setup_asks(call: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As for the documents; some options are read while they are parsed, so the file is there."""
    (tmp_path / "credential.json").write_text("{}", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    words = shlex.split(call)[1:]
    assert {word for word in words if word.startswith("-")} <= parse(words)


def test_there_is_a_whole_setup() -> None:
    """From the account to the references."""
    assert (CALLS[0], CALLS[-1].split()[1]) == ("az account show", "rest")
