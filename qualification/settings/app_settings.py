"""Every app setting, typed and validated once, at start. Names are Azure's own where Azure has one."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Any, Self

from pydantic import ConfigDict, Field, SecretStr, ValidationInfo, field_validator

from qualification.domain.timing import Policy
from qualification.settings.connections import Identity, RecordStorage, ServiceBusConnection
from qualification.settings.environment import EnvironmentModel, SettingFault, load
from qualification.settings.formats import (
    BaseUrl,
    Duration,
    Flag,
    Guid,
    KeyNames,
    Qualifications,
    TokenLocation,
    duration,
)
from qualification.settings.function_time import (
    FOLLOWS,
    FUNCTION_TIMEOUT,
    LONGEST_TIMEOUT,
    TO_SPARE,
    follow_for,
    longest_other,
    longest_write,
)
from qualification.settings.service_url import SERVICE_URL, default_url
from qualification.use_cases.due_work import RUN_FOR

SECOND = timedelta(seconds=1)
TIMEOUT = timedelta(seconds=30)

_ROOM = f"host.json's functionTimeout of {FUNCTION_TIMEOUT.total_seconds():g} s with {TO_SPARE.total_seconds():g} s to spare"

WriteTimeout = Annotated[Duration, Field(alias="PARTNER_CENTER_WRITE_TIMEOUT", validate_default=True)]
"""Of a write to Partner Center: Microsoft's own SDK waits three minutes for one."""


