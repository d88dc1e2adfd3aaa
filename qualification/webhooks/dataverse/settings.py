"""What is set for Dataverse."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from qualification.domain.guid import parse_guid
from qualification.settings.environment import EnvironmentModel, SettingFault
from qualification.webhooks.setting_types import Fields, beside, parsed, words
from qualification.webhooks.shared_secret import UrlSecrets

SECRETS = "WEBHOOK_DATAVERSE_SECRETS"


def _organizations(text: str) -> tuple[UUID, ...]:
    try:
        found = tuple(map(parse_guid, words(text)))
    except ValueError:
        found = ()
    if not found:
        raise SettingFault("must be organization ids (GUIDs), with commas between")
    return found


class DataverseSettings(EnvironmentModel):
    """The settings of the source `dataverse`.

    Attributes:
        secrets: one of them stands in the URL or in a header; several while one is rotated.
        organizations: whose events are taken; none means everybody's who knows a secret.
        fields: our field -> the column it comes from.
    """

    secrets: UrlSecrets = Field((), alias=SECRETS)
    organizations: Annotated[tuple[UUID, ...], parsed(_organizations)] = Field(
        (), alias="WEBHOOK_DATAVERSE_ORGANIZATIONS"
    )
    fields: Annotated[Fields, beside(SECRETS)] = Field({}, alias="WEBHOOK_DATAVERSE_FIELDS", validate_default=True)
