"""A cold start: `python -m benchmarks.first_answer APP` reads an HTTP request, indexes the app, answers and says so.

The runtime alone is driven, as Azure's worker drives it. The sandbox's host would bring a web server along, and with it
much of what an app may have to import.
"""

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

from sandbox.functions_host import runtime
from sandbox.functions_host.messages import ParameterBinding, RpcHttp, TypedData

TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


async def answer(app: Path, request: dict[str, Any]) -> int:
    """The status of the app's answer to a webhook."""
    runtime.start_threads()
    found = await runtime.index(app)
    function_id = next(each.function_id for each in found if each.name == "receive_webhook")
    http = RpcHttp(
        method="POST",
        url="http://127.0.0.1/api/webhooks/standard",
        headers=request["headers"],
        query={},
        params={"source": "standard"},
        body=TypedData(bytes=request["body"].encode()),
    )
    parameter = ParameterBinding(name="req", data=TypedData(http=http))
    outcome = (await runtime.invoke(function_id, "1", parameter, {}, TRACE)).__dict__
    returned = outcome["return_value"].__dict__["http"]
    return int(returned.status_code)


async def _main() -> None:
    output, sys.stdout = sys.stdout, sys.stderr
    status = await answer(Path(sys.argv[1]), json.load(sys.stdin))
    output.write(f"{status}\n")
    output.flush()


if __name__ == "__main__":
    asyncio.run(_main())
