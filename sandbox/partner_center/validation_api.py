"""Partner Center's validation resources: the partner's GCC codes, a customer's code, and its account status."""

from sandbox.partner_center.api_error import invalid_property, not_found
from sandbox.partner_center.customers import Customers
from sandbox.partner_center.message import Answer, Incoming
from sandbox.partner_center.reply import ACCOUNT_STATUS_NOT_FOUND


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

    def status(self, incoming: Incoming) -> Answer:
        """`GET /v1/customers/{id}/validationStatus?type=account`."""
        _, script = self._customers.known(incoming.customer)
        if incoming.query.get("type") != "account":
            raise invalid_property("The query parameter type must be account.")
        if script.account_status is None:
            return ACCOUNT_STATUS_NOT_FOUND
        document = {"type": "account", "status": script.account_status, "lastUpdateDateTime": "2021-07-14T18:02:00"}
        return Answer.of(document)
