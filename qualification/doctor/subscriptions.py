"""Checks of the topic's subscriptions: whether each is open, emptied, and able to get what it waits for."""

from collections.abc import Iterator, Sequence

from qualification.doctor.correlation_filter import correlation_doubts
from qualification.doctor.diagnosis import Diagnosis, Finding
from qualification.doctor.sql_filter import sql_doubts
from qualification.service_bus.descriptions import ACTIVE, Rule, SqlFilter, Subscription

NOBODY_REMEDY = (
    "Make a subscription for each system that is to hear of decisions; infra/main.bicep has eventSubscriptions."
)
REMEDY = "Correct it; docs/reference/events.md lists properties and values that filters can ask for."


def diagnose_all(subscriptions: Sequence[Subscription]) -> list[Diagnosis]:
    """A row each, or one that says that there is none."""
    if not subscriptions:
        return [Diagnosis("Subscriptions", Finding.WARNING, "there is none: events reach nobody", NOBODY_REMEDY)]
    return [diagnose(each) for each in subscriptions]


def diagnose(subscription: Subscription) -> Diagnosis:
    """One subscription; a filter that is not understood is taken as sound."""
    name = f"Subscription {subscription.name}"
    doubts = list(_doubts(subscription))
    if doubts:
        return Diagnosis(name, Finding.WARNING, "; ".join(doubts), REMEDY)
    return Diagnosis(name, Finding.OK, f"rules: {', '.join(rule.name for rule in subscription.rules)}; no dead letters")


def _doubts(subscription: Subscription) -> Iterator[str]:
    if subscription.status != ACTIVE:
        yield f"its status is {subscription.status}"
    if not subscription.rules:
        yield "it has no rule, so it gets nothing"
    for rule in subscription.rules:
        yield from (f"rule {rule.name}: {doubt}" for doubt in _of_rule(rule))
    if subscription.dead_letters:
        yield f"dead letters: {subscription.dead_letters}"


def _of_rule(rule: Rule) -> Iterator[str]:
    if rule.filter is None:
        return iter(())
    if isinstance(rule.filter, SqlFilter):
        return sql_doubts(rule.filter.expression)
    return correlation_doubts(rule.filter)
