"""host.json and local.settings.json."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from sandbox.functions_host import ConfigurationError
from sandbox.functions_host.host_json import parse_time_span, read_host_json
from sandbox.functions_host.local_settings import read_local_settings


def _folder(tmp_path: Path, **document: object) -> Path:
    (tmp_path / "host.json").write_text(json.dumps(document))
    return tmp_path


def test_an_empty_host_json_has_defaults(tmp_path: Path) -> None:
    """They are those of the Flex Consumption plan and of Service Bus extension 5.x."""
    found = read_host_json(_folder(tmp_path), {})
    assert found.route_prefix == "api"
    assert found.function_timeout == timedelta(minutes=30)
    assert found.max_concurrent_calls >= 16
    assert found.max_auto_lock_renewal == timedelta(minutes=5)
    assert found.prefetch_count == 0
    assert found.body_limit == 104_857_600


def test_app_settings_override_host_json(tmp_path: Path) -> None:
    """AzureFunctionsJobHost__path__to__value works as in Azure, without regard to case."""
    folder = _folder(tmp_path, functionTimeout="00:05:00", extensions={"serviceBus": {"maxConcurrentCalls": 8}})
    prefix = "AzureFunctionsJobHost__"
    settings = {
        f"{prefix}functionTimeout": "-1",
        f"{prefix}extensions__ServiceBus__MaxConcurrentCalls": "2",
        f"{prefix}extensions__http__routePrefix": "",
    }
    found = read_host_json(folder, settings)
    assert found.function_timeout is None
    assert found.max_concurrent_calls == 2
    assert found.route_prefix == ""


@pytest.mark.parametrize(
    ("document", "fault"),
    [
        ({"functionTimeout": "5 minutes"}, "'5 minutes' is not a duration"),
        (
            {"extensions": {"serviceBus": {"maxConcurrentCalls": 0}}},
            "maxConcurrentCalls must be a whole number, 1 or more",
        ),
        ({"extensions": {"serviceBus": {"prefetchCount": "x"}}}, "prefetchCount must be a whole number, 0 or more"),
        ({"extensions": {"serviceBus": {"autoCompleteMessages": False}}}, "autoCompleteMessages must be true"),
    ],
)
def test_a_wrong_value_is_named(tmp_path: Path, document: dict[str, object], fault: str) -> None:
    """The host does not start with half an understanding of its file."""
    with pytest.raises(ConfigurationError) as caught:
        read_host_json(_folder(tmp_path, **document), {})
    assert fault in str(caught.value)


def test_a_host_json_must_be_json(tmp_path: Path) -> None:
    """The text says where it is not; it must be an object."""
    (tmp_path / "host.json").write_text("[]")
    with pytest.raises(ConfigurationError, match=r"host\.json must hold a JSON object"):
        read_host_json(tmp_path, {})
    (tmp_path / "host.json").write_text("{")
    with pytest.raises(ConfigurationError, match=r"host\.json is not JSON: .*line 1"):
        read_host_json(tmp_path, {})


@pytest.mark.parametrize(
    ("text", "seconds"), [("00:00:01.5", 1.5), ("00:05:00", 300), ("1.02:00:00", 93_600), ("00:30", 1_800)]
)
def test_a_duration_has_dotnets_form(text: str, seconds: float) -> None:
    """`[d.]hh:mm[:ss[.fffffff]]`."""
    assert parse_time_span(text) == timedelta(seconds=seconds)


def test_settings_are_text(tmp_path: Path) -> None:
    """Numbers and booleans become the text that an environment variable would hold, null is missing; origins are a list."""
    path = tmp_path / "local.settings.json"
    values = {"TEXT": "a", "NUMBER": 7, "TRUE": True, "NOTHING": None}
    path.write_text(json.dumps({"Values": values, "Host": {"LocalHttpPort": 7071, "CORS": "https://a, https://b"}}))
    found = read_local_settings(path)
    assert found.values == {"TEXT": "a", "NUMBER": "7", "TRUE": "true"}
    assert found.port == 7071
    assert found.cors == ("https://a", "https://b")


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("{", "is not JSON"),
        ("[]", "must hold a JSON object"),
        ('{"Values": {"A": ["secret"]}}', "A must be text, a number, true or false"),
        ('{"IsEncrypted": true}', "is encrypted"),
        ('{"Values": {}, "Host": {"LocalHttpPort": "x"}}', "LocalHttpPort must be a number"),
    ],
)
def test_a_wrong_settings_file_is_refused(tmp_path: Path, text: str, fault: str) -> None:
    """One sentence, which names the setting and never shows a value."""
    path = tmp_path / "local.settings.json"
    path.write_text(text)
    with pytest.raises(ConfigurationError, match=fault) as caught:
        read_local_settings(path)
    assert "secret" not in str(caught.value)
