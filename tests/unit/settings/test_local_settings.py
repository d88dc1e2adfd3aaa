"""local.settings.json, as a person, an editor or Core Tools left it."""

import json
from pathlib import Path

import pytest

from qualification.settings.local_settings import LocalSettingsError, read_local_settings


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where the file is, once it is written."""
    return tmp_path / "local.settings.json"


def test_values_become_the_text_of_environment_variables(file: Path) -> None:
    """Numbers as they are written, booleans in JSON's words; null is no setting at all, an empty text is one."""
    file.write_text('{"Values": {"A": "text", "B": 8, "C": 1.50, "D": false, "E": null, "F": ""}}')
    assert read_local_settings(file).values == {"A": "text", "B": "8", "C": "1.50", "D": "false", "F": ""}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_editors_and_shells_of_windows_write_other_encodings(file: Path, encoding: str) -> None:
    """A byte order mark is no fault, and PowerShell's `>` writes UTF-16."""
    file.write_bytes('{"Values": {"A": "Zürich"}}'.encode(encoding))
    assert read_local_settings(file).values == {"A": "Zürich"}


def test_comments_and_a_last_comma_are_left_out(file: Path) -> None:
    """Core Tools take both; what only looks like them within a text stays."""
    text = """// the sandbox
    {"Values": { /* two
      lines */ "URL": "https://host//path", // why
      "GLOB": "/* no comment */", "QUOTE": "\\"// no comment, }", "LIST": "[1,]",
    },
    }"""
    file.write_text(text)
    values = {"URL": "https://host//path", "GLOB": "/* no comment */", "QUOTE": '"// no comment, }', "LIST": "[1,]"}
    assert read_local_settings(file).values == values


def test_what_the_host_is_told_is_kept(file: Path) -> None:
    """Port and origins, for whoever serves the app."""
    file.write_text('{"IsEncrypted": false, "Values": {}, "Host": {"CORS": "*"}}')
    assert read_local_settings(file).host == {"CORS": "*"}
    file.write_text('{"Values": {}, "Host": null}')
    assert read_local_settings(file).host == {}


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ('{"IsEncrypted": true, "Values": {"A": "CfDJ8-secret"}}', "is encrypted; run `func settings decrypt`"),
        ('{"IsEncrypted": "True", "Values": {"A": "CfDJ8-secret"}}', "is encrypted; run `func settings decrypt`"),
        ('{\n  // why\n  "Values": {"A" "secret"}\n}', "is not JSON: Expecting ':' delimiter (line 3, column 18)"),
        ('{\r\n"Values": {"A": "secret"\r\n"B": 1}}', "is not JSON: Expecting ',' delimiter (line 3, column 1)"),
        ('{"Values": {"A": "secret"}} /* no end', "is not JSON: Extra data (line 1, column 29)"),
        ("", "is not JSON: Expecting value (line 1, column 1)"),
        ("[" * 100_000, "is not JSON: it is nested too deeply"),
        ('["secret"]', "must hold a JSON object"),
        ('{"A": "secret"}', "has no object `Values`"),
        ('{"Values": ["secret"]}', "has no object `Values`"),
        ('{"Values": {"A": {"B": "secret"}}}', "A must be text, a number, true or false"),
    ],
)
def test_each_fault_is_one_sentence_without_a_value(file: Path, content: str, fault: str) -> None:
    """It names the file and, in JSON that is none, the place."""
    file.write_bytes(content.encode())
    with pytest.raises(LocalSettingsError) as caught:
        read_local_settings(file)
    assert str(caught.value).startswith(str(file))
    assert fault in str(caught.value)
    assert str(caught.value).endswith(".")
    assert "secret" not in str(caught.value)


def test_a_file_that_cannot_be_read_is_named(file: Path) -> None:
    """It may be missing, a folder, or no text."""
    with pytest.raises(LocalSettingsError, match=r"^There is no .*local\.settings\.json\.$"):
        read_local_settings(file)
    with pytest.raises(LocalSettingsError, match=r"cannot be read: .*\.$"):
        read_local_settings(file.parent)
    file.write_bytes(json.dumps({"Values": {}}).encode() + b"\xff")
    with pytest.raises(LocalSettingsError, match=r"is not text in UTF-8 or UTF-16\.$"):
        read_local_settings(file)
