"""Takes a delivery in: proves its sender, hands on what is in it, and finds out how to answer.

The rest of the service is built for the first proven delivery; whoever is not proven pays for nothing behind this page.
"""

from collections.abc import Callable
from dataclasses import dataclass

from qualification.domain.errors import BodyTooLarge, SenderNotProven, SourceNotConfigured, UnreadableBody
from qualification.webhooks.admission import Admission
from qualification.webhooks.receipt import Receipt
from qualification.webhooks.reply import Outcome, Reply
from qualification.webhooks.source import Delivery, Source


@dataclass(frozen=True, slots=True)
class Reception:
    """The use case behind webhooks; `admission` gives what is behind it."""

    admission: Callable[[], Admission]

    async def receive(
        self, source: Source, delivery: Delivery, traceparent: str | None = None
    ) -> tuple[Reply, Receipt]:
        """Take a delivery; how to answer it, and what came of it.

        Args:
            source: the CRM.
            delivery: what came.
            traceparent: W3C trace context of the origin, handed on to the events.
        """
        receipt = await self._receive(source, delivery, traceparent)
        return source.replies[receipt.outcome], receipt

    async def _receive(self, source: Source, delivery: Delivery, traceparent: str | None) -> Receipt:
        try:
            source.prove(delivery)
            events = source.read(delivery)
        except SenderNotProven as error:
            return Receipt(Outcome.NOT_PROVEN, error=error)
        except SourceNotConfigured as error:
            return Receipt(Outcome.UNAVAILABLE, error=error)
        except (UnreadableBody, BodyTooLarge) as error:
            return await self.admission().refuse(source, delivery, error, traceparent)
        return await self.admission().take(source, events, traceparent)
