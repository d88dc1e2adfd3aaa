"""The simulator without HTTP, on a clock that goes on when it is told to."""

import json
from datetime import UTC, datetime, timedelta
from itertools import count

from sandbox.partner_center import Act, Operation, PartnerCenter, Settings
from sandbox.partner_center.answer import Answer
from sandbox.partner_center.incoming import Incoming

EDUCATION = {"qualification": "Education", "educationSegment": "K12"}


class InProcess:
    """A partner that calls with an App+User token; every call is answered at the moment it is made."""

    def __init__(self, settings: Settings | None = None) -> None:
        self._ids = count()
        self._now = datetime(2026, 1, 1, tzinfo=UTC)
        lifetime = {"access_token_seconds": 366 * 24 * 3600}
        settings = (settings or Settings()).model_copy(update=lifetime)
        self.partner_center = PartnerCenter(clock=lambda: self._now, settings=settings)
        credentials = self.partner_center.credentials
        form = {
            "grant_type": "refresh_token",
            "refresh_token": credentials.refresh_token,
            "client_id": credentials.client_id,
            "client_secret": credentials.client_secret,
            "scope": "https://api.partnercenter.microsoft.com/.default",
        }
        body = "&".join(f"{name}={value}" for name, value in form.items()).encode()
        signed_in = self._call(Operation.TOKEN, f"/{credentials.tenant_id}/oauth2/v2.0/token", body=body)
        assert isinstance(signed_in, Answer)
        self._bearer = f"Bearer {json.loads(signed_in.body)['access_token']}"

    def advance(self, **span: float) -> None:
        """Let time go on."""
        self._now += timedelta(**span)

    def post(self, customer: str) -> Answer | Act:
        """Ask for Education."""
        return self._call(Operation.POST, customer=customer, body=json.dumps(EDUCATION).encode())

    def get(self, customer: str) -> Answer | Act:
        """Look."""
        return self._call(Operation.GET, customer=customer)

    def statuses(self, customer: str) -> list[str]:
        """Return the words that a look shows."""
        answer = self.get(customer)
        assert isinstance(answer, Answer)
        return [row["vettingStatus"] for row in json.loads(answer.body)]

    def _call(
        self, operation: Operation, path: str = "/", customer: str | None = None, body: bytes = b""
    ) -> Answer | Act:
        headers = {"Authorization": self._bearer} if operation is not Operation.TOKEN else {}
        incoming = Incoming(
            operation=operation,
            method="POST",
            path=path,
            customer=customer,
            headers=headers,
            query={},
            body=body,
            request_id=str(next(self._ids)),
        )
        return self.partner_center.serve(incoming)
