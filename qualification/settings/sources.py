"""What is set for one CRM under WEBHOOK_{SOURCE}_*."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from pydantic import SecretStr

from qualification.settings.field_rules import FieldRules, parse_field_rules
from qualification.settings.formats import flag

ORGANIZATION = re.compile(r"00D[A-Za-z0-9]{12}([A-Za-z0-9]{3})?")
"""A Salesforce organization id, case-sensitive in 15 characters or safe in 18 (SOAP API, "ID Field Type")."""
THUMBPRINT = re.compile(r"[0-9A-F]{40}|[0-9A-F]{64}")
"""SHA-1 or SHA-256 of a certificate, in hexadecimal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceSettings:
    """What is set for one CRM.

    Attributes:
        secrets: what it proves itself with; several while one is rotated.
        fields: our field -> where it comes from in the CRM's record.
        url: where the CRM sends to, word for word as the CRM knows it, for signatures that cover it.
        accepts_v2: whether the older signature, which never expires, is accepted too.
        organizations: whose messages are accepted.
        thumbprints: of the client certificates that are accepted; none means that no certificate is asked for.
    """

    secrets: tuple[SecretStr, ...] = ()
    fields: FieldRules = field(default_factory=dict)
    url: str = ""
    accepts_v2: bool = False
    organizations: tuple[str, ...] = ()
    thumbprints: tuple[str, ...] = ()


def read_source(name: str, environment: Mapping[str, str]) -> tuple[SourceSettings, dict[str, str]]:
    """The settings of the source `name`, and what is wrong with them by setting name, never a value."""
    faults: dict[str, str] = {}

    def read[T](suffix: str, empty: T, parse: Callable[[str], T]) -> T:
        setting = f"WEBHOOK_{name.upper()}_{suffix}"
        if setting not in environment:
            return empty
        try:
            return parse(environment[setting])
        except ValueError as error:
            faults[setting] = str(error)
            return empty

    no_secrets: tuple[SecretStr, ...] = ()
    no_words: tuple[str, ...] = ()
    no_fields: FieldRules = {}
    settings = SourceSettings(
        secrets=read("SECRETS", no_secrets, lambda text: tuple(map(SecretStr, _words(text)))),
        fields=read("FIELDS", no_fields, parse_field_rules),
        url=read("URL", "", _public_url),
        accepts_v2=read("V2", empty=False, parse=flag),
        organizations=read("ORGANIZATIONS", no_words, _organizations),
        thumbprints=read("THUMBPRINTS", no_words, _thumbprints),
    )
    return settings, faults


def _words(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]


def _public_url(text: str) -> str:
    url = urlsplit(text)
    if url.scheme != "https" or not url.hostname or not url.path.strip("/") or url.fragment:
        raise ValueError("must be the https:// URL that the CRM sends to, with its path")
    return text


def _organizations(text: str) -> tuple[str, ...]:
    found = tuple(_words(text))
    if not found or not all(ORGANIZATION.fullmatch(each) for each in found):
        raise ValueError("must be organization ids of 15 or 18 characters that begin with 00D, with commas between")
    return found


def _thumbprints(text: str) -> tuple[str, ...]:
    found = tuple(word.replace(":", "").upper() for word in _words(text))
    if not found or not all(THUMBPRINT.fullmatch(each) for each in found):
        raise ValueError("must be SHA-1 or SHA-256 thumbprints in hexadecimal, with commas between")
    return found