class PartnerCenterSettings(EnvironmentModel):
    """How Partner Center is reached, and who the app is to it; all that the one interactive sign-in needs.

    Attributes:
        url: Partner Center's API; another one for other clouds, or the sandbox.
        login_url: Microsoft's sign-in; another one for other clouds, or the sandbox.
        tenant_id: the partner's own tenant.
        client_id: the app registration.
        federated_identity: `true` proves the app by the managed identity, without a secret.
        client_secret: proves the app where there is no managed identity; one of the two is needed.
        refresh_token: where the sign-in's refresh token is kept: a Key Vault secret's URL, or `file:///PATH`.
        managed_identity: client id of the managed identity for the vault and the sign-in; without it, whoever is signed in.
        max_concurrency: calls at a time, on an instance.
        timeout: how long a read, or a sign-in, may take.
        write_timeout: how long a write may take.
    """

    url: BaseUrl = Field("https://api.partnercenter.microsoft.com", alias="PARTNER_CENTER_URL")
    login_url: BaseUrl = Field("https://login.microsoftonline.com", alias="PARTNER_CENTER_LOGIN_URL")
    tenant_id: Guid = Field(alias="PARTNER_CENTER_TENANT_ID")
    client_id: str = Field(alias="PARTNER_CENTER_CLIENT_ID")
    federated_identity: Flag = Field(default=False, alias="PARTNER_CENTER_FEDERATED_IDENTITY")
    client_secret: SecretStr | None = Field(None, alias="PARTNER_CENTER_CLIENT_SECRET", validate_default=True)
    refresh_token: TokenLocation = Field(alias="PARTNER_CENTER_REFRESH_TOKEN")
    managed_identity: str | None = Field(None, alias="AZURE_CLIENT_ID")
    max_concurrency: int = Field(
        8, alias="PARTNER_CENTER_MAX_CONCURRENCY", ge=1, description="a whole number of at least 1"
    )
    timeout: Duration = Field(TIMEOUT, alias="PARTNER_CENTER_TIMEOUT")
    write_timeout: WriteTimeout = Policy().write_timeout

    @field_validator("client_secret")
    @classmethod
    def _one_proof(cls, secret: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        other, federated = "PARTNER_CENTER_FEDERATED_IDENTITY", info.data.get("federated_identity", False)
        if federated and secret:
            raise SettingFault(f"is set beside {other}: set one of the two")
        if not federated and not secret:
            raise SettingFault(f"is missing (or {other}=true, to sign in with a managed identity)")
        return secret

    @field_validator("timeout")
    @classmethod
    def _fits_a_run(cls, timeout: timedelta) -> timedelta:
        if timeout > LONGEST_TIMEOUT:
            raise SettingFault(
                f"must be at most {LONGEST_TIMEOUT.total_seconds():g} s: the timer takes on work for {RUN_FOR.total_seconds():g} "
                f"s, and what it has begun then must end within {_ROOM}"
            )
        return timeout

    @field_validator("write_timeout")
    @classmethod
    def _fits_a_function(cls, write: timedelta, info: ValidationInfo) -> timedelta:
        other: timedelta = info.data.get("timeout", TIMEOUT)
        if follow_for(write, other) < FOLLOWS:
            most = f"at most {int(longest_write(other).total_seconds())} s"
            if (instead := longest_other(write)) >= SECOND:
                most += f", or PARTNER_CENTER_TIMEOUT at most {int(instead.total_seconds())} s"
            raise SettingFault(
                f"must be {most}: two writes, two sign-ins and a read, "
                f"begun by the timer within {FOLLOWS.total_seconds():g} s and followed by another sign-in, must fit into {_ROOM}"
            )
        return write

    @property
    def follow_for(self) -> timedelta:
        """How long a run of the timer may begin submissions."""
        return follow_for(self.write_timeout, self.timeout)

    @property
    def identity(self) -> Identity:
        """Who the app is to the vault and at sign-in: the managed identity of AZURE_CLIENT_ID, if one is named."""
        return Identity(managed=self.managed_identity is not None, client_id=self.managed_identity)


class PolicySettings(Policy):
    """The policy, under the names of its fields; a write's time-out under that of the write's own setting."""

    model_config = ConfigDict(
        alias_generator=str.upper, hide_input_in_errors=True, validate_default=True, validate_by_name=True
    )

    write_timeout: WriteTimeout = Policy().write_timeout

    @field_validator("*", mode="before")
    @classmethod
    def _duration(cls, value: Any, info: ValidationInfo) -> Any:
        return value if info.field_name == "review_growth" else duration(value)

    @field_validator("review_max", "retry_max")
    @classmethod
    def _not_shorter_than_the_first(cls, most: timedelta, info: ValidationInfo) -> timedelta:
        first = str(info.field_name).replace("max", "first")
        if most < info.data.get(first, most):
            raise SettingFault(f"must not be shorter than {first.upper()}")
        return most


class Settings(EnvironmentModel):
    """The app settings; build it with `Settings.load`.

    Attributes:
        queue: the queue of work; the trigger needs it set.
        topic: the topic of events.
        service_url: where callers find the service, without a path: what links and problem types begin with. Without it,
            `https://` and the app's own host name.
        confirm_first: which qualifications wait for a person before they are sent, with commas between.
        api_key_names: who holds which function key, for history and log: JSON, the first eight hex digits of the key's
            SHA-256 -> the name.
    """

    service_bus_connection: ServiceBusConnection
    record_storage_connection: RecordStorage
    queue: str = Field("qualification-requests", alias="QUALIFICATION_QUEUE")
    topic: str = Field("qualification-events", alias="QUALIFICATION_TOPIC")
    service_url: BaseUrl = Field("", alias="SERVICE_URL", validate_default=False)
    confirm_first: Qualifications = Field((), alias="CONFIRM_QUALIFICATIONS")
    api_key_names: KeyNames = Field(default_factory=dict, alias="API_KEY_NAMES")
    partner_center: PartnerCenterSettings
    policy: PolicySettings

    @property
    def service_bus(self) -> SecretStr | Identity:
        """How Service Bus is reached."""
        return self.service_bus_connection.target

    @property
    def record_storage(self) -> SecretStr | Identity:
        """Where the records are kept."""
        return self.record_storage_connection.target

    @classmethod
    def load(cls, environment: Mapping[str, str]) -> Self:
        """Read the settings of the service; those of a CRM are read in its room.

        Args:
            environment: names and values, as in `os.environ`.

        Raises:
            ConfigurationError: some are missing or malformed; it lists every fault by name, never a value.
        """
        url = environment.get(SERVICE_URL, "").strip() or default_url(environment)
        return load(cls, {**environment, SERVICE_URL: url})
