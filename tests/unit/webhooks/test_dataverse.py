import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from qualification.domain.caller import Caller, CallerKind
from qualification.domain.errors import SenderNotProven
from qualification.domain.request import Reference
from qualification.webhooks.dataverse.sample import FIELDS
from qualification.webhooks.dataverse.source import Dataverse
from qualification.webhooks.source import About, Notice, Unrelated, Withdrawn
from tests.unit.webhooks.dataverse_context import (
    OPERATION,
    REQUEST,
    SECRET,
    Context,
    column,
    faults,
    read,
    target,
    without,
)
from tests.unit.webhooks.payloads import CUSTOMER, body, content, delivery, settings_of

ORGANIZATION = "6042beb1-a93a-ef11-8e4b-00224802c699"
ACCOUNT = "8c1de5b1-4d0a-f011-998a-6045bd03d9d8"
ABOUT = About(
    reference=Reference(type="account", id=ACCOUNT),
    requested_by=Caller(kind=CallerKind.USER, id="d89254ff-9438-ef11-a315-000d3a5a54dc"),
    occurred_at=datetime(2026, 3, 2, 9, 30, tzinfo=UTC),
)


@pytest.mark.parametrize("name", ["dataverse-update.json", "dataverse-create.json"])
def test_a_documented_call_is_a_request(dataverse: Dataverse, name: str) -> None:
    """Choices are their numbers, references their ids, and what has not changed comes from the post image."""
    [event] = dataverse.read(delivery(body(name)))
    assert isinstance(event, Notice)
    assert (event, event.about) == (Notice(OPERATION, REQUEST), ABOUT)


def test_a_changed_column_counts_more_than_the_image(dataverse: Dataverse, update: Context) -> None:
    """Target is what was written."""
    target(update)["Attributes"].append({"key": "websiteurl", "value": "contoso.org"})
    event = read(dataverse, update)
    assert isinstance(event, Notice)
    assert event.content["website"] == "contoso.org"


def test_an_update_of_other_columns_is_not_about_a_qualification(dataverse: Dataverse, update: Context) -> None:
    """A new telephone number must not ask for a verification that a customer has three of."""
    without(target(update), "new_qualification")
    assert read(dataverse, update) == Unrelated()


def test_a_tenant_id_that_is_filled_in_later_makes_it_a_request(dataverse: Dataverse, update: Context) -> None:
    """Any mapped column will do."""
    without(target(update), "new_qualification")
    target(update)["Attributes"].append({"key": "new_tenantid", "value": CUSTOMER})
    assert read(dataverse, update) == Notice(OPERATION, REQUEST)


@pytest.mark.parametrize("message", ["Delete", "Assign", "SetState"])
def test_other_messages_are_not_about_a_qualification(dataverse: Dataverse, update: Context, message: str) -> None:
    """A step may be registered on any message."""
    assert read(dataverse, update | {"MessageName": message}) == Unrelated()


def test_a_choice_that_means_nothing_here_takes_the_mark_back(dataverse: Dataverse, update: Context) -> None:
    """The mapping says so with `*`."""
    column(target(update), "new_qualification")["value"]["Value"] = 100000007
    assert read(dataverse, update) == Withdrawn(UUID(CUSTOMER), ABOUT)


def test_a_choice_that_was_cleared_takes_the_mark_back(dataverse: Dataverse, update: Context) -> None:
    """The image of the row would still have told the value before other steps ran."""
    column(target(update), "new_qualification")["value"] = None
    assert read(dataverse, update) == Withdrawn(UUID(CUSTOMER), ABOUT)


def test_an_empty_choice_that_was_not_changed_takes_nothing_back(dataverse: Dataverse, update: Context) -> None:
    """Most customers of a CRM have no mark, and their websites change."""
    without(target(update), "new_qualification")
    without(update["PostEntityImages"][1]["value"], "new_qualification")
    target(update)["Attributes"].append({"key": "websiteurl", "value": "contoso.org"})
    assert read(dataverse, update) == Unrelated()


def test_a_step_says_which_row_it_was_who_and_when(dataverse: Dataverse, update: Context) -> None:
    """The link needs the environment, which stands in a header; the moment is in milliseconds of UTC."""
    event = read(dataverse, update, x_ms_dynamics_organization="contoso.crm4.dynamics.com")
    assert isinstance(event, Notice)
    link = f"https://contoso.crm4.dynamics.com/main.aspx?pagetype=entityrecord&etn=account&id={ACCOUNT}"
    assert event.about == replace(ABOUT, reference=Reference(type="account", id=ACCOUNT, url=link))


