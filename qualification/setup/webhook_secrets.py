"""Step: each CRM has its secret in the vault."""

import secrets
from base64 import b64encode
from dataclasses import dataclass

from qualification.setup.answers import Answers
from qualification.setup.person import Person
from qualification.setup.vault import Vault

BY_THE_CRM = {"hubspot": "The client secret of your HubSpot app"}
"""Whose secret is not ours to choose (docs/crm)."""


@dataclass(frozen=True, slots=True)
class WebhookSecrets:
    """Made at random where it is ours to choose, asked for where the CRM chooses it."""

    answers: Answers
    vault: Vault
    person: Person
    title: str = "The secret of each CRM"

    def is_done(self) -> bool:
        """See Step."""
        return not self._missing()

    def do(self) -> None:
        """See Step."""
        for source in self._missing():
            name = f"webhook-{source}"
            if question := BY_THE_CRM.get(source):
                self.vault.store(name, self.person.ask_secret(question))
                continue
            self.vault.store(name, _made(source))
            where = f"--vault-name {self.answers['KEY_VAULT_NAME']} --name {name}"
            self.person.say(
                f"      Give it to the CRM (docs/crm); az keyvault secret show {where} --query value --output tsv"
            )

    def _missing(self) -> list[str]:
        sources = [source for source in self.answers["WEBHOOK_SOURCES"].split(",") if source]
        there = self.vault.stored() if sources else set()
        return [source for source in sources if f"webhook-{source}" not in there]


def _made(source: str) -> str:
    if source == "standard":
        # Standard Webhooks: "whsec_" and 24 to 64 random bytes.
        return f"whsec_{b64encode(secrets.token_bytes(24)).decode()}"
    return secrets.token_urlsafe(32)
