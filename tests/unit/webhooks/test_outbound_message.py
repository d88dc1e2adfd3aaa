from pathlib import Path
from xml.etree.ElementTree import fromstring

import pytest

from qualification.domain.errors import UnreadableBody
from qualification.webhooks.salesforce.outbound_message import parse_message
from qualification.webhooks.salesforce.replies import ACKNOWLEDGEMENT
from tests.unit.webhooks.payloads import body

MESSAGE = body("salesforce-accounts.xml").decode()
DECLARATION, REST = MESSAGE.split("\n", 1)
NAME = "Contoso University &amp; Sons"
LAUGHS = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))


def with_type(declared: str, name: str = NAME) -> bytes:
    """The message with a document type."""
    return f"{DECLARATION}<!DOCTYPE soapenv:Envelope {declared}>{REST.replace(NAME, name)}".encode()


def test_text_is_read_as_it_was_meant() -> None:
    """Predefined entities are no trap."""
    assert parse_message(MESSAGE.encode()).notifications[0].fields["Name"] == "Contoso University & Sons"


@pytest.mark.parametrize(
    "bomb",
    [
        with_type(f'[<!ENTITY a0 "ha">{LAUGHS}]', "&a9;"),
        with_type(f'[<!ENTITY a "{"ha" * 50_000}">]', "&a;" * 10_000),
        with_type('[<!ENTITY secret SYSTEM "file:///etc/passwd">]', "&secret;"),
        with_type('[<!ENTITY secret SYSTEM "http://127.0.0.1:9/metadata">]', "&secret;"),
        with_type('[<!ENTITY % outside SYSTEM "http://127.0.0.1:9/x.dtd"> %outside;]'),
        with_type('SYSTEM "http://127.0.0.1:9/x.dtd"'),
        with_type(""),
    ],
    ids=["a billion laughs", "quadratic blow-up", "file", "URL", "parameter entity", "external type", "type alone"],
)
def test_a_document_type_is_refused_before_anything_is_expanded(bomb: bytes) -> None:
    """No message has one, and all traps need one."""
    with pytest.raises(UnreadableBody, match="document type"):
        parse_message(bomb)


def test_a_file_that_is_included_stays_unread(tmp_path: Path) -> None:
    """XInclude is a mere element here."""
    secret = tmp_path / "secret"
    secret.write_text("very-secret")
    include = f'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" parse="text" href="{secret.as_uri()}"/>'
    message = parse_message(MESSAGE.replace(NAME, include).encode())
    assert "very-secret" not in repr(message)


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"\x00",
        b"<a>" * 100_000,
        b"<a>" * 100_000 + b"</a>" * 100_000,
        b'<?xml version="1.0" encoding="no-such"?><a/>',
        MESSAGE.replace("soapenv:Envelope", "soapenv:Letter").encode(),
        MESSAGE.replace("http://schemas.xmlsoap.org/soap/envelope/", "urn:other").encode(),
    ],
    ids=["nothing", "a zero", "never closed", "deep", "unknown encoding", "no envelope", "another envelope"],
)
def test_what_is_no_message_cannot_be_read(sent: bytes) -> None:
    """Whatever it is, it is an error with a name."""
    with pytest.raises(UnreadableBody):
        parse_message(sent)


def test_other_encodings_are_read() -> None:
    """XML says itself what it is written in."""
    utf_16 = (
        MESSAGE.replace('encoding="UTF-8"', 'encoding="UTF-16"').replace("Contoso", "Contós\u00f6").encode("utf-16")
    )
    assert parse_message(utf_16).notifications[0].fields["Name"] == "Contós\u00f6 University & Sons"


def test_the_acknowledgement_is_the_one_of_the_wsdl() -> None:
    """NotificationsResponse with Ack, in the namespace of outbound messages."""
    [soap_body] = fromstring(ACKNOWLEDGEMENT)  # noqa: S314  our own text
    [response] = soap_body
    [ack] = response
    assert response.tag == "{http://soap.sforce.com/2005/09/outbound}notificationsResponse"
    assert (ack.tag, ack.text) == ("{http://soap.sforce.com/2005/09/outbound}Ack", "true")
