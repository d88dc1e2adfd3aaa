"""The sources whose tests stand in several files, with the sandbox's mapping."""

import pytest

from qualification.webhooks.dataverse.source import Dataverse
from tests.unit.webhooks import dataverse_context
from tests.unit.webhooks.payloads import content, settings_of


@pytest.fixture
def dataverse() -> Dataverse:
    """The source of Dataverse."""
    return Dataverse(settings_of("dataverse", SECRETS=dataverse_context.SECRET))


@pytest.fixture
def update() -> dataverse_context.Context:
    """An update of one column in Dataverse, with a post image of the row."""
    context: dataverse_context.Context = content("dataverse-update.json")
    return context
