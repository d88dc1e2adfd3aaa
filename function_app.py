"""The functions of this app and what triggers them; all work is done in `qualification`."""

import azure.functions as func

from qualification.api import actions, handlers, hints
from qualification.bootstrap import service
from qualification.domain.errors import ConfigurationError

app = func.FunctionApp(http_auth_level=func.AuthLevel.FUNCTION)


@app.route("webhooks/{source}", methods=["POST"], auth_level=func.AuthLevel.ANONYMOUS)
async def receive_webhook(req: func.HttpRequest) -> func.HttpResponse:
    """A CRM's webhook; its signature proves the sender, so there is no function key."""
    return await handlers.answer(handlers.receive_webhook, service, req)


@app.route("customers/{customer_id}/qualifications", methods=["POST"])
async def request_qualification(req: func.HttpRequest) -> func.HttpResponse:
    """A request from a caller with a function key."""
    return await handlers.answer(handlers.request_qualification, service, req)


@app.route("customers/{customer_id}/qualifications", methods=["GET"])
async def list_customer_qualifications(req: func.HttpRequest) -> func.HttpResponse:
    """All requests of a customer."""
    return await handlers.answer(handlers.list_customer_qualifications, service, req)


@app.route("customers/{customer_id}/qualifications/{request_id}", methods=["GET"])
async def get_qualification(req: func.HttpRequest) -> func.HttpResponse:
    """One request of a customer."""
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


@app.route("health", methods=["GET"], auth_level=func.AuthLevel.ANONYMOUS)
async def health(req: func.HttpRequest) -> func.HttpResponse:
    """Whether the service can do its work."""
    try:
        return await handlers.health(service(), req)
    except ConfigurationError as error:
        return handlers.misconfigured(error)


@app.route("openapi.json", methods=["GET"], auth_level=func.AuthLevel.ANONYMOUS)
async def openapi(req: func.HttpRequest) -> func.HttpResponse:  # noqa: ARG001  the trigger wants the parameter
    """This API, described for machines."""
    return handlers.openapi()


@app.route("problems", methods=["GET"], auth_level=func.AuthLevel.ANONYMOUS)
async def problems(req: func.HttpRequest) -> func.HttpResponse:  # noqa: ARG001  the trigger wants the parameter
    """What each error means, described for people."""
    return handlers.problems()


@app.service_bus_queue_trigger("msg", connection="ServiceBusConnection", queue_name="%QUALIFICATION_QUEUE%")
async def submit_request(msg: func.ServiceBusMessage) -> None:
    """A hint that a request wants submitting to Partner Center."""
    await hints.take(service, msg.get_body())


@app.timer_trigger("timer", schedule="%ADVANCE_SCHEDULE%")
async def advance_requests(timer: func.TimerRequest) -> None:  # noqa: ARG001  the trigger wants the parameter
    """All work that is due: publish, re-queue, review, alert; and the refresh token is kept alive."""
    await service().due_work.advance()
    await service().waiting_log.write()
    await service().token_renewal.keep()
    await service().source_alerts.alert()
    service().refusals.flush()
