"""Step: the app may act at Partner Center on behalf of the service account."""

from dataclasses import dataclass
from typing import Any

from qualification.setup.answers import Answers
from qualification.setup.azure import Azure
from qualification.setup.stopped import Stopped

API = "fa3d9a0c-3fb0-42cc-9193-47c7ecd2edbd"
"""Microsoft Partner Center ("Partner Center authentication")."""
PERMISSION = "user_impersonation"


@dataclass(frozen=True, slots=True)
class Consent:
    """The app asks for one permission, and an administrator has consented for everybody."""

    azure: Azure
    answers: Answers
    title: str = f"Consent to {PERMISSION} on Microsoft Partner Center"

    def is_done(self) -> bool:
        """See Step."""
        api = self._api()
        grants = self.azure.read("ad", "app", "permission", "list-grants", "--id", self._app)
        return any(
            grant["resourceId"] == principal["id"]
            and grant["consentType"] == "AllPrincipals"
            and PERMISSION in grant["scope"].split()
            for grant in grants
            for principal in api
        )

    def do(self) -> None:
        """See Step."""
        if not self._api():
            self.azure.change("ad", "sp", "create", "--id", API)
        scope = self._scope()
        asked = self.azure.read("ad", "app", "permission", "list", "--id", self._app)
        if not any(access["id"] == scope for each in asked for access in each["resourceAccess"]):
            given = ("--api", API, "--api-permissions", f"{scope}=Scope")
            self.azure.change("ad", "app", "permission", "add", "--id", self._app, *given)
        self.azure.change("ad", "app", "permission", "admin-consent", "--id", self._app)

    def _api(self) -> Any:
        return self.azure.read("ad", "sp", "list", "--filter", f"appId eq '{API}'")

    def _scope(self) -> str:
        found = [
            scope for api in self._api() for scope in api["oauth2PermissionScopes"] if scope["value"] == PERMISSION
        ]
        if not found:
            raise Stopped(
                "Microsoft Partner Center, just added to this tenant, does not show yet: run setup again in a minute."
            )
        scope: str = found[0]["id"]
        return scope

    @property
    def _app(self) -> str:
        return self.answers["PARTNER_CENTER_CLIENT_ID"]
