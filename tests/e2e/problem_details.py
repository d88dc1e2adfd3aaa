"""What every refusal looks like (RFC 9457)."""

from typing import Any

import httpx


def problem_of(answer: httpx.Response, status: int, slug: str) -> dict[str, Any]:
    """The problem in an answer, checked for all that every problem has."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"].split(";")[0] == "application/problem+json"
    problem: dict[str, Any] = answer.json()
    assert problem["type"] == f"/api/problems#{slug}"
    assert problem["status"] == status
    assert problem["title"]
    assert problem["detail"]
    assert problem["instance"] == answer.request.url.path
    return problem


def pointers(problem: dict[str, Any]) -> list[str]:
    """Where the faults are, sorted."""
    return sorted(fault["pointer"] for fault in problem["errors"])
