"""What proves that HubSpot has sent something."""

from dataclasses import replace

import pytest

from qualification.domain.errors import ConfigurationError, SenderNotProven
from qualification.webhooks.hubspot.sample import URL
from qualification.webhooks.hubspot.source import HubSpot
from qualification.webhooks.source import Delivery
from tests.unit.builders import NOW
from tests.unit.webhooks.hubspot_calls import BODY, OLDER, SECRET, TIMESTAMP, signed, signed_v2
from tests.unit.webhooks.payloads import settings_of


@pytest.mark.parametrize("secret", [SECRET, OLDER])
def test_a_signature_over_the_configured_url_is_proof(hubspot: HubSpot, secret: str) -> None:
    """The Host header and the URL that was really called do not count; each secret does, while they are rotated."""
    hubspot.prove(signed(secret=secret))


@pytest.mark.parametrize(
    "wrong",
    [
        signed(url="https://somebody-else.example/api/webhooks/hubspot"),
        signed(url="http://10.0.0.4:8080/api/webhooks/hubspot"),
        signed(url=f"{URL}/"),
        signed(secret="another-secret"),
        signed(at=str(int(NOW.timestamp()))),
        signed(at=str(int(NOW.timestamp() * 1000) - 300_001)),
        signed(at=str(int(NOW.timestamp() * 1000) + 300_001)),
        replace(signed(), body=BODY + b" "),
        replace(signed(), headers={}),
        replace(signed(), headers={"x-hubspot-signature-v3": signed().headers["x-hubspot-signature-v3"]}),
        replace(signed(), headers={**signed().headers, "x-hubspot-request-timestamp": str(int(TIMESTAMP) + 1)}),
        replace(signed(), headers={**signed().headers, "x-hubspot-signature-v3": ""}),
    ],
    ids=[
        "another host",
        "the host that was called",
        "another path",
        "another secret",
        "seconds",
        "too old",
        "too early",
        "another body",
        "no signature",
        "no timestamp",
        "another timestamp",
        "empty signature",
    ],
)
def test_any_other_signature_proves_nothing(hubspot: HubSpot, wrong: Delivery) -> None:
    """One deviation is enough."""
    with pytest.raises(SenderNotProven):
        hubspot.prove(wrong)


def test_version_2_is_refused_unless_it_is_switched_on(hubspot: HubSpot) -> None:
    """It has no time, so whoever has seen one call could send it for ever."""
    with pytest.raises(SenderNotProven):
        hubspot.prove(signed_v2())
    HubSpot(settings_of("hubspot", SECRETS=SECRET, V2="true")).prove(signed_v2())


def test_a_wrong_version_3_is_not_made_good_by_version_2() -> None:
    """HubSpot sends both; the stronger one decides."""
    both = replace(signed_v2(), headers={**signed_v2().headers, **signed(secret="another-secret").headers})
    with pytest.raises(SenderNotProven):
        HubSpot(settings_of("hubspot", SECRETS=SECRET, V2="true")).prove(both)


def test_without_the_url_nothing_could_be_verified() -> None:
    """It is reported at start, by name."""
    with pytest.raises(ConfigurationError) as refused:
        settings_of("hubspot", URL="", FIELDS="")
    assert refused.value.faults.keys() == {"WEBHOOK_HUBSPOT_URL", "WEBHOOK_HUBSPOT_FIELDS"}


def test_a_body_that_cannot_be_read_proves_nothing_under_version_2() -> None:
    """SHA-256 over secret and text lets anybody who has seen a call append bytes to it; that must alert nobody."""
    v2 = HubSpot(settings_of("hubspot", SECRETS=SECRET, V2="true"))
    for sent in (BODY + b"\x80\x00", b"no JSON", b"[]"):
        with pytest.raises(SenderNotProven):
            v2.read(signed_v2(sent))
    assert v2.read(signed_v2()) == v2.read(signed())
