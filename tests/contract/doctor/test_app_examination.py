"""A deployed app, seen as itself and as whoever is signed in on another machine, which is nobody."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from qualification.doctor.app_examination import examine_app
from qualification.doctor.deployed import Deployed
from qualification.doctor.diagnosis import Diagnosis, Finding, SeenAs, exit_code
from sandbox.partner_center import PartnerCenterThread
from sandbox.service_bus import BrokerThread
from tests.unit.doctor.deployed_apps import SETTINGS, deployed, reference

# The Service Bus SDK asks an XML element for its truth value.
pytestmark = pytest.mark.filterwarnings("ignore:Testing an element's truth value:DeprecationWarning")

APP, YOU = SeenAs.APP, SeenAs.YOU
CLIENT_SECRET = "PARTNER_CENTER_CLIENT_SECRET"

type Rows = Mapping[tuple[SeenAs | None, str], Diagnosis]


@pytest.fixture
def settings(broker: BrokerThread, partner_center: PartnerCenterThread) -> dict[str, str]:
    """As the templates set them, but for a key to Service Bus and the simulated Partner Center."""
    values = {name: value for name, value in SETTINGS.items() if not name.startswith("ServiceBusConnection__")}
    return values | {
        "ServiceBusConnection": broker.connection_string,
        "PARTNER_CENTER_URL": partner_center.url,
        "PARTNER_CENTER_LOGIN_URL": partner_center.url,
        "PARTNER_CENTER_TENANT_ID": partner_center.credentials.tenant_id,
        "PARTNER_CENTER_CLIENT_ID": partner_center.credentials.client_id,
    }


def an_app(settings: Mapping[str, str], host: str, **statuses: str) -> Deployed:
    """Deployed with these settings; its report is at this host."""
    return replace(deployed(dict(settings), **statuses), host=host)


async def seen(app: Deployed, client_secret: str = "") -> Rows:
    """All rows, by whose eyes they have and their names."""
    return {(row.seen_as, row.name): row for row in await examine_app(app, client_secret)}


@pytest.mark.usefixtures("nobody")
async def test_a_sound_app_is_sound_whoever_looks(settings: dict[str, str], host: str) -> None:
    """What takes the app's identity says so, instead of a wrong verdict."""
    rows = await seen(an_app(settings, host))
    assert exit_code(rows.values()) == 0, rows
    assert rows[APP, "The app's own report"].detail == "it is healthy"
    assert rows[APP, "Key Vault references"].finding is Finding.OK
    assert "qualification is cr_kind" in rows[APP, "Webhook source dataverse"].detail
    assert rows[YOU, "Queue, sending"].finding is Finding.OK
    for name in ("Azure sign-in, record store", "Record store", "Refresh token", "Partner Center, the app"):
        assert rows[YOU, name].finding is Finding.NOT_CHECKED
    assert "To see it from here takes the role Qualification records" in rows[YOU, "Record store"].remedy
    assert "az login" in rows[YOU, "Azure sign-in, record store"].remedy


@pytest.mark.usefixtures("nobody")
async def test_a_client_secret_at_hand_lets_the_app_be_proven(
    settings: dict[str, str], host: str, partner_center: PartnerCenterThread
) -> None:
    """The same secret as for sign-in; the refresh token is left alone, and the clock of this machine is no row."""
    app = an_app(settings | {CLIENT_SECRET: reference("client-secret")}, host)
    rows = await seen(app, partner_center.credentials.client_secret)
    assert rows[YOU, "Partner Center, the app"].finding is Finding.OK
    assert rows[YOU, "Partner Center, the service account"].finding is Finding.NOT_CHECKED
    assert (YOU, "Clock") not in rows


@pytest.mark.usefixtures("nobody")
async def test_what_keeps_the_app_from_working_is_found_from_here(settings: dict[str, str], host: str) -> None:
    """A reference that was not resolved is told once, with its command; a mapping and a name in their own words."""
    mapping = {"WEBHOOK_DATAVERSE_FIELDS": '{"qualification": "cr_kind"}', "WEBHOOK_HUBSPOT_SECRET": "x"}
    rows = await seen(an_app(settings | mapping, host, WEBHOOK_STANDARD_SECRETS="SecretNotFound"))
    broken = rows[APP, "Key Vault reference WEBHOOK_STANDARD_SECRETS"]
    assert broken.finding is Finding.FAULT
    assert "az keyvault secret set --vault-name kv-example --name webhook-standard" in broken.remedy
    assert "customerTenantId is missing" in rows[APP, "Webhook source dataverse"].detail
    assert rows[APP, "App setting WEBHOOK_HUBSPOT_SECRET"].remedy == "Is WEBHOOK_HUBSPOT_SECRETS meant?"
    assert not [row for row in rows.values() if "WEBHOOK_STANDARD_SECRETS" in row.detail]


@pytest.mark.usefixtures("nobody")
async def test_files_of_the_app_are_not_looked_for_here(settings: dict[str, str], host: str, tmp_path: Path) -> None:
    """They are on another machine, and nothing of their names is made on this one."""
    place = tmp_path / "data"
    place.mkdir()
    values = {name: value for name, value in settings.items() if not name.startswith("RecordStorage")}
    values |= {
        "RecordStorage": f"sqlite:///{place / 'records.db'}",
        "PARTNER_CENTER_REFRESH_TOKEN": (place / "token").as_uri(),
    }
    rows = await seen(an_app(values, host))
    assert rows[APP, "Record store"].finding is rows[APP, "Refresh token"].finding is Finding.FAULT
    assert (YOU, "Record store") not in rows
    assert (YOU, "Refresh token") not in rows
    assert list(place.iterdir()) == []


async def test_settings_that_stop_the_service_come_first(settings: dict[str, str], host: str) -> None:
    """Each in a row, without its value, and the rest is not guessed at."""
    rows = await seen(an_app(settings | {"RETRY_FIRST": "sometime", "PARTNER_CENTER_TENANT_ID": "not-a-guid"}, host))
    assert rows[APP, "App setting RETRY_FIRST"].finding is Finding.FAULT
    assert rows[APP, "App setting PARTNER_CENTER_TENANT_ID"].finding is Finding.FAULT
    assert rows[YOU, "Records, Service Bus, Partner Center"].finding is Finding.NOT_CHECKED
    assert "sometime" not in str(rows)
    assert "not-a-guid" not in str(rows)
