"""local.settings.json, the file in which Azure Functions Core Tools keep app settings on a person's machine.

Core Tools read it with Newtonsoft.Json ("Code and test Azure Functions locally", "Local settings file"): a byte order
mark, comments and a comma after the last value are no faults, and every value becomes the text of an environment variable.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_COMMENT = re.compile(r'("(?:\\.|[^"\\\n])*")|//[^\r\n]*|/\*.*?\*/', re.DOTALL)
_LAST_COMMA = re.compile(r'("(?:\\.|[^"\\\n])*")|,(?=\s*[}\]])')
_NOT_A_LINE_END = re.compile(r"[^\r\n]")


class LocalSettingsError(Exception):
    """The file cannot be used; one sentence that names it and never shows a value."""


@dataclass(frozen=True, slots=True)
class LocalSettings:
    """What the file holds.

    Attributes:
        values: the app settings; one that is null is missing.
        host: how Core Tools serve the app: its port, and whom CORS allows.
    """

    values: Mapping[str, str]
    host: Mapping[str, Any] = field(default_factory=dict)


def read_local_settings(path: Path) -> LocalSettings:
    """Read a local.settings.json.

    Args:
        path: the file.

    Returns:
        Its settings; numbers as they are written, booleans as `true` and `false`.

    Raises:
        LocalSettingsError: the file is missing, encrypted or malformed.
    """
    document = _document(path)
    if not isinstance(document, dict):
        raise LocalSettingsError(f"{path} must hold a JSON object.")
    if str(document.get("IsEncrypted")).lower() == "true":
        raise LocalSettingsError(f"{path} is encrypted; run `func settings decrypt` and start again.")
    values, host = document.get("Values"), document.get("Host")
    if not isinstance(values, dict):
        raise LocalSettingsError(f"{path} has no object `Values`, which holds the app settings.")
    texts = {name: _text(path, name, value) for name, value in values.items() if value is not None}
    return LocalSettings(texts, host if isinstance(host, dict) else {})


def _document(path: Path) -> Any:
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise LocalSettingsError(f"There is no {path}.") from None
    except OSError as error:
        raise LocalSettingsError(f"{path} cannot be read: {error.strerror}.") from None
    try:
        text = content.decode(json.detect_encoding(content))
        # Numbers stay as they are written: an environment variable holds text.
        return json.loads(_plain(text), parse_int=str, parse_float=str, parse_constant=str)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise LocalSettingsError(f"{path} is not JSON: {error.msg} ({where}).") from None
    except UnicodeDecodeError:
        raise LocalSettingsError(f"{path} is not text in UTF-8 or UTF-16.") from None
    except RecursionError:
        raise LocalSettingsError(f"{path} is not JSON: it is nested too deeply.") from None


def _plain(text: str) -> str:
    # Blanks take the place of what goes, so that line and column of a fault are those of the file.
    without_comments = _COMMENT.sub(lambda found: found[1] or _NOT_A_LINE_END.sub(" ", found[0]), text)
    return _LAST_COMMA.sub(lambda found: found[1] or " ", without_comments)


def _text(path: Path, name: str, value: Any) -> str:
    if isinstance(value, dict | list):
        raise LocalSettingsError(f"{path}: {name} must be text, a number, true or false.")
    return value if isinstance(value, str) else json.dumps(value)
