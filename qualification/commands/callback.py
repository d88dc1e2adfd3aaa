"""Where the browser comes back to after a sign-in: this machine ("Native app redirect URIs", RFC 8252)."""

import asyncio
import hmac
from urllib.parse import parse_qs, urlsplit

from pydantic import SecretStr

from qualification.domain.call_errors import AccessLost

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
