"""How Partner Center takes a request that it may not want; Microsoft documents the rules, and not the answers."""

from enum import StrEnum

from sandbox.partner_center.api_error import ApiError, conflict, invalid_input
from sandbox.partner_center.control_model import ControlModel
from sandbox.partner_center.reply import REPLIES, ReplyName


class Manner(StrEnum):
    """What becomes of such a request.

    `passes` lets it take effect like any other, a verification included; `same` answers like a success and begins
    nothing; `conflict` is 409, `invalid` 400 with the general code, `taggingDenied` the bare sentence seen in the field.
    """

    PASSES = "passes"
    SAME = "same"
    CONFLICT = "conflict"
    INVALID = "invalid"
    TAGGING_DENIED = "taggingDenied"

    def begins(self, words: str) -> bool:
        """Return whether the request begins anything.

        Raises:
            ApiError: It is refused, in these words where the manner has none of its own.
        """
        match self:
            case Manner.PASSES | Manner.SAME:
                return self is Manner.PASSES
            case Manner.CONFLICT:
                raise conflict(words)
            case Manner.INVALID:
                raise invalid_input(words)
            case Manner.TAGGING_DENIED:
                raise ApiError(REPLIES[ReplyName.TAGGING_DENIED])


class Refusals(ControlModel):
    """The manner for each rule; every default is our choice, none is known of Microsoft's service.

    Attributes:
        in_review: The qualification is in review. By default 409; the harshest is `passes`, which costs a verification.
        approved: Education or StateOwnedEntity is held. By default it passes, which shows a caller that asks twice.
        government_approved: GCC is held.
        combination: GCC beside Education, or the reverse.
        spent: Education was requested three times.
        code_missing: GCC without a validation code.
        code_unknown: The partner has no such code.
        code_used_up: The code has no creates left.
    """

    in_review: Manner = Manner.CONFLICT
    approved: Manner = Manner.PASSES
    government_approved: Manner = Manner.CONFLICT
    combination: Manner = Manner.INVALID
    spent: Manner = Manner.INVALID
    code_missing: Manner = Manner.INVALID
    code_unknown: Manner = Manner.INVALID
    code_used_up: Manner = Manner.INVALID
