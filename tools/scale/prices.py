"""Azure's limits and list prices, and where each was read. A price with `read` None was not found and is assumed.

List prices in US dollars, pay as you go, East US or without a region in the source, as of the date of the source. Every stored copy
was read on 2026-11-21; the live price pages were not.
"""

from dataclasses import dataclass

HOURS_A_MONTH = 730

ESTIMATE = "Overview of the Large Scale Notification Bot, Cost Estimation (github.com/OfficeDev/teams-toolkit-samples, 2023-10)"
BILLING = "Service Bus pricing and billing (Azure documentation of 2016-06-13)"
FLEX = (
    "Azure Functions pricing: Consumption vs. Flex Consumption (modal.com/blog/azure-function-pricing-guide, 2025-05)"
)
LOGS = "Azure Monitor cost 2026 (monitoringcost.com/azure-monitor-cost)"
LIMITS = "learn.microsoft.com/azure"


@dataclass(frozen=True, slots=True)
class Figure:
    """A price or a limit.

    Attributes:
        value: the figure.
        unit: what it is of.
        read: title and address of the page, None where none was found.
    """

    value: float
    unit: str
    read: str | None


FUNCTION_SECOND = Figure(0.000026, "$ a GB-second, on demand", FLEX)
FUNCTION_SECONDS_FREE = Figure(100_000, "GB-seconds a month", FLEX)
EXECUTION = Figure(0.40 / 1e6, "$ an execution", FLEX)
EXECUTIONS_FREE = Figure(250_000, "executions a month; one source says 1,000,000", FLEX)
SHORTEST_EXECUTION = Figure(
    1.0, "seconds billed at least", f"Flex Consumption plan hosting ({LIMITS}/azure-functions/flex-consumption-plan)"
)
SERVICE_BUS_BASE = Figure(0.0135, "$ an hour, Standard", ESTIMATE)
SERVICE_BUS_INCLUDED = Figure(13e6, "operations a month", ESTIMATE)
SERVICE_BUS_OPERATION = Figure(0.80 / 1e6, "$ an operation up to 100 million a month", ESTIMATE)
SERVICE_BUS_CHEAPER_FROM = Figure(100e6, "operations a month", BILLING)
SERVICE_BUS_CHEAPER = Figure(0.50 / 1e6, "$ an operation above that", BILLING)
SERVICE_BUS_UNIT = Figure(
    0.9275,
    "$ an hour and messaging unit, Premium",
    "a cost tool on GitHub that quotes the retail prices API; undated, no region",
)
TABLE_TRANSACTION = Figure(0.00036 / 1e4, "$ a transaction", ESTIMATE)
TABLE_GB = Figure(0.06, "$ a GB and month, GRS; 0.045 for LRS was found", None)
LOG_GB = Figure(2.30, "$ a GB", LOGS)
LOG_GB_FREE = Figure(5, "GB a month", LOGS)
LOG_RETENTION = Figure(0.10, "$ a GB and month after the 31st day", LOGS)
LOG_RETENTION_MONTHS = Figure(2, "months paid: 90 days are kept, 31 are free", LOGS)
ALERTS = Figure(7.0, "$ a month for the eight log alerts and the metric alert", None)
VAULT_OPERATION = Figure(0.03 / 1e4, "$ an operation", None)

TABLE_TRANSACTIONS_A_SECOND = Figure(
    20_000,
    "transactions a second and account",
    f"Scalability targets for Table storage ({LIMITS}/storage/tables/scalability-targets)",
)
TABLE_ENTITIES_A_SECOND = Figure(
    2_000,
    "entities a second and partition",
    f"Scalability targets for Table storage ({LIMITS}/storage/tables/scalability-targets)",
)
SERVICE_BUS_CREDITS = Figure(
    1_000,
    "credits a second and namespace, Standard",
    f"Throttling operations on Service Bus ({LIMITS}/service-bus-messaging/service-bus-throttling)",
)
VAULT_OPERATIONS = Figure(
    4_000, "operations in 10 seconds", f"Key Vault service limits ({LIMITS}/key-vault/general/service-limits)"
)
FLEX_MEMORY = Figure(
    512_000,
    "MB in a region and subscription",
    f"Flex Consumption plan hosting ({LIMITS}/azure-functions/flex-consumption-plan)",
)
LOG_CAP = Figure(1, "GB a day: our own, infra/modules/monitoring.bicep", "infra/modules/monitoring.bicep")
