"""Writes whose effect, or whose row, comes later than their answer."""

from datetime import datetime, timedelta

from pydantic import NonNegativeFloat

from sandbox.partner_center.control_model import ControlModel


class LateEffect(ControlModel, frozen=True):
    """When a write that is taken takes effect, in seconds of the simulator's time.

    Nobody excludes that a write which timed out, or was answered 5xx, 429 or 202 without a body, takes effect long
    after. What may be asked for is checked, and verifications and codes are used up, when the write arrives: our
    choice, as the write that is on its way cannot be seen by the checks of the next one.

    Attributes:
        effect_after: From its arrival to the beginning of the review; until then the customer is as it was.
        shows_after: From the beginning of the review to the first look that shows it; until then rules know of it
            and looks do not.
    """

    effect_after: NonNegativeFloat = 0
    shows_after: NonNegativeFloat = 0

    def begins(self, arrived: datetime) -> datetime:
        """Return when the review begins."""
        return arrived + timedelta(seconds=self.effect_after)

    def shows(self, arrived: datetime) -> datetime:
        """Return from when on looks show it."""
        return self.begins(arrived) + timedelta(seconds=self.shows_after)


AT_ONCE = LateEffect()
