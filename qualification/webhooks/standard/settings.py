"""What is set for senders of Standard Webhooks."""

import base64
from typing import Annotated

from pydantic import Field, SecretStr

from qualification.settings.environment import EnvironmentModel, SettingFault
from qualification.webhooks.setting_types import Fields, parse_secrets, parsed

FEWEST_BYTES = 16
"""Of a secret; the specification asks for 24 to 64, senders exist that make shorter ones."""


def _signing_secrets(text: str) -> tuple[SecretStr, ...]:
    found = parse_secrets(text)
    if not all(_is_strong(secret.get_secret_value()) for secret in found):
        raise SettingFault(f"holds a secret that is not whsec_ and base64 of at least {FEWEST_BYTES} bytes")
    return found


def _is_strong(secret: str) -> bool:
    """Whether a secret is what the library takes it for: it would pass over foreign letters, down to an empty key."""
    try:
        return len(base64.b64decode(secret.removeprefix("whsec_"), validate=True)) >= FEWEST_BYTES
    except ValueError:
        return False


class StandardSettings(EnvironmentModel):
    """The settings of the source `standard`.

    Attributes:
        secrets: what the sender signs with (`whsec_` and base64); several while one is rotated.
        fields: for senders that cannot name the fields as this service does: our field -> theirs.
    """

    secrets: Annotated[tuple[SecretStr, ...], parsed(_signing_secrets)] = Field((), alias="WEBHOOK_STANDARD_SECRETS")
    fields: Fields = Field({}, alias="WEBHOOK_STANDARD_FIELDS")
