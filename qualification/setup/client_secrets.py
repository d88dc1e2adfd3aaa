"""The client secrets of the app registration, by the name that each bears."""

from dataclasses import dataclass

from qualification.setup.answers import Answers
from qualification.setup.azure import Azure


@dataclass(frozen=True, slots=True)
class ClientSecrets:
    """Those of one name; the others are not touched."""

    azure: Azure
    answers: Answers
    name: str

    def there(self) -> list[str]:
        """The key ids of those that there are."""
        listed = self.azure.read("ad", "app", "credential", "list", "--id", self._app)
        return [each["keyId"] for each in listed if each["displayName"] == self.name]

    def make(self, *until: str) -> str:
        """Make one beside those that there are; its value, which nobody can read again."""
        given = ("--id", self._app, "--append", "--display-name", self.name)
        value: str = self.azure.change("ad", "app", "credential", "reset", *given, *until)["password"]
        return value

    def delete(self) -> None:
        """Delete them all."""
        for key_id in self.there():
            self.azure.change("ad", "app", "credential", "delete", "--id", self._app, "--key-id", key_id)

    @property
    def _app(self) -> str:
        return self.answers["PARTNER_CENTER_CLIENT_ID"]
