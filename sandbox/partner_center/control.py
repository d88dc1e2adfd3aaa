"""The simulator's control over HTTP: JSON in camelCase, unknown fields refused with 422.

Python code that holds the `PartnerCenter` uses its methods instead; each row names them.

| Call, under `/_control` | Body → answer | Python |
|---|---|---|
| `GET settings`, `PATCH settings` | `Settings`, the fields to change → all (`outage`, `latency`, `idempotency` …) | `settings` |
| `PATCH everybody` | `CustomerScript`, the fields to change → all | `script(script)` |
| `PATCH customers/{id}` | the same for one customer | `script(script, id)` |
| `GET customers/{id}` | → `CustomerBooks`: counts, statuses | `books`, `customers.peek(id)` |
| `POST customers/{id}/decisions` | `{"qualification", "status", "reason"}`: a status from now on | `decide(…)` |
| `POST faults` | `Fault` → `{"number"}` | `fault(fault)` |
| `GET faults` | → faults in force by number, with the `times` left | `faults.in_force()` |
| `DELETE faults`, `DELETE faults/{number}` | all, or one | `faults.clear(number)` |
| `GET codes`, `PUT codes` | `[ValidationCode]` | `set_codes(codes)` |
| `GET calls?operation=&customer=&requestId=` | → `[CallDocument]`, oldest first | `books.calls(…)` |
| `GET books` | → `BooksDocument`: counts, effects, peaks | `books` |
| `PUT refresh-tokens` | `{"failure": "expired" …}` for all issued so far; null accepts them again | `sign_in.refuse_refresh(failure)` |
| `POST refresh-tokens` | → `{"refreshToken"}`, as after a fresh sign-in | `sign_in.new_refresh_token()` |
| `DELETE access-tokens` | all are unknown from now on | `sign_in.tokens.forget_access(…)` |
| `POST device-codes/{userCode}` | `{"decision": "approved"}` or `"declined"` | `sign_in.pending.decide(…)` |
| `POST clock` | `{"advance": seconds}` → `{"now"}` | `advance(seconds)` |
| `POST reset` | back to the beginning; credentials stay valid | `reset()` |
"""

from collections.abc import Awaitable, Callable, Sequence

from aiohttp import web
from pydantic import BaseModel, TypeAdapter, ValidationError

from sandbox.partner_center.control_document import (
    Advance,
    BooksDocument,
    CallDocument,
    CallFilter,
    CustomerBooks,
    DecisionDocument,
    DeviceSignIn,
    RefreshTokens,
)
from sandbox.partner_center.customer import CustomerScript
from sandbox.partner_center.fault import Fault
from sandbox.partner_center.settings import Settings
from sandbox.partner_center.state import PartnerCenter
from sandbox.partner_center.validation_code import ValidationCode
from sandbox.partner_center.vocabulary import CustomerId

_CODES = TypeAdapter(list[ValidationCode])
_CUSTOMER = TypeAdapter(CustomerId)
_Handler = Callable[[web.Request], Awaitable[web.Response]]


