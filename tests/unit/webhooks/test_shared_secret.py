import pytest
from pydantic import SecretStr

from qualification.domain.errors import ConfigurationError, SenderNotProven, SourceNotConfigured
from qualification.webhooks.shared_secret import SharedSecret
from tests.unit.webhooks.payloads import delivery, settings_of

OLDER, NEWER = "a-secret-of-the-older-kind.1", "a-secret-of-the-newer-kind~2"
URL = "https://x.example/api/webhooks/dataverse"


@pytest.fixture
def secret() -> SharedSecret:
    """Two secrets, as during a rotation."""
    return SharedSecret("dataverse", [SecretStr(OLDER), SecretStr(NEWER)])


@pytest.mark.parametrize("shown", [OLDER, NEWER])
def test_each_secret_is_good_while_they_are_rotated(secret: SharedSecret, shown: str) -> None:
    """The CRM is changed some time between."""
    secret.prove(delivery(b"", f"{URL}?code={shown}"))
    secret.prove(delivery(b"", URL, x_webhook_secret=shown))


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?",
        "?code=",
        "?code",
        f"?code={OLDER} ",
        f"?code={OLDER[:-1]}",
        f"?code={OLDER},{NEWER}",
        f"?Code={OLDER}",
        f"?key={OLDER}",
        f"?code=&code={OLDER}",
        f"?code=wrong&code={OLDER}",
        f"#code={OLDER}",
        "?code=%ff%fe",
        f"?code={OLDER}%00",
    ],
)
def test_anything_else_proves_nothing(secret: SharedSecret, query: str) -> None:
    """None, an empty one, half of one, two at once: all fail closed."""
    with pytest.raises(SenderNotProven):
        secret.prove(delivery(b"", URL + query))


def test_a_wrong_header_beside_a_right_parameter_proves_nothing(secret: SharedSecret) -> None:
    """One call, one secret: otherwise a caller could try two at a time."""
    with pytest.raises(SenderNotProven):
        secret.prove(delivery(b"", f"{URL}?code={OLDER}", x_webhook_secret="wrong"))


def test_without_a_secret_an_empty_one_proves_nothing() -> None:
    """Nothing is equal to nothing."""
    for shown in ("?code=", ""):
        with pytest.raises(SourceNotConfigured):
            SharedSecret("dataverse", []).prove(delivery(b"", URL + shown, x_webhook_secret=""))


@pytest.mark.parametrize("weak", ["short", "x" * 23, "x" * 257, "with+plus+and/slash/in=base64==", "with space " * 3])
def test_a_secret_that_is_weak_or_changes_in_a_url_is_refused_at_start(weak: str) -> None:
    """By the name of the setting, never with the value."""
    with pytest.raises(ConfigurationError) as refused:
        settings_of("dataverse", SECRETS=f"{OLDER}, {weak}")
    assert refused.value.faults.keys() == {"WEBHOOK_DATAVERSE_SECRETS"}
    assert weak not in str(refused.value)


def test_a_refusal_shows_neither_secret(secret: SharedSecret) -> None:
    """The answer and the log carry its text."""
    with pytest.raises(SenderNotProven) as refused:
        secret.prove(delivery(b"", f"{URL}?code=what-somebody-tried"))
    assert "what-somebody-tried" not in str(refused.value)
    assert OLDER not in str(refused.value)
