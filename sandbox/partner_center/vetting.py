"""How a vetting goes: the script of its outcome, and the decisions that follow from it in time."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from pydantic import NonNegativeFloat

from sandbox.partner_center.control_model import ControlModel
from sandbox.partner_center.vocabulary import APPROVED, DENIAL_REASONS, DENIED, IN_REVIEW, NO_LONGER_EDUCATION


class Outcome(StrEnum):
    """Where a vetting leads."""

    APPROVED = "approved"
    DENIED = "denied"
    WITHDRAWN = "withdrawn"
    OTHER_STATUS = "otherStatus"
    NO_STATUS = "noStatus"
    NEVER = "never"


@dataclass(slots=True, frozen=True)
class Decision:
    """The vetting status from `at` on; None where Partner Center shows no status."""

    at: datetime
    status: str | None
    reason: str | None = None


class Vetting(ControlModel):
    """A vetting's script.

    Attributes:
        outcome: Where it leads; `withdrawn` is approved first and denied later, `otherStatus` shows the word in `status`.
        after: Seconds in review; 0 decides at once, None takes the simulator's `vettingSeconds`.
        reason: `vettingReason` beside the outcome; a denial without one takes the first documented reason.
        status: The word of `otherStatus`.
        withdrawn_after: Seconds from the approval to its withdrawal.
    """

    outcome: Outcome = Outcome.APPROVED
    after: NonNegativeFloat | None = None
    reason: str | None = None
    status: str = "ActionRequired"
    withdrawn_after: NonNegativeFloat = 0

    def decisions(self, created: datetime, usual_seconds: float) -> tuple[Decision, ...]:
        """Return the statuses of a vetting that began at `created`, in the order of time."""
        end = created + timedelta(seconds=usual_seconds if self.after is None else self.after)
        review = Decision(created, IN_REVIEW)
        match self.outcome:
            case Outcome.NEVER:
                return (review,)
            case Outcome.APPROVED:
                return review, Decision(end, APPROVED, self.reason)
            case Outcome.DENIED:
                return review, Decision(end, DENIED, self.reason or DENIAL_REASONS[0])
            case Outcome.OTHER_STATUS:
                return review, Decision(end, self.status, self.reason)
            case Outcome.NO_STATUS:
                return review, Decision(end, None)
            case Outcome.WITHDRAWN:
                lost = Decision(
                    end + timedelta(seconds=self.withdrawn_after), DENIED, self.reason or NO_LONGER_EDUCATION
                )
                return review, Decision(end, APPROVED), lost
