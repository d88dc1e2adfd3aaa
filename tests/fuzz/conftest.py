"""A host in a process of its own and the service in this one; whatever is sent to them, no secret comes out."""

import logging
import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from sandbox.world import World, world
from tests.security.app import App

BOUNDED = settings(
    max_examples=int(os.environ.get("FUZZ_EXAMPLES", "150")),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture, HealthCheck.data_too_large],
)
"""Enough to find what is easily found in a few seconds a test, or FUZZ_EXAMPLES; other tests run beside, so no time limit."""


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The whole service behind HTTP."""
    with world(tmp_path_factory.mktemp("fuzz-host")) as running:
        running.host.start()
        yield running
        told = running.host.log.read_text()
        secrets = [running.secret, running.host.address.function_key, running.host.address.master_key]
        secrets += [value for name, value in running.settings.items() if name.endswith(("_SECRETS", "_SECRET"))]
        assert not [secret for secret in secrets if secret in told]
        assert "qualification" in told


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """The service in this process."""
    with App(tmp_path_factory.mktemp("fuzz")) as app:
        yield app


@pytest.fixture
def discreet(app: App, caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """At the end of a test no log line of it holds a secret, nor a record anything beside its text."""
    caplog.set_level(logging.DEBUG)
    yield
    told = " ".join(f"{record.getMessage()} {vars(record)}" for record in caplog.get_records("call"))
    assert not [secret for secret in app.secrets if secret in told]
