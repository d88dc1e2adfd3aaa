"""Step: the app registration that Partner Center will know."""

from dataclasses import dataclass
from typing import Any

from qualification.setup.answers import Answers
from qualification.setup.azure import Azure
from qualification.setup.stopped import Stopped

PORT = 8400
"""Where `sign-in` waits for the browser."""
REDIRECT_URI = f"http://localhost:{PORT}"


@dataclass(frozen=True, slots=True)
class AppRegistration:
    """One app of this environment's name, with its service principal."""

    azure: Azure
    answers: Answers
    title: str = "The app registration"

    def is_done(self) -> bool:
        """See Step."""
        app = self._app()
        return app is not None and self._has_principal(app["appId"])

    def do(self) -> None:
        """See Step."""
        app = self._app() or self._made()
        if not self._has_principal(app["appId"]):
            self.azure.change("ad", "sp", "create", "--id", app["appId"])

    def _app(self) -> Any:
        """The app that the answers name, or the one of this environment's name; None where there is none yet."""
        named = self.answers.get("PARTNER_CENTER_CLIENT_ID")
        given = ("--app-id", named) if named else ("--display-name", self._name)
        # By a name, the CLI finds what begins with it.
        found = [
            app for app in self.azure.read("ad", "app", "list", *given) if named or app["displayName"] == self._name
        ]
        if named and not found:
            raise Stopped(
                f"There is no app {named} in this tenant. Correct PARTNER_CENTER_CLIENT_ID in {self.answers.file}, or take the line out."
            )
        if len(found) > 1:
            ids = ", ".join(app["appId"] for app in found)
            raise Stopped(
                f"{len(found)} apps are called {self._name}: {ids}. Write into {self.answers.file} which one is the service's: "
                "PARTNER_CENTER_CLIENT_ID."
            )
        for app in found:
            if REDIRECT_URI not in (app["web"]["redirectUris"] or []):
                raise Stopped(
                    f"The app {app['appId']} has no redirect URI {REDIRECT_URI}, which the sign-in needs. If it is the "
                    "service's, add it (Entra, App registrations, Authentication, Web); if not, rename it, or choose another AZURE_ENV_NAME."
                )
            self.answers.keep(PARTNER_CENTER_CLIENT_ID=app["appId"])
        return found[0] if found else None

    def _made(self) -> Any:
        app = self.azure.change(
            *("ad", "app", "create", "--display-name", self._name),
            *("--sign-in-audience", "AzureADMyOrg", "--web-redirect-uris", REDIRECT_URI),
        )
        self.answers.keep(PARTNER_CENTER_CLIENT_ID=app["appId"])
        return app

    def _has_principal(self, app_id: str) -> bool:
        return bool(self.azure.read("ad", "sp", "list", "--filter", f"appId eq '{app_id}'"))

    @property
    def _name(self) -> str:
        return f"partner-{self.answers['AZURE_ENV_NAME']}"
