"""The settings of a deployed app, as far as a person's machine can use them. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from qualification.doctor.deployed import Deployed
from qualification.settings.service_url import HOST_NAME
from qualification.webhooks.registry import SOURCES

CLIENT_SECRET, FEDERATED = "PARTNER_CENTER_CLIENT_SECRET", "PARTNER_CENTER_FEDERATED_IDENTITY"
WHO = (
    "AZURE_CLIENT_ID",
    *("RecordStorage__clientId", "RecordStorage__credential"),
    *("ServiceBusConnection__clientId", "ServiceBusConnection__credential"),
)
"""What names the app's managed identity, which is nowhere but in the app."""


@dataclass(frozen=True, slots=True)
class FromHere:
    """What is left of an app's settings on another machine.

    Attributes:
        environment: app settings by name; whoever is signed in here takes the place of the app's identity, and a stand-in
            of the right form that of a secret that only the app has got.
        unseen: the settings for which there is a stand-in.
    """

    environment: dict[str, str] = field(repr=False)
    unseen: frozenset[str]

    @property
    def proves_the_app(self) -> bool:
        """Whether the app registration can be proven to Partner Center's sign-in: its client secret is at hand."""
        return bool(self.environment.get(CLIENT_SECRET, "").strip()) and CLIENT_SECRET not in self.unseen


def from_here(deployed: Deployed, client_secret: str = "") -> FromHere:
    """An app's settings for this machine.

    Args:
        deployed: the app.
        client_secret: of the app registration, where the operator has one at hand; it takes the identity's place.
    """
    values = {name: value for name, value in deployed.settings.items() if name not in WHO}
    values[HOST_NAME] = deployed.host
    if client_secret:
        values |= {CLIENT_SECRET: client_secret, FEDERATED: "false"}
    unseen = {name: text for name, text in _stand_ins(deployed) if not (name == CLIENT_SECRET and client_secret)}
    return FromHere(values | unseen, frozenset(unseen))


def _stand_ins(deployed: Deployed) -> Iterator[tuple[str, str]]:
    """For references that are resolved, or of which nobody knows."""
    samples = {
        name: value
        for source in SOURCES.values()
        for name, value in source.sample.settings().items()
        if name.endswith("_SECRETS")
    }
    for name in deployed.referring:
        if name not in deployed.unresolved and (name in samples or name == CLIENT_SECRET):
            yield name, samples.get(name, "only the app has it")
