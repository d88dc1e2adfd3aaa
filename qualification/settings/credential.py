"""Who the service is to Azure, where no connection string says so."""

import asyncio
import os
import time
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from qualification.settings.connections import Identity
from qualification.settings.no_token import no_answer, no_token

if TYPE_CHECKING:
    from azure.core.credentials import AccessToken
    from azure.identity.aio import DefaultAzureCredential, ManagedIdentityCredential

PATIENCE = 5.0
"""Seconds for the endpoint of a managed identity, which is on the same machine."""
LONGEST_SIGN_IN = 40
"""Seconds for az and its like on a developer's machine; seven are usual."""
MARGIN = 300.0
"""Seconds before its end from which a token that is kept here is not used any more."""
ENDPOINT_LIMITS: dict[str, Any] = {"retry_total": 1, "retry_status": 0, "connection_timeout": 2}
"""An answer is not asked for again here: whoever needs the token does so later, and says why meanwhile."""


class AzureCredential:
    """An asynchronous token credential that loads the identity SDK when the first token is asked for.

    Tasks that ask for the same token at the same time share one question, which goes on when they stop waiting.

    Args:
        identity: the managed identity, or on a developer's machine whoever is signed in.
    """

    def __init__(self, identity: Identity) -> None:
        # Where an app has an identity, whoever is signed in is that identity: asked directly, it says what is wrong.
        self.managed = identity.managed or ("IDENTITY_ENDPOINT" in os.environ and "AZURE_TENANT_ID" not in os.environ)
        self._client_id = identity.client_id
        self._credential: DefaultAzureCredential | ManagedIdentityCredential | None = None
        self._asking: dict[object, asyncio.Task[AccessToken]] = {}
        self._kept: dict[object, AccessToken] = {}

    @property
    def giver(self) -> str:
        """Who is asked for tokens, in words."""
        return "the managed identity's endpoint" if self.managed else "whoever is signed in here, such as az,"

    @property
    def is_asking(self) -> bool:
        """Whether a token is waited for."""
        return bool(self._asking)

    async def get_token(self, *scopes: str, **options: Any) -> "AccessToken":
        """A token for these scopes.

        Raises:
            NoToken: nobody gave one.
        """
        question = (scopes, options.get("tenant_id"), options.get("claims"))
        kept = self._kept.get(question)
        if kept and kept.expires_on - time.time() > MARGIN:
            return kept
        asking = self._asking.get(question)
        if asking is None:
            asking = self._asking[question] = asyncio.create_task(self._ask(question, scopes, options))
            asking.add_done_callback(_retrieved)
        return await asyncio.shield(asking)

    async def close(self) -> None:
        """Close all connections; a later call opens new ones."""
        for asking in list(self._asking.values()):
            asking.cancel()
            await asyncio.gather(asking, return_exceptions=True)
        credential, self._credential = self._credential, None
        if credential:
            await credential.close()

    async def _ask(self, question: object, scopes: tuple[str, ...], options: dict[str, Any]) -> "AccessToken":
        limit = PATIENCE if self.managed else LONGEST_SIGN_IN
        try:
            async with asyncio.timeout(limit):
                token = _sound(await (self._credential or self._open()).get_token(*scopes, **options))
        except TimeoutError:
            raise no_answer(self.giver, scopes, limit) from None
        except Exception as error:  # noqa: BLE001  the SDK also lets KeyError and ValueError through
            failed = no_token(error, self.giver, scopes, managed=self.managed)
        else:
            if not self.managed:
                # A managed identity's are kept by the SDK, which also renews them in time; az's are kept by nobody.
                self._kept[question] = token
            return token
        finally:
            self._asking.pop(question, None)
        # Raised out here, because the error above leads to the answer, and an odd one may hold a token.
        raise failed

    def _open(self) -> "DefaultAzureCredential | ManagedIdentityCredential":
        from azure.identity.aio import (  # noqa: PLC0415  0.2 s to import; a refused webhook must not pay for it
            DefaultAzureCredential,
            ManagedIdentityCredential,
        )

        if self.managed:
            self._credential = ManagedIdentityCredential(client_id=self._client_id, **ENDPOINT_LIMITS)
        else:
            self._credential = DefaultAzureCredential(
                managed_identity_client_id=self._client_id, process_timeout=LONGEST_SIGN_IN
            )
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


class Credentials:
    """One credential for each identity, whatever it is used for; closes them."""

    def __init__(self) -> None:
        self._by_identity: dict[tuple[bool, str | None], AzureCredential] = {}

    def of(self, identity: Identity) -> AzureCredential:
        """The credential of an identity."""
        key = (identity.managed, identity.client_id)
        if key not in self._by_identity:
            self._by_identity[key] = AzureCredential(identity)
        return self._by_identity[key]

    async def close(self) -> None:
        """Close all connections."""
        for credential in self._by_identity.values():
            await credential.close()


def _sound(token: "AccessToken") -> "AccessToken":
    # The SDK hands on whatever the answer holds.
    text: object = token.token
    if not isinstance(text, str) or not text:
        raise TypeError("no text")
    return token


def _retrieved(asking: "asyncio.Task[AccessToken]") -> None:
    # Everybody who waited may have left; then nobody else asks for its error.
    if not asking.cancelled():
        asking.exception()
