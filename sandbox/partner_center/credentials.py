"""The partner tenant, the app registration and the user's first refresh token, all made up."""

import secrets
from dataclasses import dataclass, field
from uuid import uuid4


def _guid() -> str:
    return str(uuid4())


@dataclass(slots=True, frozen=True)
class Credentials:
    """What a client is configured with."""

    tenant_id: str = field(default_factory=_guid)
    client_id: str = field(default_factory=_guid)
    client_secret: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    refresh_token: str = field(default_factory=lambda: f"1.{secrets.token_urlsafe(48)}")
