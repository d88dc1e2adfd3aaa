"""Which error an answer of Key Vault means: its own code decides ("Azure Key Vault REST API error codes")."""

import re
from http import HTTPStatus

from qualification.domain.call_errors import AccessLost, Unavailable

CODE = re.compile(r"[A-Za-z]{1,64}", re.ASCII)
NO_TOKEN = "no-refresh-token"  # noqa: S105  a code
DELETED, DISABLED = "ObjectIsDeletedButRecoverable", "SecretDisabled"
SIGNING_IN_HELPS = frozenset({NO_TOKEN, DISABLED})
"""A new version is stored, and is enabled."""
FORBIDDEN = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND})

SIGN_IN = 'Run "python -m qualification sign-in": it stores a refresh token where PARTNER_CENTER_REFRESH_TOKEN says.'
WAIT = "Nothing to do: the service asks again by itself."
ROLE = (
    "Check the URL in PARTNER_CENTER_REFRESH_TOKEN and give the service the role Qualification refresh token on it "
    "(whoever signs in: Key Vault Secrets Officer)."
)
REMEDIES = {
    DELETED: "Recover the deleted secret: az keyvault secret recover --vault-name {vault} --name {name} (or, for good, "
    "az keyvault secret purge with the same options). " + SIGN_IN,
    DISABLED: "Enable the secret: az keyvault secret set-attributes --vault-name {vault} --name {name} --enabled true; "
    'or run "python -m qualification sign-in", which stores a new version.',
    "ForbiddenByFirewall": "Let the address that asks through the vault's firewall: "
    "az keyvault network-rule add --name {vault} --ip-address ADDRESS.",
    "ForbiddenByConnection": "The vault takes private links only: ask it from the network with its private endpoint, or "
    "az keyvault update --name {vault} --public-network-access Enabled.",
    "AccessDenied": "The vault goes by access policies: az keyvault set-policy --name {vault} --object-id IDENTITY "
    "--secret-permissions get set; or let it go by roles: Qualification refresh token for the service, Key Vault Secrets Officer for a person.",
}


def vault_failure(done: str, error: Exception, vault: str, name: str) -> AccessLost | Unavailable:
    """The error that an exception of the SDK means.

    Args:
        done: what should have been done with the secret: "read" or "written".
        error: of azure.core, or whatever else the SDK stumbles with.
        vault: the vault's name.
        name: the secret's name.
    """
    from azure.core.exceptions import ClientAuthenticationError, HttpResponseError  # noqa: PLC0415  costs start-up time

    status = error.status_code if isinstance(error, HttpResponseError) else None
    own = code_of(error)
    answered = f"HTTP {status} {own}".rstrip() if status else type(error).__name__
    text = f"The refresh token in Key Vault cannot be {done} ({answered})."
    remedy = REMEDIES.get(own, ROLE).format(vault=vault, name=name)
    code = own or "refresh-token-secret"
    if status == HTTPStatus.NOT_FOUND and done == "read":
        return AccessLost(NO_TOKEN, text, partner_wide=True, http_status=status, remedy=SIGN_IN)
    # The SDK says so where the vault asks for a token that is meant for somebody else; a page of a gateway is no JSON.
    for_somebody_else = type(error) is ValueError and "challenge" in str(error)
    if isinstance(error, ClientAuthenticationError) or for_somebody_else or status in FORBIDDEN or own == DELETED:
        return AccessLost(code, text, partner_wide=True, http_status=status, remedy=remedy)
    return Unavailable(code, text, http_status=status, remedy=WAIT)


def deleted(vault: str, name: str) -> AccessLost:
    """The error where the secret is deleted and can be recovered: it cannot be read, nor can one of its name be made."""
    text = f"The refresh token in Key Vault cannot be read: the secret {name} is deleted and can be recovered."
    remedy = REMEDIES[DELETED].format(vault=vault, name=name)
    return AccessLost(DELETED, text, partner_wide=True, http_status=HTTPStatus.NOT_FOUND, remedy=remedy)


def code_of(error: Exception) -> str:
    """The vault's own code, the inner one if there is one, or an empty text."""
    told = getattr(error, "error", None)
    inner = getattr(told, "innererror", None)
    for code in (inner.get("code") if isinstance(inner, dict) else None, getattr(told, "code", None)):
        if isinstance(code, str) and CODE.fullmatch(code):
            return code
    return ""
