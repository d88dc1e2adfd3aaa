"""A subscriber of status-change events, as a shop or a billing system would be one."""

import json
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

from azure.servicebus import ServiceBusClient

TOPIC = "qualification-events"
PAUSE = 0.5
"""Seconds after which an idle receiver looks whether it should stop."""


class Subscriber:
    """Receives the events of one subscription on a thread of its own, in order; a context manager.

    Args:
        connection_string: of the Service Bus namespace.
        on_event: is called with each event's CloudEvents envelope as it comes.
        subscription: of the events topic.
    """

    def __init__(
        self, connection_string: str, on_event: Callable[[dict[str, Any]], None], subscription: str = "all"
    ) -> None:
        self._connection_string = connection_string
        self._on_event = on_event
        self._subscription = subscription
        self._stopping = threading.Event()
        self._arrived = threading.Condition()
        self._thread = threading.Thread(target=self._receive, name=f"subscriber-{subscription}", daemon=True)
        self.events: list[dict[str, Any]] = []

    def about(self, customer_id: str) -> list[dict[str, Any]]:
        """The events about one customer so far, in the order in which they came."""
        return [event for event in self.events if event["subject"] == customer_id]

    def wait_until(self, condition: Callable[[], bool], timeout: float) -> bool:
        """Wait until `condition` holds, looking at each event; whether it held within `timeout` seconds."""
        with self._arrived:
            return self._arrived.wait_for(condition, timeout)

    def _receive(self) -> None:
        client = ServiceBusClient.from_connection_string(self._connection_string)
        with client, client.get_subscription_receiver(TOPIC, self._subscription) as receiver:
            while not self._stopping.is_set():
                for message in receiver.receive_messages(max_message_count=20, max_wait_time=PAUSE):
                    event = json.loads(str(message))
                    receiver.complete_message(message)
                    with self._arrived:
                        self.events.append(event)
                        self._on_event(event)
                        self._arrived.notify_all()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._stopping.set()
        self._thread.join()
