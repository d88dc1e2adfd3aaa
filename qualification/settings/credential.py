"""Who the service is to Azure, where no connection string says so."""

from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from qualification.settings.connections import Identity

if TYPE_CHECKING:
    from azure.core.credentials import AccessToken
    from azure.identity.aio import DefaultAzureCredential, ManagedIdentityCredential


class AzureCredential:
    """An asynchronous token credential that loads the identity SDK when the first token is asked for.

    Args:
        identity: the managed identity, or on a developer's machine whoever is signed in.
    """

    def __init__(self, identity: Identity) -> None:
        self._identity = identity
        self._credential: DefaultAzureCredential | ManagedIdentityCredential | None = None

    async def get_token(self, *scopes: str, **options: Any) -> "AccessToken":
        """A token for these scopes; raises what azure.identity raises."""
        return await (self._credential or self._open()).get_token(*scopes, **options)

    async def close(self) -> None:
        """Close all connections; a later call opens new ones."""
        credential, self._credential = self._credential, None
        if credential:
            await credential.close()

    def _open(self) -> "DefaultAzureCredential | ManagedIdentityCredential":
        from azure.identity.aio import (  # noqa: PLC0415  0.2 s to import; a refused webhook must not pay for it
            DefaultAzureCredential,
            ManagedIdentityCredential,
        )

        if self._identity.managed:
            self._credential = ManagedIdentityCredential(client_id=self._identity.client_id)
        else:
            self._credential = DefaultAzureCredential(managed_identity_client_id=self._identity.client_id)
        return self._credential

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None = None,
        error: BaseException | None = None,
        traceback: TracebackType | None = None,
    ) -> None:
        await self.close()
