"""The PartnerCenter port over HTTP."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import quote
from uuid import UUID

from pydantic import SecretStr

from qualification.domain.errors import AccessLost, PartnerCenterError, Throttled
from qualification.domain.guid import tracing_guid
from qualification.domain.look import CustomerQualification
from qualification.domain.request import GovernmentRequest, QualificationRequest
from qualification.partner_center import wire
from qualification.partner_center.answer import Answer, NoAnswer, NotSent
from qualification.partner_center.failures import failure, no_answer, unreadable
from qualification.partner_center.pause import Pause
from qualification.partner_center.tokens import AccessToken, Tokens
from qualification.partner_center.validation import ValidationCode
from qualification.use_cases import telemetry
from qualification.use_cases.ports import Clock

if TYPE_CHECKING:
    from qualification.partner_center.connection import Connection

NO_MFA = "900421"
VALIDATIONS = "/v1/customers/all/validations"


@dataclass(slots=True)
class _Call:
    method: str
    path: str
    token: Callable[[], Awaitable[AccessToken]]
    ms_request_id: UUID | None = None
    content: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    secrets: tuple[SecretStr, ...] = ()

    @property
    def operation(self) -> str:
        """The last part of the path, which names no customer."""
        return self.path.partition("?")[0].rpartition("/")[2]

    @property
    def writes(self) -> bool:
        return self.method != "GET"


class PartnerCenterClient:
    """Microsoft Partner Center's qualification API; every method may raise PartnerCenterError.

    Writes use the service account's token (App+User), reads the app's own (App-only). After a 429 nothing is sent
    until the moment that Partner Center named.

    Args:
        url: https://api.partnercenter.microsoft.com, or the sandbox.
        tokens: the sign-in; it stays open when this client is closed.
        clock: tells the time.
        timeout: for each call.
        max_concurrency: how many calls are under way at a time.
    """

    def __init__(self, url: str, tokens: Tokens, *, clock: Clock, timeout: timedelta, max_concurrency: int) -> None:
        self._tokens = tokens
        self._clock = clock
        self._pause = Pause(clock)
        self._slots = asyncio.Semaphore(max_concurrency)
        self._url = url
        self._timeout = timeout
        self._max_concurrency = max_concurrency
        self._connection: Connection | None = None

    async def get_qualifications(self, customer_id: UUID) -> list[CustomerQualification]:
        """All qualifications of a customer; none is an empty list."""
        call = _Call("GET", f"{_customer(customer_id)}/qualifications", self._tokens.app_only)
        return await self._call(call, lambda answer: wire.read_qualifications(answer.body))

    async def create_qualification(
        self, customer_id: UUID, request: QualificationRequest, *, ms_request_id: UUID
    ) -> CustomerQualification:
        """Ask for a qualification; vetting goes on afterwards (POST)."""
        call = _Call(
            "POST",
            f"{_customer(customer_id)}/qualifications",
            self._tokens.app_and_user,
            ms_request_id,
            wire.create_body(request),
            secrets=_secrets(request),
        )
        return await self._call(call, lambda answer: wire.read_created(answer.body, request.qualification))

    async def get_qualification(self, customer_id: UUID) -> CustomerQualification | None:
        """The customer's one qualification as the synchronous API tells it; None where there is none."""
        call = _Call("GET", f"{_customer(customer_id)}/qualification", self._tokens.app_only)
        return await self._call(call, lambda answer: wire.read_synchronous(answer.body))

    async def update_qualification(
        self, customer_id: UUID, request: QualificationRequest, *, ms_request_id: UUID
    ) -> CustomerQualification:
        """Set a qualification at once (PUT, synchronous)."""
        secrets = _secrets(request)
        query = "".join(f"?code={quote(secret.get_secret_value(), safe='')}" for secret in secrets)
        call = _Call(
            "PUT",
            f"{_customer(customer_id)}/qualification{query}",
            self._tokens.app_and_user,
            ms_request_id,
            wire.update_body(request),
            secrets=secrets,
        )
        return await self._call(call, lambda answer: wire.read_updated(answer.body, request.qualification))

    async def get_validation_codes(self) -> list[ValidationCode]:
        """The partner's codes for government customers."""
        call = _Call("GET", VALIDATIONS, self._tokens.app_only)
        return await self._call(call, lambda answer: wire.read_validation_codes(answer.body))

    async def take_validation_code(self) -> SecretStr | None:
        """One of the partner's validation codes that has creates left, or None."""
        codes = await self.get_validation_codes()
        return next((code.validation_id for code in codes if code.has_creates_left), None)

    async def validate_mfa(self) -> bool:
        """Whether the service account's token carries the MFA claim that writes need ("Partner Center authentication")."""
        call = _Call("GET", VALIDATIONS, self._tokens.app_and_user, headers={"ValidateMfa": "true"})
        try:
            return await self._call(call, _is_mfa_compliant)
        except AccessLost as error:
            if error.code == NO_MFA:
                return False
            raise

    async def clock_skew(self) -> timedelta | None:
        """How far this machine's clock is ahead of Partner Center's (RFC 9110, "Date"); None where it tells no time."""
        call = _Call("GET", VALIDATIONS, self._tokens.app_only)
        told = await self._call(call, lambda answer: answer.headers.get("date", ""))
        try:
            moment = parsedate_to_datetime(told)
        except ValueError:
            return None
        return self._clock() - (moment if moment.tzinfo else moment.replace(tzinfo=UTC))

    async def close(self) -> None:
        """Close all connections; a later call opens new ones."""
        connection, self._connection = self._connection, None
        if connection:
            await connection.close()

    async def _call[Result](self, call: _Call, read: Callable[[Answer], Result]) -> Result:
        token = await self._token(call)
        correlation_id, answer = await self._exchange(call, token)
        if answer.status == HTTPStatus.UNAUTHORIZED:
            self._tokens.discard(token)
            token = await self._token(call)
            correlation_id, answer = await self._exchange(call, token)
        if not answer.is_success:
            error = failure(
                answer,
                writes=call.writes,
                now=self._clock(),
                correlation_id=correlation_id,
                secrets=(*call.secrets, token.value),
            )
            if isinstance(error, Throttled):
                self._pause.begin(error.retry_at)
            _report(call, error)
            raise error
        try:
            return read(answer)
        except ValueError:
            unread = unreadable(answer, writes=call.writes, correlation_id=correlation_id)
        # Raised out here, because the error above may repeat what was in the body.
        _report(call, unread)
        raise unread

    async def _token(self, call: _Call) -> AccessToken:
        self._pause.check()
        return await call.token()

    async def _exchange(self, call: _Call, token: AccessToken) -> tuple[UUID, Answer]:
        correlation_id = tracing_guid()
        headers = {
            "Authorization": f"Bearer {token.value.get_secret_value()}",
            "Accept": "application/json",
            "Accept-Encoding": "identity",
            "Content-Type": "application/json",
            "User-Agent": "partner-qualifications",
            # A read is never repeated under its id, so one id serves both.
            "MS-RequestId": str(call.ms_request_id or correlation_id),
            "MS-CorrelationId": str(correlation_id),
            **call.headers,
        }
        async with self._slots:
            self._pause.check()
            connection = self._connection or self._open()
            try:
                return correlation_id, await connection.exchange(call.method, call.path, headers, call.content)
            except (NotSent, NoAnswer) as error:
                silence = no_answer(error, writes=call.writes, correlation_id=correlation_id)
                _report(call, silence)
                raise silence from None

    def _open(self) -> "Connection":
        from qualification.partner_center.connection import Connection  # noqa: PLC0415  httpx costs start-up time

        self._connection = Connection(self._url, timeout=self._timeout, max_connections=self._max_concurrency)
        return self._connection


def _report(call: _Call, error: PartnerCenterError) -> None:
    telemetry.partner_center_call(
        operation=f"{call.method} {call.operation}",
        http_status=error.http_status,
        code=error.code,
        throttled=isinstance(error, Throttled),
    )


def _customer(customer_id: UUID) -> str:
    if not isinstance(customer_id, UUID):
        raise TypeError("a customer tenant id is a UUID")
    return f"/v1/customers/{customer_id}"


def _secrets(request: QualificationRequest) -> tuple[SecretStr, ...]:
    code = request.validation_code if isinstance(request, GovernmentRequest) else None
    return (code,) if code else ()


def _is_mfa_compliant(answer: Answer) -> bool:
    reported = answer.headers.get("ismfacompliant", "").strip().lower()
    if reported not in {"true", "false"}:
        raise ValueError("isMfaCompliant is missing")
    return reported == "true"
