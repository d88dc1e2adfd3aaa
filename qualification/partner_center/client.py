"""The PartnerCenter port over HTTP."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING
from uuid import UUID

from pydantic import SecretStr

from qualification.domain.call_errors import AccessLost, PartnerCenterError, Throttled, Unavailable, Unsent
from qualification.domain.guid import tracing_guid
from qualification.domain.look import CustomerQualification, Look
from qualification.domain.remedies import WAIT
from qualification.domain.request import QualificationRequest
from qualification.partner_center import call as calls
from qualification.partner_center import wire
from qualification.partner_center.answer import Answer, NoAnswer, NotSent
from qualification.partner_center.call import VALIDATIONS, Call
from qualification.partner_center.failures import Asked, failure, no_answer, unreadable, unsent
from qualification.partner_center.tokens import AccessToken, Tokens
from qualification.partner_center.validation import ValidationCode
from qualification.use_cases import telemetry
from qualification.use_cases.ports import Accepted, Clock

if TYPE_CHECKING:
    from qualification.partner_center.connection import Connection

NO_MFA = "900421"
BEGINS_WITHIN = timedelta(seconds=10)
"""A write that has no token or no turn by then is not sent: what it was decided on may have changed."""


class PartnerCenterClient:
    """Microsoft Partner Center's qualification API; every method may raise PartnerCenterError.

    Writes use the service account's token (App+User), reads the app's own (App-only). A read that is answered 401 is
    repeated once with a new token; of a write the token is discarded, and whoever calls sees to another claim, as to the
    pause after a 429.

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
        call = calls.get_qualifications(customer_id)
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
        call = calls.create_qualification(customer_id, request, ms_request_id)
        return await self._write(call, lambda answer: wire.read_created(answer.body, request.qualification))

    async def update_qualification(
        self, customer_id: UUID, request: QualificationRequest, *, ms_request_id: UUID
    ) -> Accepted:
        """Set a qualification at once (PUT, synchronous)."""
        call = calls.update_qualification(customer_id, request, ms_request_id)
        return await self._write(call, lambda answer: wire.read_updated(answer.body, request.qualification))

    async def validation_codes(self) -> list[SecretStr]:
        """The partner's validation codes for government customers that have creates left."""
        return [code.validation_id for code in await self.get_validation_codes() if code.has_creates_left]

    async def get_validation_codes(self) -> list[ValidationCode]:
        """All of the partner's codes for government customers."""
        call = Call("GET", VALIDATIONS)
        return (await self._read(call, lambda answer: wire.read_validation_codes(answer.body)))[0]

    async def validate_mfa(self) -> bool:
        """Whether the service account's token carries the MFA claim that writes need ("Partner Center authentication")."""
        call = Call("GET", VALIDATIONS, headers={"ValidateMfa": "true"}, as_user=True)
        try:
            return (await self._read(call, _is_mfa_compliant))[0]
        except AccessLost as error:
            if error.code == NO_MFA:
                return False
            raise

    async def clock_skew(self) -> timedelta | None:
        """How far this machine's clock is ahead of Partner Center's (RFC 9110, "Date"); None where it tells no time."""
        call = Call("GET", VALIDATIONS)
        told, _ = await self._read(call, lambda answer: answer.date)
        return None if told is None else self._clock() - told

    async def close(self) -> None:
        """Close all connections; a later call opens new ones."""
        connection, self._connection = self._connection, None
        if connection:
            await connection.close()

    async def _read[Result](self, call: Call, read: Callable[[Answer], Result]) -> tuple[Result, datetime]:
        answer, asked, at = await self._answered(call)
        try:
            return _content(answer, read), at
        except ValueError:
            unread = unreadable(answer, asked, at=at)
        # Raised out here, because the error above may repeat what was in the body.
        _report(call, unread)
        raise unread

    async def _write(self, call: Call, read: Callable[[Answer], CustomerQualification]) -> Accepted:
        answer, _, at = await self._answered(call)
        try:
            return Accepted(_content(answer, read), at)
        except ValueError:
            return Accepted(None, at)

    async def _answered(self, call: Call) -> tuple[Answer, Asked, datetime]:
        """The answer to a call, if it is 2xx, and when Partner Center gave it."""
        token = await self._token(call)
        answer, asked = await self._exchange(call, token)
        if answer.status == HTTPStatus.UNAUTHORIZED:
            self._tokens.discard(token)
            if not call.writes:
                answer, asked = await self._repeated(call, answer, asked)
        at = answer.date or self._clock()
        if not answer.is_success:
            error = failure(answer, asked, at=at)
            _report(call, error)
            raise error
        return answer, asked, at

    async def _repeated(self, call: Call, answer: Answer, asked: Asked) -> tuple[Answer, Asked]:
        """With a new token; where there is none for good, the refusal of the old one stands, for the reason that there is none."""
        try:
            token = await self._take_token(call)
        except (Throttled, Unavailable):
            raise
        except AccessLost as error:
            # The call was refused, and the sign-in says why.
            raise error.as_answered(HTTPStatus.UNAUTHORIZED, answer.date or self._clock()) from None
        except PartnerCenterError:
            return answer, asked
        second = await self._exchange(call, token)
        if second[0].status == HTTPStatus.UNAUTHORIZED:
            self._tokens.discard(token)
        return second

    async def _token(self, call: Call) -> AccessToken:
        try:
            return await self._take_token(call)
        except PartnerCenterError as error:
            raise (unsent(error) if call.writes else error) from None

    async def _take_token(self, call: Call) -> AccessToken:
        return await (self._tokens.app_and_user() if call.writes or call.as_user else self._tokens.app_only())

    async def _exchange(self, call: Call, token: AccessToken) -> tuple[Answer, Asked]:
        if not call.writes:
            async with self._slots:
                return await self._send(call, token, self._timeout)
        try:
            async with asyncio.timeout(BEGINS_WITHIN.total_seconds()):
                await self._slots.acquire()
        except TimeoutError:
            text = f"The write could not begin within {BEGINS_WITHIN.total_seconds():g} s."
            raise Unsent("not-begun", text, remedy=WAIT) from None
        try:
            return await self._send(call, token, self._write_timeout)
        finally:
            self._slots.release()

    async def _send(self, call: Call, token: AccessToken, timeout: timedelta) -> tuple[Answer, Asked]:
        correlation_id = tracing_guid()
        asked = call.asked(correlation_id, token)
        headers = call.with_headers(correlation_id, token)
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


def _report(call: Call, error: PartnerCenterError) -> None:
    telemetry.partner_center_call(
        operation=f"{call.method} {call.operation}",
        http_status=error.http_status,
        code=error.code,
        throttled=isinstance(error, Throttled),
    )


def _is_mfa_compliant(answer: Answer) -> bool:
    reported = answer.headers.get("ismfacompliant", "").strip().lower()
    if reported not in {"true", "false"}:
        raise ValueError("isMfaCompliant is missing")
    return reported == "true"
