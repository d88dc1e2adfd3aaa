"""Run the simulator as a process: `python -m sandbox.partner_center [--port N]`, until SIGINT or SIGTERM."""

import argparse
import asyncio
import json
import signal
import sys

from sandbox.partner_center.server import PartnerCenterServer
from sandbox.partner_center.settings import Settings
from sandbox.partner_center.state import PartnerCenter


async def serve(port: int, settings: Settings) -> None:
    """Serve until a signal; the first line of output is a JSON object with addresses and credentials."""
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        # Not loop.add_signal_handler, which Windows lacks.
        signal.signal(number, lambda *_: loop.call_soon_threadsafe(stopping.set))
    async with PartnerCenterServer(port=port, partner_center=PartnerCenter(settings=settings)) as server:
        ready = {
            "url": server.url,
            "loginUrl": server.login_url,
            "tenantId": server.tenant_id,
            "clientId": server.client_id,
            "clientSecret": server.client_secret,
            "refreshToken": server.refresh_token,
        }
        sys.stdout.write(json.dumps(ready) + "\n")
        sys.stdout.flush()
        await stopping.wait()


def main() -> None:
    """Read the command line and serve."""
    parser = argparse.ArgumentParser(prog="python -m sandbox.partner_center", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="port on 127.0.0.1; 0, the default, takes a free one")
    parser.add_argument("--vetting-seconds", type=float, default=2, help="how long a vetting takes (default: 2)")
    arguments = parser.parse_args()
    asyncio.run(serve(arguments.port, Settings(vetting_seconds=arguments.vetting_seconds)))


if __name__ == "__main__":
    main()
