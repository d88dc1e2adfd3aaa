"""The simulator's control over HTTP: JSON in camelCase, unknown fields refused with 422; docs/sandbox.md shows it at work.

Python code that holds the `PartnerCenter` uses its methods instead; each row names them.

| Call, under `/_control` | Body → answer | Python |
|---|---|---|
| `GET settings`, `PATCH settings` | `Settings`, the fields to change → all (`outage`, `latency`, `hostility` …) | `settings` |
| `PATCH everybody` | `CustomerScript`, the fields to change → all | `script(script)` |
| `PATCH customers/{id}` | the same for one customer | `script(script, id)` |
| `GET customers/{id}` | → `CustomerBooks`: counts, statuses | `books`, `customers.peek(id)` |
| `GET customers/{id}/script` | → `CustomerScript`, the drawn one of a hostile customer too | `customers.peek(id)` |
| `POST customers/{id}/requests` | `{"qualification", "vetting", "ago"}`: a request that somebody made elsewhere | `request_elsewhere(…)` |
| `POST customers/{id}/decisions` | `{"qualification", "status", "reason"}`: a status from now on | `decide(…)` |
| `POST faults` | `Fault` → `{"number"}` | `fault(fault)` |
| `GET faults` | → faults in force by number, with the `times` left | `faults.in_force()` |
| `DELETE faults`, `DELETE faults/{number}` | all, or one | `faults.clear(number)` |
| `GET codes`, `PUT codes` | `[ValidationCode]` | `set_codes(codes)` |
| `POST codes/{code}/uses` | `{"times"}`: somebody else uses the code now | `customers.code(id).consume(times)` |
| `GET calls?operation=&customer=&requestId=` | → `[CallDocument]`, oldest first | `books.calls(…)` |
| `GET books` | → `BooksDocument`: counts, effects, peaks | `books` |
| `PUT refresh-tokens` | `{"failure": "expired" …}` for all issued so far; null accepts them again | `sign_in.refuse_refresh(failure)` |
| `POST refresh-tokens` | → `{"refreshToken"}`, as after a fresh sign-in | `sign_in.new_refresh_token()` |
| `DELETE access-tokens` | all are unknown from now on | `sign_in.tokens.forget_access(…)` |
| `POST device-codes/{userCode}` | `{"decision": "approved"}` or `"declined"` | `sign_in.pending.decide(…)` |
| `POST clock` | `{"advance": seconds}` → `{"now"}` | `advance(seconds)` |
| `POST reset` | back to the beginning; credentials stay valid | `reset()` |
"""

from aiohttp import web
from pydantic import TypeAdapter

from sandbox.partner_center.control_document import (
    Advance,
    BooksDocument,
    CallDocument,
    CallFilter,
    CodeUses,
    DeviceSignIn,
    RefreshTokens,
)
from sandbox.partner_center.control_http import Route, document, documents, explaining, json_of, unknown
from sandbox.partner_center.customer_control import CustomerControl
from sandbox.partner_center.fault import Fault
from sandbox.partner_center.settings import Settings
from sandbox.partner_center.state import PartnerCenter
from sandbox.partner_center.validation_code import ValidationCode

_CODES = TypeAdapter(list[ValidationCode])


