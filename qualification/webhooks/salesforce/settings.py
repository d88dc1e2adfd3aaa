"""What is set for Salesforce."""

import re
from typing import Annotated

from pydantic import Field, ValidationInfo, field_validator

from qualification.settings.environment import EnvironmentModel, SettingFault
from qualification.webhooks.setting_types import Fields, beside, parsed, words
from qualification.webhooks.shared_secret import UrlSecrets

SECRETS = "WEBHOOK_SALESFORCE_SECRETS"
CERTIFICATES = "WEBHOOK_SALESFORCE_CERTIFICATES"
PLATFORM = "platform"
ORGANIZATION = re.compile(r"00D[A-Za-z0-9]{12}([A-Za-z0-9]{3})?")
"""An organization id, case-sensitive in 15 characters or safe in 18 (SOAP API, "ID Field Type")."""
THUMBPRINT = re.compile(r"[0-9A-F]{40}|[0-9A-F]{64}")
"""SHA-1 or SHA-256 of a certificate, in hexadecimal."""


def _organizations(text: str) -> tuple[str, ...]:
    found = words(text)
    if not found or not all(map(ORGANIZATION.fullmatch, found)):
        raise SettingFault("must be organization ids of 15 or 18 characters that begin with 00D, with commas between")
    return found


def _certificates(text: str) -> str:
    if text != PLATFORM:
        raise SettingFault(f"must be {PLATFORM}, or be left out")
    return text


def _thumbprints(text: str) -> tuple[str, ...]:
    found = tuple(word.replace(":", "").upper() for word in words(text))
    if not found or not all(map(THUMBPRINT.fullmatch, found)):
        raise SettingFault("must be SHA-1 or SHA-256 thumbprints in hexadecimal, with commas between")
    return found


class SalesforceSettings(EnvironmentModel):
    """The settings of the source `salesforce`.

    Attributes:
        secrets: one of them stands in the URL; several while one is rotated.
        organizations: whose messages are accepted.
        fields: our field -> the field it comes from.
        certificates: `platform` where App Service asks for the client certificate and hands it on; only then is its
            header believed.
        thumbprints: of the client certificates that are accepted; none means that no certificate is asked for.
    """

    secrets: UrlSecrets = Field((), alias=SECRETS)
    organizations: Annotated[tuple[str, ...], parsed(_organizations), beside(SECRETS)] = Field(
        (), alias="WEBHOOK_SALESFORCE_ORGANIZATIONS", validate_default=True
    )
    fields: Annotated[Fields, beside(SECRETS)] = Field({}, alias="WEBHOOK_SALESFORCE_FIELDS", validate_default=True)
    certificates: Annotated[str | None, parsed(_certificates)] = Field(None, alias=CERTIFICATES)
    thumbprints: Annotated[tuple[str, ...], parsed(_thumbprints)] = Field(
        (), alias="WEBHOOK_SALESFORCE_THUMBPRINTS", validate_default=True
    )

    @field_validator("thumbprints")
    @classmethod
    def _belong_together(cls, thumbprints: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        believed = info.data.get("certificates")
        if thumbprints and not believed:
            raise SettingFault(
                f"is set without {CERTIFICATES}={PLATFORM}: anybody could write the header that carries the certificate. "
                f"Let App Service ask for client certificates, then set {CERTIFICATES}={PLATFORM}"
            )
        if believed and not thumbprints:
            raise SettingFault(f"is missing; it belongs to {CERTIFICATES}")
        return thumbprints
