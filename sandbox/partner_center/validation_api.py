"""Partner Center's validation resources: the partner's GCC codes, and a customer's code."""

from collections.abc import Callable
from datetime import datetime

from sandbox.partner_center.answer import Answer
from sandbox.partner_center.api_error import not_found
from sandbox.partner_center.customers import Customers
from sandbox.partner_center.incoming import Incoming


class ValidationApi:
    """Answers calls that are authorized; every method raises `ApiError` for a refusal."""

    def __init__(self, customers: Customers, partner_id: str, now: Callable[[], datetime]) -> None:
        self._customers = customers
        self._partner_id = partner_id
        self._now = now

    def codes(self, _: Incoming) -> Answer:
        """`GET /v1/customers/all/validations`."""
        codes = [code.document(self._partner_id) for code in self._customers.codes if code.listed]
        return self._customers.everybody.shape.collection(codes)

    def relationship(self, incoming: Incoming) -> Answer:
        """`GET /v1/customers/{id}/validations`; 404 for a customer that was not granted under a code."""
        customer, script = self._customers.known(incoming.customer, self._now())
        if customer.code is None:
            raise not_found()
        return script.shape.written(customer.code.relationship(self._partner_id, incoming.customer or ""))
