"""Who has signed in, as the ID token says that the sign-in gives beside the others ("ID token claims reference").

It comes from the sign-in itself over TLS, so its signature need not be checked (OpenID Connect Core 1.0, 3.1.3.7, 6).
"""

import json
from base64 import urlsafe_b64decode

from pydantic import BaseModel, ConfigDict, Field, SecretStr


class Account(BaseModel):
    """An account of Microsoft Entra; what the token leaves out is empty.

    Attributes:
        username: what a person types to sign in.
        name: how the directory calls it.
        tenant_id: the tenant that it signed in to.
    """

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    username: str = Field("", alias="preferred_username")
    name: str = ""
    tenant_id: str = Field("", alias="tid")

    def __str__(self) -> str:
        known = f"{self.name} ({self.username})" if self.name and self.username else self.name or self.username
        # Whoever may name accounts must not be able to write over a terminal.
        return "".join(letter for letter in known if letter.isprintable()) or "an account without a name"


def account_in(id_token: SecretStr | None) -> Account:
    """The account in an ID token; one without a name where there is no token, or none that can be read."""
    try:
        payload = id_token.get_secret_value().split(".")[1] if id_token else ""
        return Account.model_validate(json.loads(urlsafe_b64decode(payload + "=" * (-len(payload) % 4))))
    except (ValueError, IndexError):
        return Account.model_validate({})
