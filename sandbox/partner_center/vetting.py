"""How a vetting goes: the script of its outcome, and the decisions that follow from it in time."""

from datetime import datetime, timedelta
from enum import StrEnum

from pydantic import NonNegativeFloat

from sandbox.partner_center.control_model import ControlModel
from sandbox.partner_center.held import Decision, Held
from sandbox.partner_center.vocabulary import APPROVED, DENIAL_REASONS, DENIED, IN_REVIEW, NO_LONGER_EDUCATION


class Outcome(StrEnum):
    """Where a vetting leads."""

    APPROVED = "approved"
    DENIED = "denied"
    WITHDRAWN = "withdrawn"
    OTHER_STATUS = "otherStatus"
    NO_STATUS = "noStatus"
    NEVER = "never"


class Later(ControlModel):
    """A change of mind after the outcome: a withdrawal, an unknown word, a denial that becomes an approval.

    Attributes:
        after: Seconds after the decision before it.
        status: The word, of which Microsoft names no complete list; it may be empty, and None shows no vetting at all.
        reason: `vettingReason` beside it.
    """

    after: NonNegativeFloat = 0
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
        later: What follows the outcome, in this order.
        vanishes_after: Seconds from the last decision until the row is gone; None for never.
    """

    outcome: Outcome = Outcome.APPROVED
    after: NonNegativeFloat | None = None
    reason: str | None = None
    status: str = "ActionRequired"
    withdrawn_after: NonNegativeFloat = 0
    later: tuple[Later, ...] = ()
    vanishes_after: NonNegativeFloat | None = None

    def held(self, created: datetime, usual_seconds: float, shown_from: datetime | None = None) -> Held:
        """Return the review that begins at `created`; `usual_seconds` is how long one takes whose script does not say."""
        decisions = list(self._to_the_outcome(created, usual_seconds))
        for each in self.later:
            decisions.append(Decision(decisions[-1].at + timedelta(seconds=each.after), each.status, each.reason))
        vanishes_at = None
        if self.vanishes_after is not None:
            vanishes_at = decisions[-1].at + timedelta(seconds=self.vanishes_after)
        return Held(created, tuple(decisions), shown_from, vanishes_at)

    def _to_the_outcome(self, created: datetime, usual_seconds: float) -> tuple[Decision, ...]:
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
