"""A Partner Center that costs as little as a server can: it knows three answers and looks at nothing.

`python -m benchmarks.partner_center [--latency SECONDS] [--nothing]`. The sandbox's simulator keeps books of each call,
which would be measured with it.
"""

import argparse
import asyncio
import json
import sys

from aiohttp import web

CREDENTIALS = {"tenant": "d2f7ea3c-3e0f-4a3b-8c0b-6f0f3e1f6a11", "client": "benchmark", "secret": "none"}
TOKEN = {"token_type": "Bearer", "expires_in": 3599, "access_token": "a" * 1500, "refresh_token": "r" * 1000}
"""Access tokens of Entra are about this long, and each call carries one."""
NO_DATE = {"Date": ""}
"""The clock of those who ask is put forward from round to round; by a true one it would be found wrong, and somebody told."""
IN_REVIEW = {"qualification": "Education", "vettingStatus": "InReview", "vettingCreateDate": "2026-03-02T09:31:00Z"}


async def serve(latency: float, *, nothing: bool) -> None:
    """Answer until the process is ended.

    Args:
        latency: seconds before each answer to a GET.
        nothing: whether customers have no qualification yet; otherwise each has one in review.
    """
    token = json.dumps(TOKEN).encode()
    found = json.dumps([] if nothing else [IN_REVIEW]).encode()
    created = json.dumps(IN_REVIEW).encode()

    async def answer(request: web.BaseRequest) -> web.Response:
        if request.method == "GET":
            if latency:
                await asyncio.sleep(latency)
            return web.Response(body=found, content_type="application/json", headers=NO_DATE)
        await request.read()
        is_token = request.path.endswith("/token")
        body, status = (token, 200) if is_token else (created, 201)
        return web.Response(body=body, status=status, content_type="application/json", headers=NO_DATE)

    runner = web.ServerRunner(web.Server(answer, access_log=None))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, backlog=1024).start()
    host, port = runner.addresses[0][:2]
    sys.stdout.write(json.dumps({"url": f"http://{host}:{port}"}) + "\n")
    sys.stdout.flush()
    await asyncio.Event().wait()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks.partner_center")
    parser.add_argument("--latency", type=float, default=0)
    parser.add_argument("--nothing", action="store_true")
    arguments = parser.parse_args()
    asyncio.run(serve(arguments.latency, nothing=arguments.nothing))
