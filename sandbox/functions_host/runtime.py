"""Drives azure-functions-runtime in this process, as Azure's worker process does."""

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import azure_functions_runtime as runtime

from sandbox.functions_host import messages
from sandbox.functions_host.errors import AppError

_PROPERTIES = {"protos": messages, "host": "127.0.0.1"}


def _request(kind: str, **fields: Any) -> SimpleNamespace:
    return SimpleNamespace(request=SimpleNamespace(**{kind: SimpleNamespace(**fields)}), properties=_PROPERTIES)


async def index(app_dir: Path) -> Sequence[Any]:
    """Import the app and let the runtime index it.

    The runtime keeps its functions in module state, so one process can index one app, once.

    Args:
        app_dir: the folder of `function_app.py`; it is put at the head of `sys.path`. App settings must be in
            `os.environ` already.

    Returns:
        The runtime's metadata messages, one a function.

    Raises:
        AppError: the app has no script or no functions, its import failed, or a function was refused.
    """
    script = os.environ.get("PYTHON_SCRIPT_FILE_NAME", "function_app.py")
    if not (app_dir / script).is_file():
        raise AppError(f"There is no {script} in {app_dir}.")
    sys.path.insert(0, str(app_dir))
    answer = await runtime.worker_init_request(
        _request("worker_init_request", capabilities={}, function_app_directory=str(app_dir))
    )
    if answer.result.status != messages.StatusResult.Success:
        raise AppError(answer.result.exception.message, answer.result.exception.stack_trace)
    if "HttpUri" in answer.capabilities:
        raise AppError("The app uses HTTP streaming, which this host does not offer.")
    metadata = await runtime.functions_metadata_request(_request("functions_metadata_request"))
    if not metadata.function_metadata_results:
        raise AppError(f"{script} defines no functions.")
    functions: Sequence[Any] = metadata.function_metadata_results
    return functions


async def invoke(
    function_id: str,
    invocation_id: str,
    parameter: messages.ParameterBinding,
    trigger_metadata: Mapping[str, messages.TypedData],
    trace_parent: str,
) -> messages.InvocationResponse:
    """Run one function once.

    Args:
        function_id: as in the metadata message.
        invocation_id: given to the function in its context.
        parameter: the trigger's value.
        trigger_metadata: what came with it, by name.
        trace_parent: a W3C traceparent.

    Returns:
        The runtime's answer; a function that raised is a Failure in it and not an exception here.
    """
    answer: messages.InvocationResponse = await runtime.invocation_request(
        _request(
            "invocation_request",
            invocation_id=invocation_id,
            function_id=function_id,
            input_data=[parameter],
            trigger_metadata=trigger_metadata,
            trace_context=SimpleNamespace(trace_parent=trace_parent, trace_state="", attributes={}),
            retry_context=SimpleNamespace(retry_count=0, max_retry_count=0, exception=None),
        )
    )
    return answer


def start_threads() -> None:
    """Start the pool that runs `def` functions, sized by PYTHON_THREADPOOL_THREAD_COUNT."""
    runtime.start_threadpool_executor()


def stop_threads() -> None:
    """Stop the pool without waiting: a thread that hangs must not keep the host from stopping."""
    pool = runtime.get_threadpool_executor()
    if pool is not None:
        pool.shutdown(wait=False, cancel_futures=True)
