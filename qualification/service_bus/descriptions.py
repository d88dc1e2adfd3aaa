"""Queue, topic, subscriptions and rules as Service Bus has them; names are its own."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

ACTIVE = "Active"
"""The status of an entity that takes and gives messages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """A queue's properties."""

    status: str
    requires_duplicate_detection: bool
    duplicate_detection_history_time_window: timedelta
    lock_duration: timedelta
    max_delivery_count: int
    dead_lettering_on_message_expiration: bool
    requires_session: bool
    forward_to: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """A topic's properties."""

    status: str
    requires_duplicate_detection: bool
    duplicate_detection_history_time_window: timedelta


@dataclass(frozen=True, slots=True)
class SqlFilter:
    """Matches messages for which an expression is true."""

    expression: str


@dataclass(frozen=True, slots=True)
class CorrelationFilter:
    """Matches messages whose properties have exactly these values."""

    system: Mapping[str, str]
    application: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Rule:
    """A named filter; None where it is of a kind unknown here."""

    name: str
    filter: SqlFilter | CorrelationFilter | None


@dataclass(frozen=True, slots=True)
class Subscription:
    """A subscription of the topic."""

    name: str
    status: str
    dead_letters: int
    rules: tuple[Rule, ...]


class EntitiesHidden(Exception):
    """Service Bus does not show its entities: that takes the right to manage, which the service does not need.

    Attributes:
        remedy: how they could be seen.
    """

    def __init__(self, text: str, remedy: str) -> None:
        super().__init__(text)
        self.remedy = remedy