@pytest.mark.parametrize("host", ["evil.example", "contoso.crm.dynamics.com.evil.example", "a/b.dynamics.com", ""])
def test_a_link_leads_to_dataverse_or_nowhere(dataverse: Dataverse, update: Context, host: str) -> None:
    """Whoever knows the secret can write any header."""
    event = read(dataverse, update, x_ms_dynamics_organization=host)
    assert isinstance(event, Notice)
    assert event.about.reference
    assert event.about.reference.url is None


@pytest.mark.parametrize("odd", [None, 7, "/Date(x)/", "/Date(99999999999999999)/", "/Date(1)/ "])
def test_a_moment_that_cannot_be_read_is_none(dataverse: Dataverse, update: Context, odd: Any) -> None:
    """Events are ordered as they are stored then."""
    event = read(dataverse, update | {"OperationCreatedOn": odd, "InitiatingUserId": odd, "PrimaryEntityName": odd})
    assert isinstance(event, Notice)
    assert event.about == About()


def test_only_what_is_asked_for_counts_as_a_change() -> None:
    """A moment and a name change with every save."""
    fields = FIELDS | {"occurredAt": "modifiedon", "customerName": "name", "reference.id": "x", "reference.type": "y"}
    source = Dataverse(settings_of("dataverse", SECRETS=SECRET, FIELDS=json.dumps(fields)))
    context: Context = content("dataverse-update.json")
    target(context)["Attributes"] = [{"key": name, "value": "new"} for name in ("modifiedon", "name", "x", "y")]
    assert read(source, context) == Unrelated()


@pytest.mark.parametrize("known", [ORGANIZATION, f" {ORGANIZATION.upper()} ,00000000-0000-0000-0000-000000000001"])
def test_only_the_named_organizations_are_heard(update: Context, known: str) -> None:
    """If any are named: a secret may be known in a test environment too."""
    source = Dataverse(settings_of("dataverse", SECRETS=SECRET, ORGANIZATIONS=known))
    assert isinstance(read(source, update), Notice)
    for other in ("7b0d4f6e-5a0c-4a52-9a0e-0d6a1c1b2f33", None, "x"):
        with pytest.raises(SenderNotProven):
            read(source, update | {"OrganizationId": other})


def test_the_secret_may_stand_in_the_url_or_in_a_header(dataverse: Dataverse) -> None:
    """WebhookKey and HttpQueryString put it in the URL, HttpHeader in a header."""
    dataverse.prove(delivery(b"", f"https://x.example/api/webhooks/dataverse?code={SECRET}"))
    dataverse.prove(delivery(b"", x_webhook_secret=SECRET))
    with pytest.raises(SenderNotProven):
        dataverse.prove(delivery(b""))


def test_schema_names_in_the_mapping_are_found(update: Context) -> None:
    """People copy new_TenantId where Dataverse sends new_tenantid."""
    fields = {
        "customerTenantId": "new_TenantId",
        "qualification": {"field": "new_Qualification", "values": {"100000000": "Education", "*": None}},
        "educationSegment": {"field": "new_Segment", "values": {"100000000": "K12", "100000001": "HigherEducation"}},
        "website": "WebsiteURL",
    }
    source = Dataverse(settings_of("dataverse", SECRETS=SECRET, FIELDS=json.dumps(fields)))
    assert read(source, update) == Notice(OPERATION, REQUEST)


@pytest.mark.parametrize("sent", [100000000.0, [{"Value": 100000000}], [{"Value": 100000000.0}]])
def test_a_choice_of_several_with_one_value_is_that_value(dataverse: Dataverse, update: Context, sent: Any) -> None:
    """A multi-select column is a list of choices; numbers may have a fraction."""
    column(target(update), "new_qualification")["value"] = sent
    assert read(dataverse, update) == Notice(OPERATION, REQUEST)


def test_a_choice_of_several_is_not_guessed(dataverse: Dataverse, update: Context) -> None:
    """None is an empty column, two are a fault."""
    column(target(update), "new_qualification")["value"] = [{"Value": 100000000}, {"Value": 100000001}]
    assert [fault.pointer for fault in faults(read(dataverse, update))] == ["/qualification"]
    column(target(update), "new_qualification")["value"] = []
    assert isinstance(read(dataverse, update), Withdrawn)


def test_half_a_character_in_another_column_is_no_fault(dataverse: Dataverse, update: Context) -> None:
    """The name of an account was cut in the middle of an emoji."""
    target(update)["Attributes"].append({"key": "name", "value": "Contoso \ud83d"})
    assert read(dataverse, update) == Notice(OPERATION, REQUEST)
