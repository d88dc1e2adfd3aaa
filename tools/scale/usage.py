"""What a year takes of Azure, from what happened in each hour."""

from dataclasses import dataclass
from math import exp, sqrt
from statistics import NormalDist

from qualification.use_cases.hold import READ_EVERY
from tools.scale import footprint
from tools.scale.demand import HOURS, Demand
from tools.scale.deployment import TICK, Deployment
from tools.scale.hours import Hours, mean
from tools.scale.prices import SHORTEST_EXECUTION

RUNS_AN_HOUR = 3600 / TICK.total_seconds()
RUNS = RUNS_AN_HOUR * HOURS
IDLE_RUN_SECONDS = 0.2
"""A run with nothing due: sixteen queries, four at a time. Assumed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """Of a year.

    Attributes:
        table_transactions: HTTP calls to Table Storage.
        table_entities: rows read or changed.
        service_bus_operations: sends, receives and completions, by subscribers too.
        executions: of functions.
        function_seconds: in which an instance is active.
        log_bytes: ingested, without the daily cap.
        audit_bytes: the part of them that the storage account's audit log is.
        stored_bytes: records at the end of the year.
    """

    table_transactions: float
    table_entities: float
    service_bus_operations: float
    executions: float
    function_seconds: float
    log_bytes: float
    audit_bytes: float
    stored_bytes: float


def usage(hours: Hours, demand: Demand, deployment: Deployment) -> Usage:
    """What these hours take."""
    requests = {each: sum(counts) for each, counts in hours.requests.items()}
    submitted = [(footprint.SUBMIT[each], number) for each, number in requests.items()]
    news, all_looks = sum(hours.news), sum(hours.looks)
    steps = [
        *submitted,
        (footprint.ACCEPT, sum(requests.values())),
        (footprint.LOOK, all_looks),
        (footprint.NEWS, news),
    ]
    shared = sum(
        len(group) * (shared_transactions(looks) + hold_reads(looks, deployment))
        for group, looks in ((each, mean(hours.looks, each)) for each in demand.alike())
    )
    transactions = sum(step.transactions * number for step, number in steps) + shared
    events, messages = sum(requests.values()) + news, sum(requests.values())
    executions = 2 * sum(requests.values()) + RUNS
    seconds = sum(
        len(group) * active_seconds(mean(hours.all_requests(), group), mean(hours.looks, group), deployment)
        for group in demand.alike()
    )
    spans = min(
        footprint.SPANS_A_SECOND * seconds,
        footprint.SPANS_A_TRANSACTION * transactions + sum(hours.calls()),
    )
    lines = sum(step.lines * number for step, number in steps) + RUNS + executions + spans
    return Usage(
        table_transactions=transactions,
        table_entities=sum(step.entities * number for step, number in steps) + all_looks,
        service_bus_operations=footprint.MESSAGE_OPERATIONS * messages
        + events * (1 + 2 * deployment.subscriptions_read),
        executions=executions,
        function_seconds=seconds,
        log_bytes=(lines + transactions) * footprint.LOG_ROW_BYTES,
        audit_bytes=transactions * footprint.LOG_ROW_BYTES,
        stored_bytes=sum(requests.values()) * footprint.RECORD_BYTES,
    )


def shared_transactions(looks: float) -> float:
    """Transactions of an hour's runs that belong to no single look: the scans, and looks without news stored together."""
    runs = RUNS_AN_HOUR * footprint.READS_A_SCAN
    in_a_shard = looks / runs
    # The first page is asked for whether or not anything is due.
    pages = exp(-in_a_shard) + groups(in_a_shard, footprint.LOOKS_A_PAGE)
    return runs * (pages + groups(in_a_shard, footprint.LOOKS_A_TRANSACTION))


def hold_reads(looks: float, deployment: Deployment) -> float:
    """How often an hour's runs read what holds everybody: where something is due, and again every few seconds."""
    with_looks = RUNS_AN_HOUR * (1 - exp(-looks / RUNS_AN_HOUR))
    return with_looks + looks / deployment.looks_a_second / READ_EVERY.total_seconds()


def groups(mean: float, size: int) -> float:
    """Groups of this size that a number makes on average which chance spreads around a mean (Poisson, as a normal law)."""
    if not mean:
        return 0.0
    law = NormalDist(mean, sqrt(mean))
    full = sum(1 - law.cdf(size * number + 0.5) for number in range(1, int(mean / size) + 4))
    return 1 - exp(-mean) + full


def active_seconds(requests: float, looks: float, deployment: Deployment) -> float:
    """Seconds of an hour in which an instance is active: of webhooks, of the queue and of the timer, which share none.

    Requests come by chance, so with a rate r and s seconds each, somebody is at work for 1 - exp(-r s) of the time.
    """
    shortest = SHORTEST_EXECUTION.value
    triggered = sum(
        3600 * (1 - exp(-requests * max(shortest, seconds) / 3600)) for seconds in (shortest, deployment.submit_seconds)
    )
    run = looks / RUNS_AN_HOUR / deployment.looks_a_second + IDLE_RUN_SECONDS
    return triggered + RUNS_AN_HOUR * max(shortest, run)
