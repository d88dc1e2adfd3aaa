"""The least that an HTTP function can do."""

import azure.functions as func

app = func.FunctionApp(http_auth_level=func.AuthLevel.ANONYMOUS)


@app.route("webhooks/{source}", methods=["POST"])
async def receive_webhook(req: func.HttpRequest) -> func.HttpResponse:  # noqa: ARG001  the trigger wants the parameter
    """Take anything."""
    return func.HttpResponse(status_code=202)
