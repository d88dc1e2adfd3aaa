"""A customer of the simulated partner: how it behaves, what goes wrong with its calls, what was asked about it."""

from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from sandbox.partner_center import CustomerScript, Fault, Operation, PartnerCenterThread, Qualification
from sandbox.partner_center.books import Call


@dataclass(frozen=True)
class Customer:
    """One customer, unlike any other of the session."""

    partner_center: PartnerCenterThread
    id: str = field(default_factory=lambda: str(uuid4()))

    def behaves(self, **script: Any) -> "Customer":
        """Script it; see CustomerScript."""
        self.partner_center.run(lambda state: state.script(CustomerScript(**script), self.id))
        return self

    def suffers(self, operation: Operation, **fault: Any) -> int:
        """Let something go wrong with its calls; see Fault. Returns the number to take it back by."""
        wanted = Fault(operation=operation, customer=self.id, **fault)
        return self.partner_center.run(lambda state: state.fault(wanted))

    def recovers(self, number: int) -> None:
        """Take a fault back."""
        self.partner_center.run(lambda state: state.faults.clear(number))

    def is_decided(self, qualification: Qualification, status: str | None, reason: str | None = None) -> None:
        """Give a qualification this vetting status from now on."""
        self.partner_center.run(lambda state: state.decide(self.id, qualification, status, reason))

    def calls(self, operation: Operation | None = None) -> list[Call]:
        """What Partner Center was asked about it, oldest first."""
        return self.partner_center.run(lambda state: state.books.calls(operation, self.id))

    @property
    def posts(self) -> int:
        """POSTs that arrived, whatever came of them."""
        return self.partner_center.run(lambda state: state.books.posts(self.id))

    @property
    def effective_posts(self) -> int:
        """POSTs that changed it."""
        return self.partner_center.run(lambda state: state.books.effective_posts(self.id))
