"""What a CRM's record says once it is mapped: a request, a mark that was taken back, or nothing of a qualification."""

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from qualification.domain.errors import Fault
from qualification.domain.guid import parse_tenant_id
from qualification.domain.request import is_missing
from qualification.webhooks.field_names import dig, is_sent
from qualification.webhooks.field_rules import CUSTOMER, OCCURRED_AT, OTHERWISE, QUALIFICATION, FieldRules
from qualification.webhooks.mapping import as_it_is, mapped, value_of
from qualification.webhooks.source import About, Notice, Origin, Unrelated, Withdrawn

MILLISECONDS = re.compile(r"[0-9]{12,14}", re.ASCII)
"""Since 1970, as some CRMs write a moment."""
_NO_MOMENT = "must be a moment: ISO 8601 with its offset from UTC, or milliseconds since 1970"


@dataclass(frozen=True, slots=True)
class Reading:
    """Reads the records of one CRM.

    Attributes:
        rules: our field -> where it comes from.
        unwrap: takes a value out of what the CRM wraps it in.
        leaves_out_empty: whether the CRM leaves out what is empty, so that a missing mark is one that was taken back.
    """

    rules: FieldRules
    unwrap: Callable[[Any], Any] = as_it_is
    leaves_out_empty: bool = False

    def content(self, record: Mapping[str, Any]) -> tuple[dict[str, Any], tuple[Fault, ...]] | None:
        """The request in a record, and what is wrong with it; None where it is not about a qualification."""
        return mapped(record, self.rules, self.unwrap)

    def notice(
        self, record: Mapping[str, Any], event_id: str, about: About, found: tuple[dict[str, Any], tuple[Fault, ...]]
    ) -> Notice:
        """What `content` has found, as an event."""
        content, faults = found
        try:
            about = self.dated(record, about)
        except ValueError as error:
            faults = (*faults, Fault(f"/{OCCURRED_AT}", str(error)))
        return Notice(event_id, content, faults, self._origins(record), about)

    def without_mark(self, record: Mapping[str, Any], about: About) -> Withdrawn | Unrelated:
        """What a record says whose mark is empty: it was taken back, if the mark was sent and the customer is known."""
        rule = self.rules[QUALIFICATION]
        if rule.field is None or not (self.leaves_out_empty or is_sent(record, rule.field)):
            return Unrelated()
        try:
            return Withdrawn(
                parse_tenant_id(value_of(record, self.rules[CUSTOMER], self.unwrap)), self.dated(record, about)
            )
        except ValueError:
            return Unrelated()

    def event(self, record: Mapping[str, Any], event_id: str, about: About) -> Notice | Withdrawn | Unrelated:
        """What a record says, where its event has an id of its own."""
        found = self.content(record)
        return self.without_mark(record, about) if found is None else self.notice(record, event_id, about, found)

    def dated(self, record: Mapping[str, Any], about: About) -> About:
        """With the moment in the record, if a field is mapped to it and filled.

        Raises:
            ValueError: there is no moment in that field.
        """
        rule = self.rules.get(OCCURRED_AT)
        value = None if rule is None else value_of(record, rule, self.unwrap)
        return about if is_missing(value) else replace(about, occurred_at=parse_moment(value))

    def _origins(self, record: Mapping[str, Any]) -> dict[str, Origin]:
        found: dict[str, Origin] = {}
        for name, rule in self.rules.items():
            if rule.field is not None:
                values = tuple(value for value in rule.values or () if value != OTHERWISE)
                with suppress(ValueError):
                    # Of several names that differ in case only nobody knows which one is meant.
                    found[name] = Origin(rule.field, self.unwrap(dig(record, rule.field)), values)
        return found


def parse_moment(value: object) -> datetime:
    """A moment as CRMs write it, in aware UTC.

    Raises:
        ValueError: it is none, or does not say how far it is from UTC.
    """
    text = str(value)
    try:
        at = datetime.fromtimestamp(int(text) / 1000, UTC) if MILLISECONDS.fullmatch(text) else None
        at = at or datetime.fromisoformat(text)
    except (ValueError, OverflowError):
        raise ValueError(_NO_MOMENT) from None
    if at.tzinfo is None:
        raise ValueError(_NO_MOMENT)
    return at.astimezone(UTC)
