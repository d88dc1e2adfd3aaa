"""The hosts that several tests share."""

from collections.abc import Iterator

import httpx
import pytest

from tests.runtime.host.processes import APPS, RunningHost, running_host


@pytest.fixture(scope="session")
def web_host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningHost]:
    """The app of HTTP functions."""
    settings = {"GREETING": "hello", "AzureWebJobs.sleeper.Disabled": "true"}
    with running_host(APPS / "web", tmp_path_factory.mktemp("web") / "log", settings) as host:
        yield host


@pytest.fixture(scope="session")
def web(web_host: RunningHost) -> Iterator[httpx.Client]:
    """A client of the app of HTTP functions."""
    with web_host.client() as client:
        yield client
