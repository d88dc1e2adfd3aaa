"""`python -m qualification sign-in`: the service account signs in with MFA, and its refresh token is stored.

Authorization code flow with PKCE; the browser comes back to this machine ("Native app redirect URIs", RFC 8252).
"""

import asyncio
import errno
import secrets
import webbrowser
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import Annotated

import typer
from pydantic import SecretStr

from qualification.bootstrap import utc_now
from qualification.commands.callback import Callback
from qualification.commands.console import agreed, say
from qualification.commands.failure import Failure
from qualification.commands.options import Debug, Options, SettingsFile
from qualification.commands.signed_in import examined
from qualification.domain.call_errors import AccessLost
from qualification.domain.errors import ConfigurationError
from qualification.partner_center.opening import open_sign_in, open_token_store
from qualification.partner_center.sign_in import Grant, SignIn
from qualification.partner_center.vault_failures import SIGNING_IN_HELPS
from qualification.settings.app_settings import PartnerCenterSettings
from qualification.settings.credential import Credentials
from qualification.settings.environment import load
from qualification.use_cases.ports import TokenStore

PATIENCE = 300.0
"""Seconds that the sign-in may take."""
EXAMPLES = """Examples:

python -m qualification sign-in
python -m qualification sign-in --no-browser --port 8500

Exit code: 0 stored; 1 somebody said no, and nothing was stored; 2 faults."""
DECLINED = 1

Port = Annotated[
    int,
    typer.Option(
        min=1, max=65535, metavar="PORT", help="http://localhost:PORT must be a redirect URI of the app registration."
    ),
]
NoBrowser = Annotated[bool, typer.Option("--no-browser", metavar=" ", help="Only print the URL to open.")]
Yes = Annotated[bool, typer.Option("--yes", metavar=" ", help="Store without a question, if it was with MFA.")]


def command(
    context: typer.Context,
    port: Port = 8400,
    settings: SettingsFile = None,
    *,
    no_browser: NoBrowser = False,
    yes: Yes = False,
    debug: Debug = False,
) -> int:
    """Sign in once as the service account, with MFA; see who it was, and store its refresh token for the service."""
    options: Options = context.obj
    options.add(settings, debug=debug)
    options.refuse_json("sign-in")
    is_stored = asyncio.run(_signed_in(options.environment(), port, open_browser=not no_browser, asks=not yes))
    return 0 if is_stored else DECLINED


async def _signed_in(environment: Mapping[str, str], port: int, *, open_browser: bool, asks: bool) -> bool:
    settings = load(PartnerCenterSettings, environment)
    if settings.client_secret is None:
        # The managed identity that proves the app in Azure is not at hand on a person's machine.
        fault = "is needed to sign in from this machine, for this command only (docs/deploy.md)"
        raise ConfigurationError({"PARTNER_CENTER_CLIENT_SECRET": fault})
    credentials = Credentials()
    entra, store = open_sign_in(settings, utc_now, credentials), open_token_store(settings, credentials)

    def show(url: str) -> None:
        say(f"Sign in as the service account, with MFA, at:\n\n  {url}\n\nWaiting for the browser to come back ...")
        if open_browser:
            webbrowser.open(url)

    try:
        grant, refresh_token = await sign_in(entra, store, port, show)
        signed_in = await examined(settings, entra, grant, refresh_token, utc_now)
        say(str(signed_in))
        if not asks and signed_in.has_mfa is False:
            raise Failure("--yes stores nothing that was without MFA: sign in again, or leave --yes out.")
        if asks and not agreed(
            f"Store its refresh token in {settings.refresh_token}, for the service to act as this account?"
        ):
            say("Nothing was stored.")
            return False
        await store.write(signed_in.refresh_token)
    finally:
        await entra.close()
        await store.close()
        await credentials.close()
    say(f"The refresh token is stored in {settings.refresh_token}.")
    return True


async def sign_in(entra: SignIn, store: TokenStore, port: int, show: Callable[[str], None]) -> tuple[Grant, SecretStr]:
    """Have somebody sign in.

    Args:
        entra: the sign-in endpoint.
        store: where the token will go; asked before, so that nobody signs in for nothing.
        port: on this machine; `http://localhost:PORT` must be a redirect URI of the app registration.
        show: is given the URL to open.

    Returns:
        What the sign-in gave, and the refresh token in it.

    Raises:
        AccessLost: the token could not be stored, or the sign-in was refused, or gave no refresh token.
        Unavailable: where the token is stored does not answer now.
        Failure: the port is taken, or nobody signed in within five minutes.
        OSError: the port cannot be opened for another reason.
    """
    await _check(store)
    state, verifier = secrets.token_urlsafe(24), secrets.token_urlsafe(48)
    challenge = urlsafe_b64encode(sha256(verifier.encode()).digest()).decode().rstrip("=")
    redirect_uri = f"http://localhost:{port}"
    callback = Callback(state)
    async with await _listening(callback, port):
        show(entra.authorize_url(redirect_uri, state, challenge))
        try:
            code = await asyncio.wait_for(callback.code(), PATIENCE)
        except TimeoutError:
            raise Failure(f"Nobody signed in within {PATIENCE / 60:g} minutes; start again.") from None
    grant = await entra.authorization_code(code, redirect_uri, SecretStr(verifier))
    if grant.refresh_token is None:
        raise AccessLost(
            "no-refresh-token",
            "The sign-in gave no refresh token.",
            partner_wide=True,
            remedy="Give the app the delegated permission offline_access, with admin consent.",
        )
    return grant, grant.refresh_token


async def _check(store: TokenStore) -> None:
    """Refuse before anybody signs in for nothing."""
    try:
        await store.read()
    except AccessLost as error:
        if error.code not in SIGNING_IN_HELPS:
            raise


async def _listening(callback: Callback, port: int) -> asyncio.Server:
    try:
        return await asyncio.start_server(callback.serve, "localhost", port)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            advice = "choose another one with --port, and add it to the app's redirect URIs"
            raise Failure(f"Port {port} is taken: {advice}.") from None
        raise
