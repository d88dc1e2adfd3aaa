"""A person's decisions over HTTP, and the hold."""

import azure.functions as func

from qualification.api.incoming import caller_of, if_match, note_only, optional_body, path_id, traceparent_of
from qualification.api.outgoing import answer_accepted, answer_found, answer_json, read_request
from qualification.bootstrap import Service
from qualification.domain.actions import Action
from qualification.domain.errors import UnknownAction
from qualification.domain.held import Held
from qualification.domain.hold import Hold
from qualification.use_cases.telemetry import hold_changed


async def act_on_qualification(service: Service, request: func.HttpRequest) -> func.HttpResponse:
    """A person's decision about a request: confirm, cancel or retry."""
    customer_id, request_id = path_id(request, "customer_id"), path_id(request, "request_id")
    action, body, by = (
        request.route_params["action"],
        optional_body(request),
        caller_of(request, service.settings.api_key_names),
    )
    decisions = service.decisions
    match action:
        case Action.CONFIRM:
            decided = await decisions.confirm(customer_id, request_id, if_match(request), by, body)
        case Action.CANCEL:
            decided = await decisions.cancel(customer_id, request_id, by, body)
        case Action.RETRY:
            decided = await decisions.retry(customer_id, request_id, by, body, traceparent_of(request))
        case _:
            raise UnknownAction(f"There is no action of that name; there are {', '.join(Action)}.")
    if decided.request_id != request_id:
        return await answer_accepted(decided, service)
    return answer_found(await read_request(customer_id, request_id, service), service)


async def hold(service: Service, request: func.HttpRequest) -> func.HttpResponse:
    """What holds everybody; a POST stops all writing."""
    if request.method == "POST":
        by, note = str(caller_of(request, service.settings.api_key_names)), note_only(request)
        found = await service.holds.stop(by, note)
        hold_changed("stop", by)
    else:
        found = await service.holds.current()
    return _held(found, service)


async def resume(service: Service, request: func.HttpRequest) -> func.HttpResponse:
    """Writing goes on."""
    by = str(caller_of(request, service.settings.api_key_names))
    note_only(request)
    found = await service.holds.resume()
    hold_changed("resume", by)
    return _held(found, service)


def _held(found: Hold, service: Service) -> func.HttpResponse:
    return answer_json(200, Held.of(found, service.clock()).model_dump(mode="json", by_alias=True))
