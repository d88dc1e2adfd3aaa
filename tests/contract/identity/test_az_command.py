"""The Azure CLI as a command runs it: a program of the test's own in its place."""

from collections.abc import Callable
from pathlib import Path

import pytest

from qualification.commands.az import Refused, az
from qualification.commands.failure import Failure

WORDS = ["rest", "--method", "get", "--url", "/subscriptions"]
BODY = '{"error":{"code":"AuthorizationFailed","message":"The client \\"anna\\" may not."}}'

type Script = Callable[[str], Path]


@pytest.fixture
def script(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Script:
    """Makes the program, and says where it notes its words."""
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")

    def write(does: str) -> Path:
        program, notes = tmp_path / "az", tmp_path / "words"
        program.write_text(f'#!/bin/sh\necho "$@" > {notes}\n{does}\n')
        program.chmod(0o700)
        return notes

    return write


async def test_its_answer_is_json_and_it_says_nothing_else(script: Script) -> None:
    """Warnings of a next version are no part of it."""
    notes = script("""echo '{"value": [1]}'; echo 'WARNING: a new version' >&2""")
    assert await az(WORDS) == {"value": [1]}
    assert notes.read_text().split() == [*WORDS, "--output", "json", "--only-show-errors"]


async def test_no_answer_is_none(script: Script) -> None:
    """As of a POST that changes something."""
    script(":")
    assert await az(WORDS) is None


async def test_a_refusal_has_azures_code_and_words(script: Script) -> None:
    """Az prints the body of the answer behind the reason."""
    script(f"echo 'ERROR: Forbidden({BODY})' >&2; exit 1")
    with pytest.raises(Refused) as refused:
        await az(WORDS)
    assert (refused.value.code, refused.value.words) == ("AuthorizationFailed", 'The client "anna" may not.')


async def test_what_az_says_itself_is_its_words(script: Script) -> None:
    """Without a code, for Azure was not asked."""
    script("echo \"ERROR: Please run 'az login' to setup account.\" >&2; exit 1")
    with pytest.raises(Refused) as refused:
        await az(WORDS)
    assert (refused.value.code, refused.value.words) == ("", "Please run 'az login' to setup account.")


async def test_an_answer_that_is_not_json_is_not_repeated(script: Script) -> None:
    """It may hold a secret."""
    script("echo whsec_secret")
    with pytest.raises(Refused) as refused:
        await az(WORDS)
    told = f"{refused.value!r}{refused.value.__cause__!r}{refused.value.__context__!r}"
    assert "whsec_secret" not in told


async def test_who_waits_for_az_waits_so_long_only(script: Script) -> None:
    """And leaves nothing running behind."""
    script("exec sleep 60")
    with pytest.raises(Failure, match="gave no answer within"):
        await az(WORDS, patience=0.5)
