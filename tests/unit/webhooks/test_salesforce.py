import base64
import hashlib
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import CertificateBuilder, Name, NameAttribute, random_serial_number
from cryptography.x509.oid import NameOID

from qualification.domain.caller import Caller, CallerKind
from qualification.domain.errors import ConfigurationError, SenderNotProven, UnreadableBody
from qualification.domain.request import Reference
from qualification.webhooks.salesforce.source import Salesforce
from qualification.webhooks.source import About, Notice, Unrelated, Withdrawn
from tests.unit.builders import NOW
from tests.unit.webhooks.payloads import CUSTOMER, OTHER_CUSTOMER, body, delivery, settings_of

SECRET = "one-secret-of-thirty-letters-00"
URL = f"https://x.example/api/webhooks/salesforce?code={SECRET}"
ORGANIZATION = b"00D5e000000KQ2eEAG"
DAY = timedelta(days=1)


def made_certificate() -> bytes:
    """A certificate in DER that is good from a day before now to a day after."""
    key, name = generate_private_key(SECP256R1()), Name([NameAttribute(NameOID.COMMON_NAME, "proxy.salesforce.com")])
    made = CertificateBuilder(name, name, key.public_key(), random_serial_number(), NOW - DAY, NOW + DAY)
    return made.sign(key, SHA256()).public_bytes(Encoding.DER)


CERTIFICATE = made_certificate()
NOT_A_CERTIFICATE = b"0\x82\x01 stands for a certificate in DER"
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


def test_a_notification_says_which_record_it_is_about_and_whose() -> None:
    """Its kind stands in the type of the record, the address in the message."""
    found = [event.about for event in salesforce().read(delivery(MESSAGE)) if isinstance(event, Notice)]
    assert found == [about("0015e00000ZkM3hAAF"), about("0015e00000ZkM3iAAF")]


def about(record: str, url: str | None = "https://contoso.my.salesforce.com") -> About:
    """What a notification of the message says of its event."""
    return About(
        reference=Reference(type="Account", id=record, url=url and f"{url}/{record}"),
        requested_by=Caller(kind=CallerKind.ORGANIZATION, id="00D5e000000KQ2eEAG"),
    )


@pytest.mark.parametrize(
    "url", ["http://contoso.my.salesforce.com/x", "https://evil.example/salesforce.com", "https://[", ""]
)
def test_a_link_leads_to_salesforce_or_nowhere(url: str) -> None:
    """Whoever knows the secret can write any address into the message."""
    start, end = MESSAGE.index(b"<EnterpriseUrl>") + 15, MESSAGE.index(b"</EnterpriseUrl>")
    event, *_ = salesforce().read(delivery(MESSAGE[:start] + url.encode() + MESSAGE[end:]))
    assert isinstance(event, Notice)
    assert event.about == about("0015e00000ZkM3hAAF", None)


@pytest.mark.parametrize(
    "mark", [b"", b'<sf:Qualification__c xsi:nil="true"/>', b"<sf:Qualification__c>Corporate</sf:Qualification__c>"]
)
def test_an_empty_mark_takes_it_back(mark: bytes) -> None:
    """The fields of a message are chosen once; what is empty is nil or missing."""
    full = b"<sf:Qualification__c>Education</sf:Qualification__c>"
    event, *_ = salesforce().read(delivery(MESSAGE.replace(full, mark)))
    assert event == Withdrawn(UUID(CUSTOMER), about("0015e00000ZkM3hAAF"))


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
    "known",
    [SHA_1, SHA_1.upper(), SHA_256, ":".join([SHA_1[:2], SHA_1[2:]]), f"{'0' * 40}, {SHA_1}"],
    ids=["SHA-1", "capitals", "SHA-256", "colons", "two"],
)
def test_a_certificate_is_known_by_its_thumbprint(known: str) -> None:
    """App Service hands it on as base64 in X-ARR-ClientCert."""
    source = salesforce(THUMBPRINTS=known, CERTIFICATES="platform")
    source.prove(delivery(b"", URL, x_arr_clientcert=base64.b64encode(CERTIFICATE).decode()))


@pytest.mark.parametrize(
    "shown",
    ["", SHA_1, "%%%", base64.b64encode(made_certificate()).decode(), "\u00e4", CERTIFICATE.hex()],
    ids=["nothing", "thumbprint", "no base64", "another", "no ASCII", "hexadecimal"],
)
def test_without_the_certificate_the_secret_is_not_enough(shown: str) -> None:
    """If thumbprints are set; the thumbprint itself is no certificate."""
    source = salesforce(THUMBPRINTS=SHA_1, CERTIFICATES="platform")
    with pytest.raises(SenderNotProven):
        source.prove(delivery(b"", URL, x_arr_clientcert=shown))
    with pytest.raises(SenderNotProven):
        source.prove(delivery(b"", URL))


def test_bytes_of_the_right_digest_that_are_no_certificate_prove_nothing() -> None:
    """They have no dates, so nobody could tell when they end."""
    source = salesforce(THUMBPRINTS=hashlib.sha256(NOT_A_CERTIFICATE).hexdigest(), CERTIFICATES="platform")
    with pytest.raises(SenderNotProven):
        source.prove(delivery(b"", URL, x_arr_clientcert=base64.b64encode(NOT_A_CERTIFICATE).decode()))


@pytest.mark.parametrize("off", [-2 * DAY, 2 * DAY], ids=["before it begins", "after it has ended"])
def test_a_certificate_is_good_within_its_dates_only(off: timedelta) -> None:
    """Which day it is, is when the call arrived."""
    source = salesforce(THUMBPRINTS=SHA_256, CERTIFICATES="platform")
    call = delivery(b"", URL, x_arr_clientcert=base64.b64encode(CERTIFICATE).decode())
    with pytest.raises(SenderNotProven):
        source.prove(replace(call, at=call.at + off))


@pytest.mark.parametrize(
    ("settings", "name"),
    [
        ({"THUMBPRINTS": SHA_256}, "WEBHOOK_SALESFORCE_THUMBPRINTS"),
        ({"CERTIFICATES": "platform"}, "WEBHOOK_SALESFORCE_THUMBPRINTS"),
        ({"CERTIFICATES": "anybody", "THUMBPRINTS": SHA_256}, "WEBHOOK_SALESFORCE_CERTIFICATES"),
    ],
    ids=["thumbprints alone", "certificates alone", "another word"],
)
def test_certificates_and_thumbprints_belong_together(settings: dict[str, str], name: str) -> None:
    """Where App Service asks for none, anybody could write the header."""
    with pytest.raises(ConfigurationError) as refused:
        salesforce(**settings)
    assert name in refused.value.faults


def test_a_notification_without_an_id_has_no_name() -> None:
    """It is taken like those of a CRM that names no events."""
    events = salesforce().read(delivery(MESSAGE.replace(b"04l5e00000Gx7QzAAJ", b"what?")))
    found = [(event.about.named, event.faults) for event in events if isinstance(event, Notice)]
    assert found == [(False, ()), (True, ())]


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
