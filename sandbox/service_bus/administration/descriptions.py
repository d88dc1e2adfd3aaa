"""Descriptions of entities and rules: their properties, and how many messages there are.

Element names are those of the topology file, which took them from Service Bus.
https://learn.microsoft.com/rest/api/servicebus/queues
"""

from xml.etree.ElementTree import Element, SubElement

from sandbox.service_bus import declarations
from sandbox.service_bus.administration.atom import Entry
from sandbox.service_bus.entities.counts import Counts

_CONNECT = "http://schemas.microsoft.com/netservices/2010/10/servicebus/connect"
_COUNTS = "http://schemas.microsoft.com/netservices/2011/06/servicebus"
_SCHEMA = "http://www.w3.org/2001/XMLSchema"
_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
_XML_TYPES = {bool: "boolean", int: "int", float: "double", str: "string"}
_DEFAULT = declarations.Rule.model_validate(
    {"Name": "$Default", "Properties": {"FilterType": "Sql", "SqlFilter": {"SqlExpression": "1=1"}}}
)
"""The rule that a new subscription has: it matches everything."""


def queue(declared: declarations.Queue, counts: Counts) -> Entry:
    """A queue."""
    return Entry(declared.name, _counted("QueueDescription", declared.properties, counts))


def topic(declared: declarations.Topic, counts: Counts) -> Entry:
    """A topic."""
    description = _counted("TopicDescription", declared.properties, counts)
    _text(description, "SubscriptionCount", str(len(declared.subscriptions)))
    return Entry(declared.name, description)


def subscription(declared: declarations.Subscription, counts: Counts) -> Entry:
    """A subscription; its rules are told elsewhere."""
    return Entry(declared.name, _counted("SubscriptionDescription", declared.properties, counts))


def rules(declared: declarations.Subscription) -> list[Entry]:
    """The rules of a subscription; where none is declared, the one it begins with."""
    return [Entry(each.name, _rule(each)) for each in declared.rules or (_DEFAULT,)]


def _counted(name: str, properties: declarations.Declared, counts: Counts) -> Element:
    description = Element(f"{{{_CONNECT}}}{name}")
    _properties(description, properties)
    _text(description, "Status", "Active")
    details = SubElement(description, f"{{{_CONNECT}}}CountDetails")
    SubElement(details, f"{{{_COUNTS}}}ActiveMessageCount").text = str(counts.active + counts.locked)
    SubElement(details, f"{{{_COUNTS}}}DeadLetterMessageCount").text = str(counts.dead_lettered)
    SubElement(details, f"{{{_COUNTS}}}ScheduledMessageCount").text = str(counts.scheduled)
    return description


def _rule(declared: declarations.Rule) -> Element:
    description = Element(f"{{{_CONNECT}}}RuleDescription")
    correlation, sql = declared.properties.correlation_filter, declared.properties.sql_filter
    if correlation is not None:
        matching = SubElement(description, f"{{{_CONNECT}}}Filter", {_TYPE: "CorrelationFilter"})
        _properties(matching, correlation)
        pairs = SubElement(matching, f"{{{_CONNECT}}}Properties")
        for key, value in correlation.properties.items():
            pair = SubElement(pairs, f"{{{_CONNECT}}}KeyValueOfstringanyType")
            _text(pair, "Key", key)
            kind = {_TYPE: f"xsd:{_XML_TYPES[type(value)]}", "xmlns:xsd": _SCHEMA}
            SubElement(pair, f"{{{_CONNECT}}}Value", kind).text = _written(value)
    elif sql is not None:
        name = "TrueFilter" if declared is _DEFAULT else "SqlFilter"
        matching = SubElement(description, f"{{{_CONNECT}}}Filter", {_TYPE: name})
        _properties(matching, sql)
        _text(matching, "CompatibilityLevel", "20")
        SubElement(matching, f"{{{_CONNECT}}}Parameters")
    SubElement(description, f"{{{_CONNECT}}}Action", {_TYPE: "EmptyRuleAction"})
    _text(description, "Name", declared.name)
    return description


def _properties(parent: Element, declared: declarations.Declared) -> None:
    for name, value in declared.model_dump(mode="json", by_alias=True, exclude_none=True).items():
        if value != "" and not isinstance(value, dict):
            _text(parent, name, _written(value))


def _text(parent: Element, name: str, text: str) -> None:
    SubElement(parent, f"{{{_CONNECT}}}{name}").text = text


def _written(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
