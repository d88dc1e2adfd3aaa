"""Fills main.parameters.json from the environment as azd does, for `az deployment sub`: prints the parameters file.

`${NAME}` must be set, `${NAME=default}` need not be; an empty value counts as not set.
"""  # noqa: INP001  a script, not a package

import json
import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

PLACE = re.compile(r"\$\{(?P<name>\w+)(?:=(?P<default>[^}]*))?\}")
OPTIONAL = {"AZURE_PRINCIPAL_ID"}
"""Set by azd only, for the person at the keyboard; a pipeline signs in as nobody who could store a refresh token."""
SWITCHES: dict[str, bool | str] = {"true": True, "false": False}


def filled(content: Any, environment: Mapping[str, str]) -> Any:
    """The parameters with their values.

    Raises:
        KeyError: variables without a default are not set; names them all.
    """
    missing: list[str] = []

    def value(place: re.Match[str]) -> str:
        name, default = place["name"], place["default"]
        found = environment.get(name) or default
        if found is None and name not in OPTIONAL:
            missing.append(name)
        return found or ""

    values = {name: PLACE.sub(value, entry["value"]) for name, entry in content["parameters"].items()}
    if missing:
        raise KeyError(", ".join(sorted(missing)))
    parameters = {name: {"value": SWITCHES.get(text, text)} for name, text in values.items()}
    return content | {"parameters": parameters}


def main() -> int:
    """Print the parameters; 1 where variables are missing."""
    content = json.loads(Path(__file__).with_name("main.parameters.json").read_text(encoding="utf-8"))
    try:
        sys.stdout.write(json.dumps(filled(content, os.environ), indent=2) + "\n")
    except KeyError as error:
        sys.stderr.write(f"Not set: {error.args[0]}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
