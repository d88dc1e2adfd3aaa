"""Service Bus functions for the host's tests: what a message says in `do` is done."""

import asyncio
import json
import logging

import azure.functions as func

app = func.FunctionApp()
SEEN: list[dict[str, object]] = []
RELEASE = asyncio.Event()
BUS = "ServiceBusConnection"


def _note(function: str, message: func.ServiceBusMessage) -> None:
    SEEN.append(
        {
            "function": function,
            "body": message.get_body().decode(),
            "message_id": message.message_id,
            "delivery_count": message.delivery_count,
            "enqueued": str(message.enqueued_time_utc),
            "time_to_live": message.time_to_live,
            "locked_until": message.locked_until,
            "user_properties": message.user_properties,
            "application_properties": message.application_properties,
            "metadata": message.metadata,
        }
    )


async def _do(what: str) -> None:
    match what:
        case "fail":
            raise RuntimeError("as the message says")
        case "wait":
            await RELEASE.wait()
        case "hang":
            await asyncio.sleep(3600)


@app.service_bus_queue_trigger(arg_name="message", queue_name="%QUEUE%", connection=BUS)
async def work(message: func.ServiceBusMessage, context: func.Context) -> None:
    """Do what the message says."""
    _note("work", message)
    logging.getLogger("shop").info("trace %s", context.trace_context.trace_parent)
    await _do(json.loads(message.get_body() or b"{}").get("do", ""))


@app.service_bus_queue_trigger(arg_name="message", queue_name="returning", connection=BUS)
async def returning(message: func.ServiceBusMessage) -> str:
    """Do the work, then return a value, which a queue function must not."""
    _note("returning", message)
    return "done"


@app.service_bus_queue_trigger(arg_name="body", queue_name="raw", connection=BUS, data_type=func.DataType.BINARY)
async def raw(body: bytes) -> None:
    """Take bytes as they are."""
    SEEN.append({"function": "raw", "body": list(body)})


@app.service_bus_topic_trigger(arg_name="message", topic_name="news", subscription_name="shop", connection=BUS)
def subscriber(message: func.ServiceBusMessage) -> None:
    """Read a subscription, in the thread pool."""
    _note("subscriber", message)


@app.route(auth_level=func.AuthLevel.ANONYMOUS)
async def seen(req: func.HttpRequest) -> str:
    """Tell what was seen so far."""
    return json.dumps(SEEN if req.method == "GET" else None)


@app.route(auth_level=func.AuthLevel.ANONYMOUS)
async def release(req: func.HttpRequest) -> str:
    """Let the waiting calls end."""
    RELEASE.set()
    return str(req.method)
