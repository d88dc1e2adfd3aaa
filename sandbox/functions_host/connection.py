"""The app setting behind a binding's `connection`."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from sandbox.functions_host.errors import ConfigurationError
from sandbox.functions_host.functions import Function, ServiceBusTrigger

if TYPE_CHECKING:
    from azure.servicebus.aio import ServiceBusClient


def service_bus_client(function: Function, settings: Mapping[str, str]) -> "ServiceBusClient":
    """Build the client that a Service Bus function reads with; nothing is opened yet.

    Args:
        function: one with a Service Bus trigger.
        settings: the app settings; `AzureWebJobs<connection>` goes before `<connection>`, as in Azure.

    Returns:
        A client that does not retry by itself: its retries would hide an outage from the listener for 15 s.

    Raises:
        ConfigurationError: the setting is missing, is an identity's, or is no connection string.
    """
    # Imported where it is needed: an app without queues starts 150 ms sooner.
    from azure.servicebus.aio import ServiceBusClient  # noqa: PLC0415

    name = function.trigger_as(ServiceBusTrigger).connection
    connection_string = settings.get(f"AzureWebJobs{name}") or settings.get(name)
    if not connection_string:
        if f"{name}__fullyQualifiedNamespace" in settings:
            raise ConfigurationError(
                f"{function.name}: this host needs a connection string in {name}, not an identity."
            )
        raise ConfigurationError(f"{function.name}: its connection needs the app setting {name}, which is not set.")
    try:
        return ServiceBusClient.from_connection_string(connection_string, retry_total=0)
    except ValueError:
        raise ConfigurationError(
            f"{function.name}: the app setting {name} is not a Service Bus connection string."
        ) from None