class Control:
    """The handlers of the table above."""

    def __init__(self, partner_center: PartnerCenter) -> None:
        self._partner_center = partner_center

    def add_routes(self, router: web.UrlDispatcher) -> None:
        """Add the control's routes."""
        routes: tuple[tuple[str, str, _Handler], ...] = (
            ("GET", "settings", self._settings),
            ("PATCH", "settings", self._change_settings),
            ("PATCH", "everybody", self._script_everybody),
            ("GET", "customers/{customer}", self._customer),
            ("PATCH", "customers/{customer}", self._script_customer),
            ("POST", "customers/{customer}/decisions", self._decide),
            ("GET", "faults", self._faults),
            ("POST", "faults", self._add_fault),
            ("DELETE", "faults", self._clear_faults),
            ("DELETE", "faults/{number:[0-9]+}", self._clear_fault),
            ("GET", "codes", self._codes),
            ("PUT", "codes", self._set_codes),
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
            router.add_route(method, f"/_control/{path}", _explaining(handler))
        router.add_route("*", "/_control/{path:.*}", _unknown)

    async def _settings(self, _: web.Request) -> web.Response:
        return _document(self._partner_center.settings)

    async def _change_settings(self, request: web.Request) -> web.Response:
        change = Settings.model_validate_json(await request.read())
        for name in change.model_fields_set:
            setattr(self._partner_center.settings, name, getattr(change, name))
        return _document(self._partner_center.settings)

    async def _script_everybody(self, request: web.Request) -> web.Response:
        self._partner_center.script(CustomerScript.model_validate_json(await request.read()))
        return _document(self._partner_center.customers.everybody)

    async def _script_customer(self, request: web.Request) -> web.Response:
        customer = _customer(request)
        self._partner_center.script(CustomerScript.model_validate_json(await request.read()), customer)
        return _document(self._partner_center.customers.peek(customer)[1])

    async def _customer(self, request: web.Request) -> web.Response:
        customer, books = _customer(request), self._partner_center.books
        one, script = self._partner_center.customers.peek(customer)
        counts = CustomerBooks(
            posts=books.posts(customer),
            effective_posts=books.effective_posts(customer),
            effective_puts=books.effective_puts(customer),
            education_requests=script.education_requests + one.education_requests,
            statuses=dict(one.statuses(self._partner_center.now())),
        )
        return _document(counts)

    async def _decide(self, request: web.Request) -> web.Response:
        decision = DecisionDocument.model_validate_json(await request.read())
        customer = _customer(request)
        self._partner_center.decide(customer, decision.qualification, decision.status, decision.reason)
        return await self._customer(request)

    async def _faults(self, _: web.Request) -> web.Response:
        return web.json_response(
            {number: _json(fault) for number, fault in self._partner_center.faults.in_force().items()}
        )

    async def _add_fault(self, request: web.Request) -> web.Response:
        number = self._partner_center.fault(Fault.model_validate_json(await request.read()))
        return web.json_response({"number": number}, status=201)

    async def _clear_faults(self, _: web.Request) -> web.Response:
        self._partner_center.faults.clear()
        return web.Response(status=204)

    async def _clear_fault(self, request: web.Request) -> web.Response:
        found = self._partner_center.faults.clear(int(request.match_info["number"]))
        return web.Response(status=204) if found else await _unknown(request)

    async def _codes(self, _: web.Request) -> web.Response:
        return _documents(self._partner_center.customers.codes)

    async def _set_codes(self, request: web.Request) -> web.Response:
        self._partner_center.set_codes(_CODES.validate_json(await request.read()))
        return _documents(self._partner_center.customers.codes)

    async def _calls(self, request: web.Request) -> web.Response:
        wanted = CallFilter.model_validate(dict(request.query))
        calls = self._partner_center.books.calls(wanted.operation, wanted.customer, wanted.request_id)
        return _documents([CallDocument.of(call) for call in calls])

    async def _books(self, _: web.Request) -> web.Response:
        return _document(BooksDocument.of(self._partner_center.books))

    async def _refuse_refresh(self, request: web.Request) -> web.Response:
        wanted = RefreshTokens.model_validate_json(await request.read())
        self._partner_center.sign_in.refuse_refresh(wanted.failure)
        return _document(wanted)

    async def _new_refresh_token(self, _: web.Request) -> web.Response:
        return web.json_response({"refreshToken": self._partner_center.sign_in.new_refresh_token()}, status=201)

    async def _forget_access(self, _: web.Request) -> web.Response:
        self._partner_center.sign_in.tokens.forget_access(without_mfa=False)
        return web.Response(status=204)

    async def _decide_device(self, request: web.Request) -> web.Response:
        wanted = DeviceSignIn.model_validate_json(await request.read())
        found = self._partner_center.sign_in.pending.decide(request.match_info["user_code"], wanted.decision)
        return _document(wanted) if found else await _unknown(request)

    async def _advance(self, request: web.Request) -> web.Response:
        self._partner_center.advance(Advance.model_validate_json(await request.read()).advance)
        return web.json_response({"now": self._partner_center.now().isoformat()})

    async def _reset(self, _: web.Request) -> web.Response:
        self._partner_center.reset()
        return web.Response(status=204)


def _explaining(handler: _Handler) -> _Handler:
    """Answer 422 with what is wrong and where, instead of failing."""

    async def serve(request: web.Request) -> web.Response:
        try:
            return await handler(request)
        except ValidationError as error:
            faults = [
                {"pointer": "".join(f"/{step}" for step in fault["loc"]), "detail": fault["msg"]}
                for fault in error.errors(include_url=False, include_context=False, include_input=False)
            ]
            return web.json_response({"title": "The script is not valid.", "errors": faults}, status=422)

    return serve


async def _unknown(request: web.Request) -> web.Response:
    return web.json_response({"title": f"{request.method} {request.path} is no control."}, status=404)


def _customer(request: web.Request) -> str:
    return _CUSTOMER.validate_python(request.match_info["customer"])


def _json(model: BaseModel) -> object:
    return model.model_dump(mode="json", by_alias=True)


def _document(model: BaseModel) -> web.Response:
    return web.json_response(_json(model))


def _documents(models: Sequence[BaseModel]) -> web.Response:
    return web.json_response([_json(model) for model in models])
