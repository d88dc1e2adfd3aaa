"""The properties of an event that filters can ask for, and what each of them may be."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from qualification.domain.cloud_event import CONTENT_TYPE, PROPERTIES
from qualification.domain.event import EventType
from qualification.domain.events import Attention
from qualification.domain.request import Qualification
from qualification.domain.status import Status
from qualification.domain.waiting import Reason

ANYTHING = re.compile(r".*", re.DOTALL)
NOTHING = re.compile(r"(?!)")
GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
SOURCE = re.compile(rf"/partner|/webhooks/[a-z0-9-]+|/customers/{GUID.pattern}/qualifications/{GUID.pattern}")


@dataclass(frozen=True, slots=True)
class Property:
    """A property as a filter names it.

    Attributes:
        name: for the reader.
        values: what it can be.
        known: whether events have it at all.
    """

    name: str
    values: re.Pattern[str] = ANYTHING
    known: bool = True

    def doubts(self, wanted: Iterable[object]) -> Iterator[str]:
        """A sentence for each value that it never has, or one that says that no event has the property."""
        if not self.known:
            yield f"no event has a property {self.name}"
            return
        yield from (
            f"{self.name} is never {value!r}"
            for value in wanted
            if not isinstance(value, str) or not self.values.fullmatch(value)
        )


def _one_of(values: Iterable[StrEnum]) -> re.Pattern[str]:
    return re.compile("|".join(re.escape(value) for value in values))


_APPLICATION: Mapping[str, re.Pattern[str]] = {
    "status": _one_of(Status),
    "previousstatus": _one_of(Status),
    "qualification": _one_of(Qualification),
    "customertenantid": GUID,
    "reason": _one_of([*Attention, *Reason]),
    "cloudevents_specversion": re.compile(r"1\.0"),
    "cloudevents_source": SOURCE,
    "cloudevents_type": _one_of(EventType),
    "cloudevents_subject": GUID,
}
_SYSTEM: Mapping[str, re.Pattern[str]] = {
    "contenttype": re.compile(re.escape(CONTENT_TYPE)),
    "correlationid": GUID,
    "label": _one_of(EventType),
    "replyto": NOTHING,
    "replytosessionid": NOTHING,
    "sessionid": GUID,
    "subject": _one_of(EventType),
    "to": NOTHING,
}
_KNOWN = {name.lower(): name for name in PROPERTIES}


def application_property(name: str) -> Property:
    """An application property, by its name in any case."""
    folded = name.lower()
    return Property(_KNOWN.get(folded, name), _APPLICATION.get(folded, ANYTHING), folded in _KNOWN)


def system_property(name: str) -> Property:
    """A property of the message itself, by its name in any case; nothing is said of one that is not known here."""
    return Property(f"sys.{name}", _SYSTEM.get(name.lower(), ANYTHING))
