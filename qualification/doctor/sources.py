"""Checks of the CRMs' settings: which are open, for what, by which mapping, and what keeps the others closed."""

from collections.abc import Collection, Mapping

from qualification.doctor.diagnosis import Diagnosis, Finding
from qualification.doctor.mapping_words import mapping_words
from qualification.settings.environment import load, names
from qualification.settings.key_vault_reference import UNRESOLVED
from qualification.webhooks.field_rules import QUALIFICATION
from qualification.webhooks.limits import Limits, limit_settings, qualifications_setting
from qualification.webhooks.preview import rules_of
from qualification.webhooks.registry import SOURCES, Closed
from qualification.webhooks.source import Source

NAME = "Webhook sources"
REMEDY = "Correct the app setting; docs/crm has a guide for each source."
AFTERWARDS = "Then run the doctor again: the other sources, the timer and the queue have been going on."


def sources(environment: Mapping[str, str], closed: Closed, told: Collection[str] = ()) -> list[Diagnosis]:
    """A row for each CRM that has settings, and one that names those that have none.

    Args:
        environment: app settings by name.
        closed: what is wrong with the settings of closed sources.
        told: settings whose faults are known from elsewhere.
    """
    rows: list[Diagnosis] = []
    without: list[str] = []
    for name, kind in sorted(SOURCES.items()):
        secrets = f"WEBHOOK_{name.upper()}_SECRETS"
        set_up = sorted(setting for setting in names(kind.settings) if environment.get(setting, "").strip())
        if name in closed:
            rows += [_closed(name, setting, fault) for setting, fault in closed[name].items() if setting not in told]
        elif secrets in set_up:
            rows.append(_open(kind, environment))
        elif set_up:
            detail = f"is closed: {', '.join(set_up)} is set, and {secrets} is not, so nobody can be proven"
            rows.append(
                Diagnosis(f"Webhook source {name}", Finding.WARNING, detail, f"Set {secrets}, or leave out the others.")
            )
        else:
            without.append(name)
    if without:
        rows.append(Diagnosis(NAME, Finding.OK, f"not set up, so closed: {', '.join(without)}"))
    return rows


def _closed(name: str, setting: str, fault: str) -> Diagnosis:
    remedy = AFTERWARDS if fault == UNRESOLVED else REMEDY
    return Diagnosis(f"Webhook source {name}", Finding.FAULT, f"is closed: {setting} {fault}", remedy)


def _open(kind: type[Source], environment: Mapping[str, str]) -> Diagnosis:
    name = f"Webhook source {kind.name}"
    rules = rules_of(kind, load(kind.settings, environment))
    limits = load(limit_settings(kind.name), environment).limits
    detail = f"is open; {_may(limits)}; {mapping_words(rules)}"
    wanted = rules[QUALIFICATION].outcomes if QUALIFICATION in rules else None
    if wanted and wanted.isdisjoint(limits.qualifications):
        setting = qualifications_setting(kind.name)
        doubt = f"its mapping leads to nothing that {setting} allows"
        return Diagnosis(name, Finding.WARNING, f"{detail}; {doubt}", f"Correct {setting}, or the mapping.")
    return Diagnosis(name, Finding.OK, detail)


def _may(limits: Limits) -> str:
    daily = f"{limits.daily} a day go by themselves" if limits.daily else "each waits for a person"
    return f"may ask for {', '.join(limits.qualifications)}, {daily}"
