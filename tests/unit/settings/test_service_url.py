"""Where links of the service lead."""

import pytest

from qualification.settings.service_url import service_url

PLATFORM = {"WEBSITE_HOSTNAME": "contoso.azurewebsites.net"}


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, ""),
        ({"SERVICE_URL": ""}, ""),
        ({"WEBSITE_HOSTNAME": " "}, ""),
        (PLATFORM, "https://contoso.azurewebsites.net"),
        ({"WEBSITE_HOSTNAME": "localhost:7071"}, "http://localhost:7071"),
        ({"WEBSITE_HOSTNAME": "127.0.0.1:7071"}, "http://127.0.0.1:7071"),
        ({"WEBSITE_HOSTNAME": "localhost.example"}, "https://localhost.example"),
        ({"SERVICE_URL": "https://gateway.example/"}, "https://gateway.example"),
        (PLATFORM | {"SERVICE_URL": "https://gateway.example"}, "https://gateway.example"),
        (PLATFORM | {"SERVICE_URL": " "}, "https://contoso.azurewebsites.net"),
        ({"SERVICE_URL": "http://localhost:7071"}, "http://localhost:7071"),
    ],
)
def test_it_is_the_setting_or_what_the_platform_says(environment: dict[str, str], expected: str) -> None:
    """With TLS but on this machine; empty where nobody knows."""
    assert service_url(environment) == expected


@pytest.mark.parametrize("value", ["gateway.example", "http://gateway.example", "https://gateway.example/api?code=x"])
def test_a_malformed_setting_leaves_the_platforms(value: str) -> None:
    """The answer that reports the fault needs a link too."""
    assert service_url(PLATFORM | {"SERVICE_URL": value}) == "https://contoso.azurewebsites.net"
