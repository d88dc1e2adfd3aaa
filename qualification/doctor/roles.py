"""Azure's roles: which one a check has proven by doing what it allows, and what to give where it failed."""

from qualification.settings.app_settings import Identity
from qualification.settings.secret import Secret

SENDER = "Azure Service Bus Data Sender"
RECEIVER = "Azure Service Bus Data Receiver"
TABLES = "Storage Table Data Contributor"
VAULT = "Key Vault Secrets Officer"


def proven(connection: Secret | Identity, role: str, by_key: str) -> str:
    """What doing it proves: the role of an identity, or else what the key may do."""
    return f"role proven: {role}" if isinstance(connection, Identity) else by_key
