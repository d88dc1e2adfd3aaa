"""Bodies that only the control over HTTP needs; the scripts themselves are the models of the modules they belong to."""

from datetime import datetime

from pydantic import NonNegativeFloat, PositiveInt

from sandbox.partner_center.books import Books, Call
from sandbox.partner_center.control_model import ControlModel
from sandbox.partner_center.pending_sign_in import DeviceDecision
from sandbox.partner_center.token import Caller, RefreshFailure
from sandbox.partner_center.vetting import Vetting
from sandbox.partner_center.vocabulary import CustomerId, Operation, Qualification


class CallFilter(ControlModel):
    """Which calls to list; what is None does not matter."""

    operation: Operation | None = None
    customer: CustomerId | None = None
    request_id: str | None = None


class CallDocument(ControlModel):
    """One call of the books; `body` is empty for sign-ins."""

    at: datetime
    operation: Operation
    method: str
    path: str
    customer: str | None
    request_id: str
    correlation_id: str
    caller: Caller | None
    status: int | None
    effect: bool
    body: str

    @classmethod
    def of(cls, call: Call) -> "CallDocument":
        """Write down a call."""
        names = [name for name in cls.model_fields if name != "body"]
        fields = {name: getattr(call, name) for name in names}
        return cls(**fields, body=call.body.decode("utf-8", "replace"))


class BooksDocument(ControlModel):
    """The counts of the books; peaks are the most calls that were open at once."""

    count: dict[Operation, int]
    effective_by_customer: dict[str, int]
    effective_by_request_id: dict[str, int]
    api_peak: int
    sign_in_peak: int

    @classmethod
    def of(cls, books: Books) -> "BooksDocument":
        """Write down the counts."""
        return cls(
            count=dict(books.count),
            effective_by_customer=books.effective_by_customer(),
            effective_by_request_id=books.effective_by_request_id(),
            api_peak=books.api.peak,
            sign_in_peak=books.sign_in.peak,
        )


class CustomerBooks(ControlModel):
    """The counts of one customer, and its qualifications with the status that each has now."""

    posts: int
    effective_posts: int
    effective_puts: int
    education_requests: int
    statuses: dict[Qualification, str | None]


class DecisionDocument(ControlModel):
    """A vetting status from now on; None for no status at all."""

    qualification: Qualification
    status: str | None
    reason: str | None = None


class RequestElsewhere(ControlModel):
    """A request that somebody made in the portal or with another tool, `ago` seconds before now."""

    qualification: Qualification = Qualification.EDUCATION
    vetting: Vetting = Vetting()
    ago: NonNegativeFloat = 0


class CodeUses(ControlModel):
    """How often somebody else uses a validation code now."""

    times: PositiveInt = 1


class RefreshTokens(ControlModel):
    """Why the refresh tokens issued so far are refused; None accepts them again."""

    failure: RefreshFailure | None


class DeviceSignIn(ControlModel):
    """What the user makes of a device code."""

    decision: DeviceDecision


class Advance(ControlModel):
    """Seconds to move the simulator's time on."""

    advance: NonNegativeFloat
