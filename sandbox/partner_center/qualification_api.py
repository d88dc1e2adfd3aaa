"""Partner Center's qualification resources: `qualifications`, and the synchronous `qualification` before it."""

import json
from collections.abc import Callable
from datetime import datetime

from sandbox.partner_center.answer import Answer
from sandbox.partner_center.api_error import ApiError, invalid_input, unparsable_enum
from sandbox.partner_center.customers import Customers
from sandbox.partner_center.held import Decision, Held
from sandbox.partner_center.incoming import Incoming
from sandbox.partner_center.qualification_request import UNSETTABLE, QualificationRequest
from sandbox.partner_center.reply import REPLIES, ReplyName
from sandbox.partner_center.settings import Settings
from sandbox.partner_center.vetting import Outcome
from sandbox.partner_center.vocabulary import APPROVED, Qualification, qualification_from_scalar


class QualificationApi:
    """Answers calls that are authorized; every method raises `ApiError` for a refusal."""

    def __init__(self, customers: Customers, settings: Settings, now: Callable[[], datetime]) -> None:
        self._customers = customers
        self._settings = settings
        self._now = now

    def get(self, incoming: Incoming) -> Answer:
        """`GET /v1/customers/{id}/qualifications`."""
        now, look = self._now(), incoming.look
        customer, script = self._customers.known(incoming.customer, now)
        return (look.shape or script.shape).looked(customer.look(script, look, now))

    def post(self, incoming: Incoming) -> Answer:
        """`POST /v1/customers/{id}/qualifications`."""
        now = self._now()
        customer, script = self._customers.known(incoming.customer, now, writes=True)
        request = QualificationRequest.read(incoming.body)
        if (code := self._customers.code(request.code)) is not None:
            code.consume(incoming.creates_lost)
        vetting = script.vetting(request.qualification)
        late, usual = incoming.late, self._settings.vetting_seconds
        review = vetting.held(late.begins(now), usual, late.shows(now))
        effect = customer.request(script, request, review, self._customers.codes, now=now)
        shown = review if effect else (customer.current(request.qualification, now) or review)
        row = script.shape.row(request.qualification, shown.decision(now), shown.created)
        return script.shape.posted(row, effect=effect)

    def put(self, incoming: Incoming) -> Answer:
        """`PUT /v1/customers/{id}/qualification?code=`: grants at once, without a vetting.

        Where an Education vetting is scripted to be denied, the answer is the bare text that was seen in the field.
        """
        now = self._now()
        customer, script = self._customers.known(incoming.customer, now, writes=True)
        request = QualificationRequest(_scalar(incoming.body), incoming.query.get("code"), verified=False)
        education = request.qualification is Qualification.EDUCATION
        if education and script.education.outcome is Outcome.DENIED:
            raise ApiError(REPLIES[ReplyName.TAGGING_DENIED])
        granted = Held(now, (Decision(now, APPROVED),))
        effect = customer.request(script, request, granted, self._customers.codes, now=now)
        return script.shape.written(script.shape.scalar(request.qualification), effect=effect)

    def get_synchronous(self, incoming: Incoming) -> Answer:
        """`GET /v1/customers/{id}/qualification`: the first one granted, or None's name."""
        now = self._now()
        customer, script = self._customers.known(incoming.customer, now)
        granted = (which for which, status in customer.statuses(now).items() if status in {APPROVED, None})
        return script.shape.written(script.shape.scalar(next(granted, Qualification.NONE)))


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
