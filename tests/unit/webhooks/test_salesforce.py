import base64
import hashlib

import pytest

from qualification.domain.errors import ConfigurationError, SenderNotProven, UnreadableBody
from qualification.webhooks.salesforce.source import Salesforce
from qualification.webhooks.source import Notice, Unrelated
from tests.unit.webhooks.payloads import CUSTOMER, OTHER_CUSTOMER, body, delivery, settings_of

SECRET = "one-secret-of-thirty-letters-00"
URL = f"https://x.example/api/webhooks/salesforce?code={SECRET}"
ORGANIZATION = b"00D5e000000KQ2eEAG"
CERTIFICATE = b"0\x82\x01 stands for a certificate in DER"
SHA_1 = hashlib.sha1(CERTIFICATE, usedforsecurity=False).hexdigest()
SHA_256 = hashlib.sha256(CERTIFICATE).hexdigest()
MESSAGE = body("salesforce-accounts.xml")


def salesforce(**settings: str) -> Salesforce:
    """The source with the sandbox's mapping."""
    return Salesforce(settings_of("salesforce", SECRETS=SECRET, **settings))


def test_a_documented_message_is_its_notifications() -> None:
    """Each has its own id; nil and missing fields are empty; what means nothing here is passed over."""
    assert salesforce().read(delivery(MESSAGE)) == [
        Notice(
            "04l5e00000Gx7QzAAJ",
            {
                "customerTenantId": CUSTOMER,
                "qualification": "Education",
                "educationSegment": "HigherEducation",
                "website": "https://www.contoso.edu",
            },
        ),
        Notice("04l5e00000Gx7R0AAJ", {"customerTenantId": OTHER_CUSTOMER, "qualification": "StateOwnedEntity"}),
        Unrelated(),
    ]


@pytest.mark.parametrize("sent", [ORGANIZATION, ORGANIZATION[:15]])
@pytest.mark.parametrize("known", ["00D5e000000KQ2e", "00D5e000000KQ2eEAG", "00D000000000001, 00D5e000000KQ2eEAG"])
def test_an_organization_is_known_by_its_fifteen_characters(sent: bytes, known: str) -> None:
    """The other three are a checksum; Salesforce shows the id in either form."""
    source = salesforce(ORGANIZATIONS=known)
    assert source.read(delivery(MESSAGE.replace(ORGANIZATION, sent)))


@pytest.mark.parametrize("sent", [b"00D5e000000KQ2EEAG", b"00D000000000001", b"00D", b""])
def test_another_organization_proves_nothing(sent: bytes) -> None:
    """Whoever knows the URL could point an organization of his own to it; case counts."""
    with pytest.raises(SenderNotProven):
        salesforce().read(delivery(MESSAGE.replace(ORGANIZATION, sent)))


@pytest.mark.parametrize(
    "sent", [b"", b"no xml", b"{}", b"<a/>", MESSAGE[:-30], MESSAGE.replace(b"outbound", b"other")]
)
def test_a_body_that_cannot_be_read_is_told(sent: bytes) -> None:
    """The secret in the URL has proven its sender, and Salesforce shows the answer to nobody."""
    with pytest.raises(UnreadableBody):
        salesforce().read(delivery(sent))


@pytest.mark.parametrize("bad", [b"a &semi; b", b"a \x0b b", b"<Name>", b"\xff"])
def test_xml_that_is_not_well_formed_is_told_with_its_records(bad: bytes) -> None:
    """Up to a hundred notifications are in a message; whoever is alerted must find the text that somebody has pasted."""
    sent = MESSAGE.replace(b"Contoso University &amp; Sons", bad)
    with pytest.raises(UnreadableBody) as told:
        salesforce().read(delivery(sent))
    assert "not well-formed" in str(told.value)
    assert "line " in str(told.value)
    assert "0015e00000ZkM3hAAF" in str(told.value)
    assert told.value.event_id == "unreadable:04l5e00000Gx7QzAAJ"


