"""The sources whose tests stand in several files, with the sandbox's mapping."""

import pytest

from qualification.webhooks.dataverse.source import Dataverse
from qualification.webhooks.hubspot.source import HubSpot
from tests.unit.webhooks import dataverse_context, hubspot_calls
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


@pytest.fixture
def hubspot() -> HubSpot:
    """The source of HubSpot, while its secret is rotated."""
    return HubSpot(settings_of("hubspot", SECRETS=f"{hubspot_calls.OLDER}, {hubspot_calls.SECRET}"))
