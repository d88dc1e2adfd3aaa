"""The one interactive sign-in: the service account signs in with MFA, and its refresh token is stored.

Authorization code flow with PKCE; the browser comes back to this machine ("Native app redirect URIs", RFC 8252).
"""

import asyncio
import hmac
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Callable
from hashlib import sha256
from urllib.parse import parse_qs, urlsplit

from pydantic import SecretStr

from qualification.domain.errors import AccessLost
from qualification.partner_center.sign_in import SignIn
from qualification.use_cases.ports import TokenStore

PATIENCE = 300.0
"""Seconds that the sign-in may take."""
PAGE = b"HTTP/1.1 %s\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n%s\n"
DONE = PAGE % (b"200 OK", b"Signed in. You can close this window.")
WRONG = PAGE % (b"400 Bad Request", b"This is not the sign-in that was begun; the terminal says more.")


class Callback:
    """Listens on this machine for the browser to come back with a code.

    Args:
        state: what the sign-in was begun with; anything else is not ours.
    """

    def __init__(self, state: str) -> None:
        self._state = state
        self._code: asyncio.Future[SecretStr] = asyncio.get_running_loop().create_future()

    async def code(self) -> SecretStr:
        """The code, once the browser has brought it; raises AccessLost where the sign-in was refused."""
        return await self._code

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one call of the browser."""
        try:
            target = (await reader.readline()).decode("ascii", "replace").split(" ")[1:2]
            writer.write(DONE if self._take(target[0] if target else "") else WRONG)
            await writer.drain()
        finally:
            writer.close()

    def _take(self, target: str) -> bool:
        query = {name: values[0] for name, values in parse_qs(urlsplit(target).query).items()}
        ours = hmac.compare_digest(query.get("state", "").encode(), self._state.encode())
        if not ours or self._code.done():
            return False
        if "code" in query:
            self._code.set_result(SecretStr(query["code"]))
            return True
        error = f"{query.get('error', 'no code')}: {query.get('error_description', '')}"
        self._code.set_exception(
            AccessLost("sign-in-refused", error, partner_wide=True, remedy="Sign in as the service account, with MFA.")
        )
        return False


async def sign_in(entra: SignIn, store: TokenStore, port: int, show: Callable[[str], None]) -> None:
    """Have somebody sign in, and store the refresh token that comes of it.

    Args:
        entra: the sign-in endpoint.
        store: where the token goes.
        port: on this machine; `http://localhost:PORT` must be a redirect URI of the app registration.
        show: is given the URL to open.

    Raises:
        AccessLost: the sign-in was refused, or gave no refresh token.
        TimeoutError: nobody signed in within five minutes.
        OSError: the port is taken.
    """
    state, verifier = secrets.token_urlsafe(24), secrets.token_urlsafe(48)
    challenge = urlsafe_b64encode(sha256(verifier.encode()).digest()).decode().rstrip("=")
    redirect_uri = f"http://localhost:{port}"
    callback = Callback(state)
    async with await asyncio.start_server(callback.serve, "localhost", port):
        show(entra.authorize_url(redirect_uri, state, challenge))
        async with asyncio.timeout(PATIENCE):
            code = await callback.code()
    grant = await entra.authorization_code(code, redirect_uri, SecretStr(verifier))
    if grant.refresh_token is None:
        raise AccessLost(
            "no-refresh-token",
            "The sign-in gave no refresh token.",
            partner_wide=True,
            remedy="Give the app the delegated permission offline_access, with admin consent.",
        )
    await store.write(grant.refresh_token)