def test_a_broken_message_of_another_organization_proves_nothing() -> None:
    """Whoever knows the URL could let his own organization send; here it can be read at least."""
    sent = MESSAGE.replace(b"&amp;", b"&semi;").replace(ORGANIZATION, b"00D000000000001")
    with pytest.raises(SenderNotProven):
        salesforce().read(delivery(sent))


def test_a_long_message_names_some_of_its_records() -> None:
    """The alert stays short."""
    ids = b"".join(b"<sf:Id>001%015d</sf:Id>" % number for number in range(30))
    with pytest.raises(UnreadableBody, match="and 20 more"):
        salesforce().read(delivery(ids))


@pytest.mark.parametrize("name", ["QUALIFICATION__C", "qualification__c"])
def test_names_have_no_case(name: str) -> None:
    """API names of Salesforce have none, and managed packages write capitals."""
    sent = MESSAGE.replace(b"sf:Qualification__c", f"sf:{name}".encode())
    assert salesforce().read(delivery(sent)) == salesforce().read(delivery(MESSAGE))


def test_nothing_is_read_before_the_secret_in_the_url_is_proven() -> None:
    """The organization id is no secret: it stands in every message and in the address of every page."""
    salesforce().prove(delivery(b"not even looked at", URL))
    with pytest.raises(SenderNotProven):
        salesforce().prove(delivery(MESSAGE, URL[:-1]))


@pytest.mark.parametrize(
    "known", [SHA_1, SHA_1.upper(), SHA_256, ":".join([SHA_1[:2], SHA_1[2:]]), f"{'0' * 40}, {SHA_1}"]
)
def test_a_certificate_is_known_by_its_thumbprint(known: str) -> None:
    """App Service hands it on as base64 in X-ARR-ClientCert."""
    salesforce(THUMBPRINTS=known).prove(delivery(b"", URL, x_arr_clientcert=base64.b64encode(CERTIFICATE).decode()))


@pytest.mark.parametrize("shown", ["", SHA_1, "%%%", base64.b64encode(b"another certificate").decode(), "\u00e4"])
def test_without_the_certificate_the_secret_is_not_enough(shown: str) -> None:
    """If thumbprints are set; the thumbprint itself is no certificate."""
    source = salesforce(THUMBPRINTS=SHA_1)
    with pytest.raises(SenderNotProven):
        source.prove(delivery(b"", URL, x_arr_clientcert=shown))
    with pytest.raises(SenderNotProven):
        source.prove(delivery(b"", URL))


def test_a_notification_without_an_id_is_a_fault_of_its_own() -> None:
    """The others are taken."""
    events = salesforce().read(delivery(MESSAGE.replace(b"04l5e00000Gx7QzAAJ", b"what?")))
    assert [len(event.faults) for event in events if isinstance(event, Notice)] == [1, 0]


def test_a_record_that_was_deleted_meanwhile_is_not_about_a_qualification() -> None:
    """Its notification comes without data."""
    start, end = MESSAGE.index(b"<sObject"), MESSAGE.index(b"</sObject>") + len(b"</sObject>")
    assert salesforce().read(delivery(MESSAGE[:start] + MESSAGE[end:]))[0] == Unrelated()


def test_a_message_without_notifications_cannot_be_read() -> None:
    """It is from the right organization, and says nothing."""
    start, end = MESSAGE.index(b"<Notification>"), MESSAGE.rindex(b"</notifications>")
    with pytest.raises(UnreadableBody):
        salesforce().read(delivery(MESSAGE[:start] + MESSAGE[end:]))


def test_without_organizations_anybody_in_salesforce_could_send() -> None:
    """It is reported at start, by name."""
    with pytest.raises(ConfigurationError) as refused:
        settings_of("salesforce", ORGANIZATIONS="")
    assert refused.value.faults.keys() == {"WEBHOOK_SALESFORCE_ORGANIZATIONS"}
