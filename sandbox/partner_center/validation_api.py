"""Partner Center's validation resources: the partner's GCC codes, and a customer's code."""

from sandbox.partner_center.api_error import not_found
from sandbox.partner_center.customers import Customers
from sandbox.partner_center.message import Answer, Incoming


class ValidationApi:
    """Answers calls that are authorized; every method raises `ApiError` for a refusal."""

    def __init__(self, customers: Customers, partner_id: str) -> None:
        self._customers = customers
        self._partner_id = partner_id

    def codes(self, _: Incoming) -> Answer:
        """`GET /v1/customers/all/validations`."""
        return Answer.of([code.document(self._partner_id) for code in self._customers.codes])

    def relationship(self, incoming: Incoming) -> Answer:
        """`GET /v1/customers/{id}/validations`; 404 for a customer that was not granted under a code."""
        customer, _ = self._customers.known(incoming.customer)
        if customer.code is None:
            raise not_found()
        return Answer.of(customer.code.relationship(self._partner_id, incoming.customer or ""))
