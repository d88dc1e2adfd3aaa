"""The tables of app settings: names and defaults from the models, explanations from their docstrings."""

import inspect
import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from pydantic import BaseModel, TypeAdapter
from pydantic.fields import FieldInfo

from qualification.settings.app_settings import PartnerCenterSettings, PolicySettings, Settings
from qualification.settings.connections import RecordStorage, ServiceBusConnection
from qualification.settings.environment import names
from qualification.webhooks.limits import ALL, limit_settings
from qualification.webhooks.registry import SOURCES
from tools.reference.markdown import code, table

FUNCTION_APP = Path(__file__).parents[2] / "function_app.py"
TITLES: Mapping[type[BaseModel], str] = {
    ServiceBusConnection: "Service Bus",
    RecordStorage: "Records",
    PartnerCenterSettings: "Partner Center",
    Settings: "The service",
    PolicySettings: "When things happen",
}
"""The sections, in a newcomer's order; those of the CRMs come after them."""
TRIGGERS = {
    "ADVANCE_SCHEDULE": "when the timer runs: NCRONTAB with six fields, in UTC; `0 * * * * *` is each minute",
}
"""Settings that the Functions host reads for a trigger, and no model."""
_ATTRIBUTES = re.compile(r"^Attributes:\n((?:(?: {4}.*)?\n?)+)", re.MULTILINE)
_ENTRY = re.compile(r"^ {4}(\w+): (.*(?:\n {8}.*)*)", re.MULTILINE)


def tables() -> str:
    """All sections."""
    sought = [(title, [model]) for model, title in TITLES.items()]
    sought += [(f"Webhooks: {name}", [source.settings, limit_settings(name)]) for name, source in SOURCES.items()]
    written: set[str] = set()
    sections = []
    for title, models in sought:
        rows = [row for model in models for row in _rows(model) if row[0] not in written]
        written.update(row[0] for row in rows)
        sections.append(f"## {title}\n\n{table(('Setting', 'Default', 'What it is'), rows)}")
    return "\n".join(sections)


def explanations(model: type[BaseModel]) -> dict[str, str]:
    """What the docstrings of a model and of those it is made from say under `Attributes:`, by field."""
    found: dict[str, str] = {}
    ours = [kind for kind in reversed(model.__mro__) if issubclass(kind, BaseModel) and kind is not BaseModel]
    for kind in ours:
        for block in _ATTRIBUTES.findall(inspect.cleandoc(kind.__doc__ or "") + "\n"):
            found |= {name: " ".join(text.split()) for name, text in _ENTRY.findall(block)}
    return found


def triggers() -> set[str]:
    """The settings that triggers name and no model reads."""
    return set(re.findall(r"%(\w+)%", FUNCTION_APP.read_text(encoding="utf-8"))) - names(Settings)


def _rows(model: type[BaseModel]) -> Iterator[tuple[str, str, str]]:
    explained = explanations(model)
    for name, field in model.model_fields.items():
        if field.alias is None:
            continue
        if name not in explained:
            raise LookupError(f"{field.alias} has no explanation: say it under Attributes of {model.__name__}: {name}.")
        yield code(field.alias), _default(field), explained[name].removesuffix(".")
    if model is Settings:
        for name in sorted(triggers()):
            yield code(name), "needed", TRIGGERS[name]


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "needed"
    value: Any = field.get_default(call_default_factory=True, validated_data={})
    if value is None or value in ("", (), {}):
        return ""
    if value == ALL:
        return "all"
    if isinstance(value, timedelta):
        return code(TypeAdapter(timedelta).dump_python(value, mode="json"))
    return code(str(value).lower() if isinstance(value, bool) else str(value))
