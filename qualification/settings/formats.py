"""The forms that values of app settings take; each function returns the value or raises ValueError."""

import re
from datetime import timedelta
from urllib.parse import urlsplit

LONGEST = timedelta(days=3650)
"""Whatever is added up from durations of this length is still a time that can be written."""

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
HOST = re.compile(r"[a-z0-9._-]+|::1")
"""No blank, no control character, no escape: nothing that an HTTP client may read in another way."""

_SECONDS = re.compile(r"\d+\.?\d*|\.\d+", re.ASCII)
_DURATION = re.compile(
    "P(?=.)(?:(?P<weeks>N)W)?(?:(?P<days>N)D)?"
    "(?:T(?=.)(?:(?P<hours>N)H)?(?:(?P<minutes>N)M)?(?:(?P<seconds>N)S)?)?".replace("N", r"\d+(?:\.\d+)?"),
    re.ASCII,
)
"""ISO 8601 without years and months, which are of no fixed length."""


def base_url(value: str) -> str:
    """https:// with a host and nothing else; http:// on this machine only."""
    url = urlsplit(value)
    secure = url.scheme == "https" or (url.scheme == "http" and url.hostname in LOOPBACK)
    # An impossible port raises ValueError by itself.
    extra = url.path.strip("/") or url.query or url.fragment or "@" in url.netloc or url.port == 0
    if not secure or not HOST.fullmatch(url.hostname or "") or extra:
        raise ValueError(value)
    return f"{url.scheme}://{url.netloc}"


def token_location(value: str) -> str:
    """A Key Vault secret's URL, or file:///PATH."""
    if not re.fullmatch(r"https://[^/?#@:\s]+(:[0-9]+)?/secrets/[A-Za-z0-9-]{1,127}|file:///.+", value):
        raise ValueError(value)
    return value


def whole_number(value: str) -> int:
    """A whole number of at least 1."""
    if (number := int(value)) < 1:
        raise ValueError(value)
    return number


def number(value: str) -> float:
    """A number above 0, up to 100."""
    if not 0 < (number := float(value)) <= 100:  # noqa: PLR2004  see above
        raise ValueError(value)
    return number


def duration(value: str) -> timedelta:
    """A positive duration of at most ten years: ISO 8601 in weeks to seconds, or seconds."""
    if _SECONDS.fullmatch(value):
        numbers = {"seconds": value}
    elif found := _DURATION.fullmatch(value):
        numbers = found.groupdict(default="0")
    else:
        raise ValueError(value)
    try:
        duration = timedelta(**{unit: float(number) for unit, number in numbers.items()})
    except OverflowError:
        raise ValueError(value) from None
    if not timedelta(0) < duration <= LONGEST:
        raise ValueError(value)
    return duration


def boolean(value: str) -> bool:
    """True or false, in any case."""
    if value.lower() not in {"true", "false"}:
        raise ValueError(value)
    return value.lower() == "true"


def service_bus_connection(value: str) -> str:
    """A Service Bus connection string; the emulator's, which does without TLS, on this machine only."""
    endpoint = re.search(r"(?:^|;)\s*Endpoint=sb://([^;/]+)", value, re.IGNORECASE)
    if not endpoint or ("usedevelopmentemulator" in value.lower() and not _is_here(endpoint[1])):
        raise ValueError(value)
    return value


def namespace(value: str) -> str:
    """The host name of a Service Bus namespace."""
    if not HOST.fullmatch(value.lower()):
        raise ValueError(value)
    return value


def table_service(value: str) -> str:
    """https:// with a host and nothing else."""
    if not value.lower().startswith("https://"):
        raise ValueError(value)
    return base_url(value)


def record_storage(value: str) -> str:
    """An Azure Storage connection string, or sqlite:///PATH; without TLS on this machine only."""
    if not re.match(r"sqlite:///.|.*(AccountName|TableEndpoint|UseDevelopmentStorage)=", value, re.IGNORECASE):
        raise ValueError(value)
    if "defaultendpointsprotocol=http;" in f"{value.lower()};" and "tableendpoint=" not in value.lower():
        raise ValueError(value)
    if not all(map(_is_here, re.findall(r"Endpoint=\s*http://([^;/]+)", value, re.IGNORECASE))):
        raise ValueError(value)
    return value


def _is_here(authority: str) -> bool:
    return urlsplit(f"//{authority.strip()}").hostname in LOOPBACK
