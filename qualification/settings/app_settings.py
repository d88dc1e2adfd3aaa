"""Every app setting, typed and validated once, at start. Names are Azure's own where Azure has one."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from qualification.domain.errors import ConfigurationError
from qualification.domain.guid import parse_guid
from qualification.domain.timing import Policy
from qualification.settings import formats
from qualification.settings.secret import Secret
from qualification.settings.sources import SourceSettings, read_source

DURATIONS = (
    "review_first",
    "review_max",
    "review_overdue",
    "review_approved",
    "retry_first",
    "retry_max",
    "retry_for",
)

ENDPOINTS = {
    "fullyQualifiedNamespace": (formats.namespace, "a host name such as NAME.servicebus.windows.net"),
    "tableServiceUri": (formats.table_service, "an https:// URL such as https://NAME.table.core.windows.net"),
}
"""Where an identity-based connection leads, by the end of its setting's name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """An identity-based connection.

    Attributes:
        endpoint: where to, where the connection does not say it otherwise.
        managed: whether to use a managed identity only; otherwise whoever is signed in, as on a developer's machine.
        client_id: which managed identity; None is the system-assigned one.
    """

    endpoint: str = ""
    managed: bool
    client_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerCenterSettings:
    """How Partner Center is reached, and who the app is to it; all that the one interactive sign-in needs."""

    url: str
    login_url: str
    tenant_id: UUID
    client_id: str
    client_secret: Secret | None
    federated_identity: bool
    refresh_token: str
    identity: Identity
    max_concurrency: int
    timeout: timedelta

    @classmethod
    def load(cls, environment: Mapping[str, str]) -> "PartnerCenterSettings":
        """Read these settings only.

        Raises:
            ConfigurationError: some are missing or malformed; it lists every fault by name, never a value.
        """
        reader = _Reader(environment)
        return cls(**_sound(reader.partner_center(), reader))


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The app settings; build it with `Settings.load`."""

    service_bus: Secret | Identity
    record_storage: Secret | Identity
    queue: str
    topic: str
    partner_center: PartnerCenterSettings
    sources: dict[str, SourceSettings]
    policy: Policy

    @classmethod
    def load(cls, environment: Mapping[str, str], sources: Mapping[str, object]) -> "Settings":
        """Read all settings.

        Args:
            environment: names and values, as in `os.environ`.
            sources: the CRMs that are known here, by name.

        Raises:
            ConfigurationError: some are missing or malformed; it lists every fault by name, never a value.
        """
        reader = _Reader(environment)
        partner_center = reader.partner_center()
        values: dict[str, Any] = {
            "service_bus": reader.connection(
                "ServiceBusConnection",
                "fullyQualifiedNamespace",
                formats.service_bus_connection,
                "a Service Bus connection string",
            ),
            "record_storage": reader.connection(
                "RecordStorage",
                "tableServiceUri",
                formats.record_storage,
                "an Azure Storage connection string or sqlite:///PATH",
            ),
            "queue": reader.text("QUALIFICATION_QUEUE", "qualification-requests"),
            "topic": reader.text("QUALIFICATION_TOPIC", "qualification-events"),
            "sources": {name: reader.source(name) for name in sources},
            "policy": reader.policy(partner_center["timeout"]),
        }
        return cls(**_sound(values, reader), partner_center=PartnerCenterSettings(**partner_center))


