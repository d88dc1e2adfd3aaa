"""Where the broker's state is written down, if anywhere."""

from typing import Any

from sandbox.service_bus.entities.queued_message import QueuedMessage


class Recorder:
    """Is told of every change that must outlive the process. This one writes nothing down."""

    def added(self, entity: str, message: QueuedMessage) -> None:
        """A message was stored."""

    def changed(self, entity: str, message: QueuedMessage) -> None:
        """A message was deferred, or came back from a delivery."""

    def removed(self, entity: str, sequence_number: int) -> None:
        """A message was settled, moved or dropped."""

    def seen(self, entity: str, message_id: Any, until: float, sequence_number: int) -> None:
        """A message id counts as a duplicate until a time."""

    def session_state(self, entity: str, session_id: str, state: bytes | None) -> None:
        """A session's state was set."""
