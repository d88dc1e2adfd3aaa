"""Step: the Azure CLI works in the right subscription and tenant."""

from dataclasses import dataclass

from qualification.setup.answers import Answers
from qualification.setup.azure import Azure
from qualification.setup.stopped import Stopped


@dataclass(frozen=True, slots=True)
class Subscription:
    """The subscription is in the partner's tenant, and whoever is signed in is a person."""

    azure: Azure
    answers: Answers
    title: str = "The Azure CLI works in the subscription"

    def is_done(self) -> bool:
        """See Step."""
        account = self.azure.read("account", "show")
        if account["user"]["type"] != "user":
            raise Stopped("The Azure CLI is signed in as an app. Setup wants a person: az login")
        if account["id"] != self.answers["AZURE_SUBSCRIPTION_ID"]:
            return False
        if account["tenantId"] != self.answers["PARTNER_CENTER_TENANT_ID"]:
            raise Stopped(
                f"The subscription is in the tenant {account['tenantId']}, and the partner's is "
                f"{self.answers['PARTNER_CENTER_TENANT_ID']}. If one of the two is mistyped, correct it in {self.answers.file}. "
                "If they really differ, setup cannot do it: docs/deploy.md, by hand."
            )
        self.answers.keep(AZURE_PRINCIPAL_ID=self.azure.read("ad", "signed-in-user", "show")["id"])
        return True

    def do(self) -> None:
        """See Step."""
        self.azure.change("account", "set", "--subscription", self.answers["AZURE_SUBSCRIPTION_ID"])
        if not self.is_done():
            raise Stopped(f"The Azure CLI does not take the subscription {self.answers['AZURE_SUBSCRIPTION_ID']}.")
