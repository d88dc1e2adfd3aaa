"""Step: somebody is signed in to the Azure CLI."""

from dataclasses import dataclass

from qualification.setup.answers import Answers
from qualification.setup.azure import Azure


@dataclass(frozen=True, slots=True)
class Login:
    """A person signs in, in a browser."""

    azure: Azure
    answers: Answers
    title: str = "You are signed in to the Azure CLI"

    def is_done(self) -> bool:
        """See Step."""
        return self.azure.works("account", "show")

    def do(self) -> None:
        """See Step."""
        tenant = self.answers.get("PARTNER_CENTER_TENANT_ID")
        self.azure.sign_in(*(["--tenant", tenant] if tenant else []))
