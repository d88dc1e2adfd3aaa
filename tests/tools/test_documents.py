"""What lies in the repository is what the builders make of models and pages now."""

from collections.abc import Callable
from pathlib import Path

import pytest

from qualification.webhooks.registry import SOURCES
from tools.documents import DOCUMENTS
from tools.openapi.document import document


@pytest.mark.parametrize(("path", "make"), DOCUMENTS.items(), ids=[path.name for path in DOCUMENTS])
def test_a_checked_in_document_is_current(path: Path, make: Callable[[], str]) -> None:
    """After a change: `make documents`."""
    assert path.read_text(encoding="utf-8") == make()


def test_the_proof_of_every_known_sender_is_described() -> None:
    """A CRM more is a proof more in the document."""
    schemes = document()["components"]["securitySchemes"]
    assert {source.scheme.name for source in SOURCES.values()} <= schemes.keys()


def test_a_proof_that_two_senders_share_is_described_once() -> None:
    """And says whose it is."""
    schemes = document()["components"]["securitySchemes"]
    assert schemes["webhookSecretHeader"]["description"].startswith("of dataverse and salesforce: ")
