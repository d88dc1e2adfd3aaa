"""The real Functions runtime on one machine: HTTP, Service Bus and timer triggers around azure-functions-runtime."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sandbox.functions_host.errors import AppError, AzureError, ConfigurationError, HostError
    from sandbox.functions_host.host import FunctionsHost

__all__ = ["AppError", "AzureError", "ConfigurationError", "FunctionsHost", "HostError"]


def __getattr__(name: str) -> Any:
    """Import the host when it is asked for, so that `indexing` can run in an interpreter without a web server."""
    if name == "FunctionsHost":
        from sandbox.functions_host.host import FunctionsHost  # noqa: PLC0415  the reason is in the docstring

        return FunctionsHost
    if name in __all__:
        from sandbox.functions_host import errors  # noqa: PLC0415  same

        return getattr(errors, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
