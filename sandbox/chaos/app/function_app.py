"""The functions that a chaos run needs, over the same use cases as in production, composed with a clock that jumps."""

import os
from functools import cache
from pathlib import Path

import azure.functions as func

from qualification.api import actions, handlers, hints
from qualification.bootstrap import Service, bootstrap
from sandbox.chaos.clock import JumpingClock

app = func.FunctionApp(http_auth_level=func.AuthLevel.FUNCTION)


@cache
def service() -> Service:
    """The service of this process, from its app settings; CHAOS_CLOCK names the file of the clock."""
    return bootstrap(os.environ, clock=JumpingClock(Path(os.environ["CHAOS_CLOCK"])))


@app.route("webhooks/{source}", methods=["POST"], auth_level=func.AuthLevel.ANONYMOUS)
async def receive_webhook(req: func.HttpRequest) -> func.HttpResponse:
    """A CRM's webhook."""
    return await handlers.answer(handlers.receive_webhook, service, req)


@app.route("customers/{customer_id}/qualifications", methods=["POST"])
async def request_qualification(req: func.HttpRequest) -> func.HttpResponse:
    """A request from a caller with a function key."""
    return await handlers.answer(handlers.request_qualification, service, req)


@app.route("customers/{customer_id}/qualifications/{request_id}", methods=["GET"])
async def get_qualification(req: func.HttpRequest) -> func.HttpResponse:
    """The status of a request."""
    return await handlers.answer(handlers.get_qualification, service, req)


@app.route("customers/{customer_id}/qualifications/{request_id}/{action}", methods=["POST"])
async def act_on_qualification(req: func.HttpRequest) -> func.HttpResponse:
    """A person's decision about a request."""
    return await handlers.answer(actions.act_on_qualification, service, req)


@app.route("hold", methods=["GET", "POST"])
async def hold(req: func.HttpRequest) -> func.HttpResponse:
    """What holds everybody; a POST stops all writing to Partner Center."""
    return await handlers.answer(actions.hold, service, req)


@app.route("hold/resume", methods=["POST"])
async def resume(req: func.HttpRequest) -> func.HttpResponse:
    """Writing goes on."""
    return await handlers.answer(actions.resume, service, req)


@app.service_bus_queue_trigger("msg", connection="ServiceBusConnection", queue_name="%QUALIFICATION_QUEUE%")
async def submit_request(msg: func.ServiceBusMessage) -> None:
    """A hint that a request wants submitting."""
    await hints.take(service, msg.get_body())


@app.timer_trigger("timer", schedule="%ADVANCE_SCHEDULE%")
async def advance_requests(timer: func.TimerRequest) -> None:  # noqa: ARG001  the trigger wants the parameter
    """All work that is due."""
    await service().due_work.advance()
    await service().waiting_log.write()
    await service().token_renewal.keep()
