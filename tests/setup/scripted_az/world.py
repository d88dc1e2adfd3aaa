"""What the scripted Azure is made of."""

from typing import Any

NOT_FOUND = 3
"""The CLI's exit code where `show` finds nothing."""
TOKEN = "abc"
"""Of this deployment's names."""
SUBSCRIPTION, TENANT, ME = "11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222", "me"
GROUP = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-test"
VAULT, STORAGE, APP = f"kv-{TOKEN}", f"strec{TOKEN}", f"func-{TOKEN}"

type State = dict[str, Any]
"""What there is in Azure; a JSON object."""
type Options = dict[str, str]
"""What a command was given, by option."""


class Refused(Exception):
    """Azure says no; the text, and the exit code."""

    def __init__(self, text: str, code: int = 1) -> None:
        super().__init__(text)
        self.code = code


def nothing() -> State:
    """An Azure in which nothing has been done, and the Azure CLI in which nobody is signed in."""
    empty: State = {name: [] for name in ("apps", "principals", "grants", "federated", "credentials", "assignments")}
    empty |= {"account": None, "provider": "NotRegistered", "deployments": {"sub": {}, "group": {}}, "settings": {}}
    empty |= {"secrets": {}, "tags": {}, "package": None, "read_at": 0, "made": 0, "changes": 0, "refuses": {}}
    # What the service's own commands do, and how often they must ask before a new role is good.
    return empty | {"marker": False, "role_takes": 2, "sign_ins": 0}