class _Reader:
    """Reads settings one by one and collects what is wrong with them."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        # An empty value is how a template leaves a setting out.
        self._values = {name: value.strip() for name, value in environment.items() if value.strip()}
        self.faults: dict[str, str] = {}

    def partner_center(self) -> dict[str, Any]:
        values = {
            "url": self.url("PARTNER_CENTER_URL", "https://api.partnercenter.microsoft.com"),
            "login_url": self.url("PARTNER_CENTER_LOGIN_URL", "https://login.microsoftonline.com"),
            "tenant_id": self.guid("PARTNER_CENTER_TENANT_ID"),
            "client_id": self.text("PARTNER_CENTER_CLIENT_ID"),
            "refresh_token": self.refresh_token("PARTNER_CENTER_REFRESH_TOKEN"),
            "identity": self.identity("AZURE_CLIENT_ID"),
            "max_concurrency": self.whole_number("PARTNER_CENTER_MAX_CONCURRENCY", 8),
            "timeout": self.duration("PARTNER_CENTER_TIMEOUT", timedelta(seconds=30)),
        }
        secret, federated = self.client_proof()
        return {**values, "client_secret": secret, "federated_identity": federated}

    def text(self, name: str, default: str | None = None) -> str | None:
        value = self._values.get(name, default)
        if value is None:
            self.faults[name] = "is missing"
        return value

    def _parsed[T](self, name: str, default: T | None, parse: Callable[[str], T], expected: str) -> T | None:
        if name not in self._values:
            if default is None:
                self.faults[name] = "is missing"
            return default
        try:
            return parse(self._values[name])
        except ValueError:
            self.faults[name] = f"must be {expected}"
            return default

    def guid(self, name: str) -> UUID | None:
        return self._parsed(name, None, parse_guid, "a GUID")

    def url(self, name: str, default: str) -> str | None:
        return self._parsed(
            name, default, formats.base_url, "an https:// URL without a path (http:// on this machine only)"
        )

    def whole_number(self, name: str, default: int) -> int | None:
        return self._parsed(name, default, formats.whole_number, "a whole number of at least 1")

    def duration(self, name: str, default: timedelta) -> timedelta:
        expected = "a positive duration of at most ten years: ISO 8601 such as PT5M, or seconds"
        return self._parsed(name, default, formats.duration, expected) or default

    def refresh_token(self, name: str) -> str | None:
        expected = "a Key Vault secret's URL (https://VAULT/secrets/NAME) or file:///PATH"
        return self._parsed(name, None, formats.token_location, expected)

    def connection(
        self, name: str, endpoint: str, parse: Callable[[str], str], expected: str
    ) -> Secret | Identity | None:
        """A connection string under the plain name, or an identity-based connection under `NAME__` names."""
        plain, located = self._values.get(name), self._values.get(f"{name}__{endpoint}")
        if plain and located:
            self.faults[name] = f"is set beside {name}__{endpoint}: set one of the two"
        elif located:
            credential = self._values.get(f"{name}__credential")
            if credential not in {None, "managedidentity"}:
                self.faults[f"{name}__credential"] = "must be managedidentity, or left out"
            located = self._parsed(f"{name}__{endpoint}", "", *ENDPOINTS[endpoint])
            client_id = self._values.get(f"{name}__clientId")
            return Identity(endpoint=located or "", managed=credential is not None, client_id=client_id)
        elif not plain:
            self.faults[name] = f"is missing (or {name}__{endpoint}, to connect with a managed identity)"
        connection = self._parsed(name, "", parse, expected)
        return Secret(connection) if connection else None

    def identity(self, name: str) -> Identity:
        """Who the app is to the vault and at sign-in: the managed identity of this client id, if one is named."""
        client_id = self._values.get(name)
        return Identity(managed=client_id is not None, client_id=client_id)

    def client_proof(self) -> tuple[Secret | None, bool]:
        """How the app proves itself at sign-in: a client secret, or an assertion of its managed identity."""
        secret, federated = "PARTNER_CENTER_CLIENT_SECRET", "PARTNER_CENTER_FEDERATED_IDENTITY"
        flag = self._parsed(federated, False, formats.boolean, "true or false")  # noqa: FBT003  the default value
        value = self._values.get(secret)
        if flag and value:
            self.faults[secret] = f"is set beside {federated}: set one of the two"
        if not flag and not value:
            self.faults[secret] = f"is missing (or {federated}=true, to sign in with a managed identity)"
        return (Secret(value) if value else None), bool(flag)

    def source(self, name: str) -> SourceSettings:
        settings, faults = read_source(name, self._values)
        self.faults |= faults
        return settings

    def policy(self, timeout: timedelta) -> Policy:
        defaults = Policy()
        values = {name: self.duration(name.upper(), getattr(defaults, name)) for name in DURATIONS}
        growth = self._parsed("REVIEW_GROWTH", defaults.review_growth, formats.number, "a number above 0, at most 100")
        for first, most in (("REVIEW_FIRST", "REVIEW_MAX"), ("RETRY_FIRST", "RETRY_MAX")):
            # A malformed duration reads as its default, which says nothing about the other.
            if not {first, most} & self.faults.keys() and values[first.lower()] > values[most.lower()]:
                self.faults[most] = f"must not be shorter than {first}"
        # The call itself, a sign-in before it, and both once more after a 401.
        return Policy(
            **values, review_growth=growth or defaults.review_growth, lease=4 * timeout + timedelta(seconds=5)
        )


def _sound(values: dict[str, Any], reader: _Reader) -> dict[str, Any]:
    if reader.faults:
        raise ConfigurationError(reader.faults)
    return values
