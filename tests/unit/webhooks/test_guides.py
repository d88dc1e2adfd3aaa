"""What docs/crm tells administrators is so, and what they are to paste really works."""

import base64
import json
import re
from pathlib import Path
from typing import Any

import pytest
import requests

from qualification.domain.request import parse_request
from qualification.settings.environment import names
from qualification.webhooks.field_rules import parse_field_rules
from qualification.webhooks.registry import SOURCES
from qualification.webhooks.reply import Outcome
from sandbox.crm import Call
from sandbox.host_process import ROOT
from tests.unit.webhooks.desk import Desk
from tests.unit.webhooks.payloads import CUSTOMER

GUIDES = ROOT / "docs" / "crm"
ALL = sorted(path.name for path in GUIDES.glob("*.md") if path.name != "README.md")
MAPPED = [name for name, source in SOURCES.items() if f"WEBHOOK_{name.upper()}_FIELDS" in source.sample.settings()]
ROWS = {
    "ACCEPTED": "accepted, or known already",
    "NOT_PROVEN": "the sender is not proven",
    "UNRELATED": "not about a qualification",
    "REJECTED": "bad data",
    "UNREADABLE": "a body that cannot be read",
    "UNAVAILABLE": "the store is down, or no secret is set",
}
UNITS = {"KiB": 1024, "MiB": 1024 * 1024}
STEP = re.compile(r"^(\d+)\. (.*?)(?=^\d+\. |^## |\Z)", re.MULTILINE | re.DOTALL)
ELSEWHERE = [ROOT / "README.md", ROOT / "SECURITY.md", *sorted((ROOT / "docs").glob("*.md"))]


def text(name: str) -> str:
    """A guide."""
    return (GUIDES / name).read_text("utf-8")


def section(name: str, title: str) -> str:
    """What stands under a heading of a guide."""
    return text(name).partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def blocks(name: str, language: str) -> list[str]:
    """The code of one language in a guide."""
    return re.findall(rf"^```{language}\n(.*?)^```", text(name), re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("source", SOURCES)
def test_each_source_has_a_guide_that_names_its_settings(source: str) -> None:
    """All of them, so that no other page need name one."""
    assert [name for name in sorted(names(SOURCES[source].settings)) if name not in text(f"{source}.md")] == []


def test_every_guide_is_named_at_the_front() -> None:
    """Of each source, and of each tool."""
    assert {f"{source}.md" for source in SOURCES} <= set(ALL)
    assert [name for name in ALL if f"({name})" not in text("README.md")] == []


@pytest.mark.parametrize("path", ELSEWHERE, ids=lambda path: path.name)
def test_no_other_page_names_a_crm(path: Path) -> None:
    """A CRM more is a room, a guide and a line at the front of the guides; nobody has to find tables elsewhere."""
    page = path.read_text("utf-8").lower()
    assert [name for name in MAPPED if name in page] == []


@pytest.mark.parametrize("source", MAPPED)
def test_the_mapping_in_a_guide_is_taken(source: str) -> None:
    """Word for word."""
    [mapping] = blocks(f"{source}.md", "json")
    assert {"customerTenantId", "qualification", "educationSegment", "website"} == parse_field_rules(mapping).keys()


@pytest.mark.parametrize("outcome", Outcome)
@pytest.mark.parametrize("source", SOURCES)
def test_the_table_of_answers_is_the_reply_policy(source: str, outcome: Outcome) -> None:
    """Status by status, and where an event is told."""
    [row] = [line for line in text(f"{source}.md").splitlines() if line.startswith(f"| {ROWS[outcome.name]} |")]
    _, cell, seen = (cell.strip() for cell in row.strip("|").split("|"))
    reply = SOURCES[source].replies[outcome]
    assert int(cell[:3]) == reply.status
    assert ("event" in cell) is reply.attention
    assert ("Retry-After" in cell) is reply.retry_after
    assert seen


@pytest.mark.parametrize("source", SOURCES)
def test_the_size_in_a_guide_is_the_limit(source: str) -> None:
    """In the unit that the guide takes."""
    [(number, unit)] = re.findall(r"A body over (\d+) (KiB|MiB) is answered 413", text(f"{source}.md"))
    assert int(number) * UNITS[unit] == SOURCES[source].largest_body


@pytest.mark.parametrize("name", ALL)
def test_a_guide_says_who_may_mark_a_customer(name: str) -> None:
    """Whoever can, can have a customer declared a government body."""
    assert section(name, "Who may mark a customer").strip()


@pytest.mark.parametrize("name", ALL)
def test_each_step_names_a_page_or_is_said_to_be_unconfirmed(name: str) -> None:
    """Nobody here has an account to try a step with."""
    unconfirmed = section(name, "Not confirmed")
    steps = STEP.findall(text(name))
    assert [number for number, step in steps if '("' not in step and f"tep {number}" not in unconfirmed] == []
    assert not steps or unconfirmed.strip()


@pytest.mark.parametrize(("website", "taken"), [("contoso.edu", "contoso.edu"), ("", None)])
def test_what_make_and_zapier_send_is_a_request(website: str, taken: str | None) -> None:
    """Both send a text for each field, and an empty one for what is empty."""
    values = {"qualification": "Education", "educationSegment": "K12", "website": website}
    [body] = re.findall(r"JSON: `(\{.*?\})`", text("make.md"))
    filled = json.loads(body.replace("{{segment}}", "K12").replace("{{website}}", website))
    [data] = re.findall(r"^ +\| Data \| (.*) \|$", text("zapier.md"), re.MULTILINE)
    named = re.findall(r"`(\w+)`:", data)
    for sent in (filled, {name: values[name] for name in named}):
        request = parse_request(sent).model_dump(mode="json", by_alias=True)
        assert {name: request[name] for name in values} == values | {"website": taken}


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
    values: dict[str, Any] = {
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
    exec(code, values)  # noqa: S102  the guide's own text
    assert values["output"] == {"status": 202, "location": "/somewhere"}
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
