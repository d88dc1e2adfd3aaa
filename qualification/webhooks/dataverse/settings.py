"""What is set for Dataverse."""

from typing import Annotated

from pydantic import Field

from qualification.settings.environment import EnvironmentModel
from qualification.webhooks.setting_types import Fields, beside
from qualification.webhooks.shared_secret import UrlSecrets

SECRETS = "WEBHOOK_DATAVERSE_SECRETS"


class DataverseSettings(EnvironmentModel):
    """The settings of the source `dataverse`.

    Attributes:
        secrets: one of them stands in the URL or in a header; several while one is rotated.
        fields: our field -> the column it comes from.
    """

    secrets: UrlSecrets = Field((), alias=SECRETS)
    fields: Annotated[Fields, beside(SECRETS)] = Field({}, alias="WEBHOOK_DATAVERSE_FIELDS", validate_default=True)
