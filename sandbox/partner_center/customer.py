"""A customer: the qualifications it holds, what it has used up, and how it is scripted to behave."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from pydantic import NonNegativeInt

from sandbox.partner_center.control_model import ControlModel
from sandbox.partner_center.held import Decision, Held
from sandbox.partner_center.qualification_request import QualificationRequest
from sandbox.partner_center.qualification_rule import combines, usable_code, within_budget
from sandbox.partner_center.refusals import Refusals
from sandbox.partner_center.replay import Replay
from sandbox.partner_center.rows import Look, Rows
from sandbox.partner_center.standing import Refused
from sandbox.partner_center.validation_code import ValidationCode
from sandbox.partner_center.vetting import Outcome, Vetting
from sandbox.partner_center.vocabulary import Qualification
from sandbox.partner_center.wire_shape import WireShape


class CustomerScript(ControlModel):
    """How a customer behaves.

    Attributes:
        known: False answers 404 to everything, for ever; `refused` does so for a time.
        refused: Spans in which the customer's calls are refused.
        refusals: How requests are taken that a rule forbids.
        replay: What a repeated MS-RequestId does.
        education: The vetting of the next Education request.
        government_community_cloud: The same for GCC, by default approved at once.
        state_owned_entity: The same for StateOwnedEntity, by default without any status.
        education_requests: Education verifications used up before the first call here.
        rows: Which rows its reviews leave behind.
        shape: How its qualifications, and its errors, are written.
    """

    known: bool = True
    refused: tuple[Refused, ...] = ()
    refusals: Refusals = Refusals()
    replay: Replay = Replay()
    education: Vetting = Vetting()
    government_community_cloud: Vetting = Vetting(after=0)
    state_owned_entity: Vetting = Vetting(outcome=Outcome.NO_STATUS, after=0)
    education_requests: NonNegativeInt = 0
    rows: Rows = Rows()
    shape: WireShape = WireShape()

    def vetting(self, qualification: Qualification) -> Vetting:
        """Return the script of a qualification's vetting."""
        match qualification:
            case Qualification.EDUCATION:
                return self.education
            case Qualification.GOVERNMENT_COMMUNITY_CLOUD:
                return self.government_community_cloud
            case _:
                return self.state_owned_entity

    def changed_by(self, other: "CustomerScript") -> "CustomerScript":
        """Return this script with the fields that the other one sets."""
        return self.model_copy(update={name: getattr(other, name) for name in other.model_fields_set})


@dataclass(slots=True)
class Customer:
    """A customer's state, which any moment can be asked of: nothing happens in it by itself.

    Attributes:
        script: How it behaves; None as long as it follows the script for everybody.
        met: The moment of the first call that named it.
        education_requests: Education verifications that were used up here.
        code: The validation code under which it was granted GCC.
        held: The reviews of each qualification, by when they begin; some may lie in the future.
    """

    script: CustomerScript | None = None
    met: datetime | None = None
    education_requests: int = 0
    code: ValidationCode | None = None
    held: dict[Qualification, tuple[Held, ...]] = field(default_factory=dict)

    def request(
        self,
        script: CustomerScript,
        request: QualificationRequest,
        review: Held,
        codes: Iterable[ValidationCode],
        *,
        now: datetime,
    ) -> bool:
        """Begin a review if the rules let it, and use up what it costs.

        Args:
            script: How the customer behaves.
            request: What is asked for.
            review: What begins, now or later.
            codes: The partner's validation codes.
            now: When the request arrives.

        Returns:
            Whether it begins; otherwise the request is answered like a success and comes to nothing.

        Raises:
            ApiError: It is refused.
        """
        begins, code = combines(request.qualification, self.statuses(now), script.refusals), None
        verified = request.verified and request.qualification is Qualification.EDUCATION
        if verified and begins:
            begins = within_budget(script.education_requests + self.education_requests, script.refusals)
        elif request.qualification is Qualification.GOVERNMENT_COMMUNITY_CLOUD and begins:
            begins, code = usable_code(request.code, codes, script.refusals)
        if begins:
            self.begin(request.qualification, review, verified=verified)
        if begins and code is not None:
            code.consume()
            self.code = code
        return begins

    def begin(self, qualification: Qualification, review: Held, *, verified: bool) -> None:
        """Begin a review, now or later; earlier ones stay as what they have become.

        Args:
            qualification: What is reviewed.
            review: How it goes.
            verified: Whether it uses an Education verification up.
        """
        reviews = (*self.held.get(qualification, ()), review)
        self.held[qualification] = tuple(sorted(reviews, key=lambda each: each.created))
        if verified:
            self.education_requests += 1

    def decide(self, qualification: Qualification, decision: Decision) -> None:
        """Let a decision stand from `decision.at` on in the newest review, or in one of its own where there is none."""
        reviews = [each for each in self.held.get(qualification, ()) if each.stands(decision.at)]
        if not reviews:
            self.held[qualification] = (*self.held.get(qualification, ()), Held(decision.at, (decision,)))
            return
        newest = reviews[-1]
        earlier = tuple(made for made in newest.decisions if made.at < decision.at)
        decided = replace(newest, decisions=(*earlier, decision), vanishes_at=None)
        self.held[qualification] = tuple(decided if each is newest else each for each in self.held[qualification])

    def current(self, qualification: Qualification, now: datetime) -> Held | None:
        """Return the newest review that has begun and not vanished."""
        return next((each for each in reversed(self.held.get(qualification, ())) if each.stands(now)), None)

    def statuses(self, now: datetime) -> Mapping[Qualification, str | None]:
        """Return the vetting status of each qualification that the rules know of, None where it has none."""
        standing = {qualification: self.current(qualification, now) for qualification in self.held}
        return {which: review.decision(now).status for which, review in standing.items() if review is not None}

    def look(self, script: CustomerScript, look: Look, now: datetime) -> list[dict[str, str]]:
        """Return the rows that one look shows."""
        if look.nothing:
            return []
        return (look.rows or script.rows).of(self.held, look.shape or script.shape, look.moment(now))
