"""HTTP functions for the host's tests."""

import asyncio
import json
import logging
import os

import azure.functions as func

app = func.FunctionApp()
OPEN = func.AuthLevel.ANONYMOUS


def _json(value: object) -> func.HttpResponse:
    return func.HttpResponse(json.dumps(value), mimetype="application/json")


@app.route(route="echo/{first}/{second:int?}", auth_level=OPEN)
async def echo(req: func.HttpRequest) -> func.HttpResponse:
    """Tell what arrived."""
    return _json(
        {
            "method": req.method,
            "url": req.url,
            "headers": dict(req.headers),
            "params": dict(req.params),
            "route_params": dict(req.route_params),
            "body": req.get_body().decode(),
        }
    )


@app.route(route="items/{id:guid}", methods=["GET"], auth_level=OPEN)
async def by_guid(req: func.HttpRequest) -> str:
    """Answer for a GUID."""
    return f"guid {req.route_params['id']}"


@app.route(route="items/{name}", methods=["GET"], auth_level=OPEN)
async def by_name(req: func.HttpRequest) -> str:
    """Answer for any name."""
    return f"name {req.route_params['name']}"


@app.route(route="items/new", methods=["GET"], auth_level=OPEN)
async def literal(req: func.HttpRequest) -> str:
    """Answer for the literal path."""
    return f"literal {req.method}"


@app.route(route="items/{name}", methods=["POST"], auth_level=OPEN)
async def posted(req: func.HttpRequest) -> str:
    """Answer the same path for another method."""
    return f"posted {req.route_params['name']}"


@app.route(auth_level=OPEN)
async def unrouted(req: func.HttpRequest) -> str:
    """Be found under the function's name."""
    return str(req.method)


@app.route(auth_level=func.AuthLevel.FUNCTION)
async def locked(req: func.HttpRequest) -> str:
    """Need a function key."""
    return str(req.method)


@app.route(auth_level=func.AuthLevel.ADMIN)
async def guarded(req: func.HttpRequest) -> str:
    """Need the master key."""
    return str(req.method)


@app.route(auth_level=OPEN)
async def chained(req: func.HttpRequest) -> str:
    """Fail for a reason that has a reason."""
    try:
        return dict[str, str]()[req.method]
    except KeyError as cause:
        raise RuntimeError("the shop is closed") from cause


@app.route(auth_level=OPEN)
async def nothing(req: func.HttpRequest) -> func.HttpResponse:
    """Return nothing, which an HTTP function must not."""
    return None if req.method else func.HttpResponse()  # type: ignore[return-value]  # the fault under test


@app.route(auth_level=OPEN)
async def mapping(req: func.HttpRequest) -> func.HttpResponse:
    """Return a dict, which an HTTP function must not."""
    return {"method": req.method}  # type: ignore[return-value]  # the fault under test


@app.route(auth_level=OPEN)
async def teapot(req: func.HttpRequest) -> func.HttpResponse:
    """Answer with a status, headers and two cookies."""
    response = func.HttpResponse(b"\xff\x00", status_code=418, headers={"X-Kind": req.method}, mimetype="image/x-tea")
    for text in ("pot=a=b; Max-Age=60; HttpOnly", "cup=1; SameSite=Strict; Secure; Path=/tea"):
        response.headers.add("Set-Cookie", text)
    return response


@app.route(auth_level=OPEN)
async def sleeper(req: func.HttpRequest) -> str:
    """Be switched off by an app setting."""
    return str(req.method)


@app.route(auth_level=OPEN)
async def endless(req: func.HttpRequest) -> str:
    """Take longer than the time-out, and hold on against the cancellation."""
    try:
        await asyncio.sleep(60)
    except asyncio.CancelledError:
        await asyncio.sleep(60)
    return str(req.method)


@app.route(auth_level=OPEN)
async def context(req: func.HttpRequest, context: func.Context) -> func.HttpResponse:
    """Tell what the context says."""
    logging.getLogger("shop").warning("one line from %s", req.method)
    trace_parent, retries = context.trace_context.trace_parent, context.retry_context.retry_count
    return _json([context.invocation_id, context.function_name, trace_parent, retries])


@app.route(auth_level=OPEN)
def threaded(req: func.HttpRequest) -> str:
    """Run in the thread pool."""
    logging.getLogger("shop").error("from a thread: %s", req.method)
    return os.environ["GREETING"]


@app.route(auth_level=OPEN)
async def body(req: func.HttpRequest) -> func.HttpResponse:
    """Read a JSON body, or say which error that is."""
    try:
        return _json(req.get_json())
    except ValueError as error:
        return _json(type(error).__name__)
