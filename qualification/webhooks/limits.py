"""What a source may ask for: WEBHOOK_{SOURCE}_QUALIFICATIONS and WEBHOOK_{SOURCE}_DAILY_LIMIT, of every source alike."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from typing import Annotated

from pydantic import Field, create_model

from qualification.domain.request import Qualification
from qualification.settings.environment import EnvironmentModel
from qualification.settings.formats import Qualifications

DAILY_LIMIT = 500
ALL = tuple(Qualification)

type DailyLimit = Annotated[int, Field(ge=0, le=1_000_000_000, description="a whole number, 0 or more")]


@dataclass(frozen=True, slots=True)
class Limits:
    """What a source may ask for.

    Attributes:
        qualifications: those that it may ask for.
        daily: so many new requests of a UTC day go by themselves; what is above waits for a person.
    """

    qualifications: Collection[Qualification] = ALL
    daily: int = DAILY_LIMIT


class LimitSettings(EnvironmentModel):
    """The settings of one source; see `limit_settings` for their names.

    Attributes:
        qualifications: which qualifications it may ask for, with commas between.
        daily_limit: so many new requests of it go by themselves in a day (UTC); what is above waits for a person.
    """

    qualifications: Qualifications = ALL
    daily_limit: DailyLimit = DAILY_LIMIT

    @property
    def limits(self) -> Limits:
        """The same as a value."""
        return Limits(self.qualifications, self.daily_limit)


def qualifications_setting(source: str) -> str:
    """The name of the setting that says what a source may ask for."""
    return f"WEBHOOK_{source.upper()}_QUALIFICATIONS"


def daily_limit_setting(source: str) -> str:
    """The name of the setting that says how many requests a day go by themselves."""
    return f"WEBHOOK_{source.upper()}_DAILY_LIMIT"


@cache
def limit_settings(source: str) -> type[LimitSettings]:
    """The model of a source's limits, under the names of its own settings."""
    return create_model(
        f"{source.capitalize()}Limits",
        __base__=LimitSettings,
        qualifications=(Qualifications, Field(ALL, alias=qualifications_setting(source))),
        daily_limit=(DailyLimit, Field(DAILY_LIMIT, alias=daily_limit_setting(source))),
    )
