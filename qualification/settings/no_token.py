"""Why there is no token: the one place where the errors of the identity SDK are read."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

OWN_REFUSALS = frozenset({HTTPStatus.BAD_REQUEST, HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN})
"""An endpoint of managed identities answers so for good ("How to use managed identities for App Service")."""
LONGEST_WORDS = 200

ASSIGN = "Assign the managed identity to the function app, and name it in the app settings where it is user-assigned."
SIGN_IN = "Sign in to Azure on this machine (az login), to the tenant of the subscription."
WAIT = "Nothing to do: the service asks again by itself."


class NoToken(Exception):
    """Nobody gave a token for Azure; each adapter that asks makes an error of its port of it.

    Attributes:
        passing: whether it passes by itself, or else takes a person.
        http_status: of the endpoint's answer, None where there was none.
        remedy: what a person can do about it.
    """

    def __init__(self, text: str, *, passing: bool, remedy: str, http_status: int | None = None) -> None:
        super().__init__(text)
        self.passing = passing
        self.http_status = http_status
        self.remedy = remedy


def no_answer(giver: str, scopes: Sequence[str], seconds: float) -> NoToken:
    """Whoever is asked takes too long."""
    text = f"{giver} gave no token for {_service(scopes)} within {seconds:g} s"
    return NoToken(text, passing=True, remedy=WAIT)


def no_token(error: Exception, giver: str, scopes: Sequence[str], *, managed: bool) -> NoToken:
    """What an error of the SDK means.

    Args:
        error: whatever it raised.
        giver: who was asked, in words.
        scopes: what for.
        managed: whether that is a managed identity, or else whoever is signed in on this machine.
    """
    from azure.core.exceptions import AzureError, HttpResponseError  # noqa: PLC0415  costs start-up time
    from azure.identity import CredentialUnavailableError  # noqa: PLC0415  same

    wanted = f"a token for {_service(scopes)}"
    response: Any = error.response if isinstance(error, HttpResponseError) else None
    if response is not None:
        status = int(response.status_code)
        said, own = _words(response)
        text = f"{giver} answered HTTP {status} when asked for {wanted}{said}"
        if own and status in OWN_REFUSALS:
            return NoToken(text, passing=False, remedy=ASSIGN if managed else SIGN_IN, http_status=status)
        return NoToken(text, passing=True, remedy=WAIT, http_status=status)
    if not managed and isinstance(error, HttpResponseError):
        return NoToken(f"{giver} gave no token for {_service(scopes)}", passing=False, remedy=SIGN_IN)
    if isinstance(error, CredentialUnavailableError):
        return NoToken(f"there is no managed identity here to give {wanted}", passing=False, remedy=ASSIGN)
    if isinstance(error, AzureError):
        return NoToken(f"{giver} did not answer when asked for {wanted}", passing=True, remedy=WAIT)
    text = f"{giver} gave an answer without {wanted} in it ({type(error).__name__})"
    return NoToken(text, passing=True, remedy=WAIT)


def _words(response: Any) -> tuple[str, bool]:
    """What the endpoint says by itself, and whether the answer is its own and not that of something in between."""
    try:
        content = response.json()
    except Exception:  # noqa: BLE001  whatever it is, it is not JSON
        return "", False
    if not isinstance(content, dict):
        return "", False
    said = content.get("message") or content.get("error_description")
    if not isinstance(said, str):
        return "", True
    return f": {' '.join(said.split())[:LONGEST_WORDS]}", True


def _service(scopes: Sequence[str]) -> str:
    """Whom the token is for, such as storage.azure.com."""
    return urlsplit(scopes[0]).hostname or scopes[0] if scopes else "nobody"
