import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from qualification.domain.caller import Caller, CallerKind
from qualification.domain.errors import Fault, SenderNotProven, UnreadableBody
from qualification.domain.request import Reference
from qualification.webhooks.dataverse.sample import FIELDS
from qualification.webhooks.dataverse.source import Dataverse
from qualification.webhooks.source import About, Notice, Unrelated, Withdrawn
from tests.unit.webhooks.payloads import CUSTOMER, body, content, delivery, settings_of

SECRET = "one-secret-of-thirty-letters-00"
OPERATION = "5f7c7f1e-2a11-f011-998a-6045bd03d9d8"
REQUEST = {
    "customerTenantId": CUSTOMER,
    "qualification": "Education",
    "educationSegment": "HigherEducation",
    "website": "https://www.contoso.edu",
}
ORGANIZATION = "6042beb1-a93a-ef11-8e4b-00224802c699"
ACCOUNT = "8c1de5b1-4d0a-f011-998a-6045bd03d9d8"
ABOUT = About(
    reference=Reference(type="account", id=ACCOUNT),
    requested_by=Caller(kind=CallerKind.USER, id="d89254ff-9438-ef11-a315-000d3a5a54dc"),
    occurred_at=datetime(2026, 3, 2, 9, 30, tzinfo=UTC),
)
type Context = dict[str, Any]


@pytest.fixture
def dataverse() -> Dataverse:
    """The source with the sandbox's mapping."""
    return Dataverse(settings_of("dataverse", SECRETS=SECRET))


@pytest.fixture
def update() -> Context:
    """An update of one column, with a post image of the row."""
    context: Context = content("dataverse-update.json")
    return context


def read(source: Dataverse, context: Context, **headers: str) -> Notice | Withdrawn | Unrelated:
    """The one event in a context."""
    [event] = source.read(delivery(context, **headers))
    return event


def faults(event: Notice | Withdrawn | Unrelated) -> tuple[Fault, ...]:
    """What is wrong with an event."""
    assert isinstance(event, Notice)
    return event.faults


def target(context: Context) -> Any:
    """The changed row."""
    return context["InputParameters"][0]["value"]


def column(row: Any, name: str) -> Any:
    """A column of a row, as key and value."""
    return next(pair for pair in row["Attributes"] if pair["key"] == name)


def without(row: Any, name: str) -> None:
    """Empty a column: Dataverse leaves it out then."""
    row["Attributes"].remove(column(row, name))


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


def test_a_mark_that_nobody_knows_whose_it_was_is_told(dataverse: Dataverse, update: Context) -> None:
    """Without a post image the request of a customer could not be ended, and would go out all the same."""
    column(target(update), "new_qualification")["value"] = None
    del update["PostEntityImages"][1]
    [fault] = faults(read(dataverse, update))
    assert "customerTenantId is not among the changed columns" in fault.detail


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


def test_a_tenant_id_in_neither_place_is_asked_for_with_the_place(dataverse: Dataverse, update: Context) -> None:
    """The reason says where Dataverse was looked at."""
    without(update["PostEntityImages"][1]["value"], "new_tenantid")
    [fault] = faults(read(dataverse, update))
    assert fault.pointer == "/customerTenantId"
    assert "neither" in fault.detail
    assert "post image" in fault.detail


def test_a_step_without_a_post_image_is_told_to_register_one(dataverse: Dataverse, update: Context) -> None:
    """The image that Dataverse adds by itself holds the primary name only and does not count."""
    del update["PostEntityImages"][1]
    [fault] = faults(read(dataverse, update))
    assert fault.pointer == "/customerTenantId"
    assert "has no post image" in fault.detail


def test_without_an_image_nobody_can_tell_whether_it_is_about_a_qualification(
    dataverse: Dataverse, update: Context
) -> None:
    """It is not passed over in silence: the step is wrong."""
    del update["PostEntityImages"][1]
    without(target(update), "new_qualification")
    target(update)["Attributes"].append({"key": "websiteurl", "value": "contoso.org"})
    [fault] = faults(read(dataverse, update))
    assert "qualification is not among the changed columns" in fault.detail


def test_a_call_over_256_kb_says_that_its_columns_are_missing(dataverse: Dataverse) -> None:
    """Dataverse strips them and says so in a header."""
    event = read(dataverse, content("dataverse-size-exceeded.json"), x_ms_dynamics_msg_size_exceeded="256")
    assert ["256 KB" in fault.detail for fault in faults(event)] == [True]


def test_a_call_without_a_target_says_so(dataverse: Dataverse) -> None:
    """The same body without the header is another fault."""
    [fault] = faults(read(dataverse, content("dataverse-size-exceeded.json")))
    assert "no Target" in fault.detail


@pytest.mark.parametrize("operation", [None, "00000000-0000-0000-0000-000000000000"])
def test_a_synchronous_step_has_no_operation_and_is_known_by_row_and_time(
    dataverse: Dataverse, update: Context, operation: str | None
) -> None:
    """Otherwise every synchronous event would be a repeat of the first."""
    event = read(dataverse, update | {"OperationId": operation})
    assert isinstance(event, Notice)
    assert event.event_id == (
        "6042beb1-a93a-ef11-8e4b-00224802c699:account:8c1de5b1-4d0a-f011-998a-6045bd03d9d8:/Date(1772443800000+0000)/"
    )


@pytest.mark.parametrize("name", ["OrganizationId", "PrimaryEntityId", "PrimaryEntityName", "OperationCreatedOn"])
def test_an_event_that_nothing_tells_from_others_cannot_be_read(
    dataverse: Dataverse, update: Context, name: str
) -> None:
    """No operation, and a part of its stand-in is missing."""
    del update["OperationId"], update[name]
    with pytest.raises(UnreadableBody):
        read(dataverse, update)


@pytest.mark.parametrize("odd", ["", "\u0661", "x" * 129, 7, None])
def test_a_time_that_is_no_plain_text_tells_nothing_apart(dataverse: Dataverse, update: Context, odd: Any) -> None:
    """It becomes part of an id, so it must be one that can be written down."""
    del update["OperationId"]
    with pytest.raises(UnreadableBody):
        read(dataverse, update | {"OperationCreatedOn": odd})


@pytest.mark.parametrize("sent", [b"", b"[]", b"{}", b'{"MessageName": 7}', b"<xml/>"])
def test_what_is_no_execution_context_cannot_be_read(dataverse: Dataverse, sent: bytes) -> None:
    """Somebody has pointed something else here."""
    with pytest.raises(UnreadableBody):
        dataverse.read(delivery(sent))


@pytest.mark.parametrize(
    "wrong", [{}, [], [7], [{"key": 7}], "x", None, [{"key": "Target", "value": {"Attributes": 7}}]]
)
def test_odd_parameters_are_a_fault_and_no_crash(dataverse: Dataverse, update: Context, wrong: Any) -> None:
    """Whatever stands in their place."""
    assert faults(read(dataverse, update | {"InputParameters": wrong}))


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
