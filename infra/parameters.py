"""Fills main.parameters.json, or another layer's, from the environment as azd does: prints a parameters file for `az deployment`.

`${NAME}` must be set, `${NAME=default}` need not be; an empty value counts as not set. A text that stands for a switch, a
number, a list or an object becomes one, as the template declares it; what is written in the file as JSON stays as it is.
"""  # noqa: INP001  a script, not a package

import json
import os
import re
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

PLACE = re.compile(r"\$\{(?P<name>\w+)(?:=(?P<default>[^}]*))?\}")
DECLARED = re.compile(r"^param (\w+) ([\w.]+)((?:\[\])?)", re.MULTILINE)


def kinds(template: str) -> dict[str, str]:
    """What each parameter of a template is: `string`, `bool`, `int`, `array` or `object`; one of our own types is an object."""
    plain = {"string", "bool", "int"}
    return {
        name: "array" if several else kind if kind in plain else "object"
        for name, kind, several in DECLARED.findall(template)
    }


def filled(content: Any, declared: Mapping[str, str], environment: Mapping[str, str]) -> Any:
    """The parameters with their values.

    Args:
        content: a parameters file.
        declared: what each parameter is, as `kinds` says.
        environment: values by name.

    Raises:
        KeyError: variables without a default are not set; names them all.
        ValueError: a variable is not what its parameter is; says which, and what it should be.
    """
    missing: list[str] = []

    def value(place: re.Match[str]) -> str:
        found = environment.get(place["name"]) or place["default"]
        if found is None:
            missing.append(place["name"])
        return found or ""

    def substituted(entry: Any) -> Any:
        if isinstance(entry, str):
            return PLACE.sub(value, entry)
        if isinstance(entry, list):
            return [substituted(each) for each in entry]
        if isinstance(entry, dict):
            return {key: substituted(each) for key, each in entry.items()}
        return entry

    parameters = {name: substituted(entry["value"]) for name, entry in content["parameters"].items()}
    if missing:
        raise KeyError(", ".join(sorted(set(missing))))
    given = {name: {"value": _typed(name, text, declared[name])} for name, text in parameters.items()}
    return content | {"parameters": given}


def _typed(name: str, text: Any, kind: str) -> Any:
    if not isinstance(text, str) or kind == "string":
        return text
    types: dict[str, type] = {"bool": bool, "int": int, "array": list, "object": dict}
    read: Callable[[str], Any] = json.loads
    try:
        found = read(text)
    except ValueError:
        found = None
    if type(found) is not types[kind]:
        raise ValueError(
            f"{name} must be JSON of the kind {kind}, such as {json.dumps(types[kind]())}, and not: {text}"
        )
    return found


def main(layer: str = "main") -> int:
    """Print the parameters of a layer, `main` or `bootstrap`; 1 where variables are missing or malformed."""
    folder = Path(__file__).parent
    content = json.loads((folder / f"{layer}.parameters.json").read_text(encoding="utf-8"))
    try:
        template = (folder / f"{layer}.bicep").read_text(encoding="utf-8")
        sys.stdout.write(json.dumps(filled(content, kinds(template), os.environ), indent=2) + "\n")
    except KeyError as error:
        sys.stderr.write(f"Not set: {error.args[0]}\n")
        return 1
    except ValueError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
