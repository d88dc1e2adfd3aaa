"""A worker process as Azure starts one: an interpreter in which the runtime indexes the app and runs functions.

`python -m tests.runtime.worker APP` reads invocations from standard input, one JSON object, and prints what came of them.
The runtime indexes one app a process, so each test that wants a cold one starts another.
"""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sandbox.functions_host import runtime
from sandbox.functions_host.messages import ParameterBinding, RpcHttp, TypedData

ROOT = Path(__file__).resolve().parents[2]
TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


def cold(settings: Mapping[str, str], *invocations: Mapping[str, Any]) -> dict[str, Any]:
    """Run invocations one after another in a new process.

    Args:
        settings: app settings.
        invocations: each with `function`, and either `http` (method, url, headers, params, body) or `text`.

    Returns:
        `bindings` by function name, and `outcomes`: each with the function's result, and all modules that are imported
        by then.
    """
    command = [sys.executable, "-W", "error", "-m", "tests.runtime.worker", str(ROOT)]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("AZURE")} | dict(settings)
    done = subprocess.run(  # noqa: S603  our own module
        command,
        cwd=ROOT,
        env=environment,
        input=json.dumps(invocations),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    report: dict[str, Any] = json.loads(done.stdout)
    return report


async def _run(app: Path, invocations: list[dict[str, Any]]) -> dict[str, Any]:
    runtime.start_threads()
    found = await runtime.index(app)
    ids = {each.name: each.function_id for each in found}
    bindings = {each.name: [json.loads(text) for text in each.raw_bindings] for each in found}
    parameters = {
        name: next(each["name"] for each in all_of_it if each["type"].endswith("Trigger"))
        for name, all_of_it in bindings.items()
    }
    outcomes = [await _invoke(ids, parameters, invocation, str(n)) for n, invocation in enumerate(invocations)]
    return {"bindings": bindings, "outcomes": outcomes}


async def _invoke(
    ids: Mapping[str, str], parameters: Mapping[str, str], invocation: Mapping[str, Any], number: str
) -> dict[str, Any]:
    name = invocation["function"]
    value = TypedData(string=invocation["text"]) if "text" in invocation else _http(invocation["http"])
    parameter = ParameterBinding(name=parameters[name], data=value)
    # The host names a message's properties even where it has none.
    metadata = {"UserProperties": TypedData(json="{}")} if "text" in invocation else {}
    answer = (await runtime.invoke(ids[name], number, parameter, metadata, TRACE)).__dict__
    failure = answer["result"].__dict__.get("exception")
    returned = answer.get("return_value")
    kind = returned.WhichOneof("data") if returned is not None else None
    http = returned.__dict__["http"] if returned is not None and kind == "http" else None
    return {
        "error": failure.message if failure else None,
        "returned": kind,
        "status": int(http.status_code) if http else None,
        "body": http.body.bytes.decode() if http else None,
        "modules": sorted(sys.modules),
    }


def _http(request: Mapping[str, Any]) -> TypedData:
    body = TypedData(bytes=request["body"].encode())
    fields = {"headers": {}, "params": {}, "query": {}} | {**request, "body": body}
    return TypedData(http=RpcHttp(**fields))


if __name__ == "__main__":
    output, sys.stdout = sys.stdout, sys.stderr
    json.dump(asyncio.run(_run(Path(sys.argv[1]), json.load(sys.stdin))), output)
