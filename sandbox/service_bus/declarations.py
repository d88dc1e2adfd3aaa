"""What a topology file declares: queues, topics, subscriptions, rules.

The shape is that of Microsoft's Service Bus emulator: `ServiceBus-Emulator/Schema/Config-schema.json` in
github.com/Azure/azure-service-bus-emulator-installer. Its limits are in `limits`.
"""

import re
from datetime import timedelta
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator
from pydantic.alias_generators import to_pascal

from sandbox.service_bus.filters.parser import parse

_ISO_8601 = re.compile(r"P(?!$)(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?")


def _iso_8601(value: Any) -> Any:
    if isinstance(value, timedelta) or (isinstance(value, str) and _ISO_8601.fullmatch(value)):
        return value
    raise ValueError("must be an ISO 8601 duration such as PT1M")


type Duration = Annotated[timedelta, BeforeValidator(_iso_8601), Field(gt=timedelta(0))]
type Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9]$|^[A-Za-z0-9][\w\-./]*[A-Za-z0-9]$")]


class Declared(BaseModel):
    """Anything that the file names; its members are written in Pascal case."""

    model_config = ConfigDict(alias_generator=to_pascal, extra="forbid", frozen=True)


class _Delivering(Declared):
    dead_lettering_on_message_expiration: bool = False
    default_message_time_to_live: Duration = timedelta(hours=1)
    forward_dead_lettered_messages_to: str = ""
    forward_to: str = ""
    lock_duration: Duration = timedelta(minutes=1)
    max_delivery_count: int = Field(default=3, ge=1)
    requires_session: bool = False


class _Detecting(Declared):
    duplicate_detection_history_time_window: Duration = timedelta(seconds=20)
    requires_duplicate_detection: bool = False


class QueueProperties(_Delivering, _Detecting):
    """What a queue does with its messages."""


class SubscriptionProperties(_Delivering):
    """What a subscription does with its messages."""


class TopicProperties(_Detecting):
    """What a topic does with the messages that pass through it."""

    default_message_time_to_live: Duration = timedelta(hours=1)


class CorrelationFilter(Declared):
    """Matches messages whose properties have exactly these values."""

    content_type: str | None = None
    correlation_id: str | None = None
    label: str | None = None
    message_id: str | None = None
    reply_to: str | None = None
    reply_to_session_id: str | None = None
    session_id: str | None = None
    to: str | None = None
    properties: dict[str, bool | int | float | str] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _compares_something(self) -> Self:
        if not self.model_fields_set:
            raise ValueError("names no property to compare")
        return self


class SqlFilter(Declared):
    """Matches messages for which an expression is true."""

    sql_expression: str = Field(max_length=1024)

    @field_validator("sql_expression")
    @classmethod
    def _is_well_formed(cls, expression: str) -> str:
        parse(expression)
        return expression


class RuleProperties(Declared):
    """A filter of the type that `FilterType` says."""

    filter_type: Literal["Correlation", "Sql"]
    correlation_filter: CorrelationFilter | None = None
    sql_filter: SqlFilter | None = None

    @model_validator(mode="after")
    def _has_the_filter(self) -> Self:
        if self.filter_type == "Sql" and self.sql_filter is None:
            raise ValueError("FilterType Sql needs a SqlFilter")
        if self.filter_type == "Correlation" and self.correlation_filter is None:
            raise ValueError("FilterType Correlation needs a CorrelationFilter")
        return self


class Rule(Declared):
    """A named filter."""

    name: str = Field(min_length=1)
    properties: RuleProperties


class Queue(Declared):
    """A queue."""

    name: Name
    properties: QueueProperties = QueueProperties()


class Subscription(Declared):
    """A subscription: takes the messages that one of its rules matches, and every message if it has no rule."""

    name: Name
    properties: SubscriptionProperties = SubscriptionProperties()
    rules: tuple[Rule, ...] = ()


class Topic(Declared):
    """A topic."""

    name: Name
    properties: TopicProperties = TopicProperties()
    subscriptions: tuple[Subscription, ...] = ()


class Namespace(Declared):
    """A namespace."""

    name: Name
    queues: tuple[Queue, ...] = ()
    topics: tuple[Topic, ...] = ()


class Logging(Declared):
    """Where the emulator logs to; this broker uses Python's logging."""

    type: Literal["File", "Console", "File,Console", "Console,File"] = "File"


class UserConfig(Declared):
    """The one namespace there is, and the logging."""

    namespaces: tuple[Namespace]
    logging: Logging = Logging()


class Configuration(Declared):
    """A whole file."""

    user_config: UserConfig
