"""The partner's customers; any GUID is one unless scripted otherwise."""

from datetime import datetime

from sandbox.partner_center.api_error import invalid_customer_id, tenant_not_found
from sandbox.partner_center.customer import Customer, CustomerScript
from sandbox.partner_center.held import Decision, Held
from sandbox.partner_center.standing import check_standing
from sandbox.partner_center.validation_code import ValidationCode
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
        self._entry(customer_id(customer)).decide(qualification, decision)

    def request(self, customer: str, qualification: Qualification, review: Held) -> None:
        """Let somebody else request a qualification, in the portal or with another tool: no call shows it.

        Raises:
            ValueError: The customer is not a GUID.
        """
        verified = qualification is Qualification.EDUCATION
        self._entry(customer_id(customer)).begin(qualification, review, verified=verified)

    def known(self, customer: str | None, now: datetime, *, writes: bool = False) -> tuple[Customer, CustomerScript]:
        """Return a customer that a call names, and its script.

        Raises:
            ApiError: 400 with 900118 for an id that is not a GUID, 404 for one scripted as unknown, and what its script
                refuses it with at this moment.
        """
        if customer is None or not is_customer_id(customer):
            raise invalid_customer_id()
        one = self._entry(customer)
        one.met = one.met or now
        script = one.script or self.everybody
        if not script.known:
            raise tenant_not_found()
        check_standing(script.refused, now - one.met, writes=writes)
        return one, script

    def code(self, validation_id: str | None) -> ValidationCode | None:
        """Return the partner's validation code of that id."""
        return next((code for code in self.codes if code.validation_id == validation_id), None)

    def has(self, customer: str) -> bool:
        """Whether anything is kept of the customer."""
        return customer in self._customers

    def peek(self, customer: str) -> tuple[Customer, CustomerScript]:
        """Return a customer whatever its script says."""
        one = self._customers.get(customer) or Customer()
        return one, one.script or self.everybody

    def _entry(self, customer: str) -> Customer:
        return self._customers.setdefault(customer, Customer())
