"""The PartnerCenter port over HTTP."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import quote
from uuid import UUID

from pydantic import SecretStr

from qualification.domain.errors import AccessLost, PartnerCenterError, Throttled, Unavailable, Unsent
from qualification.domain.guid import tracing_guid
from qualification.domain.look import CustomerQualification, Look
from qualification.domain.remedies import WAIT
from qualification.domain.request import GovernmentRequest, QualificationRequest
from qualification.partner_center import wire
from qualification.partner_center.answer import Answer, NoAnswer, NotSent
from qualification.partner_center.failures import Asked, failure, no_answer, unreadable, unsent
from qualification.partner_center.tokens import AccessToken, Tokens
from qualification.partner_center.validation import ValidationCode
from qualification.use_cases import telemetry
from qualification.use_cases.ports import Accepted, Clock

if TYPE_CHECKING:
    from qualification.partner_center.connection import Connection

NO_MFA = "900421"
VALIDATIONS = "/v1/customers/all/validations"
BEGINS_WITHIN = timedelta(seconds=10)
"""A write that has no token or no turn by then is not sent: what it was decided on may have changed."""


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

    def asked(self, correlation_id: UUID, token: AccessToken) -> Asked:
        return Asked(
            writes=self.writes,
            correlation_id=correlation_id,
            retired=self.method == "PUT",
            secrets=(*self.secrets, token.value),
        )


class PartnerCenterClient:
    """Microsoft Partner Center's qualification API; every method may raise PartnerCenterError.

    Writes use the service account's token (App+User), reads the app's own (App-only). A 401 is repeated once with a new
    token. Nobody is held back after a 429: whoever calls sees to that.

    Args:
        url: https://api.partnercenter.microsoft.com, or the sandbox.
        tokens: the sign-in; it stays open when this client is closed.
        clock: tells the time.
        timeout: for a read, a whole one.
        write_timeout: for a write.
        max_concurrency: how many calls are under way at a time.
    """

    def __init__(
        self,
        url: str,
        tokens: Tokens,
        *,
        clock: Clock,
        timeout: timedelta,
        write_timeout: timedelta,
        max_concurrency: int,
    ) -> None:
        self._tokens = tokens
        self._clock = clock
        self._slots = asyncio.Semaphore(max_concurrency)
        self._url = url
        self._timeout = timeout
        self._write_timeout = write_timeout
        self._max_concurrency = max_concurrency
        self._connection: Connection | None = None

    async def get_qualifications(self, customer_id: UUID) -> Look:
        """All qualifications of a customer; it may have none."""
        call = _Call("GET", f"{_customer(customer_id)}/qualifications", self._tokens.app_only)
        rows, at = await self._read(call, lambda answer: wire.read_qualifications(answer.body))
        return Look(tuple(rows), at)

    async def sign_in(self) -> None:
        """Make sure that a write can go at once: there is a token of the service account (App+User).

        Raises:
            Unsent: the sign-in did not answer.
            PartnerCenterError: it said no.
        """
        try:
            await self._tokens.app_and_user()
        except Unavailable as error:
            raise unsent(error) from None

    async def create_qualification(
        self, customer_id: UUID, request: QualificationRequest, *, ms_request_id: UUID
    ) -> Accepted:
        """Ask for a qualification; vetting goes on afterwards (POST)."""
        call = _Call(
            "POST",
            f"{_customer(customer_id)}/qualifications",
            self._tokens.app_and_user,
            ms_request_id,
            wire.create_body(request),
            secrets=_secrets(request),
        )
        return await self._write(call, lambda answer: wire.read_created(answer.body, request.qualification))

    async def update_qualification(
        self, customer_id: UUID, request: QualificationRequest, *, ms_request_id: UUID
    ) -> Accepted:
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
        return await self._write(call, lambda answer: wire.read_updated(answer.body, request.qualification))

    async def validation_codes(self) -> list[SecretStr]:
        """The partner's validation codes for government customers that have creates left."""
        return [code.validation_id for code in await self.get_validation_codes() if code.has_creates_left]

    async def get_validation_codes(self) -> list[ValidationCode]:
        """All of the partner's codes for government customers."""
        call = _Call("GET", VALIDATIONS, self._tokens.app_only)
        codes, _ = await self._read(call, lambda answer: wire.read_validation_codes(answer.body))
        return codes

    async def validate_mfa(self) -> bool:
        """Whether the service account's token carries the MFA claim that writes need ("Partner Center authentication")."""
        call = _Call("GET", VALIDATIONS, self._tokens.app_and_user, headers={"ValidateMfa": "true"})
        try:
            compliant, _ = await self._read(call, _is_mfa_compliant)
        except AccessLost as error:
            if error.code == NO_MFA:
                return False
            raise
        return compliant

    async def clock_skew(self) -> timedelta | None:
        """How far this machine's clock is ahead of Partner Center's (RFC 9110, "Date"); None where it tells no time."""
        call = _Call("GET", VALIDATIONS, self._tokens.app_only)
        told, _ = await self._read(call, lambda answer: answer.date)
        return None if told is None else self._clock() - told

    async def close(self) -> None:
        """Close all connections; a later call opens new ones."""
        connection, self._connection = self._connection, None
        if connection:
            await connection.close()

    async def _read[Result](self, call: _Call, read: Callable[[Answer], Result]) -> tuple[Result, datetime]:
        answer, asked, at = await self._answered(call)
        try:
            return _content(answer, read), at
        except ValueError:
            unread = unreadable(answer, asked, at=at)
        # Raised out here, because the error above may repeat what was in the body.
        _report(call, unread)
        raise unread

    async def _write(self, call: _Call, read: Callable[[Answer], CustomerQualification]) -> Accepted:
        answer, _, at = await self._answered(call)
        try:
            return Accepted(_content(answer, read), at)
        except ValueError:
            return Accepted(None, at)

    async def _answered(self, call: _Call) -> tuple[Answer, Asked, datetime]:
        """The answer to a call, if it is 2xx, and when Partner Center gave it."""
        token, (answer, asked) = await self._exchange(call)
        if answer.status == HTTPStatus.UNAUTHORIZED:
            self._tokens.discard(token)
            token, (answer, asked) = await self._exchange(call)
        at = answer.date or self._clock()
        if not answer.is_success:
            error = failure(answer, asked, at=at)
            _report(call, error)
            raise error
        return answer, asked, at

    async def _exchange(self, call: _Call) -> tuple[AccessToken, tuple[Answer, Asked]]:
        if not call.writes:
            token = await call.token()
            async with self._slots:
                return token, await self._send(call, token, self._timeout)
        try:
            async with asyncio.timeout(BEGINS_WITHIN.total_seconds()):
                token = await call.token()
                await self._slots.acquire()
        except (Throttled, Unavailable) as error:
            raise unsent(error) from None
        except TimeoutError:
            text = f"The write could not begin within {BEGINS_WITHIN.total_seconds():g} s."
            raise Unsent("not-begun", text, remedy=WAIT) from None
        try:
            return token, await self._send(call, token, self._write_timeout)
        finally:
            self._slots.release()

    async def _send(self, call: _Call, token: AccessToken, timeout: timedelta) -> tuple[Answer, Asked]:
        correlation_id = tracing_guid()
        asked = call.asked(correlation_id, token)
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
        connection = self._connection or self._open()
        try:
            return await connection.exchange(call.method, call.path, headers, call.content, timeout=timeout), asked
        except (NotSent, NoAnswer) as error:
            silence = no_answer(error, asked)
            _report(call, silence)
            raise silence from None

    def _open(self) -> "Connection":
        from qualification.partner_center.connection import Connection  # noqa: PLC0415  httpx costs start-up time

        self._connection = Connection(self._url, timeout=self._timeout, max_connections=self._max_concurrency)
        return self._connection


def _content[Result](answer: Answer, read: Callable[[Answer], Result]) -> Result:
    if not answer.is_whole:
        raise ValueError("the body is too long")
    return read(answer)


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
