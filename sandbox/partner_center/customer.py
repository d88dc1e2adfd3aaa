"""A customer: the qualifications it holds, what it has used up, and how it is scripted to behave."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from pydantic import NonNegativeInt

from sandbox.partner_center.control_model import ControlModel
from sandbox.partner_center.validation_code import ValidationCode
from sandbox.partner_center.vetting import Decision, Outcome, Vetting
from sandbox.partner_center.vocabulary import Qualification
from sandbox.partner_center.wire_shape import WireShape


class CustomerScript(ControlModel):
    """How a customer behaves.

    Attributes:
        known: False answers 404.
        education: The vetting of the next Education request.
        government_community_cloud: The same for GCC, by default approved at once.
        state_owned_entity: The same for StateOwnedEntity, by default without any status.
        education_requests: Education verifications used up before the first call here.
        shape: How its qualifications are written.
    """

    known: bool = True
    education: Vetting = Vetting()
    government_community_cloud: Vetting = Vetting(after=0)
    state_owned_entity: Vetting = Vetting(outcome=Outcome.NO_STATUS, after=0)
    education_requests: NonNegativeInt = 0
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


@dataclass(slots=True, frozen=True)
class Held:
    """A qualification since it was last requested; its first decision is never later than `created`."""

    created: datetime
    decisions: tuple[Decision, ...]

    def decision(self, now: datetime) -> Decision:
        """Return the decision that stands now."""
        return next((made for made in reversed(self.decisions) if made.at <= now), self.decisions[0])


@dataclass(slots=True)
class Customer:
    """A customer's state; `script` is None as long as it follows the script for everybody."""

    script: CustomerScript | None = None
    education_requests: int = 0
    code: ValidationCode | None = None
    held: dict[Qualification, Held] = field(default_factory=dict)

    def statuses(self, now: datetime) -> Mapping[Qualification, str | None]:
        """Return the vetting status of each qualification, None where it has none."""
        return {qualification: held.decision(now).status for qualification, held in self.held.items()}

    def rows(self, shape: WireShape, now: datetime) -> list[dict[str, str]]:
        """Return the qualifications as they go over the wire."""
        return [shape.row(which, held.decision(now), held.created) for which, held in self.held.items()]
