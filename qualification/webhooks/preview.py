"""What would become of a payload, field by field: read and mapped as a delivery is, with nobody proven and nothing stored."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from qualification.domain.errors import BodyTooLarge, Fault, InvalidRequest, SenderNotProven, UnreadableBody
from qualification.domain.json_body import check_size
from qualification.settings.environment import EnvironmentModel
from qualification.webhooks.endpoint import order_of
from qualification.webhooks.field_rules import CUSTOMER, QUALIFICATION, REFERENCE, SHAPES, FieldRule, FieldRules
from qualification.webhooks.reply import Outcome
from qualification.webhooks.source import Delivery, Notice, Source, Unrelated, Withdrawn

SECRET = "validationCode"  # noqa: S105  a field's name
"""A field whose value is shown to nobody."""
HIDDEN = "(not shown)"
FIRST = (CUSTOMER, QUALIFICATION)
"""What a reader looks for first; the others follow in the order of their names."""


@dataclass(frozen=True, slots=True)
class FieldPreview:
    """One field of a request.

    Attributes:
        ours: our name of it.
        theirs: the CRM's name of it; None is a constant of the mapping.
        came: the CRM's value; None is none, or an empty one.
        becomes: the value in the request; None is none.
        fault: what is wrong with it.
        used: whether a request for this qualification has such a field.
    """

    ours: str
    theirs: str | None
    came: Any
    becomes: Any
    fault: str | None = None
    used: bool = True


@dataclass(frozen=True, slots=True)
class Preview:
    """What would become of one event.

    Attributes:
        outcome: the same in one word.
        event_id: the sender's id of it, None where it is refused or not about a qualification.
        fields: its fields, as the mapping names them.
        faults: what is to be said beside the fields.
    """

    outcome: Outcome
    event_id: str | None = None
    fields: tuple[FieldPreview, ...] = ()
    faults: tuple[str, ...] = ()


def fields_setting(source: type[Source]) -> str:
    """The name of the setting that holds a source's mapping."""
    return f"WEBHOOK_{source.name.upper()}_FIELDS"


def rules_of(source: type[Source], settings: EnvironmentModel) -> FieldRules:
    """The mapping in a source's settings; empty where none is set."""
    rules: FieldRules = getattr(settings, _fields_name(source))
    return rules


def preview(source: type[Source], settings: EnvironmentModel, delivery: Delivery) -> list[Preview]:
    """What would become of each event in a delivery.

    Args:
        source: the CRM.
        settings: its settings; secrets are not needed.
        delivery: what it sends; the headers of its proof are not looked at.
    """
    rules = rules_of(source, settings)
    # The same reading without the maps of values shows what came.
    unmapped = {name: replace(rule, values=None) for name, rule in rules.items()}
    try:
        check_size(delivery.body, source.largest_body)
        events = source(settings).read(delivery)
        raw = source(settings.model_copy(update={_fields_name(source): unmapped})).read(delivery)
    except SenderNotProven as error:
        return [Preview(Outcome.NOT_PROVEN, faults=(str(error),))]
    except (UnreadableBody, BodyTooLarge) as error:
        return [Preview(Outcome.UNREADABLE, faults=(str(error),))]
    return [_event(source, rules, *pair) for pair in zip(events, raw, strict=True)]


def _event(
    source: type[Source],
    rules: FieldRules,
    event: Notice | Withdrawn | Unrelated,
    raw: Notice | Withdrawn | Unrelated,
) -> Preview:
    came = _flat(raw.content) if isinstance(raw, Notice) else {}
    if isinstance(event, Withdrawn):
        taken_back = f"the mark is empty: an unfinished request of customer {event.customer_tenant_id} would end"
        return Preview(Outcome.UNRELATED, fields=_fields(rules, came, {}, ()) if came else (), faults=(taken_back,))
    if isinstance(event, Unrelated):
        why = () if came else (f"{rules[QUALIFICATION].field} is empty, or no mapped field was sent with a change",)
        return Preview(Outcome.UNRELATED, fields=_fields(rules, came, {}, ()) if came else (), faults=why)
    rules = rules or {ours: FieldRule(field=ours) for ours in event.content}
    try:
        order = order_of(source, event, None)
    except InvalidRequest as error:
        whole = any(not fault.pointer for fault in error.faults)
        fields = () if whole else _fields(rules, came, event.content, error.faults)
        told = {f"/{each.ours}" for each in fields}
        others = tuple(_sentence(fault) for fault in error.faults if fault.pointer not in told)
        return Preview(Outcome.REJECTED, event.event_id, fields, others)
    content = order.request.model_dump(mode="json", by_alias=True) | {CUSTOMER: str(order.customer_tenant_id)}
    return Preview(Outcome.ACCEPTED, event.event_id, _fields(rules, came, _flat(content), ()))


def _flat(content: Mapping[str, Any]) -> dict[str, Any]:
    """With the fields of the reference beside the others, as the mapping names them."""
    reference = content.get("reference")
    inner = reference if isinstance(reference, Mapping) else {}
    return {**content, **{REFERENCE + name: value for name, value in inner.items()}}


def _fields(
    rules: FieldRules, came: Mapping[str, Any], content: Mapping[str, Any], faults: Sequence[Fault]
) -> tuple[FieldPreview, ...]:
    wrong = {fault.pointer: fault.detail for fault in faults}
    wanted = SHAPES.get(str(content.get(QUALIFICATION)), rules.keys())
    return tuple(
        FieldPreview(
            ours=ours,
            theirs=rule.field,
            came=_shown(ours, came.get(ours)),
            becomes=_shown(ours, content.get(ours)),
            fault=wrong.get(f"/{ours}"),
            used=ours in wanted,
        )
        for ours, rule in sorted(rules.items(), key=lambda item: (item[0] not in FIRST, item[0]))
    )


def _shown(ours: str, value: Any) -> Any:
    return HIDDEN if ours == SECRET and value is not None else value


def _sentence(fault: Fault) -> str:
    return f"{fault.pointer.removeprefix('/')} {fault.detail}".strip()


def _fields_name(source: type[Source]) -> str:
    """What the model of a source's settings calls its mapping."""
    alias = fields_setting(source)
    return next(name for name, each in source.settings.model_fields.items() if each.alias == alias)
