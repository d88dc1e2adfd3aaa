"""No span and no log line of the HTTP client carries a validation code, whatever the pinned telemetry instruments."""

import asyncio
import logging
from collections.abc import Callable, Iterator
from importlib import import_module
from importlib.metadata import entry_points
from typing import Any
from uuid import UUID, uuid4

import pytest
from azure.monitor.opentelemetry._constants import _ALL_SUPPORTED_INSTRUMENTED_LIBRARIES
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from qualification.domain.request import parse_request
from tests.contract.partner_center.conftest import OpenClient
from tests.contract.partner_center.wire_server import WireServer

CODE = "S3CRET-C0DE"
GOVERNMENT = parse_request({"qualification": "GovernmentCommunityCloud", "validationCode": CODE})

ASK: dict[str, Callable[[str], object]] = {
    "httpx": lambda url: import_module("httpx").get(url),
    "requests": lambda url: import_module("requests").get(url, timeout=10),
    "urllib": lambda url: import_module("urllib.request").urlopen(url, timeout=10).read(),
    "urllib3": lambda url: import_module("urllib3").request("GET", url),
}
"""A call by each HTTP client that the distro instruments, which shows that its instrumentor is at work."""

NO_CLIENTS = {"azure_sdk", "django", "fastapi", "flask", "psycopg2"}
NOT_INSTALLED = {"httpx2"}


def instrumentors() -> dict[str, Any]:
    """The installed instrumentors by the names under which the distro finds them."""
    return {entry.name: entry for entry in entry_points(group="opentelemetry_instrumentor")}


def test_the_distro_instruments_no_other_http_client() -> None:
    """Above all not aiohttp, which sends the calls: whoever adds it has to keep the code out of its spans."""
    assert set(_ALL_SUPPORTED_INSTRUMENTED_LIBRARIES) - NO_CLIENTS - NOT_INSTALLED == ASK.keys()
    assert not [name for name in instrumentors() if "aiohttp" in name]


@pytest.fixture(params=ASK)
def library(request: pytest.FixtureRequest) -> str:
    """Each HTTP client that the distro instruments."""
    return str(request.param)


@pytest.fixture
def spans(library: str) -> Iterator[InMemorySpanExporter]:
    """The spans that the library's instrumentor makes."""
    exporter = InMemorySpanExporter()
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    instrumentor = instrumentors()[library].load()()
    instrumentor.instrument(tracer_provider=provider, skip_dep_check=True)
    yield exporter
    instrumentor.uninstrument()
    provider.shutdown()


def told(spans: InMemorySpanExporter) -> str:
    """Everything that the spans would tell."""
    return " ".join(span.to_json() for span in spans.get_finished_spans())


async def test_no_span_shows_a_validation_code(
    spans: InMemorySpanExporter, library: str, open_client: OpenClient, wire_server: WireServer
) -> None:
    """The instrumentor would show it, for it shows the URL of a call of its own library."""
    wire_server.answers(b'"GovernmentCommunityCloud"')
    client = open_client(wire_server.url)
    await client.update_qualification(uuid4(), GOVERNMENT, ms_request_id=uuid4())
    assert f"?code={CODE}".encode() in wire_server.requests[-1]
    assert CODE not in told(spans)
    await asyncio.to_thread(ASK[library], f"{wire_server.url}/?code={CODE}")
    assert CODE in told(spans)


async def test_no_log_line_of_httpx_shows_a_validation_code(
    open_client: OpenClient, wire_server: WireServer, caplog: pytest.LogCaptureFixture
) -> None:
    """It logs each URL; no level that somebody sets brings that back."""
    for name in (None, "httpx", "httpcore", "aiohttp", "aiohttp.client"):
        caplog.set_level(logging.DEBUG, name)
    customer_id: UUID = uuid4()
    wire_server.answers(b'"GovernmentCommunityCloud"')
    await open_client(wire_server.url).update_qualification(customer_id, GOVERNMENT, ms_request_id=uuid4())
    assert CODE not in f"{caplog.text} {[vars(record) for record in caplog.records]}"
    assert str(customer_id) not in caplog.text
