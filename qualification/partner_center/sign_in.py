"""The sign-in endpoint of the partner's Microsoft Entra tenant (OAuth 2.0, "v2.0" endpoint)."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated
from urllib.parse import quote, urlencode

from pydantic import BaseModel, Field, SecretStr

from qualification.domain.call_errors import Unavailable
from qualification.domain.remedies import WAIT
from qualification.partner_center.answer import NoAnswer, NotSent, json_value
from qualification.partner_center.sign_in_failures import sign_in_failure
from qualification.use_cases.ports import Clock

if TYPE_CHECKING:
    from qualification.partner_center.connection import Connection

AUDIENCE = "https://api.partnercenter.microsoft.com"
"""Whom the tokens are for, also where the calls go to the sandbox ("Partner Center authentication")."""

APP_ONLY = f"{AUDIENCE}/.default"
APP_AND_USER = f"offline_access {AUDIENCE}/user_impersonation"
WHO = "openid profile"
"""Beside it, where a person signs in: brings the ID token that names the account ("Scopes and permissions", OpenID Connect)."""

MAX_CONNECTIONS = 2

JWT_BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

type ClientProof = SecretStr | Callable[[], Awaitable[SecretStr]]
"""How the app proves itself: its client secret, or something that gives a signed assertion (RFC 7523)."""


class Grant(BaseModel):
    """What the endpoint gives for a grant; `expires_in` is in seconds."""

    access_token: Annotated[SecretStr, Field(min_length=1)]
    expires_in: Annotated[int, Field(ge=0)]
    refresh_token: SecretStr | None = None
    id_token: SecretStr | None = None


class SignIn:
    """Redeems grants at `{login_url}/{tenant_id}/oauth2/v2.0/token`; may raise any PartnerCenterError but OutcomeUnknown.

    Args:
        login_url: https://login.microsoftonline.com, or the sandbox.
        tenant_id: the partner's tenant.
        client_id: the app registration.
        proof: how the app proves itself.
        clock: tells the time.
        timeout: for each call.
    """

    def __init__(
        self,
        login_url: str,
        tenant_id: str,
        client_id: str,
        proof: ClientProof,
        *,
        clock: Clock,
        timeout: timedelta,
    ) -> None:
        self._path = f"/{quote(tenant_id, safe='')}/oauth2/v2.0/token"
        self._login_url = login_url
        self._client_id = client_id
        self._proof = proof
        self._clock = clock
        self._timeout = timeout
        self._connection: Connection | None = None

    async def app_only(self) -> Grant:
        """A token of the app itself (client credentials)."""
        return await self._redeem({"grant_type": "client_credentials", "scope": APP_ONLY})

    async def app_and_user(self, refresh_token: SecretStr) -> Grant:
        """A token of the app on behalf of the service account, and the next refresh token."""
        grant = {
            "grant_type": "refresh_token",
            "scope": APP_AND_USER,
            "refresh_token": refresh_token.get_secret_value(),
        }
        return await self._redeem(grant, refresh_token)

    def authorize_url(self, redirect_uri: str, state: str, code_challenge: str) -> str:
        """Where the service account signs in (authorization code flow with PKCE, RFC 7636)."""
        query = {
            "client_id": self._client_id,
            "response_type": "code",
            "response_mode": "query",
            "redirect_uri": redirect_uri,
            "scope": f"{WHO} {APP_AND_USER}",
            "state": state,
            "code_challenge": code_challenge,
            "code_challenge_method": "S256",
            "prompt": "select_account",
        }
        return f"{self._login_url}{self._path.removesuffix('token')}authorize?{urlencode(query)}"

    async def authorization_code(self, code: SecretStr, redirect_uri: str, code_verifier: SecretStr) -> Grant:
        """The tokens for a code that the service account's sign-in has led to."""
        grant = {
            "grant_type": "authorization_code",
            "scope": f"{WHO} {APP_AND_USER}",
            "code": code.get_secret_value(),
            "redirect_uri": redirect_uri,
            "code_verifier": code_verifier.get_secret_value(),
        }
        return await self._redeem(grant, code, code_verifier)

    async def close(self) -> None:
        """Close all connections; a later call opens new ones."""
        connection, self._connection = self._connection, None
        if connection:
            await connection.close()

    async def _redeem(self, grant: Mapping[str, str], *secrets: SecretStr) -> Grant:
        if isinstance(self._proof, SecretStr):
            proof = self._proof
            form = {"client_secret": proof.get_secret_value()}
        else:
            proof = await self._proof()
            form = {"client_assertion_type": JWT_BEARER, "client_assertion": proof.get_secret_value()}
        form |= {"client_id": self._client_id, **grant}
        headers = {
            "Accept": "application/json",
            "Accept-Encoding": "identity",
            "Content-Type": "application/x-www-form-urlencoded",
            "User-Agent": "partner-qualifications",
        }
        connection = self._connection or self._open()
        try:
            answer = await connection.exchange("POST", self._path, headers, urlencode(form).encode())
        except (NotSent, NoAnswer) as error:
            raise Unavailable("sign-in-unreachable", f"The sign-in did not answer ({error}).", remedy=WAIT) from None
        if not answer.is_success:
            raise sign_in_failure(answer, at=answer.date or self._clock(), secrets=(proof, *secrets))
        try:
            return Grant.model_validate(json_value(answer.body))
        except ValueError:
            unread = Unavailable(
                "sign-in-unreadable",
                "The sign-in's answer holds no token.",
                http_status=answer.status,
                remedy=WAIT,
            )
        # Raised out here, because the error above repeats what was in the body.
        raise unread

    def _open(self) -> "Connection":
        from qualification.partner_center.connection import Connection  # noqa: PLC0415  httpx costs start-up time

        self._connection = Connection(self._login_url, timeout=self._timeout, max_connections=MAX_CONNECTIONS)
        return self._connection
