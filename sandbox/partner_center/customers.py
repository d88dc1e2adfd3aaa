"""The partner's customers; any GUID is one unless scripted otherwise."""

from sandbox.partner_center.api_error import invalid_customer_id, tenant_not_found
from sandbox.partner_center.customer import Customer, CustomerScript, Held
from sandbox.partner_center.validation_code import ValidationCode
from sandbox.partner_center.vetting import Decision
from sandbox.partner_center.vocabulary import Qualification, customer_id, is_customer_id


class Customers:
    """Customers by id, the script for everybody, and the partner's validation codes."""

    def __init__(self, codes: list[ValidationCode]) -> None:
        self._initial_codes = codes
        self.forget()

    def forget(self) -> None:
        """Forget every customer and script, and give the initial codes back."""
        self._customers: dict[str, Customer] = {}
        self.everybody = CustomerScript()
        self.codes = [code.model_copy() for code in self._initial_codes]

    def script(self, script: CustomerScript, customer: str | None = None) -> None:
        """Change the fields that `script` sets, for one customer or for everybody without a script of its own.

        Raises:
            ValueError: The customer is not a GUID.
        """
        if customer is None:
            self.everybody = self.everybody.changed_by(script)
            return
        one = self._entry(customer_id(customer))
        one.script = (one.script or self.everybody).changed_by(script)

    def decide(self, customer: str, qualification: Qualification, decision: Decision) -> None:
        """Make a decision that stands from `decision.at` on; the customer gets the qualification if it lacks it.

        Raises:
            ValueError: The customer is not a GUID.
        """
        one = self._entry(customer_id(customer))
        held = one.held.get(qualification) or Held(decision.at, ())
        earlier = tuple(made for made in held.decisions if made.at < decision.at)
        one.held[qualification] = Held(held.created, (*earlier, decision))

    def known(self, customer: str | None) -> tuple[Customer, CustomerScript]:
        """Return a customer that a call names, and its script.

        Raises:
            ApiError: 400 with 900118 for an id that is not a GUID, 404 for one scripted as unknown.
        """
        if customer is None or not is_customer_id(customer):
            raise invalid_customer_id()
        one = self._customers.get(customer) or Customer()
        script = one.script or self.everybody
        if not script.known:
            raise tenant_not_found()
        return one, script

    def keep(self, customer: str, one: Customer) -> None:
        """Keep what a call has changed."""
        self._customers[customer] = one

    def peek(self, customer: str) -> tuple[Customer, CustomerScript]:
        """Return a customer whatever its script says."""
        one = self._customers.get(customer) or Customer()
        return one, one.script or self.everybody

    def _entry(self, customer: str) -> Customer:
        return self._customers.setdefault(customer, Customer())
