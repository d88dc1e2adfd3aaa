"""Partner Center's qualification resources: `qualifications`, and the synchronous `qualification` before it."""

import json
from collections.abc import Callable
from datetime import datetime

from sandbox.partner_center.api_error import invalid_input, unparsable_enum
from sandbox.partner_center.customer import Customer, Held
from sandbox.partner_center.customers import Customers
from sandbox.partner_center.message import Answer, Incoming
from sandbox.partner_center.qualification_request import UNSETTABLE, QualificationRequest
from sandbox.partner_center.qualification_rule import check_budget, check_combination, usable_code
from sandbox.partner_center.reply import REPLIES, ReplyName
from sandbox.partner_center.settings import Settings
from sandbox.partner_center.validation_code import ValidationCode
from sandbox.partner_center.vetting import Decision, Outcome
from sandbox.partner_center.vocabulary import APPROVED, Qualification, qualification_from_scalar
from sandbox.partner_center.wire_shape import PostShape


class QualificationApi:
    """Answers calls that are authorized; every method raises `ApiError` for a refusal."""

    def __init__(self, customers: Customers, settings: Settings, now: Callable[[], datetime]) -> None:
        self._customers = customers
        self._settings = settings
        self._now = now

    def get(self, incoming: Incoming) -> Answer:
        """`GET /v1/customers/{id}/qualifications`."""
        customer, script = self._customers.known(incoming.customer)
        return Answer.of(script.shape.list_of(customer.rows(script.shape, self._now())))

    def post(self, incoming: Incoming) -> Answer:
        """`POST /v1/customers/{id}/qualifications`."""
        customer, script = self._customers.known(incoming.customer)
        request = QualificationRequest.read(incoming.body)
        now = self._now()
        check_combination(request.qualification, customer.statuses(now))
        code: ValidationCode | None = None
        if request.qualification is Qualification.EDUCATION:
            check_budget(script.education_requests + customer.education_requests)
            customer.education_requests += 1
        elif request.qualification is Qualification.GOVERNMENT_COMMUNITY_CLOUD:
            code = usable_code(request.code, self._customers.codes)
        vetting = script.vetting(request.qualification)
        held = Held(now, vetting.decisions(now, self._settings.vetting_seconds))
        self._grant(incoming, customer, request.qualification, held, code)
        row = script.shape.row(request.qualification, held.decision(now), now)
        if script.shape.post is PostShape.WRAPPED:
            return Answer.of({"qualifications": [row]}, effect=True)
        return Answer.of(row, 201, effect=True)

    def put(self, incoming: Incoming) -> Answer:
        """`PUT /v1/customers/{id}/qualification?code=`: grants at once, without a vetting.

        Where an Education vetting is scripted to be denied, the answer is the bare text that was seen in the field.
        """
        customer, script = self._customers.known(incoming.customer)
        qualification = _scalar(incoming.body)
        now = self._now()
        check_combination(qualification, customer.statuses(now))
        code: ValidationCode | None = None
        if qualification is Qualification.GOVERNMENT_COMMUNITY_CLOUD:
            code = usable_code(incoming.query.get("code"), self._customers.codes)
        elif script.education.outcome is Outcome.DENIED:
            return REPLIES[ReplyName.TAGGING_DENIED].answer()
        self._grant(incoming, customer, qualification, Held(now, (Decision(now, APPROVED),)), code)
        return Answer.of(script.shape.scalar(qualification), effect=True)

    def get_synchronous(self, incoming: Incoming) -> Answer:
        """`GET /v1/customers/{id}/qualification`: the first one granted, or None's name."""
        customer, script = self._customers.known(incoming.customer)
        granted = (which for which, status in customer.statuses(self._now()).items() if status in {APPROVED, None})
        return Answer.of(script.shape.scalar(next(granted, Qualification.NONE)))

    def _grant(
        self,
        incoming: Incoming,
        customer: Customer,
        qualification: Qualification,
        held: Held,
        code: ValidationCode | None,
    ) -> None:
        customer.held[qualification] = held
        if code is not None:
            code.consume()
            customer.code = code
        self._customers.keep(incoming.customer or "", customer)


def _scalar(body: bytes) -> Qualification:
    try:
        qualification = qualification_from_scalar(json.loads(body))
    except ValueError as error:
        raise unparsable_enum("qualification") from error
    if qualification in UNSETTABLE:
        raise invalid_input(f"The qualification {qualification} can not be set.")
    if qualification is Qualification.STATE_OWNED_ENTITY:
        raise invalid_input("StateOwnedEntity is set by POST only.")
    return qualification
