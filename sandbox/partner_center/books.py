"""What was asked and what came of it: every call, the effects counted, and how many calls were open at once."""

from collections import Counter, deque
from dataclasses import dataclass
from datetime import datetime

from sandbox.partner_center.incoming import Incoming
from sandbox.partner_center.token import Caller
from sandbox.partner_center.vocabulary import SIGN_IN_OPERATIONS, Operation


@dataclass(slots=True)
class Concurrency:
    """Calls open now, and the most that ever were at once."""

    now: int = 0
    peak: int = 0


@dataclass(slots=True)
class Call:
    """One call; `status` is None while it is open and if it never got an answer."""

    concurrency: Concurrency
    at: datetime
    operation: Operation
    method: str
    path: str
    customer: str | None
    request_id: str
    correlation_id: str
    caller: Caller | None
    body: bytes
    status: int | None = None
    effect: bool = False


class Books:
    """The newest calls in full, and counts of all; nothing here is scanned while a call is served."""

    KEPT = 100_000

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """Start new books; calls that are still open belong to the old ones."""
        self.api = Concurrency()
        self.sign_in = Concurrency()
        self._calls: deque[Call] = deque(maxlen=self.KEPT)
        self.count: Counter[Operation] = Counter()
        self.arrived: Counter[tuple[Operation, str]] = Counter()
        self._effective: Counter[tuple[Operation, str]] = Counter()
        self._effective_by_request_id: Counter[str] = Counter()

    def open(self, incoming: Incoming, at: datetime) -> Call:
        """Enter a call that has just arrived."""
        signing_in = incoming.operation in SIGN_IN_OPERATIONS
        concurrency = self.sign_in if signing_in else self.api
        call = Call(
            concurrency,
            at,
            incoming.operation,
            incoming.method,
            incoming.path,
            incoming.customer,
            incoming.request_id,
            incoming.correlation_id,
            incoming.token.caller if incoming.token else None,
            # A sign-in's body is all secrets.
            b"" if signing_in else incoming.body,
        )
        self._calls.append(call)
        self.count[call.operation] += 1
        if call.customer is not None:
            self.arrived[call.operation, call.customer] += 1
        concurrency.now += 1
        concurrency.peak = max(concurrency.peak, concurrency.now)
        return call

    def effect(self, call: Call) -> None:
        """Note that the call changed its customer."""
        call.effect = True
        self._effective[call.operation, call.customer or ""] += 1
        if call.operation is Operation.POST:
            self._effective_by_request_id[call.request_id] += 1

    def close(self, call: Call, status: int | None) -> None:
        """Note the answer, or that there was none."""
        call.status = status
        call.concurrency.now -= 1

    def calls(
        self, operation: Operation | None = None, customer: str | None = None, request_id: str | None = None
    ) -> list[Call]:
        """Return the kept calls that match, oldest first."""
        return [
            call
            for call in self._calls
            if (operation is None or call.operation is operation)
            and (customer is None or call.customer == customer.lower())
            and (request_id is None or call.request_id == request_id)
        ]

    def posts(self, customer: str) -> int:
        """Return how many POSTs arrived for the customer, whatever came of them."""
        return self.arrived[Operation.POST, customer.lower()]

    def effective_posts(self, customer: str) -> int:
        """Return how many POSTs changed the customer."""
        return self._effective[Operation.POST, customer.lower()]

    def effective_puts(self, customer: str) -> int:
        """Return how many PUTs changed the customer."""
        return self._effective[Operation.PUT, customer.lower()]

    def effective_by_request_id(self) -> dict[str, int]:
        """Return how many POSTs of each MS-RequestId changed a customer."""
        return dict(self._effective_by_request_id)

    def effective_by_customer(self) -> dict[str, int]:
        """Return how many POSTs changed each customer."""
        return {customer: n for (operation, customer), n in self._effective.items() if operation is Operation.POST}
