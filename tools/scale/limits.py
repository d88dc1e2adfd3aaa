"""Where the service breaks first: each limit, what a size takes of it at the peak, and how many customers would reach it."""

from dataclasses import dataclass

from qualification.stores.keys import SHARDS
from tools.scale import footprint, measured, prices
from tools.scale.bill import log_gb_a_day
from tools.scale.demand import HOURS, Demand
from tools.scale.deployment import Deployment
from tools.scale.hours import busiest, mean
from tools.scale.model import expected
from tools.scale.usage import usage

MINUTE, HOUR = 60, 3600


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit.

    Attributes:
        name: what is limited.
        unit: of both figures.
        most: the limit.
        taken: what is taken of it.
        customers: whose requests take it.
        remedy: what would be changed.
    """

    name: str
    unit: str
    most: float
    taken: float
    customers: int
    remedy: str

    @property
    def reached_at(self) -> float:
        """Customers whose requests would reach the limit; what is taken is taken to grow with them."""
        return self.customers * self.most / self.taken


def limits(demand: Demand, deployment: Deployment) -> list[Limit]:
    """All limits, the one that is reached first at the top."""
    hours = expected(demand, deployment)
    used = usage(hours, demand, deployment)
    looks, came = busiest(hours.looks, demand), busiest(hours.all_requests(), demand)
    calls, news = busiest(hours.calls(), demand), busiest(hours.news, demand)
    # What goes with the calls peaks with them.
    peak = calls / sum(hours.calls())
    entities, transactions = used.table_entities * peak, used.table_transactions * peak
    intake = mean(hours.looks, [hour for hour in range(HOURS) if demand.is_intake(hour)]) / mean(
        hours.looks, range(HOURS)
    )
    bus = footprint.MESSAGE_OPERATIONS * came + (came + news) * (1 + FILTERS + 2 * deployment.subscriptions_read)
    wide = Deployment(concurrency=WIDE)

    def limit(name: str, unit: str, most: float, taken: float, remedy: str) -> Limit:
        return Limit(name, unit, most, taken, demand.customers, remedy)

    found = [
        limit(
            "the daily cap on logs (ours)",
            "GB a day of the intake peak",
            prices.LOG_CAP.value,
            log_gb_a_day(used) * intake,
            "raise `dailyQuotaGb`, or drop the table's audit log",
        ),
        limit(
            "the timer, 8 calls at a time",
            "looks a minute",
            deployment.looks_a_minute,
            looks / MINUTE,
            "`PARTNER_CENTER_MAX_CONCURRENCY`",
        ),
        limit(
            "the timer, 64 calls at a time",
            "looks a minute",
            wide.looks_a_minute,
            looks / MINUTE,
            "reviews as queue messages, so that instances share them",
        ),
        limit("one core's work for looks", "looks a second", 1 / deployment.look_seconds, looks / HOUR, "the same"),
        limit("Service Bus Standard", "credits a second", prices.SERVICE_BUS_CREDITS.value, bus / HOUR, "Premium"),
        limit(
            "a table partition",
            "entities a second",
            prices.TABLE_ENTITIES_A_SECOND.value,
            entities / len(SHARDS) / HOUR,
            "more shards: a migration, they are fixed",
        ),
        limit(
            "the storage account",
            "transactions a second",
            prices.TABLE_TRANSACTIONS_A_SECOND.value,
            transactions / HOUR,
            "an account for each part of the shards",
        ),
        limit(
            "queue workers, 40 instances",
            "requests a second",
            deployment.instances * deployment.messages_at_a_time / deployment.submit_seconds,
            came / HOUR,
            "`maximumInstanceCount`",
        ),
        limit(
            "webhooks, one host as measured",
            "requests a second",
            measured.WEBHOOKS_A_SECOND,
            came / HOUR,
            "nothing: more instances start by themselves",
        ),
    ]
    return sorted(found, key=lambda each: each.reached_at)


FILTERS = 3
"""Subscriptions whose filter an event is held against, each for a credit: the samples of infra/modules/service-bus.bicep."""
WIDE = 64
