"""Sample webhooks: what a CRM would send, proven as it proves itself. For the sandbox, guides and tests."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from qualification.webhooks.field_rules import parse_field_rules


@dataclass(frozen=True, slots=True)
class Call:
    """A POST to one source.

    Attributes:
        source: the source.
        body: its body.
        headers: its headers.
        query: what stands behind the path, with its question mark, or nothing.
    """

    source: str
    body: bytes
    headers: dict[str, str]
    query: str = ""

    @property
    def path(self) -> str:
        """Path and query on the service's host."""
        return f"/api/webhooks/{self.source}{self.query}"


type Build = Callable[[Mapping[str, Any], Mapping[str, str], str | None], Call]
"""From a request in this service's own words, app settings, and any text that stands for the event (None is a new one) to
a call that a service with these settings believes."""


@dataclass(frozen=True, slots=True)
class Sample:
    """How to pretend to be a CRM.

    Attributes:
        settings: makes app settings, with new secrets, under which the service believes the samples.
        build: makes a call.
        prove: makes a call with any body that a service with these app settings believes, whatever is in it.
    """

    settings: Callable[[], dict[str, str]]
    build: Build
    prove: Callable[[bytes, Mapping[str, str]], Call]


def first(setting: str) -> str:
    """The first of the words in a setting, which may hold several secrets while one is rotated."""
    return setting.split(",", maxsplit=1)[0].strip()


def in_their_words(content: Mapping[str, Any], fields: Mapping[str, Any]) -> dict[str, Any]:
    """A request as the record of a CRM with these fields; what the CRM has no field for is left out."""
    record: dict[str, Any] = {}
    for ours, rule in parse_field_rules(json.dumps(fields)).items():
        if ours in content:
            theirs = [key for key, meant in (rule.values or {}).items() if meant == content[ours]]
            record[str(rule.field)] = theirs[0] if theirs else content[ours]
    return record
