"""The file of what is wanted and found."""

import json
from pathlib import Path

import pytest

from qualification.setup.answers import Answers
from qualification.setup.stopped import Stopped


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """It is not there yet."""
    return tmp_path / "setup.json"


def test_what_is_kept_is_read_by_the_next_run(file: Path) -> None:
    """And nothing else is left beside the file."""
    Answers.read(file).keep(AZURE_ENV_NAME="test")
    Answers.read(file).keep(ALERT_EMAIL="operators@example.com")
    assert dict(Answers.read(file)) == {"AZURE_ENV_NAME": "test", "ALERT_EMAIL": "operators@example.com"}
    assert list(file.parent.iterdir()) == [file]


def test_what_is_no_text_is_json_and_stays_as_it_was_written(file: Path) -> None:
    """As infra/parameters.py wants lists and switches."""
    subscriptions = [{"name": "shop", "sqlFilter": "status = 'Approved'"}]
    file.write_text(json.dumps({"VNET_ENABLED": True, "EVENT_SUBSCRIPTIONS": subscriptions}), encoding="utf-8-sig")
    answers = Answers.read(file)
    assert (answers["VNET_ENABLED"], answers.is_on("VNET_ENABLED")) == ("true", True)
    assert json.loads(answers["EVENT_SUBSCRIPTIONS"]) == subscriptions
    answers.keep(AZURE_ENV_NAME="test")
    assert json.loads(file.read_text(encoding="utf-8"))["EVENT_SUBSCRIPTIONS"] == subscriptions


def test_what_was_kept_before_is_not_written_again(file: Path) -> None:
    """A run that changes nothing leaves the file alone."""
    answers = Answers.read(file)
    answers.keep(AZURE_ENV_NAME="test")
    file.unlink()
    answers.keep(AZURE_ENV_NAME="test")
    assert not file.exists()


@pytest.mark.parametrize(("text", "words"), [("{", "is not JSON"), ("[]", "must be a JSON object")])
def test_a_file_that_cannot_be_read_is_named(file: Path, text: str, words: str) -> None:
    """Nothing is asked as if it were not there."""
    file.write_text(text, encoding="utf-8")
    with pytest.raises(Stopped, match=words) as stopped:
        Answers.read(file)
    assert str(file) in str(stopped.value)
