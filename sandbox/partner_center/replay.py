"""What a repeated MS-RequestId does."""

from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum

from pydantic import PositiveFloat

from sandbox.partner_center.answer import Answer
from sandbox.partner_center.control_model import ControlModel


class Replayed(StrEnum):
    """Which first answers are given again: none, those of accepted writes, or refusals as well."""

    NOTHING = "nothing"
    ACCEPTED = "accepted"
    ANSWERS = "answers"


class Replay(ControlModel):
    """Whether writes are taken once by their MS-RequestId.

    Microsoft documents the header as good for this (page "Partner Center REST headers") and not what the qualifications
    API does with it, nor for how long. That it does nothing is our choice: a caller must not need it.

    Attributes:
        which: The answers that are given again, for the same customer and id.
        seconds: How long; None for ever.
    """

    which: Replayed = Replayed.NOTHING
    seconds: PositiveFloat | None = None

    def keeps(self, answer: Answer) -> bool:
        """Whether an answer is given again: a success or a business failure settles a request, 401 and 429 do not."""
        accepted, refused = answer.status // 100 == 2, answer.status // 100 == 4  # noqa: PLR2004  classes of RFC 9110
        settled = refused and answer.status not in {401, 408, 429}
        return (accepted and self.which is not Replayed.NOTHING) or (settled and self.which is Replayed.ANSWERS)


class Replays:
    """The answers that were kept, by customer and MS-RequestId."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str | None, str], tuple[datetime, Answer]] = {}

    def clear(self) -> None:
        """Forget them."""
        self._kept.clear()

    def answer(self, key: tuple[str | None, str], replay: Replay, now: datetime) -> Answer | None:
        """Return the answer to give again, if there is one."""
        if replay.which is Replayed.NOTHING or key not in self._kept:
            return None
        at, kept = self._kept[key]
        return kept if replay.seconds is None or now - at < timedelta(seconds=replay.seconds) else None

    def keep(self, key: tuple[str | None, str], replay: Replay, now: datetime, answer: Answer) -> None:
        """Keep an answer, if it is one to give again."""
        if replay.keeps(answer):
            self._kept[key] = now, replace(answer, effect=False)
