"""Rules: whether a subscription takes a message."""

from collections.abc import Callable

from sandbox.service_bus import declarations
from sandbox.service_bus.filters import values
from sandbox.service_bus.filters.parser import parse
from sandbox.service_bus.filters.subject import Subject

type Rule = Callable[[Subject], bool]


def rule(declared: declarations.Rule) -> Rule:
    """Build a rule; called with a message under test it may raise `FilterEvaluationError`."""
    properties = declared.properties
    if properties.filter_type == "Sql" and properties.sql_filter:
        predicate = parse(properties.sql_filter.sql_expression)
        return lambda subject: predicate.test(subject) is True
    correlation = properties.correlation_filter
    return _correlation(correlation) if correlation else lambda _: False


def _correlation(declared: declarations.CorrelationFilter) -> Rule:
    system = declared.model_dump(exclude_none=True, exclude={"properties"})
    wanted = {name.replace("_", ""): value for name, value in system.items()}
    users = {name.lower(): value for name, value in declared.properties.items()}

    def matches(subject: Subject) -> bool:
        return all(values.compare("=", subject.system(name), value) for name, value in wanted.items()) and all(
            values.compare("=", subject.user(name), value) for name, value in users.items()
        )

    return matches
