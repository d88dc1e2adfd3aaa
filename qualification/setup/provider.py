"""Step: the subscription knows what a virtual network's app needs."""

from dataclasses import dataclass

from qualification.setup.answers import Answers
from qualification.setup.azure import Azure

NAMESPACE = "Microsoft.App"
"""No template names it, so that no deployment registers it ("Integrate your app with an Azure virtual network", Flex Consumption)."""


@dataclass(frozen=True, slots=True)
class Provider:
    """The resource provider is registered, where the private profile asks for it."""

    azure: Azure
    answers: Answers
    title: str = f"The resource provider {NAMESPACE}, for the private profile"

    def is_done(self) -> bool:
        """See Step."""
        if not self.answers.is_on("VNET_ENABLED"):
            return True
        found = self.azure.read("provider", "show", "--namespace", NAMESPACE)
        return bool(found["registrationState"] == "Registered")

    def do(self) -> None:
        """See Step."""
        self.azure.change("provider", "register", "--namespace", NAMESPACE, "--wait")
