"""Golden files: public formats word for word; a change to one is a change to what others rely on."""

import json
from pathlib import Path
from typing import Any


def golden(name: str) -> Any:
    """The JSON value in a golden file."""
    return json.loads((Path(__file__).parent / "golden" / name).read_text("utf-8"))
