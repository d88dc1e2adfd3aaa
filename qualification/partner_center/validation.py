"""The partner's validation codes for government customers."""

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SecretStr


def _digits(value: object) -> object:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


class ValidationCode(BaseModel):
    """A code of the partner for government customers ("Get a partner's validation codes"); read in lower case."""

    model_config = ConfigDict(
        frozen=True, alias_generator=lambda name: name.replace("_", ""), hide_input_in_errors=True
    )

    validation_id: Annotated[SecretStr, BeforeValidator(_digits), Field(min_length=1)]
    organization_name: str | None = None
    max_creates: int | None = None
    remaining_creates: int | None = None

    @property
    def has_creates_left(self) -> bool:
        """Whether it can qualify another customer; no number at all means no limit."""
        return self.remaining_creates is None or self.remaining_creates > 0
