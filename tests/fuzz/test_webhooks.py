"""Whatever a webhook holds, it is answered and nothing is raised, proven or not."""

import json
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import azure.functions as func
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualification.webhooks.registry import SOURCES
from sandbox.crm import Call
from tests.fuzz.conftest import BOUNDED
from tests.fuzz.json_text import OURS, bodies, documents
from tests.security.app import App

DATAVERSE = ["MessageName", "InputParameters", "OperationId", "OrganizationId", "PrimaryEntityId", "PostEntityImages"]
HUBSPOT = ["properties", "portalId", "objectId", "objectType", "hs_object_id"]
STATUSES = {name: {reply.status for reply in source.replies.values()} | {413} for name, source in SOURCES.items()}
HEADERS = st.dictionaries(
    st.sampled_from(
        [
            *("webhook-id", "webhook-timestamp", "webhook-signature", "x-hubspot-signature-v3", "x-hubspot-signature"),
            *("x-hubspot-signature-version", "x-hubspot-request-timestamp", "x-webhook-secret", "traceparent"),
            *("x-ms-dynamics-msg-size-exceeded", "x-arr-clientcert", "content-type"),
        ]
    ),
    st.text(max_size=40)
    | st.binary(max_size=40).map(lambda value: value.decode(errors="surrogateescape"))
    | st.sampled_from(["v1,", "v1,====", "v1, v1,x", "v2", "v1,a v1,b", "nan", "inf", "-1", "1e400", "9" * 400])
    | st.builds(lambda: str(int(datetime.now(UTC).timestamp())))
    | st.builds(lambda: str(int(datetime.now(UTC).timestamp() * 1000))),
)


def check(app: App, source: str, answer: func.HttpResponse) -> None:
    """The answer is one of the reply policy, and holds no secret."""
    assert answer.status_code in STATUSES[source]
    told = f"{answer.get_body()!r} {dict(answer.headers)}"
    assert not [secret for secret in app.secrets if secret in told]


@pytest.mark.usefixtures("discreet")
@pytest.mark.parametrize("source", sorted(SOURCES))
@BOUNDED
@given(body=bodies([*DATAVERSE, *HUBSPOT]), headers=HEADERS, query=st.sampled_from(["", "?code=%ff", "?code=a&code=b"]))
def test_a_forged_webhook_is_refused(app: App, source: str, body: bytes, headers: dict[str, str], query: str) -> None:
    """401, whatever stands in its headers, its URL and its body."""
    answer = app.webhook(source, body, headers, query)
    check(app, source, answer)
    assert answer.status_code == 401


@pytest.mark.usefixtures("discreet")
@pytest.mark.parametrize("source", SOURCES)
@BOUNDED
@given(body=bodies(["customerTenantId", "qualification"]) | bodies(HUBSPOT))
def test_any_proven_body_is_answered(app: App, source: str, body: bytes) -> None:
    """A record of any form, or no record at all."""
    try:
        call = SOURCES[source].sample.prove(body, app.settings)
    except UnicodeDecodeError:
        return  # Standard Webhooks signs UTF-8 only.
    check(app, source, app.send(call))


@pytest.mark.usefixtures("discreet")
@BOUNDED
@given(
    parts=st.dictionaries(st.sampled_from(DATAVERSE), documents(["key", "value", "Attributes"]), max_size=6),
    columns=OURS,
)
def test_any_context_of_dataverse_is_answered(app: App, parts: dict[str, Any], columns: dict[str, Any]) -> None:
    """A RemoteExecutionContext some of which is rubbish."""
    whole = json.loads(app.proven("dataverse", {"qualification": "StateOwnedEntity"}, str(uuid4())).body)
    attributes = [{"key": name, "value": value} for name, value in columns.items()]
    target = {"key": "Target", "value": {"Attributes": attributes}}
    content = {**whole, "InputParameters": [target], **parts}
    call = app.proven("dataverse", {"qualification": "StateOwnedEntity"}, str(uuid4()))
    body = json.dumps(content).encode()
    check(app, "dataverse", app.send(Call("dataverse", body, call.headers, call.query)))


@pytest.mark.usefixtures("discreet")
@BOUNDED
@given(noise=st.binary(max_size=40), start=st.integers(0, 1200), length=st.integers(0, 60))
def test_any_message_of_salesforce_is_answered(app: App, noise: bytes, start: int, length: int) -> None:
    """An outbound message some of which is overwritten."""
    content = {"customerTenantId": str(uuid4()), "qualification": "StateOwnedEntity"}
    call = app.proven("salesforce", content, str(uuid4()))
    body = call.body[:start] + noise + call.body[start + length :]
    check(app, "salesforce", app.send(Call("salesforce", body, call.headers, call.query)))
