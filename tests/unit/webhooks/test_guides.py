"""What docs/crm tells administrators to paste really works."""

import base64
import re
from typing import Any

import pytest
import requests

from qualification.webhooks.field_rules import parse_field_rules
from qualification.webhooks.registry import SOURCES
from qualification.webhooks.reply import Outcome
from sandbox.crm import Call
from sandbox.host_process import ROOT
from tests.unit.webhooks.desk import Desk
from tests.unit.webhooks.payloads import CUSTOMER

GUIDES = ROOT / "docs" / "crm"
MAPPED = [name for name, source in SOURCES.items() if f"WEBHOOK_{name.upper()}_FIELDS" in source.sample.settings()]
ROWS = {
    Outcome.ACCEPTED: "accepted, or known already",
    Outcome.NOT_PROVEN: "the sender is not proven",
    Outcome.UNRELATED: "not about a qualification",
    Outcome.REJECTED: "bad data",
    Outcome.UNREADABLE: "a body that cannot be read",
    Outcome.UNAVAILABLE: "the store is down, or no secret is set",
}


def text(name: str) -> str:
    """A guide."""
    return (GUIDES / name).read_text("utf-8")


def blocks(name: str, language: str) -> list[str]:
    """The code of one language in a guide."""
    return re.findall(rf"^```{language}\n(.*?)^```", text(name), re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("source", SOURCES)
def test_each_source_has_a_guide_that_names_its_settings(source: str) -> None:
    """The secret at least."""
    assert f"WEBHOOK_{source.upper()}_SECRETS" in text(f"{source}.md")


@pytest.mark.parametrize("source", MAPPED)
def test_the_mapping_in_a_guide_is_taken(source: str) -> None:
    """Word for word."""
    [mapping] = blocks(f"{source}.md", "json")
    assert {"customerTenantId", "qualification", "educationSegment", "website"} == parse_field_rules(mapping).keys()


@pytest.mark.parametrize("outcome", Outcome)
def test_the_table_of_answers_is_the_reply_policy(outcome: Outcome) -> None:
    """Status by status, and where an event is told."""
    [row] = [line for line in text("README.md").splitlines() if line.startswith(f"| {ROWS[outcome]} |")]
    cells = [cell.strip() for cell in row.strip("|").split("|")][1:]
    for source, cell in zip(SOURCES, cells, strict=True):
        reply = SOURCES[source].replies[outcome]
        assert int(cell[:3]) == reply.status
        assert ("event" in cell) is reply.attention
        assert ("Retry-After" in cell) is reply.retry_after


async def test_the_code_for_zapier_sends_what_the_service_believes(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is run as Zapier runs it, up to the network."""
    sent: list[dict[str, Any]] = []

    class Answer:
        status_code = 202
        headers = {"location": "/somewhere"}  # noqa: RUF012  what requests would give

        def raise_for_status(self) -> None:
            """Nothing is wrong."""

    def post(url: str, **call: Any) -> Answer:
        sent.append({"url": url, **call})
        return Answer()

    monkeypatch.setattr(requests, "post", post)
    desk = Desk()
    names: dict[str, Any] = {
        "input_data": {
            "secret": desk.settings["WEBHOOK_STANDARD_SECRETS"],
            "url": "https://x.example/api/webhooks/standard",
            "event_id": "zap-1",
            "tenant_id": CUSTOMER,
            "segment": "K12",
            "website": "",
        }
    }
    [code] = blocks("zapier.md", "python")
    exec(code, names)  # noqa: S102  the guide's own text
    assert names["output"] == {"status": 202, "location": "/somewhere"}
    [call] = sent
    response = await desk.receive(Call("standard", call["data"], call["headers"]))
    assert response.status_code == 202


async def test_a_secret_made_for_n8n_is_one_text_in_two_forms() -> None:
    """n8n signs with the text, the service with the bytes that its base64 stands for."""
    [command] = re.findall(r'python3 -c "(.*)"', text("n8n.md"))
    printed: list[str] = []
    exec(command, {"print": lambda *words: printed.extend(words)})  # noqa: S102  the guide's own text
    plain, secret = printed
    assert base64.b64decode(secret.removeprefix("whsec_")) == plain.encode()
    desk = Desk(WEBHOOK_STANDARD_SECRETS=secret)
    content = {"customerTenantId": CUSTOMER, "qualification": "StateOwnedEntity"}
    assert (await desk.receive(desk.call("standard", content))).status_code == 202
