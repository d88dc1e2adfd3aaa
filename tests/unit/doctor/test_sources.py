"""What the doctor says of CRMs: who is open, for what, and by which mapping."""

import json

import pytest

from qualification.doctor.diagnosis import Diagnosis, Finding
from qualification.doctor.mapping_words import mapping_words
from qualification.doctor.sources import sources
from qualification.webhooks.field_rules import parse_field_rules
from qualification.webhooks.registry import SOURCES, open_sources
from tests.unit.doctor.deployed_apps import MAPPING

ALL = {name: value for source in SOURCES.values() for name, value in source.sample.settings().items()}
DATAVERSE = SOURCES["dataverse"].sample.settings() | {"WEBHOOK_DATAVERSE_FIELDS": json.dumps(MAPPING)}


def rows(settings: dict[str, str], told: tuple[str, ...] = ()) -> dict[str, Diagnosis]:
    """What is said of these settings, by the names of the rows."""
    _, closed = open_sources(settings)
    return {row.name: row for row in sources(settings, closed, told)}


def test_each_crm_that_is_open_has_a_row() -> None:
    """And none has one that nobody has set up."""
    assert list(rows(ALL)) == [f"Webhook source {name}" for name in sorted(SOURCES)]
    nobody = rows({})
    assert list(nobody) == ["Webhook sources"]
    assert nobody["Webhook sources"].detail == f"not set up, so closed: {', '.join(sorted(SOURCES))}"


def test_a_mapping_is_told_in_words() -> None:
    """What is needed comes first; a value that is not listed is refused unless the mapping says otherwise."""
    row = rows(DATAVERSE)["Webhook source dataverse"]
    assert row.finding is Finding.OK
    assert row.detail == (
        "is open; may ask for Education, GovernmentCommunityCloud, StateOwnedEntity, 500 a day go by themselves; "
        "customerTenantId is cr_tenant; qualification is cr_kind (1 means Education, 2 means empty, any other means "
        "StateOwnedEntity); educationSegment is always K12"
    )


def test_a_long_map_of_values_is_cut() -> None:
    """Six are enough to know the mapping again."""
    segments = {str(number): "K12" for number in range(9)}
    rules = parse_field_rules(json.dumps(MAPPING | {"educationSegment": {"field": "cr_s", "values": segments}}))
    assert "5 means K12, 3 more, any other is refused" in mapping_words(rules)


def test_a_validation_code_is_shown_to_nobody() -> None:
    """Neither as a constant nor among values."""
    for rule in ({"constant": "GCC-SECRET"}, {"field": "cr_code", "values": {"1": "GCC-SECRET"}}):
        assert "GCC-SECRET" not in mapping_words(parse_field_rules(json.dumps(MAPPING | {"validationCode": rule})))


def test_no_mapping_means_our_own_names() -> None:
    """Standard Webhooks needs none."""
    settings = SOURCES["standard"].sample.settings()
    assert rows(settings)["Webhook source standard"].detail.endswith("its fields have our own names")


def test_a_mapping_that_leads_to_nothing_allowed_is_a_warning() -> None:
    """Each of its events would be refused."""
    limits = {"WEBHOOK_DATAVERSE_QUALIFICATIONS": "GovernmentCommunityCloud", "WEBHOOK_DATAVERSE_DAILY_LIMIT": "0"}
    row = rows(DATAVERSE | limits)["Webhook source dataverse"]
    assert row.finding is Finding.WARNING
    assert "each waits for a person" in row.detail
    assert "leads to nothing that WEBHOOK_DATAVERSE_QUALIFICATIONS allows" in row.detail


@pytest.mark.parametrize("source", sorted(SOURCES))
def test_settings_without_a_secret_are_a_warning(source: str) -> None:
    """Somebody believes that it is open."""
    kind = SOURCES[source]
    fields = f"WEBHOOK_{source.upper()}_FIELDS"
    row = rows({fields: json.dumps(MAPPING)})[f"Webhook source {kind.name}"]
    assert row.finding is Finding.WARNING
    assert row.remedy.startswith(f"Set WEBHOOK_{source.upper()}_SECRETS")


def test_a_fault_closes_its_crm_unless_it_was_told_before() -> None:
    """Each setting has its row, and none has two."""
    broken = DATAVERSE | {"WEBHOOK_DATAVERSE_FIELDS": "{}", "WEBHOOK_DATAVERSE_SECRETS": "short"}
    [*found] = [row for row in sources(broken, open_sources(broken)[1]) if row.finding is Finding.FAULT]
    assert sorted(row.detail.split()[2] for row in found) == ["WEBHOOK_DATAVERSE_FIELDS", "WEBHOOK_DATAVERSE_SECRETS"]
    assert all("short" not in row.detail for row in found)
    told = rows(broken, ("WEBHOOK_DATAVERSE_SECRETS", "WEBHOOK_DATAVERSE_FIELDS"))
    assert "Webhook source dataverse" not in told
