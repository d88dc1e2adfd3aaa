"""How an emulator of Service Bus is reached for administration."""

from typing import Any, override

from azure.core.pipeline.transport import AioHttpTransport


class PlainTransport(AioHttpTransport):  # type: ignore[misc]  # azure.core loads it lazily, so it has no type here
    """Sends what the SDK would send by https over plain http: it knows no emulator here (azure-servicebus 7.15)."""

    @override
    async def send(self, request: Any, **options: Any) -> Any:
        """Send a request of azure.core to the same address without TLS."""
        request.url = request.url.replace("https://", "http://", 1)
        return await super().send(request, **options)
