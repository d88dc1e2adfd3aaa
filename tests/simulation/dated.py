"""What must hold of events that a sender dates: none takes the place of a newer one."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from qualification.domain.record import Record
from qualification.domain.request import EducationRequest, QualificationRequest
from qualification.domain.status import Status
from qualification.use_cases.order import API, Order, fingerprint

if TYPE_CHECKING:
    from tests.simulation.judge import Judge


@dataclass
class Dated:
    """Watches the senders that give moments of their own.

    An event that was answered has been stored: whatever is older changes nothing from then on.

    Attributes:
        held: the contents that requests of a customer have ever held.
    """

    judge: "Judge"
    held: dict[UUID, set[str]] = field(default_factory=lambda: defaultdict(set))
    _said: dict[tuple[UUID, str], list[datetime]] = field(default_factory=lambda: defaultdict(list))
    _newest: dict[UUID, datetime] = field(default_factory=dict)
    _answered: dict[UUID, datetime] = field(default_factory=dict)

    def sent(self, order: Order) -> None:
        """An event is on its way."""
        if order.occurred_at is not None:
            self._said[order.customer_tenant_id, fingerprint(order.request)].append(order.occurred_at)
            self.taking_back(order.customer_tenant_id, order.occurred_at)

    def taking_back(self, customer_id: UUID, at: datetime | None) -> None:
        """So is a mark taken back."""
        if at is not None:
            self._newest[customer_id] = max(at, self._newest.get(customer_id, at))

    def is_newest(self, order: Order) -> bool:
        """Whether nothing newer of this customer was ever on its way."""
        newest = self._newest.get(order.customer_tenant_id)
        return order.occurred_at is None or newest is None or order.occurred_at >= newest

    def is_overtaken(self, customer_id: UUID, at: datetime | None) -> bool:
        """Whether a newer event has been answered."""
        newest = self._answered.get(customer_id)
        return at is not None and newest is not None and at < newest

    def answered(self, customer_id: UUID, at: datetime | None) -> None:
        """An event was answered."""
        if at is None:
            return
        if self.is_overtaken(customer_id, at):
            self.judge.rare["event overtaken"] += 1
        self._answered[customer_id] = max(at, self._answered.get(customer_id, at))

    def stored(self, before: Record | None, record: Record) -> None:
        """A record was stored."""
        self.held[record.customer_tenant_id] |= {record.fingerprint, record.newest_fingerprint}
        if before is None and (record.retry_of is not None or record.source == API):
            # Somebody else asks for the same.
            return
        if self.judge.world.is_apart:
            # A host may take a sender's moments for what they are not: see exceptions.
            return
        customer_id = record.customer_tenant_id
        for content in _held(record) - (_held(before) if before else set()):
            moments = self._said.get((customer_id, content))
            if moments and self.is_overtaken(customer_id, max(moments)):
                self.judge.broken("older event over a newer one", f"{record.request_id.hex[:6]} {record.status}")


def contents(request: QualificationRequest) -> set[str]:
    """What a request holds that has taken this content; one that adds no more than `confirmLastAttempt` confirms."""
    unconfirmed = request.model_copy(update={"confirm_last_attempt": False})
    return {fingerprint(request), *([fingerprint(unconfirmed)] if isinstance(request, EducationRequest) else [])}


def _held(record: Record) -> set[str]:
    """The contents that a request is sent with, or will be."""
    # What is kept beside an approval is sent by nobody.
    kept = record.correction if record.status not in {Status.APPROVED, Status.REVOKED} else None
    return {record.fingerprint, *([kept.fingerprint] if kept else [])}
