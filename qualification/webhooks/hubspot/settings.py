"""What is set for HubSpot."""

import re
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import Field, SecretStr

from qualification.settings.environment import EnvironmentModel, SettingFault
from qualification.settings.formats import Flag
from qualification.webhooks.setting_types import Fields, beside, parse_secrets, parsed, words

SECRETS = "WEBHOOK_HUBSPOT_SECRETS"
CLIENT_SECRET = re.compile(r"[0-9A-Za-z]{8}(-[0-9A-Za-z]{4}){3}-[0-9A-Za-z]{12}", re.ASCII)
"""The form in which HubSpot's documentation writes one ("Validating requests", examples)."""


def _client_secrets(text: str) -> tuple[SecretStr, ...]:
    found = parse_secrets(text)
    if not all(CLIENT_SECRET.fullmatch(secret.get_secret_value()) for secret in found):
        raise SettingFault(
            "must be client secrets of HubSpot apps (8-4-4-4-12 letters and digits), with commas between"
        )
    return found


def _public_url(text: str) -> str:
    url = urlsplit(text)
    if url.scheme != "https" or not url.hostname or not url.path.strip("/") or url.fragment:
        raise SettingFault("must be the https:// URL that the CRM sends to, with its path")
    return text


def _portals(text: str) -> tuple[str, ...]:
    found = words(text)
    if not found or not all(re.fullmatch(r"[1-9][0-9]{0,19}", portal, re.ASCII) for portal in found):
        raise SettingFault("must be account ids (numbers), with commas between")
    return found


class HubSpotSettings(EnvironmentModel):
    """The settings of the source `hubspot`.

    Attributes:
        secrets: client secrets of the app that signs; several while one is rotated.
        url: where HubSpot sends to, word for word as HubSpot knows it, for the signature covers it.
        fields: our field -> the property it comes from.
        accepts_v2: whether the older signature, which never expires, is accepted too.
        portals: whose records are taken; none means everybody's for whom the app signs.
    """

    secrets: Annotated[tuple[SecretStr, ...], parsed(_client_secrets)] = Field((), alias=SECRETS)
    url: Annotated[str | None, parsed(_public_url), beside(SECRETS)] = Field(
        None, alias="WEBHOOK_HUBSPOT_URL", validate_default=True
    )
    fields: Annotated[Fields, beside(SECRETS)] = Field({}, alias="WEBHOOK_HUBSPOT_FIELDS", validate_default=True)
    accepts_v2: Flag = Field(default=False, alias="WEBHOOK_HUBSPOT_V2")
    portals: Annotated[tuple[str, ...], parsed(_portals)] = Field((), alias="WEBHOOK_HUBSPOT_PORTALS")
