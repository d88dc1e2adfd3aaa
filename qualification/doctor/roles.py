"""Azure's roles: which one a check has proven by doing what it allows, and what to give where it failed."""

from pydantic import SecretStr

from qualification.settings.connections import Identity

SENDER = "Azure Service Bus Data Sender"
RECEIVER = "Azure Service Bus Data Receiver"
TABLES = "Storage Table Data Contributor"
VAULT = "Key Vault Secrets Officer"


def proven(connection: SecretStr | Identity, role: str, by_key: str) -> str:
    """What doing it proves: the role of an identity, or else what the key may do."""
    return f"role proven: {role}" if isinstance(connection, Identity) else by_key
