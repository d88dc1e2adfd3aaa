"""The log on a terminal: one line a record, with the invocation it belongs to."""

import logging
from typing import TextIO

from azure_functions_runtime import invocation_id_cv

from sandbox.functions_host.invocation import current_invocation


class _Lines(logging.Formatter):
    def __init__(self) -> None:
        super().__init__("%(asctime)s.%(msecs)03d %(levelname)-7s %(origin)s%(message)s", datefmt="%H:%M:%S")

    def format(self, record: logging.LogRecord) -> str:
        invocation = current_invocation.get() or invocation_id_cv.get()
        host = record.name == "sandbox.functions_host"
        record.origin = "" if host else f"[{invocation[:8]}] {record.name}: " if invocation else f"{record.name}: "
        return super().format(record)


def _wanted(record: logging.LogRecord) -> bool:
    # The runtime and the Azure SDKs report every step at INFO, and the Service Bus SDK every failed try of an outage
    # with its stack; what fails for good reaches the function as an exception.
    if record.name.startswith("azure.servicebus"):
        return False
    return record.levelno >= logging.WARNING or not record.name.startswith("azure.")


def install(stream: TextIO) -> None:
    """Send all log records of this process to a stream, as Azure's worker does before it imports the app.

    Args:
        stream: such as `sys.stderr`.
    """
    handler = logging.StreamHandler(stream)
    handler.setFormatter(_Lines())
    handler.addFilter(_wanted)
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
