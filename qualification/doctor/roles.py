"""Azure's roles: which one a check has proven by doing what it allows, and what to give where it failed."""

from pydantic import SecretStr

from qualification.settings.connections import Identity

SENDER = "Azure Service Bus Data Sender"
RECEIVER = "Azure Service Bus Data Receiver"
TABLES = "Qualification records (or Storage Table Data Contributor)"
VAULT = "Qualification refresh token (or Key Vault Secrets Officer)"
"""Roles of our own, which the templates define and give to the service; a person on another machine needs those in brackets."""
NETWORK = "a network that reaches it"


def proven(connection: SecretStr | Identity, role: str, by_key: str) -> str:
    """What doing it proves: the role of an identity, or else what the key may do."""
    return f"role proven: {role}" if isinstance(connection, Identity) else by_key


def taken(connection: SecretStr | Identity, role: str) -> str:
    """What whoever asks must have for it."""
    return f"the role {role}, and {NETWORK}" if isinstance(connection, Identity) else NETWORK
