"""Step: the app registration trusts the identity of the service, so that the service needs no secret to prove itself."""

import json
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from qualification.setup.answers import Answers
from qualification.setup.azure import Azure
from qualification.setup.client_secrets import ClientSecrets
from qualification.setup.vault import Vault

AUDIENCE = "api://AzureADTokenExchange"
SECRET = "partner-center-client-secret"  # noqa: S105  a name


@dataclass(frozen=True, slots=True)
class Trust:
    """A federated credential; where the answers want `CLIENT_SECRET_IN_VAULT`, a client secret in the vault."""

    azure: Azure
    answers: Answers
    vault: Vault
    title: str = "The app registration trusts the service"

    def is_done(self) -> bool:
        """See Step."""
        if self._by_secret:
            return SECRET in self.vault.stored()
        wanted = self._credential()
        return any(
            all(each[name] == wanted[name] for name in ("issuer", "subject", "audiences")) for each in self._there()
        )

    def do(self) -> None:
        """See Step."""
        if self._by_secret:
            service = ClientSecrets(self.azure, self.answers, "service")
            service.delete()  # made by a setup that died before it could store it
            self.vault.store(SECRET, service.make())
            return
        with TemporaryDirectory() as folder:
            file = Path(folder, "credential.json")
            file.write_text(json.dumps(self._credential()), encoding="utf-8")
            given = ("--id", self._app, "--parameters", str(file))
            if any(each["name"] == self._name for each in self._there()):
                # Of an identity that was there before the resource group was deleted and made again.
                self.azure.change(
                    "ad", "app", "federated-credential", "update", *given, "--federated-credential-id", self._name
                )
            else:
                self.azure.change("ad", "app", "federated-credential", "create", *given)

    def _there(self) -> Any:
        return self.azure.read("ad", "app", "federated-credential", "list", "--id", self._app)

    def _credential(self) -> dict[str, object]:
        return {
            "name": self._name,
            "issuer": f"https://login.microsoftonline.com/{self.answers['PARTNER_CENTER_TENANT_ID']}/v2.0",
            "subject": self.answers["FEDERATED_CREDENTIAL_SUBJECT"],
            "audiences": [AUDIENCE],
        }

    @property
    def _name(self) -> str:
        return f"service-{self.answers['AZURE_ENV_NAME']}"

    @property
    def _by_secret(self) -> bool:
        return self.answers.is_on("CLIENT_SECRET_IN_VAULT")

    @property
    def _app(self) -> str:
        return self.answers["PARTNER_CENTER_CLIENT_ID"]
