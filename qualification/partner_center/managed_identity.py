"""The managed identity as the app's proof: a federated credential instead of a client secret."""

from pydantic import SecretStr

from qualification.domain.call_errors import AccessLost, Unavailable
from qualification.settings.credential import AzureCredential
from qualification.settings.no_token import NoToken

SCOPE = "api://AzureADTokenExchange/.default"
"""The audience that a federated credential of an app registration expects ("Workload identity federation")."""

FEDERATION = "Add it to the app registration's federated credentials."


class ManagedIdentityAssertion:
    """Asks the managed identity for an assertion; the Azure SDK is loaded at the first call.

    Args:
        credential: of the managed identity; it stays open.
    """

    def __init__(self, credential: AzureCredential) -> None:
        self._credential = credential

    async def __call__(self) -> SecretStr:
        """A signed assertion.

        Raises:
            AccessLost: there is no such identity here, or its endpoint refuses.
            Unavailable: its endpoint did not answer, or not as it does when it is well.
        """
        try:
            return SecretStr((await self._credential.get_token(SCOPE)).token)
        except NoToken as error:
            raise identity_failure(error, FEDERATION) from None


def identity_failure(error: NoToken, also: str = "") -> AccessLost | Unavailable:
    """What a token that is not there means for Partner Center.

    Args:
        error: why it is not there.
        also: what else a person may have to do, where it takes one.
    """
    text = f"{str(error)[0].upper()}{str(error)[1:]}."
    if error.passing:
        return Unavailable("managed-identity", text, http_status=error.http_status, remedy=error.remedy)
    remedy = f"{error.remedy} {also}".rstrip()
    return AccessLost("managed-identity", text, partner_wide=True, http_status=error.http_status, remedy=remedy)
