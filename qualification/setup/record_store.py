"""Step: the table of the records has its marker."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from qualification.setup.answers import Answers
from qualification.setup.azure import Azure
from qualification.setup.own_commands import OwnCommands
from qualification.setup.person import Person
from qualification.setup.stopped import Stopped
from qualification.setup.vault import REFRESH_TOKEN, Vault

ROLE, STORAGE, TABLE = "Qualification records ({token})", "strec", "qualifications"
"""Our role on the table is called after the deployment's token, and so is the storage account (infra/names.bicep)."""
TRIES, PAUSE = 60, 10.0
"""A new role takes some minutes ("Azure RBAC limits": up to ten); seconds between two tries."""


@dataclass(frozen=True, slots=True)
class RecordStore:
    """`create-store`, as somebody who has the service's own role on the table for as long as that takes.

    Once a refresh token is stored the service may have worked, and a marker that is missing then means that records are
    lost: setup makes no new one.

    Attributes:
        sleep: waits for so many seconds.
    """

    azure: Azure
    answers: Answers
    vault: Vault
    own: OwnCommands
    person: Person
    sleep: Callable[[float], None]
    title: str = "The record store, with its marker"

    def is_done(self) -> bool:
        """See Step."""
        return REFRESH_TOKEN in self.vault.stored()

    def do(self) -> None:
        """See Step."""
        account = self.azure.read(
            *("storage", "account", "show", "--name", self.answers["RECORD_STORAGE"]),
            *("--resource-group", self.answers["AZURE_RESOURCE_GROUP"]),
        )
        table = f"{account['id']}/tableServices/default/tables/{TABLE}"
        try:
            if not self._given(table):
                role = ("--role", self._role, "--scope", table)
                who = ("--assignee-object-id", self._me, "--assignee-principal-type", "User")
                self.azure.change("role", "assignment", "create", *role, *who)
            self._make(account["primaryEndpoints"]["table"])
        finally:
            for assignment in self._given(table):
                self.azure.change("role", "assignment", "delete", "--ids", assignment["id"])

    def _make(self, endpoint: str) -> None:
        self.person.say("      waits for the new role, some minutes ...")
        reason = ""
        for attempt in range(1, TRIES + 1):
            reason = self.own.create_store({"RecordStorage__tableServiceUri": endpoint})
            if not reason:
                return
            if attempt < TRIES:
                self.sleep(PAUSE)
        raise Stopped(
            f"The record store was not made: {reason}. If its table is gone, see docs/recover.md; else run setup again."
        )

    def _given(self, table: str) -> list[Any]:
        """The role on the table, where this person has it; a setup that died may have left it."""
        listed = self.azure.read("role", "assignment", "list", "--scope", table, "--assignee", self._me)
        return [
            each
            for each in listed
            if each["roleDefinitionName"] == self._role and each["scope"].lower() == table.lower()
        ]

    @property
    def _role(self) -> str:
        return ROLE.format(token=self.answers["RECORD_STORAGE"].removeprefix(STORAGE))

    @property
    def _me(self) -> str:
        return self.answers["AZURE_PRINCIPAL_ID"]
