"""Step: the app has read its Key Vault references after the secrets were stored."""

from dataclasses import dataclass

from qualification.setup.answers import Answers
from qualification.setup.azure import Azure

REFRESH = "config/configreferences/appsettings/refresh?api-version=2022-03-01"
MANAGEMENT = "https://management.azure.com"


@dataclass(frozen=True, slots=True)
class References:
    """Done each time: whether the app has read a secret since it was stored shows nowhere, and it would do so within a day only."""

    azure: Azure
    answers: Answers
    title: str = "The app reads its secrets again"

    def is_done(self) -> bool:
        """See Step."""
        return not self.answers["WEBHOOK_SOURCES"] and not self.answers.is_on("CLIENT_SECRET_IN_VAULT")

    def do(self) -> None:
        """See Step."""
        app = (
            f"/subscriptions/{self.answers['AZURE_SUBSCRIPTION_ID']}/resourceGroups/{self.answers['AZURE_RESOURCE_GROUP']}"
            f"/providers/Microsoft.Web/sites/{self.answers['SERVICE_APP_NAME']}"
        )
        self.azure.change("rest", "--method", "post", "--uri", f"{MANAGEMENT}{app}/{REFRESH}")