class Control:
    """The handlers of the table above."""

    def __init__(self, partner_center: PartnerCenter) -> None:
        self._partner_center = partner_center

    def add_routes(self, router: web.UrlDispatcher) -> None:
        """Add the control's routes."""
        routes: tuple[Route, ...] = (
            *CustomerControl(self._partner_center).routes(),
            ("GET", "settings", self._settings),
            ("PATCH", "settings", self._change_settings),
            ("GET", "faults", self._faults),
            ("POST", "faults", self._add_fault),
            ("DELETE", "faults", self._clear_faults),
            ("DELETE", "faults/{number:[0-9]+}", self._clear_fault),
            ("GET", "codes", self._codes),
            ("PUT", "codes", self._set_codes),
            ("POST", "codes/{code}/uses", self._use_code),
            ("GET", "calls", self._calls),
            ("GET", "books", self._books),
            ("PUT", "refresh-tokens", self._refuse_refresh),
            ("POST", "refresh-tokens", self._new_refresh_token),
            ("DELETE", "access-tokens", self._forget_access),
            ("POST", "device-codes/{user_code}", self._decide_device),
            ("POST", "clock", self._advance),
            ("POST", "reset", self._reset),
        )
        for method, path, handler in routes:
            router.add_route(method, f"/_control/{path}", explaining(handler))
        router.add_route("*", "/_control/{path:.*}", unknown)

    async def _settings(self, _: web.Request) -> web.Response:
        return document(self._partner_center.settings)

    async def _change_settings(self, request: web.Request) -> web.Response:
        change = Settings.model_validate_json(await request.read())
        for name in change.model_fields_set:
            setattr(self._partner_center.settings, name, getattr(change, name))
        return document(self._partner_center.settings)

    async def _faults(self, _: web.Request) -> web.Response:
        return web.json_response(
            {number: json_of(fault) for number, fault in self._partner_center.faults.in_force().items()}
        )

    async def _add_fault(self, request: web.Request) -> web.Response:
        number = self._partner_center.fault(Fault.model_validate_json(await request.read()))
        return web.json_response({"number": number}, status=201)

    async def _clear_faults(self, _: web.Request) -> web.Response:
        self._partner_center.faults.clear()
        return web.Response(status=204)

    async def _clear_fault(self, request: web.Request) -> web.Response:
        found = self._partner_center.faults.clear(int(request.match_info["number"]))
        return web.Response(status=204) if found else await unknown(request)

    async def _codes(self, _: web.Request) -> web.Response:
        return documents(self._partner_center.customers.codes)

    async def _set_codes(self, request: web.Request) -> web.Response:
        self._partner_center.set_codes(_CODES.validate_json(await request.read()))
        return documents(self._partner_center.customers.codes)

    async def _use_code(self, request: web.Request) -> web.Response:
        uses = CodeUses.model_validate_json(await request.read())
        code = self._partner_center.customers.code(request.match_info["code"])
        if code is None:
            return await unknown(request)
        code.consume(uses.times)
        return document(code)

    async def _calls(self, request: web.Request) -> web.Response:
        wanted = CallFilter.model_validate(dict(request.query))
        calls = self._partner_center.books.calls(wanted.operation, wanted.customer, wanted.request_id)
        return documents([CallDocument.of(call) for call in calls])

    async def _books(self, _: web.Request) -> web.Response:
        return document(BooksDocument.of(self._partner_center.books))

    async def _refuse_refresh(self, request: web.Request) -> web.Response:
        wanted = RefreshTokens.model_validate_json(await request.read())
        self._partner_center.sign_in.refuse_refresh(wanted.failure)
        return document(wanted)

    async def _new_refresh_token(self, _: web.Request) -> web.Response:
        return web.json_response({"refreshToken": self._partner_center.sign_in.new_refresh_token()}, status=201)

    async def _forget_access(self, _: web.Request) -> web.Response:
        self._partner_center.sign_in.tokens.forget_access(without_mfa=False)
        return web.Response(status=204)

    async def _decide_device(self, request: web.Request) -> web.Response:
        wanted = DeviceSignIn.model_validate_json(await request.read())
        found = self._partner_center.sign_in.pending.decide(request.match_info["user_code"], wanted.decision)
        return document(wanted) if found else await unknown(request)

    async def _advance(self, request: web.Request) -> web.Response:
        self._partner_center.advance(Advance.model_validate_json(await request.read()).advance)
        return web.json_response({"now": self._partner_center.now().isoformat()})

    async def _reset(self, _: web.Request) -> web.Response:
        self._partner_center.reset()
        return web.Response(status=204)
