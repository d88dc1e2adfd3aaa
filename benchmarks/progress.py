"""Says on standard error what goes on while minutes pass."""

import sys
import time

BEGAN = time.monotonic()


def tell(line: str) -> None:
    """Write a line, with the seconds since the start before it."""
    sys.stderr.write(f"{time.monotonic() - BEGAN:4.0f} s  {line}\n")
    sys.stderr.flush()
