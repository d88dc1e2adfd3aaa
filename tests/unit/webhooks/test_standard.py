"""Only whoever knows a secret is believed, and only for five minutes."""

import base64
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks.webhooks import Webhook

from qualification.domain.errors import ConfigurationError, SenderNotProven, SourceNotConfigured, UnreadableBody
from qualification.settings.environment import load
from qualification.webhooks.source import Delivery, Notice, Unrelated
from qualification.webhooks.standard.settings import StandardSettings
from qualification.webhooks.standard.source import Standard
from tests.unit.builders import CUSTOMER, EDUCATION

SECRET = "whsec_" + base64.b64encode(b"a secret of twenty-four bytes").decode()
OTHER = "whsec_" + base64.b64encode(b"another secret altogether").decode()
BODY = json.dumps({"customerTenantId": str(CUSTOMER), **EDUCATION, "note": "学校"}).encode()
HEADERS = ("webhook-id", "webhook-timestamp", "webhook-signature")
MINUTE = timedelta(minutes=1)


def now() -> datetime:
    """The time: the library behind the signature knows no other clock."""
    return datetime.now(UTC)


def signed(secret: str = SECRET, body: bytes = BODY, at: datetime | None = None, event_id: str = "evt-1") -> Delivery:
    """A delivery as its sender signs it."""
    at = at or now()
    signature = Webhook(secret).sign(event_id, at, body.decode())
    values = (event_id, str(int(at.timestamp())), signature)
    return Delivery("https://contoso.example", dict(zip(HEADERS, values, strict=True)), body, at)


def changed(delivery: Delivery, body: bytes | None = None, **headers: str) -> Delivery:
    """The same delivery, tampered with."""
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return Delivery(delivery.url, {**delivery.headers, **names}, delivery.body if body is None else body, delivery.at)


def source(*secrets: str, fields: str = "") -> Standard:
    """The source with these secrets."""
    environment = {"WEBHOOK_STANDARD_SECRETS": ",".join(secrets or (SECRET,)), "WEBHOOK_STANDARD_FIELDS": fields}
    return Standard(load(StandardSettings, environment))


def refused(delivery: Delivery, by: Standard | None = None) -> str:
    """Why it is not believed."""
    with pytest.raises(SenderNotProven) as error:
        (by or source()).prove(delivery)
    return str(error.value)


def test_a_signed_delivery_is_believed() -> None:
    """By its id, its time and its bytes, whatever they are."""
    source().prove(signed())
    source().prove(signed(body=b""))


@pytest.mark.parametrize("secret", [SECRET, OTHER])
def test_while_a_secret_is_rotated_both_are_good(secret: str) -> None:
    """The sender changes over when it likes."""
    source(SECRET, OTHER).prove(signed(secret))


def test_a_sender_may_sign_with_several_secrets() -> None:
    """The specification's own way to rotate; signatures of other versions are passed over."""
    signature = signed().headers["webhook-signature"]
    elsewhere = signed(OTHER).headers["webhook-signature"]
    source().prove(changed(signed(), webhook_signature=f"v1a,AAAA {elsewhere} {signature}"))


def test_a_secret_of_somebody_else_proves_nothing() -> None:
    """Nor does one that is good no more."""
    refused(signed(OTHER))
    refused(signed(SECRET), by=source(OTHER))


@pytest.mark.parametrize("name", HEADERS)
@pytest.mark.parametrize("empty", [True, False], ids=["empty", "missing"])
def test_without_one_of_the_headers_nothing_is_proven(name: str, empty: bool) -> None:  # noqa: FBT001  a parameter of the rule
    """Fails closed."""
    headers: Mapping[str, str] = {**signed().headers, name: ""}
    if not empty:
        headers = {key: value for key, value in headers.items() if key != name}
    refused(Delivery("https://contoso.example", headers, BODY, now()))


@pytest.mark.parametrize(
    ("age", "word"), [(6 * MINUTE, "old"), (timedelta(days=365), "old"), (-6 * MINUTE, "new"), (-60 * MINUTE, "new")]
)
def test_an_old_or_future_delivery_proves_nothing(age: timedelta, word: str) -> None:
    """Or a delivery that was overheard once could be repeated for ever."""
    assert word in refused(signed(at=now() - age))


@pytest.mark.parametrize("age", [4 * MINUTE, -4 * MINUTE])
def test_clocks_may_differ_by_some_minutes(age: timedelta) -> None:
    """As the specification allows."""
    source().prove(signed(at=now() - age))


@given(st.binary())
def test_other_bytes_prove_nothing(body: bytes) -> None:
    """UTF-8 or not, the signature covers what was signed."""
    if body != BODY:
        refused(changed(signed(), body=body))


@given(st.sampled_from(HEADERS), st.text(st.characters(exclude_categories=[])))
def test_other_headers_prove_nothing(name: str, value: str) -> None:
    """Whatever stands in them, the answer is the same error."""
    if value != signed().headers[name]:
        refused(Delivery("https://contoso.example", {**signed().headers, name: f"{value}0"}, BODY, now()))


@given(
    st.sampled_from(["v1", "v2", "v1a", "", "V1", "v1,v1"]),
    st.binary().map(lambda raw: base64.b64encode(raw).decode()) | st.text(st.characters(codec="latin-1")),
    st.sampled_from([",", ", ", " ", "", ",,"]),
)
def test_a_forged_signature_proves_nothing(version: str, signature: str, separator: str) -> None:
    """However it is written."""
    refused(changed(signed(), webhook_signature=f"{version}{separator}{signature}"))


