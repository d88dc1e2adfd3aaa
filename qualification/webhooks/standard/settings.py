"""What is set for senders of Standard Webhooks."""

import base64
import re
from typing import Annotated

from pydantic import Field, SecretStr

from qualification.settings.environment import EnvironmentModel, SettingFault
from qualification.webhooks.setting_types import Fields, parse_secrets, parsed

FEWEST_BYTES = 16
"""Of a secret; the specification asks for 24 to 64, senders exist that make shorter ones."""

HEADER = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
RESERVED = re.compile(
    r"(proxy-)?authorization|cookie|host|code|(webhook|svix|x-(ms|arr|functions|forwarded)|content)(-.*)?"
)
"""What the platform, a proxy or a signature uses: App Service Authentication answers for Authorization by itself."""


def _secret_header(text: str) -> str:
    name = text.lower()
    if not HEADER.fullmatch(name) or RESERVED.fullmatch(name):
        raise SettingFault(
            "must be a header of the sender's own, such as x-api-key: letters, digits and '-', and none that Azure, a "
            "proxy or a signature uses (Authorization, Cookie, x-functions-key, webhook-...)"
        )
    return name


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
        header: for senders that cannot sign: a header that carries one of the secrets as it is; by default none.
    """

    secrets: Annotated[tuple[SecretStr, ...], parsed(_signing_secrets)] = Field((), alias="WEBHOOK_STANDARD_SECRETS")
    fields: Fields = Field({}, alias="WEBHOOK_STANDARD_FIELDS")
    header: Annotated[str | None, parsed(_secret_header)] = Field(None, alias="WEBHOOK_STANDARD_HEADER")
