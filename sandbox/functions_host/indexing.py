"""What the runtime alone makes of an app: its functions, the time it takes, and the heavy modules it pulls in.

A cold start pays for every import before the first answer, so a project can assert on `modules` of its own app.
Run in a fresh interpreter: `python -m sandbox.functions_host.indexing DIR` prints one line of JSON.
"""

import asyncio
import json
import sys
import time
from pathlib import Path
from typing import TypedDict

from sandbox.functions_host import runtime
from sandbox.functions_host.errors import AppError

HEAVY = ("aiohttp", "azure.data.tables", "azure.identity", "azure.keyvault", "azure.servicebus", "httpx", "msal")


class Indexing(TypedDict):
    """What was found: function names, seconds from here to the end of indexing, heavy modules now imported."""

    functions: list[str]
    seconds: float
    modules: list[str]


def index(app_dir: Path) -> Indexing:
    """Index an app through the runtime alone, without this host.

    Args:
        app_dir: the folder of `function_app.py`.

    Returns:
        What was found.

    Raises:
        AppError: the runtime refused the app.
    """
    began = time.perf_counter()
    functions = asyncio.run(runtime.index(app_dir))
    seconds = time.perf_counter() - began
    return {
        "functions": sorted(function.name for function in functions),
        "seconds": round(seconds, 4),
        "modules": [module for module in HEAVY if module in sys.modules],
    }


def main() -> int:
    """Print the indexing of the folder named on the command line as JSON; 1 if the app is refused."""
    try:
        sys.stdout.write(json.dumps(index(Path(sys.argv[1]).resolve())) + "\n")
    except AppError as error:
        sys.stderr.write(f"{error.stack_trace or error}\n")
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
