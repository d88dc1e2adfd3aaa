"""A running service as a CRM and an API caller see it."""

import json
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx

from qualification.webhooks.standard.sample import signed
from sandbox.host_process import ROOT, HostProcess
from tests.e2e.eventually import eventually
from tests.e2e.pulse import NEVER, Pulse

EDUCATION = {"qualification": "Education", "educationSegment": "K12", "website": "contoso.edu"}
GOVERNMENT = {"qualification": "GovernmentCommunityCloud"}
STATE_OWNED = {"qualification": "StateOwnedEntity"}


class Service:
    """A functions host with this project's app, and a client of it.

    Args:
        settings: its app settings.
        folder: its records, refresh token and log.
        secret: what its webhooks are signed with.
        note: is given every answer, for the test that looks for secrets.
        app: the folder of function_app.py.
    """

    def __init__(
        self,
        settings: Mapping[str, str],
        folder: Path,
        secret: str,
        note: Callable[[httpx.Response], None],
        app: Path = ROOT,
    ) -> None:
        self.settings = dict(settings)
        self.folder = folder
        self.secret = secret
        self._note = note
        self._host = HostProcess(self.settings, folder / "host.log", app)
        self._open = ExitStack()

    def start(self) -> "Service":
        """Start the host; after `kill` a new process on the same folder."""
        self._host.start()
        self._client = self._open.enter_context(
            httpx.Client(
                base_url=self._host.address.url, timeout=30, trust_env=False, event_hooks={"response": [self._noted]}
            )
        )
        if self.settings["ADVANCE_SCHEDULE"] == NEVER:
            self._open.enter_context(Pulse(self._host.address))
        return self

    def stop(self) -> None:
        """Stop it as a platform does."""
        self._open.close()
        self._host.stop()

    def kill(self) -> None:
        """End it at once."""
        self._open.close()
        self._host.kill()

    @property
    def log(self) -> str:
        """All that the host has logged."""
        return self._host.log.read_text()

    @property
    def url(self) -> str:
        """Where it listens."""
        return self._host.address.url

    @property
    def keys(self) -> tuple[str, str]:
        """The function key and the master key."""
        return self._host.address.function_key, self._host.address.master_key

    def call(
        self,
        method: str,
        path: str,
        content: Mapping[str, Any] | bytes | None = None,
        headers: Mapping[str, str] | None = None,
        *,
        key: bool = True,
    ) -> httpx.Response:
        """Call it, with the function key unless `key` is False."""
        own = {"x-functions-key": self._host.address.function_key} if key else {}
        body = json.dumps(content).encode() if isinstance(content, Mapping) else content
        sent = httpx.Headers(own | dict(headers or {}), encoding="utf-8")
        return self._client.request(method, path, content=body, headers=sent)

    def request(
        self, customer: str, content: Mapping[str, Any] | bytes, key: str | None = None, **headers: str
    ) -> httpx.Response:
        """Ask over the API; `key` is the Idempotency-Key."""
        sent = {"content-type": "application/json", **headers} | ({"idempotency-key": key} if key else {})
        return self.call("POST", f"/api/customers/{customer}/qualifications", content, sent)

    def webhook(
        self,
        content: Mapping[str, Any] | bytes,
        *,
        event_id: str | None = None,
        secret: str | None = None,
        **headers: str,
    ) -> httpx.Response:
        """Send a signed webhook."""
        body, own = signed(content, secret or self.secret, event_id=event_id)
        return self.call("POST", "/api/webhooks/standard", body, own | headers, key=False)

    def status(self, accepted: httpx.Response) -> dict[str, Any]:
        """The status resource of an accepted request, now."""
        assert accepted.status_code == 202, accepted.text
        answer = self.call("GET", accepted.headers["location"])
        assert answer.status_code == 200, answer.text
        resource: dict[str, Any] = answer.json()
        return resource

    def list(self, customer: str) -> list[dict[str, Any]]:
        """All requests of a customer."""
        answer = self.call("GET", f"/api/customers/{customer}/qualifications")
        assert answer.status_code == 200, answer.text
        items: list[dict[str, Any]] = answer.json()["items"]
        return items

    def until(self, accepted: httpx.Response, holds: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """The status resource once something holds of it."""
        seen: list[dict[str, Any]] = []

        def probe() -> bool:
            seen[:] = [self.status(accepted)]
            return holds(seen[0])

        try:
            eventually(probe)
        except AssertionError as error:
            raise AssertionError(f"{error}: {json.dumps(seen[0], indent=1)}") from None
        return seen[0]

    def reaches(self, accepted: httpx.Response, status: str) -> dict[str, Any]:
        """The status resource once it has this status."""
        return self.until(accepted, lambda resource: resource["status"] == status)

    def waits(self, accepted: httpx.Response, reason: str) -> dict[str, Any]:
        """The status resource once it waits for this."""
        return self.until(accepted, lambda resource: (resource["waitingFor"] or {}).get("reason") == reason)

    def act(self, action: str, resource: Mapping[str, Any], content: Mapping[str, Any] | None = None) -> httpx.Response:
        """Decide about a request as a person does who has seen this status."""
        headers = {"content-type": "application/json", "if-match": f'"{resource["etag"]}"'}
        return self.call("POST", f"{resource['links']['self']}/{action}", content or {}, headers)

    def _noted(self, response: httpx.Response) -> None:
        response.read()
        self._note(response)
