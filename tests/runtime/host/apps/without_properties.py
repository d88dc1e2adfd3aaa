"""Hands a message to the runtime without the metadata that the host always sends, for test_queues."""

import asyncio
import sys
from pathlib import Path

from sandbox.functions_host import runtime
from sandbox.functions_host.messages import ParameterBinding, TypedData
from sandbox.functions_host.trace import child


async def main(app: str) -> None:
    """Print how the invocation ends."""
    functions = await runtime.index(Path(app))
    work = next(function for function in functions if function.name == "work")
    parameter = ParameterBinding(name="message", data=TypedData(string="{}"))
    for metadata in ({}, {"UserProperties": TypedData(json="{}")}):
        answer = await runtime.invoke(work.function_id, "i", parameter, metadata, child(None))
        result = answer.__dict__["result"]
        sys.stdout.write(f"{result.exception.message if hasattr(result, 'exception') else 'success'}\n")


asyncio.run(main(sys.argv[1]))
