"""A CRM that nobody has: all of it, as one file. The test beside this page makes a room of it."""

import json
from collections.abc import Mapping, Sequence
from secrets import token_urlsafe
from typing import Annotated, Any
from uuid import uuid4

from pydantic import Field

from qualification.domain.json_body import json_object
from qualification.settings.environment import EnvironmentModel
from qualification.webhooks.mapping import mapped
from qualification.webhooks.reply import Body, Outcome, Reply, Text
from qualification.webhooks.sample import Call, Sample, first, in_their_words
from qualification.webhooks.security_scheme import SecurityScheme
from qualification.webhooks.setting_types import Fields, beside
from qualification.webhooks.shared_secret import HEADER, SharedSecret, UrlSecrets
from qualification.webhooks.source import Delivery, Notice, Source, Unrelated

SECRETS = "WEBHOOK_ACME_SECRETS"
FIELDS = {
    "customerTenantId": "account.tenant",
    "qualification": {"field": "account.kind", "values": {"school": "Education", "*": None}},
    "educationSegment": "account.level",
    "website": "account.site",
}
ROGER = Text("ROGER", "text/plain")


class AcmeSettings(EnvironmentModel):
    """The settings of the source `acme`.

    Attributes:
        secrets: what ACME calls its password; several while one is rotated.
        fields: our field -> the field it comes from.
    """

    secrets: UrlSecrets = Field((), alias=SECRETS)
    fields: Annotated[Fields, beside(SECRETS)] = Field({}, alias="WEBHOOK_ACME_FIELDS", validate_default=True)


def new_settings() -> dict[str, str]:
    """App settings with a new secret."""
    return {SECRETS: token_urlsafe(32), "WEBHOOK_ACME_FIELDS": json.dumps(FIELDS)}


def build(content: Mapping[str, Any], settings: Mapping[str, str], event_id: str | None = None) -> Call:
    """An event about an account."""
    record: dict[str, Any] = {"event": event_id or uuid4().hex, "account": {}}
    for path, value in in_their_words(content, FIELDS).items():
        record["account"][path.removeprefix("account.")] = value
    return prove(json.dumps(record).encode(), settings)


def prove(body: bytes, settings: Mapping[str, str]) -> Call:
    """Any body, with the secret in a header."""
    return Call("acme", body, {HEADER: first(settings[SECRETS])})


class Acme(Source):
    """The `acme` source."""

    name = "acme"
    largest_body = 1024
    replies = {  # noqa: RUF012  the base class says that it is the class's own
        Outcome.ACCEPTED: Reply(200, ROGER),
        Outcome.NOT_PROVEN: Reply(401, Body.PROBLEM),
        Outcome.UNRELATED: Reply(200, ROGER),
        Outcome.REJECTED: Reply(200, ROGER, attention=True),
        Outcome.UNREADABLE: Reply(422, Body.PROBLEM, attention=True),
        Outcome.UNAVAILABLE: Reply(503, Body.PROBLEM),
    }
    scheme = SecurityScheme(name="acmeSecret", header=HEADER, description="what ACME calls its password")
    sample = Sample(new_settings, build, prove)
    settings = AcmeSettings

    def __init__(self, settings: AcmeSettings) -> None:
        self._secret = SharedSecret(self.name, settings.secrets)
        self._fields = settings.fields

    def prove(self, delivery: Delivery) -> None:
        """Make sure that the sender knows the secret."""
        self._secret.prove(delivery)

    def read(self, delivery: Delivery) -> Sequence[Notice | Unrelated]:
        """The one event in the body."""
        record = json_object(delivery.body, self.largest_body)
        found = mapped(record, self._fields)
        return [Unrelated() if found is None else Notice(str(record.get("event")), *found)]


SOURCE: type[Source] = Acme
