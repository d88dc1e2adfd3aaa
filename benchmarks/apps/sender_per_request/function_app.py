"""A webhook that passes its body on to a queue, as Microsoft's quick-start sends messages from Python.

"Send messages to and receive messages from Azure Service Bus queues (Python)", with a client and a sender opened for each
call. No signature is checked and nothing is stored.
"""

import os

import azure.functions as func
from azure.servicebus import ServiceBusMessage
from azure.servicebus.aio import ServiceBusClient

app = func.FunctionApp(http_auth_level=func.AuthLevel.ANONYMOUS)


@app.route("webhooks/{source}", methods=["POST"])
async def receive_webhook(req: func.HttpRequest) -> func.HttpResponse:
    """Pass it on."""
    async with (
        ServiceBusClient.from_connection_string(os.environ["ServiceBusConnection"]) as client,  # noqa: SIM112  Azure's name
        client.get_queue_sender(os.environ["QUALIFICATION_QUEUE"]) as sender,
    ):
        await sender.send_messages(ServiceBusMessage(req.get_body().decode()))
    return func.HttpResponse(status_code=202)
