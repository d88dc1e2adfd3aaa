"""Partner Center without the network: everything it knows, and its answer to a call."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from random import Random

from sandbox.partner_center.answer import Answer
from sandbox.partner_center.api_error import ApiError, not_found
from sandbox.partner_center.authorization import authorize
from sandbox.partner_center.books import Books, Call
from sandbox.partner_center.chance import Chance
from sandbox.partner_center.credentials import Credentials
from sandbox.partner_center.customer import CustomerScript
from sandbox.partner_center.customers import Customers
from sandbox.partner_center.fault import Act, Fault, Faults
from sandbox.partner_center.held import Decision
from sandbox.partner_center.hostile import deal
from sandbox.partner_center.incoming import Incoming
from sandbox.partner_center.qualification_api import QualificationApi
from sandbox.partner_center.replay import Replay, Replays
from sandbox.partner_center.settings import Settings
from sandbox.partner_center.sign_in import SignIn
from sandbox.partner_center.sign_in_error import SignInError
from sandbox.partner_center.validation_api import ValidationApi
from sandbox.partner_center.validation_code import ValidationCode
from sandbox.partner_center.vetting import Vetting
from sandbox.partner_center.vocabulary import SIGN_IN_OPERATIONS, Operation, Qualification, is_customer_id
from sandbox.partner_center.wire_shape import WireShape

_OUTAGE = Fault()
_WRITES = frozenset({Operation.POST, Operation.PUT})


def utc_now() -> datetime:
    """Return the time of day, in UTC."""
    return datetime.now(UTC)


class PartnerCenter:
    """The simulator's state; it is not thread-safe and does no I/O.

    Args:
        clock: Returns the current time, aware; tests may pass their own, or move time with `advance`.
        settings: The behaviour to start with and to go back to at `reset`.
        codes: The partner's GCC validation codes; by default one, `123456`, good for 20 customers.
        credentials: What clients sign in with; made up if not given.
    """

    def __init__(
        self,
        *,
        clock: Callable[[], datetime] = utc_now,
        settings: Settings | None = None,
        codes: list[ValidationCode] | None = None,
        credentials: Credentials | None = None,
    ) -> None:
        self._clock = clock
        self._ahead = timedelta()
        self._initial_settings = (settings or Settings()).model_copy()
        if codes is None:
            codes = [ValidationCode(validation_id="123456", max_creates=20, remaining_creates=20)]
        self.settings = self._initial_settings.model_copy()
        self.credentials = credentials or Credentials()
        self.books = Books()
        self.faults = Faults()
        self.customers = Customers(codes)
        self.sign_in = SignIn(self.credentials, self.settings, self.now)
        self.on_reset: list[Callable[[], None]] = []
        self._replays = Replays()
        self._chance = Chance()
        qualifications = QualificationApi(self.customers, self.settings, self.now)
        validations = ValidationApi(self.customers, self.credentials.tenant_id, self.now)
        self._operations: dict[Operation, Callable[[Incoming], Answer]] = {
            Operation.POST: qualifications.post,
            Operation.GET: qualifications.get,
            Operation.PUT: qualifications.put,
            Operation.GET_SYNCHRONOUS: qualifications.get_synchronous,
            Operation.CODES: validations.codes,
            Operation.RELATIONSHIP: validations.relationship,
            Operation.TOKEN: self.sign_in.token,
            Operation.DEVICE_CODE: self.sign_in.device_code,
            Operation.AUTHORIZE: self.sign_in.authorize,
        }

    def now(self) -> datetime:
        """Return the simulator's time."""
        return self._clock() + self._ahead

    def advance(self, seconds: float) -> None:
        """Move the simulator's time on: vettings end, tokens and codes expire."""
        self._ahead += timedelta(seconds=seconds)

    def script(self, script: CustomerScript, customer: str | None = None) -> None:
        """Change how one customer behaves, or every customer without a script of its own; see `Customers.script`."""
        self.customers.script(script, customer)

    def decide(
        self, customer: str, qualification: Qualification, status: str | None, reason: str | None = None
    ) -> None:
        """Give a qualification this vetting status from now on, whatever was scripted; None for no status."""
        self.customers.decide(customer, qualification, Decision(self.now(), status, reason))

    def fault(self, fault: Fault) -> int:
        """Put a fault in force and return its number."""
        return self.faults.add(fault)

    def set_codes(self, codes: list[ValidationCode]) -> None:
        """Replace the partner's GCC validation codes."""
        self.customers.codes = [code.model_copy() for code in codes]

    def request_elsewhere(self, customer: str, qualification: Qualification, vetting: Vetting, ago: float = 0) -> None:
        """Let somebody request a qualification in the portal or with another tool, `ago` seconds before now.

        Raises:
            ValueError: The customer is not a GUID.
        """
        began = self.now() - timedelta(seconds=ago)
        self.customers.request(customer, qualification, vetting.held(began, self.settings.vetting_seconds))

    def reset(self) -> None:
        """Go back to the beginning; credentials and good access tokens stay valid, calls that wait are reset."""
        for name in Settings.model_fields:
            setattr(self.settings, name, getattr(self._initial_settings, name))
        self._ahead = timedelta()
        self._replays.clear()
        self._chance.forget()
        self.books.forget()
        self.faults.clear()
        self.customers.forget()
        self.sign_in.forget()
        for listener in self.on_reset:
            listener()

    def serve(self, incoming: Incoming) -> Answer | Act:
        """Return what a call comes to, at once: without HTTP nobody waits for a fault's delay or for latency."""
        call = self.arrive(incoming)
        seen = self.befall(self.mishap(incoming), incoming, call)
        seen = seen if isinstance(seen, Act) else self.sealed(incoming, seen)
        self.books.close(call, None if isinstance(seen, Act) else seen.status)
        return seen

    def arrive(self, incoming: Incoming) -> Call:
        """Identify the caller of a call that has just arrived, and enter it in the books."""
        now = self.now()
        if incoming.operation not in SIGN_IN_OPERATIONS:
            incoming.token = self.sign_in.tokens.access(incoming.headers.get("Authorization", "")[7:], now)
        if self.settings.hostility and incoming.customer is not None:
            self._deal(incoming.customer)
        return self.books.open(incoming, now)

    def mishap(self, incoming: Incoming) -> Fault | None:
        """Return what goes wrong with a call; an outage befalls every call and uses no fault up."""
        if self.settings.outage:
            return _OUTAGE
        customer = incoming.customer
        fault = self.faults.take(
            incoming.operation, customer, lambda: self._chance.of(customer, self.settings.seed).random()
        )
        if fault is not None:
            incoming.late, incoming.look, incoming.creates_lost = fault.late, fault.look, fault.creates_lost
        return fault

    def befall(self, fault: Fault | None, incoming: Incoming, call: Call) -> Answer | Act:
        """Return what a call comes to under a fault, if there is one, and let it take effect if it does."""
        if fault is None:
            return self.respond(incoming, call)
        seen = fault.seen(self._shape(incoming).errors, self.now() + timedelta(seconds=self.settings.date_offset))
        if fault.takes_effect:
            proper = self.respond(incoming, call)
            return proper if seen is Act.PROCEED else seen
        if isinstance(seen, Answer) and fault.settles and incoming.operation in _WRITES:
            self._replays.keep((incoming.customer, incoming.request_id), self._replay(incoming), self.now(), seen)
        return seen

    def respond(self, incoming: Incoming, call: Call) -> Answer:
        """Answer a call, and note in the books whether it took effect."""
        try:
            if incoming.operation is Operation.OTHER:
                raise not_found()
            if incoming.operation not in SIGN_IN_OPERATIONS:
                authorize(incoming, mfa_enforced=self.settings.mfa_enforced)
        except ApiError as error:
            return error.reply.answer(self._shape(incoming).errors)
        answer = self._answer_once(incoming) if incoming.operation in _WRITES else self._answer(incoming)
        if answer.effect:
            self.books.effect(call)
        return answer

    def sealed(self, incoming: Incoming, answer: Answer) -> Answer:
        """Return the answer with the headers that every answer has."""
        date = format_datetime(self.now() + timedelta(seconds=self.settings.date_offset), usegmt=True)
        ids = {"MS-RequestId": incoming.request_id, "MS-CorrelationId": incoming.correlation_id}
        headers = {"Content-Type": answer.content_type, "Date": date, **ids, **answer.headers}
        if incoming.token is not None and incoming.headers.get("ValidateMfa", "").lower() == "true":
            headers["isMfaCompliant"] = "true" if incoming.token.mfa else "false"
        return replace(answer, headers=headers)

    def _deal(self, customer: str) -> None:
        if self.customers.has(customer) or not is_customer_id(customer):
            return
        dealt = deal(Random(f"{self.settings.seed}/{customer}/habits"), self.settings.hostility, self.settings.pace)
        self.customers.script(dealt.script, customer)
        for fault in dealt.faults:
            self.faults.add(fault.model_copy(update={"customer": customer}))
        for earlier in dealt.earlier:
            self.request_elsewhere(customer, Qualification.EDUCATION, earlier.vetting, earlier.ago)

    def _answer_once(self, incoming: Incoming) -> Answer:
        """Replay what the same MS-RequestId was answered; what authorization refuses never gets here."""
        key, replay, now = (incoming.customer, incoming.request_id), self._replay(incoming), self.now()
        kept = self._replays.answer(key, replay, now)
        if kept is not None:
            return kept
        answer = self._answer(incoming)
        self._replays.keep(key, replay, now, answer)
        return answer

    def _answer(self, incoming: Incoming) -> Answer:
        try:
            answer = self._operations[incoming.operation](incoming)
        except ApiError as error:
            return error.reply.answer(self._shape(incoming).errors)
        except SignInError as error:
            answer = error.answer(self.now(), incoming.correlation_id)
        return answer.with_bom(on=self.settings.sign_in_bom and incoming.operation is Operation.TOKEN)

    def _replay(self, incoming: Incoming) -> Replay:
        return self.customers.peek(incoming.customer or "")[1].replay

    def _shape(self, incoming: Incoming) -> WireShape:
        if incoming.customer is None:
            return self.customers.everybody.shape
        return self.customers.peek(incoming.customer)[1].shape
