"""One call to Partner Center, before it goes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote
from uuid import UUID

from pydantic import SecretStr

from qualification.domain.request import GovernmentRequest, QualificationRequest
from qualification.partner_center import wire
from qualification.partner_center.failures import Asked
from qualification.partner_center.tokens import AccessToken

VALIDATIONS = "/v1/customers/all/validations"


@dataclass(slots=True)
class Call:
    """Method, address, content, and whose token it takes: a write takes the service account's, and so does `as_user`."""

    method: str
    path: str
    ms_request_id: UUID | None = None
    content: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    secrets: tuple[SecretStr, ...] = ()
    as_user: bool = False

    @property
    def operation(self) -> str:
        """The last part of the path, which names no customer."""
        return self.path.partition("?")[0].rpartition("/")[2]

    @property
    def writes(self) -> bool:
        """Whether it is to change something."""
        return self.method != "GET"

    def asked(self, correlation_id: UUID, token: AccessToken) -> Asked:
        """What its answer must be read for."""
        return Asked(
            writes=self.writes,
            correlation_id=correlation_id,
            retired=self.method == "PUT",
            secrets=(*self.secrets, token.value),
        )

    def with_headers(self, correlation_id: UUID, token: AccessToken) -> dict[str, str]:
        """What is sent ahead of the content."""
        return {
            "Authorization": f"Bearer {token.value.get_secret_value()}",
            "Accept": "application/json",
            "Accept-Encoding": "identity",
            "Content-Type": "application/json",
            "User-Agent": "partner-qualifications",
            # A read is never repeated under its id, so one id serves both.
            "MS-RequestId": str(self.ms_request_id or correlation_id),
            "MS-CorrelationId": str(correlation_id),
            **self.headers,
        }


def get_qualifications(customer_id: UUID) -> Call:
    """All qualifications of a customer."""
    return Call("GET", f"{_customer(customer_id)}/qualifications")


def create_qualification(customer_id: UUID, request: QualificationRequest, ms_request_id: UUID) -> Call:
    """Ask for one."""
    path = f"{_customer(customer_id)}/qualifications"
    return Call("POST", path, ms_request_id, wire.create_body(request), secrets=_secrets(request))


def update_qualification(customer_id: UUID, request: QualificationRequest, ms_request_id: UUID) -> Call:
    """Set one at once, with its validation code in the query."""
    secrets = _secrets(request)
    query = "".join(f"?code={quote(secret.get_secret_value(), safe='')}" for secret in secrets)
    path = f"{_customer(customer_id)}/qualification{query}"
    return Call("PUT", path, ms_request_id, wire.update_body(request), secrets=secrets)


def _customer(customer_id: UUID) -> str:
    if not isinstance(customer_id, UUID):
        raise TypeError("a customer tenant id is a UUID")
    return f"/v1/customers/{customer_id}"


def _secrets(request: QualificationRequest) -> tuple[SecretStr, ...]:
    code = request.validation_code if isinstance(request, GovernmentRequest) else None
    return (code,) if code else ()
