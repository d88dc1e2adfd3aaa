"""What docs/sandbox.md shows is what the control takes."""

import json
import re
from pathlib import Path

import httpx
import pytest

PAGE = (Path(__file__).parents[3] / "docs" / "sandbox.md").read_text("utf-8")
SHOWN = re.findall(r"(fault|script) `(\{.*?\})`", PAGE)
CURLS = re.findall(r"curl -X (\w+) localhost:8071/_control/(\S+) -d '(.*?)'", PAGE, re.DOTALL)


def test_there_are_examples() -> None:
    """Otherwise the tests below would hold for nothing."""
    assert len(SHOWN) >= 8
    assert len(CURLS) == 2


@pytest.mark.parametrize(("kind", "document"), SHOWN)
def test_every_fault_and_script_is_taken(anyone: httpx.Client, customer: str, kind: str, document: str) -> None:
    """As it stands on the page."""
    method, path = ("POST", "faults") if kind == "fault" else ("PATCH", f"customers/{customer}")
    answer = anyone.request(method, f"/_control/{path}", json=json.loads(document))
    assert answer.is_success, answer.text


@pytest.mark.parametrize(("method", "path", "body"), CURLS)
def test_every_command_works(anyone: httpx.Client, method: str, path: str, body: str) -> None:
    """Line breaks in the body included."""
    assert anyone.request(method, f"/_control/{path}", content=body).is_success
