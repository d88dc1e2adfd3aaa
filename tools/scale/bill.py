"""What a month costs at list prices."""

from dataclasses import astuple, dataclass

from tools.scale import prices
from tools.scale.deployment import Deployment
from tools.scale.usage import Usage

GB = 1e9
MONTHS = 12
DAYS_A_MONTH = 365 / MONTHS
VAULT_OPERATIONS = 2_000
"""A month: the age of the refresh token each hour, and redemptions by each new instance. Assumed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """Dollars a month, in an average month of the year."""

    functions: float
    service_bus: float
    tables: float
    logs: float
    alerts: float
    vault: float

    @property
    def total(self) -> float:
        """All of it."""
        return float(sum(astuple(self)))


def bill(used: Usage, deployment: Deployment) -> Bill:
    """What a year's usage costs a month, on Service Bus Standard and with the daily cap on logs as deployed."""
    return Bill(
        functions=_functions(used, deployment),
        service_bus=service_bus_standard(used.service_bus_operations / MONTHS),
        tables=used.table_transactions / MONTHS * prices.TABLE_TRANSACTION.value
        + used.stored_bytes / GB * prices.TABLE_GB.value,
        logs=_logs(used),
        alerts=prices.ALERTS.value,
        vault=VAULT_OPERATIONS * prices.VAULT_OPERATION.value,
    )


def service_bus_standard(operations: float) -> float:
    """Service Bus Standard with so many operations a month."""
    base = prices.SERVICE_BUS_BASE.value * prices.HOURS_A_MONTH
    dearer = min(operations, prices.SERVICE_BUS_CHEAPER_FROM.value) - prices.SERVICE_BUS_INCLUDED.value
    cheaper = operations - prices.SERVICE_BUS_CHEAPER_FROM.value
    return (
        base
        + max(0.0, dearer) * prices.SERVICE_BUS_OPERATION.value
        + max(0.0, cheaper) * prices.SERVICE_BUS_CHEAPER.value
    )


def log_gb_a_day(used: Usage) -> float:
    """Logs on an average day, without the cap."""
    return used.log_bytes / GB / 365


def _functions(used: Usage, deployment: Deployment) -> float:
    gb_seconds = used.function_seconds * deployment.memory_gb / MONTHS - prices.FUNCTION_SECONDS_FREE.value
    executions = used.executions / MONTHS - prices.EXECUTIONS_FREE.value
    return max(0.0, gb_seconds) * prices.FUNCTION_SECOND.value + max(0.0, executions) * prices.EXECUTION.value


def _logs(used: Usage) -> float:
    ingested = min(log_gb_a_day(used), prices.LOG_CAP.value) * DAYS_A_MONTH
    audit = ingested * used.audit_bytes / used.log_bytes
    kept = audit * prices.LOG_RETENTION_MONTHS.value * prices.LOG_RETENTION.value
    return max(0.0, ingested - prices.LOG_GB_FREE.value) * prices.LOG_GB.value + kept
