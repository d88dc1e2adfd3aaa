"""What an event says to a person who watches a console."""

from collections.abc import Mapping
from typing import Any

from rich.text import Text

COLOURS = {
    "Approved": "green",
    "Denied": "red",
    "Failed": "red",
    "Revoked": "red",
    "InReview": "yellow",
    "request-rejected": "red",
}


def news(event: Mapping[str, Any]) -> str:
    """The reason why a person should look, or the new status."""
    found: str = event["data"].get("reason") or event["data"]["status"]
    return found


def event_text(event: Mapping[str, Any]) -> Text:
    """The news in its colour and, each on a line of its own, why it is so and what to do.

    Args:
        event: a CloudEvents envelope.
    """
    data = event["data"]
    text = Text(news(event), COLOURS.get(news(event), ""))
    reasons = [f"{each['pointer']} {each['detail']}" for each in data.get("reasons", ())]
    for part in (*reasons, data.get("vettingReason"), data.get("remedy")):
        if part:
            text.append(f"\n{part}", "default")
    return text
