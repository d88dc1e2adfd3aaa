"""Step: the service account has signed in. Only a person can do this."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from qualification.setup.answers import Answers
from qualification.setup.client_secrets import ClientSecrets
from qualification.setup.own_commands import OwnCommands
from qualification.setup.person import Person
from qualification.setup.vault import REFRESH_TOKEN, Vault

LIFE = timedelta(hours=1)
"""Of the client secret by which the app proves itself on this machine; it is deleted before, unless setup dies."""


@dataclass(frozen=True, slots=True)
class SignIn:
    """`sign-in`, with a client secret for as long as that takes."""

    secrets: ClientSecrets
    answers: Answers
    vault: Vault
    own: OwnCommands
    person: Person
    now: Callable[[], datetime]
    title: str = "The service account has signed in"

    def is_done(self) -> bool:
        """See Step."""
        return REFRESH_TOKEN in self.vault.stored() and not self.secrets.there()

    def do(self) -> None:
        """See Step."""
        try:
            if REFRESH_TOKEN not in self.vault.stored():
                self._sign_in()
        finally:
            self.secrets.delete()

    def _sign_in(self) -> None:
        self.secrets.delete()  # a setup that died may have left one, whose value nobody knows
        self.person.wait(
            "A browser opens next: sign in there as the service account, with MFA, and not as yourself. Have it at hand"
        )
        end = f"{self.now() + LIFE:%Y-%m-%dT%H:%M:%SZ}"
        names = ("PARTNER_CENTER_TENANT_ID", "PARTNER_CENTER_CLIENT_ID", "PARTNER_CENTER_REFRESH_TOKEN")
        settings = {name: self.answers[name] for name in names}
        self.own.sign_in(settings | {"PARTNER_CENTER_CLIENT_SECRET": self.secrets.make("--end-date", end)})
