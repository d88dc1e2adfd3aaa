"""The tables of events: their types, and what subscriptions can filter on."""

from qualification.domain.cloud_event import PROPERTIES
from qualification.domain.event import EventType
from qualification.domain.events import NEWS
from qualification.domain.status import Status
from tools.reference import markdown
from tools.reference.markdown import code

WHEN = {
    EventType.STATUS_CHANGED: "on every change to {statuses}",
    EventType.ATTENTION_REQUIRED: "a person should act, or should know",
}
DATA = {
    EventType.STATUS_CHANGED: "about the request, and `previousStatus`, `vettingStatus`, `vettingReason`, `remedy`, `error`",
    EventType.ATTENTION_REQUIRED: "`reason`, `detail`, `remedy`; about the request where there is one",
}


def types_table() -> str:
    """Each type, when it comes, and what it carries."""
    statuses = ", ".join(code(status.value) for status in Status if status in NEWS)
    rows = ((code(kind.value), WHEN[kind].format(statuses=statuses), DATA[kind]) for kind in EventType)
    return markdown.table(("Type", "When", "`data`"), rows)


def properties_table() -> str:
    """Each application property, and what it repeats."""
    prefix = "cloudEvents_"
    rows = (
        (
            code(name),
            f"the envelope's {code(name.removeprefix(prefix))}" if name.startswith(prefix) else f"`data.{name}`",
        )
        for name in sorted(PROPERTIES)
    )
    return markdown.table(("Property", "Repeats"), rows)
