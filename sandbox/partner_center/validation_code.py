"""GCC validation codes, and the relationship that a customer has with the one it was granted under."""

from datetime import UTC, datetime

from pydantic import Field, NonNegativeInt

from sandbox.partner_center.control_model import ControlModel

# A made-up moment; all that matters of an eTag is its form.
_ISSUED = datetime(2026, 1, 15, 9, 30, tzinfo=UTC)


class ValidationCode(ControlModel):
    """A partner's code (page "Get a partner's validation codes").

    Attributes:
        validation_id: The code itself, a secret; it is sent as `validationCode`.
        organization_name: Whom it was issued for.
        max_creates: How often it can be used in all; None for no limit.
        remaining_creates: How often it can still be used; None for no limit.
        listed_when_used_up: Whether it is still listed then; Microsoft does not say.
    """

    validation_id: str
    organization_name: str = "Contoso City Council"
    max_creates: NonNegativeInt | None = None
    remaining_creates: NonNegativeInt | None = Field(default=None)
    listed_when_used_up: bool = True

    @property
    def used_up(self) -> bool:
        """Whether no customer can be created under it any more."""
        return self.remaining_creates == 0

    @property
    def listed(self) -> bool:
        """Whether the partner's codes show it."""
        return self.listed_when_used_up or not self.used_up

    def consume(self, times: int = 1) -> None:
        """Use it, as far as it goes."""
        if self.remaining_creates is not None:
            self.remaining_creates = max(0, self.remaining_creates - times)

    def document(self, partner_id: str) -> dict[str, str | int | None]:
        """Return the code as one of the partner's codes."""
        document = self._core(partner_id)
        return document | {"maxCreates": self.max_creates, "remainingCreates": self.remaining_creates}

    def relationship(self, partner_id: str, customer: str) -> dict[str, str | int | None]:
        """Return the code as the one that a customer was granted under."""
        return self._core(partner_id) | {"customerId": customer}

    def _core(self, partner_id: str) -> dict[str, str | int | None]:
        return {
            "partnerId": partner_id,
            "organizationName": self.organization_name,
            "validationId": self.validation_id,
            "eTag": f"W/\"datetime'{_ISSUED.isoformat()}'\"",
        }
