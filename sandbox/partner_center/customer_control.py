"""The part of the control that is about customers."""

from aiohttp import web
from pydantic import TypeAdapter

from sandbox.partner_center.control_document import CustomerBooks, DecisionDocument, RequestElsewhere
from sandbox.partner_center.control_http import Route, document
from sandbox.partner_center.customer import CustomerScript
from sandbox.partner_center.state import PartnerCenter
from sandbox.partner_center.vocabulary import CustomerId

_CUSTOMER = TypeAdapter(CustomerId)


class CustomerControl:
    """The handlers of `everybody` and `customers`; the table of the module `control` lists them."""

    def __init__(self, partner_center: PartnerCenter) -> None:
        self._partner_center = partner_center

    def routes(self) -> tuple[Route, ...]:
        """Return the routes."""
        return (
            ("PATCH", "everybody", self._script_everybody),
            ("GET", "customers/{customer}", self._customer),
            ("PATCH", "customers/{customer}", self._script_customer),
            ("GET", "customers/{customer}/script", self._script),
            ("POST", "customers/{customer}/decisions", self._decide),
            ("POST", "customers/{customer}/requests", self._request),
        )

    async def _script_everybody(self, request: web.Request) -> web.Response:
        self._partner_center.script(CustomerScript.model_validate_json(await request.read()))
        return document(self._partner_center.customers.everybody)

    async def _script_customer(self, request: web.Request) -> web.Response:
        customer = _named(request)
        self._partner_center.script(CustomerScript.model_validate_json(await request.read()), customer)
        return document(self._partner_center.customers.peek(customer)[1])

    async def _customer(self, request: web.Request) -> web.Response:
        customer, books = _named(request), self._partner_center.books
        one, script = self._partner_center.customers.peek(customer)
        counts = CustomerBooks(
            posts=books.posts(customer),
            effective_posts=books.effective_posts(customer),
            effective_puts=books.effective_puts(customer),
            education_requests=script.education_requests + one.education_requests,
            statuses=dict(one.statuses(self._partner_center.now())),
        )
        return document(counts)

    async def _decide(self, request: web.Request) -> web.Response:
        decision = DecisionDocument.model_validate_json(await request.read())
        customer = _named(request)
        self._partner_center.decide(customer, decision.qualification, decision.status, decision.reason)
        return await self._customer(request)

    async def _script(self, request: web.Request) -> web.Response:
        return document(self._partner_center.customers.peek(_named(request))[1])

    async def _request(self, request: web.Request) -> web.Response:
        wanted = RequestElsewhere.model_validate_json(await request.read())
        self._partner_center.request_elsewhere(_named(request), wanted.qualification, wanted.vetting, wanted.ago)
        return await self._customer(request)


def _named(request: web.Request) -> str:
    return _CUSTOMER.validate_python(request.match_info["customer"])
