"""How an Azure service is reached: by a connection string, or by an identity, under the names that Azure gives both."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import AfterValidator, ConfigDict, Field, SecretStr, ValidationInfo, field_validator

from qualification.settings import formats
from qualification.settings.environment import EnvironmentModel, SettingFault


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


class Connection(EnvironmentModel):
    """A connection string under the plain name, or an identity-based connection under `NAME__` names.

    Attributes:
        credential: `managedidentity` in Azure; left out, it is whoever is signed in on this machine.
        client_id: of the managed identity; left out, it is the system-assigned one.
    """

    endpoint: str | None = None
    credential: Literal["managedidentity"] | None = Field(None, description="managedidentity, or left out")
    client_id: str | None = None
    plain: SecretStr | None = Field(None, validate_default=True)

    @field_validator("plain")
    @classmethod
    def _one_of_two(cls, plain: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        # An endpoint that is not sound is not among the data, and yet it is set.
        located, other = info.data.get("endpoint", "") is not None, cls.model_fields["endpoint"].alias
        if plain and located:
            raise SettingFault(f"is set beside {other}: set one of the two")
        if not plain and not located:
            raise SettingFault(f"is missing (or {other}, to connect with a managed identity)")
        return plain

    @property
    def target(self) -> SecretStr | Identity:
        """The connection string, or the identity and where it leads."""
        if self.plain:
            return self.plain
        return Identity(endpoint=self.endpoint or "", managed=self.credential is not None, client_id=self.client_id)


def _names(setting: str, endpoint: str) -> Callable[[str], str]:
    names = {"plain": setting, "endpoint": f"{setting}__{endpoint}"}
    others = {"credential": f"{setting}__credential", "client_id": f"{setting}__clientId"}
    return (names | others).__getitem__


class ServiceBusConnection(Connection):
    """To the namespace.

    Attributes:
        endpoint: the namespace's host name, to connect with an identity.
        plain: a connection string; one of the two is needed.
    """

    model_config = ConfigDict(alias_generator=_names("ServiceBusConnection", "fullyQualifiedNamespace"))

    endpoint: Annotated[str, AfterValidator(formats.namespace)] | None = None
    plain: Annotated[SecretStr, AfterValidator(formats.service_bus_connection)] | None = Field(
        None, validate_default=True
    )


class RecordStorage(Connection):
    """To the records.

    Attributes:
        endpoint: the URL of the table service, to connect with an identity.
        plain: an Azure Storage connection string (`UseDevelopmentStorage=true` is Azurite) or `sqlite:///PATH`; one of the
            two is needed.
    """

    model_config = ConfigDict(alias_generator=_names("RecordStorage", "tableServiceUri"))

    endpoint: Annotated[str, AfterValidator(formats.table_service)] | None = None
    plain: Annotated[SecretStr, AfterValidator(formats.record_storage)] | None = Field(None, validate_default=True)
