"""What setup knows by itself is what the templates say."""

import re
from pathlib import Path

from qualification.domain.request import Qualification
from qualification.setup.answers import Answers
from qualification.setup.record_store import ROLE, STORAGE, TABLE
from qualification.setup.templates import Templates
from qualification.setup.trust import SECRET
from qualification.setup.vault import PLACEHOLDER, REFRESH_TOKEN
from qualification.setup.wishes import EVERY_QUALIFICATION, QUESTIONS
from qualification.webhooks.registry import SOURCES
from tests.setup import driver

INFRA = driver.ROOT / "infra"
ANSWERS = {"AZURE_ENV_NAME": "test", "AZURE_LOCATION": "x", "ALERT_EMAIL": "x", "PARTNER_CENTER_TENANT_ID": "t"}


def text(name: str) -> str:
    """A file of the templates."""
    return (INFRA / name).read_text(encoding="utf-8")


def test_the_names_are_those_of_the_templates() -> None:
    """Of the role on the table, the storage account it is called after, the table, and the secrets."""
    assert f"roleName: '{ROLE.format(token='${token}')}'" in text("modules/role-definitions.bicep")
    assert f"recordStorage: '{STORAGE}${{token}}'" in text("names.bicep")
    assert f"var tableName = '{TABLE}'" in text("names.bicep")
    assert f"var refreshTokenSecretName = '{REFRESH_TOKEN}'" in text("names.bicep")
    assert f"clientSecretInVault ? '{SECRET}'" in text("main.bicep")
    assert f"contentType: '{PLACEHOLDER}'" in text("modules/secrets.bicep")


def test_what_has_no_default_is_asked() -> None:
    """By the names of the parameter files; the app's id is found."""
    files = text("main.parameters.json") + text("bootstrap.parameters.json")
    needed = set(re.findall(r"\$\{(\w+)\}", files))
    assert needed - {"PARTNER_CENTER_CLIENT_ID"} <= set(QUESTIONS)


def test_every_qualification_waits_at_first() -> None:
    """A new one too."""
    assert EVERY_QUALIFICATION.split(",") == [each.value for each in Qualification]
    assert set(driver.SOURCES) == set(SOURCES)


def test_the_digest_changes_with_templates_and_answers_only(tmp_path: Path) -> None:
    """What a shell has set, and what is not deployed, does not matter."""
    infra = tmp_path / "infra"
    (infra / "profiles").mkdir(parents=True)
    for name in ("parameters.py", "main.parameters.json", "main.bicep"):
        (infra / name).write_text(text(name), encoding="utf-8")
    answers = Answers(tmp_path / "setup.json", ANSWERS | {"PARTNER_CENTER_CLIENT_ID": "app"})
    templates = Templates(infra)
    first = templates.digest("main", answers)
    (infra / "profiles" / "plain.json").write_text("{}", encoding="utf-8")
    answers.keep(SERVICE_APP_NAME="func-abc")
    assert templates.digest("main", answers) == first
    (infra / "alerts.kql").write_text("traces", encoding="utf-8")
    second = templates.digest("main", answers)
    answers.keep(DAILY_QUOTA_GB="5")
    assert len({first, second, templates.digest("main", answers)}) == 3
