"""How often clients have turned to a queue or topic."""

from dataclasses import dataclass


@dataclass(slots=True)
class Traffic:
    """What clients did since the broker started.

    Attributes:
        senders: links that were opened for sending.
        transfers: deliveries, each of a message or of a whole batch.
    """

    senders: int = 0
    transfers: int = 0