@pytest.mark.parametrize("timestamp", ["now", "", "nan", "inf", "1e400", "-1", "0", "9" * 400, "\u0661\u0667", "0x10"])
def test_a_time_that_is_none_proves_nothing(timestamp: str) -> None:
    """Nor one that does not fit a clock."""
    refused(changed(signed(), webhook_timestamp=timestamp))


def test_a_signature_does_not_move_to_another_event() -> None:
    """The id is covered, because it is what makes a delivery idempotent."""
    refused(changed(signed(), webhook_id="evt-2"))


def test_without_a_secret_the_source_stays_closed() -> None:
    """Nobody can be proven, so nobody is believed."""
    with pytest.raises(SourceNotConfigured):
        Standard(StandardSettings()).prove(signed())


@pytest.mark.parametrize("secret", ["whsec_", "whsec_QQ=Q", "ключ"])
def test_a_secret_that_is_none_is_named_and_not_shown(secret: str) -> None:
    """By the name of its setting."""
    with pytest.raises(ConfigurationError) as error:
        source(SECRET, secret)
    assert error.value.faults.keys() == {"WEBHOOK_STANDARD_SECRETS"}
    assert SECRET not in str(error.value)


def test_the_body_is_the_request_and_the_header_its_event_id() -> None:
    """In our own field names, where nothing else is set."""
    assert source().read(signed()) == [Notice("evt-1", json.loads(BODY))]


def test_a_sender_with_names_of_its_own_is_mapped() -> None:
    """What is not about a qualification is passed over."""
    rules = source(fields='{"customerTenantId": "tenant", "qualification": "kind", "educationSegment": "level"}')
    body = json.dumps({"tenant": "t-1", "kind": "Education", "level": "K12", "colour": "red"}).encode()
    content = {"customerTenantId": "t-1", "qualification": "Education", "educationSegment": "K12"}
    assert rules.read(signed(body=body)) == [Notice("evt-1", content)]
    assert rules.read(signed(body=b'{"colour": "red"}')) == [Unrelated()]


def test_a_proven_body_may_be_unreadable_all_the_same() -> None:
    """The sender is known, so it is told what is wrong."""
    with pytest.raises(UnreadableBody):
        source().read(signed(body=b"not JSON"))


@pytest.mark.parametrize(
    "before",
    [
        "v1,dawfeoifkpqwoekfpqoekf",
        "BAD_SIG_NATURE",
        "v1,",
        "v1",
        ",",
        "v1,%%%",
        "v1,é",
        f"v1,{'A' * 43}",
        f"v2,{'A' * 43}=",
    ],
)
@pytest.mark.parametrize("between", [" ", "  ", ", ", ",", " \t"])
def test_a_good_signature_behind_one_that_cannot_be_read_is_proof(before: str, between: str) -> None:
    """Libraries in other languages pass over it; two header lines of one name arrive with a comma between."""
    call = signed()
    good = call.headers["webhook-signature"]
    source().prove(changed(call, webhook_signature=f"{before}{between}{good}"))
    source().prove(changed(call, webhook_signature=f" {good}{between}{before}"))


def test_a_sender_of_svix_signs_under_names_of_its_own() -> None:
    """The same three headers, and the same event."""
    call = signed(event_id="msg-1")
    theirs = {name.replace("webhook-", "svix-"): value for name, value in call.headers.items()}
    sent = Delivery(call.url, theirs, call.body, call.at)
    source().prove(sent)
    [event] = source().read(sent)
    assert isinstance(event, Notice)
    assert event.event_id == "msg-1"


def test_names_of_two_kinds_are_not_mixed() -> None:
    """Or a header that nobody signed could name the event."""
    call, other = signed(event_id="one"), signed(event_id="two")
    both = {name.replace("webhook-", "svix-"): value for name, value in other.headers.items()} | dict(call.headers)
    sent = Delivery(call.url, both, call.body, call.at)
    source().prove(sent)
    [event] = source().read(sent)
    assert isinstance(event, Notice)
    assert event.event_id == "one"
    for name in HEADERS[:2]:
        refused(Delivery(call.url, {key: value for key, value in both.items() if key != name}, call.body, call.at))


@pytest.mark.parametrize("spelling", ["{}.0", "+{}", " {}", "{}e0", "{}_0", "0x{}"])
def test_a_time_is_digits_only(spelling: str) -> None:
    """The library would take whatever Python takes for a number."""
    call = signed()
    timestamp = spelling.format(call.headers["webhook-timestamp"])
    assert "digits" in refused(changed(call, webhook_timestamp=timestamp))


def test_a_mapped_body_may_be_cut_where_nobody_looks() -> None:
    """Without a mapping every field of it is looked at."""
    fields = '{"customerTenantId": "tenant", "qualification": {"constant": "StateOwnedEntity"}}'
    body = rb'{"tenant": "t-1", "name": "Contoso \ud83d"}'
    [event] = source(fields=fields).read(signed(body=body))
    assert event == Notice("evt-1", {"customerTenantId": "t-1", "qualification": "StateOwnedEntity"})
    with pytest.raises(UnreadableBody, match="half a character"):
        source().read(signed(body=body))
