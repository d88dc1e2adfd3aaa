"""The managed identity as the app's proof: a federated credential instead of a client secret."""

from typing import TYPE_CHECKING

from pydantic import SecretStr

from qualification.domain.call_errors import AccessLost, Unavailable
from qualification.domain.remedies import WAIT

if TYPE_CHECKING:
    from azure.identity.aio import ManagedIdentityCredential

SCOPE = "api://AzureADTokenExchange/.default"
"""The audience that a federated credential of an app registration expects ("Workload identity federation")."""

REMEDY = "Assign the managed identity to the function app and add it to the app registration's federated credentials."


class ManagedIdentityAssertion:
    """Asks the managed identity for an assertion; the Azure SDK is loaded at the first call.

    Args:
        client_id: of a user-assigned identity; None for the system-assigned one.
    """

    def __init__(self, client_id: str | None = None) -> None:
        self._client_id = client_id
        self._credential: ManagedIdentityCredential | None = None

    async def __call__(self) -> SecretStr:
        """A signed assertion.

        Raises:
            AccessLost: there is no such identity here.
            Unavailable: the identity endpoint did not answer.
        """
        from azure.core.exceptions import ClientAuthenticationError  # noqa: PLC0415  costs start-up time
        from azure.identity import CredentialUnavailableError  # noqa: PLC0415  same

        try:
            token = await (self._credential or self._open()).get_token(SCOPE)
            return SecretStr(token.token)
        except (ClientAuthenticationError, CredentialUnavailableError) as error:
            text = f"The managed identity gave no assertion ({type(error).__name__})."
            raise AccessLost("managed-identity", text, partner_wide=True, remedy=REMEDY) from None
        except Exception as error:  # noqa: BLE001  the SDK also lets KeyError and ValueError through
            text = f"The managed identity did not answer ({type(error).__name__})."
            raise Unavailable("managed-identity", text, remedy=WAIT) from None

    async def close(self) -> None:
        """Close all connections."""
        credential, self._credential = self._credential, None
        if credential:
            await credential.close()

    def _open(self) -> "ManagedIdentityCredential":
        from azure.identity.aio import ManagedIdentityCredential  # noqa: PLC0415  costs start-up time

        self._credential = ManagedIdentityCredential(client_id=self._client_id)
        return self._credential
