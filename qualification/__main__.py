"""Commands for the people who run the service: `python -m qualification doctor`, `python -m qualification sign-in`."""

import argparse
import asyncio
import json
import os
import sys
import webbrowser
from collections.abc import Mapping
from pathlib import Path

from qualification.bootstrap import bootstrap, utc_now
from qualification.commands.sign_in import sign_in
from qualification.doctor.diagnosis import exit_code
from qualification.doctor.examination import examine
from qualification.doctor.table import table
from qualification.domain.errors import ConfigurationError, PartnerCenterError
from qualification.partner_center.opening import open_sign_in, open_token_store
from qualification.settings.app_settings import PartnerCenterSettings
from qualification.settings.environment import load


def main() -> int:
    """Run a command; its exit code: 0 all is well or could not be checked, 1 warnings, 2 faults."""
    parser = argparse.ArgumentParser(prog="python -m qualification", description=__doc__)
    parser.add_argument("--settings", type=Path, help="local.settings.json to read beside the environment, which wins")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser(
        "doctor", help="check sign-in, roles, store, Service Bus with its filters, and clock; a remedy for each fault"
    )
    signing = commands.add_parser("sign-in", help="sign in once as the service account and store its refresh token")
    signing.add_argument("--port", type=int, default=8400, help="http://localhost:PORT is a redirect URI of the app")
    signing.add_argument("--no-browser", action="store_true", help="only print the URL to open")
    arguments = parser.parse_args()
    try:
        environment = {**_local_values(arguments.settings), **os.environ}
        if arguments.command == "doctor":
            return asyncio.run(_doctor(environment))
        return asyncio.run(_sign_in(environment, arguments.port, open_browser=not arguments.no_browser))
    except ConfigurationError as error:
        _say(str(error))
    except PartnerCenterError as error:
        _say(f"{error}\n{error.remedy}")
    except TimeoutError:
        _say("Nobody signed in within five minutes. Start again.")
    except OSError as error:
        _say(f"{error}\nTry another --port, and add it to the app's redirect URIs.")
    except KeyboardInterrupt:
        _say("Stopped; nothing was stored.")
    return 2


async def _doctor(environment: Mapping[str, str]) -> int:
    service = bootstrap(environment)
    try:
        diagnoses = await examine(service)
    finally:
        await service.close()
    _say(table(diagnoses))
    return exit_code(diagnoses)


async def _sign_in(environment: Mapping[str, str], port: int, *, open_browser: bool) -> int:
    settings = load(PartnerCenterSettings, environment)
    if settings.client_secret is None:
        # The managed identity that proves the app in Azure is not at hand on a person's machine.
        fault = "is needed to sign in from this machine, for this command only (docs/deploy.md)"
        raise ConfigurationError({"PARTNER_CENTER_CLIENT_SECRET": fault})
    entra, store = open_sign_in(settings, utc_now), open_token_store(settings)

    def show(url: str) -> None:
        _say(f"Sign in as the service account, with MFA, at:\n\n  {url}\n\nWaiting for the browser to come back ...")
        if open_browser:
            webbrowser.open(url)

    try:
        await sign_in(entra, store, port, show)
    finally:
        await entra.close()
        await store.close()
    _say(f"Signed in. The refresh token is stored in {settings.refresh_token}.")
    return 0


def _local_values(path: Path | None) -> dict[str, str]:
    if path is None:
        return {}
    try:
        values: dict[str, str] = json.loads(path.read_text())["Values"]
    except (ValueError, KeyError, TypeError) as error:
        raise ConfigurationError({str(path): f"is not a local.settings.json ({type(error).__name__})"}) from None
    return values


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
