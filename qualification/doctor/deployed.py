"""A deployed function app as Azure Resource Manager describes it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from qualification.settings.key_vault_reference import is_reference

RESOLVED = "Resolved"
RUNNING = "Running"


class _Arm(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, hide_input_in_errors=True)


class _Site(_Arm):
    class Properties(_Arm):
        """Those that are read here ("Web Apps - Get")."""

        default_host_name: str
        state: str = RUNNING

    properties: Properties


class _Settings(_Arm):
    properties: dict[str, str | None]


class _References(_Arm):
    class Reference(_Arm):
        """One of them ("Web Apps - Get App Settings Key Vault References"); each property may be missing."""

        class Properties(_Arm):
            """What App Service made of it."""

            status: str | None = None
            vault_name: str | None = None
            secret_name: str | None = None
            details: str | None = None

        id: str = ""
        name: str | None = None
        properties: Properties = Field(default_factory=Properties)

    value: list[Reference]


@dataclass(frozen=True, slots=True)
class Reference:
    """What App Service has made of a reference to Key Vault.

    Attributes:
        status: `Resolved`, or why not, in App Service's word.
        vault: its vault.
        secret: its secret there.
        details: what App Service adds.
    """

    status: str
    vault: str = ""
    secret: str = ""
    details: str = ""

    @property
    def is_resolved(self) -> bool:
        """Whether the app has got the secret."""
        return self.status == RESOLVED


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployed:
    """A deployed app.

    Attributes:
        app: its name.
        group: its resource group.
        host: where it answers.
        state: `Running`, or in Azure's word why not.
        settings: its app settings, some of them secrets; shown by nothing.
        references: setting -> what became of its reference; None where Azure did not say.
    """

    app: str
    group: str
    host: str
    state: str
    settings: Mapping[str, str] = field(repr=False)
    references: Mapping[str, Reference] | None = None

    @property
    def referring(self) -> list[str]:
        """The settings that are references to Key Vault."""
        return sorted(name for name, value in self.settings.items() if is_reference(value))

    @property
    def unresolved(self) -> dict[str, Reference]:
        """Setting -> why the app has not got its secret; of those that Azure says so of."""
        known = self.references or {}
        return {name: known[name] for name in self.referring if name in known and not known[name].is_resolved}


def read_deployed(app: str, group: str, *, site: Any, settings: Any, references: Any) -> Deployed:
    """An app from the answers to the calls in `arm`.

    Args:
        app: its name.
        group: its resource group.
        site: the answer to `site`.
        settings: that to `app_settings`.
        references: that to `references`; None where there was none.

    Raises:
        ValueError: an answer has another shape; no value is in the text.
    """
    own = _Site.model_validate(site).properties
    values = _Settings.model_validate(settings).properties
    return Deployed(
        app=app,
        group=group,
        host=own.default_host_name,
        state=own.state,
        settings={name: value for name, value in values.items() if value is not None},
        references=None if references is None else _references(_References.model_validate(references)),
    )


def _references(answer: _References) -> dict[str, Reference]:
    found: dict[str, Reference] = {}
    for each in answer.value:
        own = each.properties
        # The id ends with the setting's name, which the name of the resource need not be.
        setting = each.id.rpartition("/")[2] or (each.name or "").rpartition("/")[2]
        found[setting] = Reference(
            own.status or "Initialized", own.vault_name or "", own.secret_name or "", own.details or ""
        )
    return found
