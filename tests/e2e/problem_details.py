"""What every refusal looks like (RFC 9457)."""

import re
from typing import Any

import httpx

from sandbox.host_process import ROOT


def slugs() -> set[str]:
    """The headings of docs/problems.md, as the fragments that GitHub makes of them."""
    text = (ROOT / "docs" / "problems.md").read_text(encoding="utf-8")
    headings = re.findall(r"^#{1,6} +(.+?) *$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def problem_of(answer: httpx.Response, status: int, slug: str) -> dict[str, Any]:
    """The problem in an answer, checked for all that every problem has."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"].split(";")[0] == "application/problem+json"
    problem: dict[str, Any] = answer.json()
    assert problem["type"] == f"docs/problems.md#{slug}"
    assert problem["status"] == status
    assert problem["title"]
    assert problem["detail"]
    assert problem["instance"] == answer.request.url.path
    return problem


def pointers(problem: dict[str, Any]) -> list[str]:
    """Where the faults are, sorted."""
    return sorted(fault["pointer"] for fault in problem["errors"])
