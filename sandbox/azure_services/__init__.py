"""What of Azure the service reaches besides Service Bus and storage: the endpoint of an identity, and a key vault."""

from sandbox.azure_services.certificate import Tls
from sandbox.azure_services.identity_endpoint import IdentityEndpoint
from sandbox.azure_services.key_vault import KeyVault

__all__ = ["IdentityEndpoint", "KeyVault", "Tls"]
