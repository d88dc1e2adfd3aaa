"""The forms of app settings that are ours: each a type whose validator raises SettingFault for anything else."""

import json
import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta
from typing import Annotated
from urllib.parse import urlsplit
from uuid import UUID

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, TypeAdapter

from qualification.domain.guid import parse_guid
from qualification.domain.request import Qualification
from qualification.settings.environment import SettingFault

LONGEST = timedelta(days=3650)
"""Whatever is added up from durations of this length is still a time that can be written."""

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
HOST = re.compile(r"[a-z0-9._-]+|::1")
"""No blank, no control character, no escape: nothing that an HTTP client may read in another way."""

KEY_FINGERPRINT = re.compile(r"[0-9a-fA-F]{8}")
NAME = re.compile(r"[^\x00-\x1f\x7f\u2028\u2029]{1,100}")

_SECONDS = re.compile(r"\d+\.?\d*|\.\d+", re.ASCII)
_ISO_8601 = re.compile(r"P(?=.)(N W)?(N D)?(T(?=.)(N H)?(N M)?(N S)?)?".replace("N ", r"\d+(\.\d+)?"), re.ASCII)
"""Without years and months, which are of no fixed length."""
_DURATION = TypeAdapter(timedelta)


def duration(value: str | timedelta) -> timedelta:
    """A positive duration of at most ten years: ISO 8601 in weeks to seconds, or seconds; a default is one already."""
    found = timedelta(0)
    with suppress(ValueError, OverflowError):
        if isinstance(value, timedelta):
            found = value
        elif _SECONDS.fullmatch(value):
            found = timedelta(seconds=float(value))
        elif _ISO_8601.fullmatch(value):
            found = _DURATION.validate_python(value)
    if not timedelta(0) < found <= LONGEST:
        raise SettingFault("must be a positive duration of at most ten years: ISO 8601 such as PT5M, or seconds")
    return found


def flag(value: str | bool) -> bool:  # noqa: FBT001  a default is one already
    """True or false, in any case; pydantic would take yes and no, too."""
    text = str(value).lower()
    if text not in {"true", "false"}:
        raise SettingFault("must be true or false")
    return text == "true"


def key_names(value: str | Mapping[str, str]) -> Mapping[str, str]:
    """A JSON object: fingerprint of a function key (eight hex digits) to the name of whoever holds it."""
    try:
        found = json.loads(value) if isinstance(value, str) else dict(value)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict) or not all(
        KEY_FINGERPRINT.fullmatch(key) and isinstance(name, str) and NAME.fullmatch(name) for key, name in found.items()
    ):
        raise SettingFault('must be a JSON object of fingerprints and names, such as {"0badcafe": "Anna"}')
    return {key.lower(): name for key, name in found.items()}


def base_url(value: str) -> str:
    """https:// with a host and nothing else; http:// on this machine only."""
    if not (base := _base(value)):
        raise SettingFault("must be an https:// URL without a path (http:// on this machine only)")
    return base


def table_service(value: str) -> str:
    """https:// with a host and nothing else."""
    if not value.lower().startswith("https://") or not (base := _base(value)):
        raise SettingFault("must be an https:// URL such as https://NAME.table.core.windows.net")
    return base


def _base(value: str) -> str | None:
    try:
        url = urlsplit(value)
        # An impossible port raises ValueError by itself.
        extra = url.path.strip("/") or url.query or url.fragment or "@" in url.netloc or url.port == 0
    except ValueError:
        return None
    secure = url.scheme == "https" or (url.scheme == "http" and url.hostname in LOOPBACK)
    return f"{url.scheme}://{url.netloc}" if secure and HOST.fullmatch(url.hostname or "") and not extra else None


def token_location(value: str) -> str:
    """A Key Vault secret's URL, or file:///PATH."""
    if not re.fullmatch(r"https://[^/?#@:\s]+(:[0-9]+)?/secrets/[A-Za-z0-9-]{1,127}|file:///.+", value):
        raise SettingFault("must be a Key Vault secret's URL (https://VAULT/secrets/NAME) or file:///PATH")
    return value


def namespace(value: str) -> str:
    """The host name of a Service Bus namespace."""
    if not HOST.fullmatch(value.lower()):
        raise SettingFault("must be a host name such as NAME.servicebus.windows.net")
    return value


def service_bus_connection(secret: SecretStr) -> SecretStr:
    """A Service Bus connection string; the emulator's, which does without TLS, on this machine only."""
    text = secret.get_secret_value()
    endpoint = re.search(r"(?:^|;)\s*Endpoint=sb://([^;/]+)", text, re.IGNORECASE)
    if not endpoint or ("usedevelopmentemulator" in text.lower() and not _is_here(endpoint[1])):
        raise SettingFault("must be a Service Bus connection string")
    return secret


def record_storage(secret: SecretStr) -> SecretStr:
    """An Azure Storage connection string, or sqlite:///PATH; without TLS on this machine only."""
    text = secret.get_secret_value()
    known = re.match(r"sqlite:///.|.*(AccountName|TableEndpoint|UseDevelopmentStorage)=", text, re.IGNORECASE)
    clear = "defaultendpointsprotocol=http;" in f"{text.lower()};" and "tableendpoint=" not in text.lower()
    if not known or clear or not all(map(_is_here, re.findall(r"Endpoint=\s*http://([^;/]+)", text, re.IGNORECASE))):
        raise SettingFault("must be an Azure Storage connection string or sqlite:///PATH")
    return secret


def _is_here(authority: str) -> bool:
    try:
        return urlsplit(f"//{authority.strip()}").hostname in LOOPBACK
    except ValueError:
        return False


def words(value: object) -> object:
    """The words of a list with commas between; a default is no text and stays."""
    return tuple(word.strip() for word in value.split(",") if word.strip()) if isinstance(value, str) else value


Guid = Annotated[UUID, BeforeValidator(parse_guid), Field(description="a GUID")]
Duration = Annotated[timedelta, BeforeValidator(duration)]
Flag = Annotated[bool, BeforeValidator(flag)]
KeyNames = Annotated[Mapping[str, str], BeforeValidator(key_names)]
BaseUrl = Annotated[str, AfterValidator(base_url)]
TokenLocation = Annotated[str, AfterValidator(token_location)]
Qualifications = Annotated[
    tuple[Qualification, ...],
    BeforeValidator(words),
    Field(description=f"some of {', '.join(Qualification)}, with commas between"),
]
