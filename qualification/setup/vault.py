"""The secrets in the vault: which of them somebody has stored, and storing one. No secret is on a command line."""

import os
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from qualification.setup.answers import Answers
from qualification.setup.azure import Azure

PLACEHOLDER = "placeholder"
"""The content type of what infra/modules/secrets.bicep makes, only where it is absent; whatever is stored over it has another or none."""
REFRESH_TOKEN = "refresh-token"  # noqa: S105  a name


@dataclass(frozen=True, slots=True)
class Vault:
    """The vault of the answers; the person who is signed in may store secrets in it."""

    azure: Azure
    answers: Answers

    def stored(self) -> set[str]:
        """The names of the secrets that somebody has stored."""
        listed = self.azure.read("keyvault", "secret", "list", "--vault-name", self.answers["KEY_VAULT_NAME"])
        return {each["name"] for each in listed if each["contentType"] != PLACEHOLDER}

    def store(self, name: str, value: str) -> None:
        """Store a secret, by a file that only this person may read, and that is gone afterwards."""
        with TemporaryDirectory() as folder:
            file = Path(folder, "secret")
            with os.fdopen(os.open(file, os.O_CREAT | os.O_WRONLY, 0o600), "w", encoding="utf-8", newline="") as into:
                into.write(value)
            given = ("--vault-name", self.answers["KEY_VAULT_NAME"], "--name", name)
            self.azure.change("keyvault", "secret", "set", *given, "--file", str(file))
