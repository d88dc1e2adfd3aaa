"""Actions of Azure Logic Apps and Power Automate, as their engine computes what they send.

Of the Workflow Definition Language what our recipes use: `@expression` and `@{expression}`, functions, texts in single quotes
and `?['name']` ("Schema reference guide for the Workflow Definition Language in Azure Logic Apps", "Reference guide to
workflow expression functions in Azure Logic Apps and Power Automate").
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

TOKEN = re.compile(r"\s*(?:(?P<text>'(?:[^']|'')*')|(?P<name>[A-Za-z]+)|(?P<sign>\?\[|[\]\[(),]))")
PART = re.compile(r"@\{((?:'[^']*'|[^}'])*)\}")
PURE: Mapping[str, Callable[..., Any]] = {
    "concat": lambda *parts: "".join(map(_text, parts)),
    "equals": lambda one, other: one == other,
    "if": lambda condition, then, otherwise: then if condition else otherwise,
    "removeProperty": lambda content, name: {key: value for key, value in content.items() if key != name},
}


@dataclass
class Run:
    """One run of a workflow.

    Attributes:
        trigger: the body that the trigger gave, and its outputs by flat names (`body/ID`), as Power Automate reads them.
        parameters: the workflow's parameters.
        outputs: what the actions so far have given.
    """

    trigger: Mapping[str, Any]
    parameters: Mapping[str, Any] = field(default_factory=dict)
    outputs: dict[str, Any] = field(default_factory=dict)

    def compose(self, name: str, action: Mapping[str, Any]) -> None:
        """Run an action of the type Compose."""
        assert action["type"] == "Compose"
        self.outputs[name] = self.value(action["inputs"])

    def value(self, template: Any) -> Any:
        """What a value in an action's inputs becomes."""
        if isinstance(template, Mapping):
            return {name: self.value(each) for name, each in template.items()}
        if isinstance(template, str) and template.startswith("@") and not template.startswith("@{"):
            return self._expression(template[1:])
        if isinstance(template, str):
            return PART.sub(lambda found: _text(self._expression(found[1])), template)
        return template

    def _expression(self, text: str) -> Any:
        tokens = [found.group().strip() for found in TOKEN.finditer(text)]
        assert "".join(tokens) == re.sub(r"\s(?=(?:[^']*'[^']*')*[^']*$)", "", text), f"cannot be read: {text}"
        value = self._term(tokens)
        assert not tokens, f"goes on behind its end: {text}"
        return value

    def _term(self, tokens: list[str]) -> Any:
        word = tokens.pop(0)
        if word.startswith("'"):
            return word[1:-1].replace("''", "'")
        assert tokens.pop(0) == "(", f"{word} is not a function"
        arguments: list[Any] = []
        while tokens[0] != ")":
            arguments.append(self._term(tokens))
            if tokens[0] == ",":
                tokens.pop(0)
        tokens.pop(0)
        value = self._call(word, arguments)
        while tokens and tokens[0] == "?[":
            tokens.pop(0)
            name = self._term(tokens)
            assert tokens.pop(0) == "]"
            value = None if value is None else value.get(name)
        return value

    def _call(self, name: str, arguments: list[Any]) -> Any:
        match name:
            case "triggerBody" | "triggerOutputs":
                return self.trigger
            case "outputs":
                return self.outputs[arguments[0]]
            case "parameters":
                return self.parameters[arguments[0]]
            case _:
                return PURE[name](*arguments)


def _text(value: Any) -> str:
    return "" if value is None else str(value)
