"""What is asked of Azure Resource Manager about a deployed function app, as words for `az`. Pure, and nothing but the standard library.

`az rest` takes a path of Resource Manager and puts the chosen subscription into it; the token goes from az to Azure, and no
secret stands on a command line. App Service REST API: "Web Apps - Get", "List Application Settings" and "Get App Settings
Key Vault References"; the refresh is in "Use Key Vault references as app settings", "Understand rotation".
"""

import re

APP_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,59}", re.ASCII)
GROUP_NAME = re.compile(r"[\w().-]{0,89}[\w()-]")
"""The letters that Azure takes ("Naming rules and restrictions for Azure resources"); none of them means anything to a shell's path."""

API, REFRESH_API = "2024-11-01", "2022-03-01"
REFERENCES = "/config/configreferences/appsettings"


def site(app: str, group: str) -> list[str]:
    """The app itself."""
    return _rest("get", app, group, "", API)


def app_settings(app: str, group: str) -> list[str]:
    """Its app settings; references to Key Vault come as they are written, never as the secret."""
    return _rest("post", app, group, "/config/appsettings/list", API)


def references(app: str, group: str) -> list[str]:
    """What App Service has made of the references to Key Vault in them."""
    return _rest("get", app, group, REFERENCES, API)


def refresh(app: str, group: str) -> list[str]:
    """Have App Service read the secrets behind its references again; the doctor only names it."""
    return _rest("post", app, group, f"{REFERENCES}/refresh", REFRESH_API)


def _rest(method: str, app: str, group: str, path: str, api: str) -> list[str]:
    resource = f"/subscriptions/{{subscriptionId}}/resourceGroups/{group}/providers/Microsoft.Web/sites/{app}"
    return ["rest", "--method", method, "--url", f"{resource}{path}?api-version={api}"]
