"""What the handlers of the control share: JSON of models, and words for what is wrong."""

from collections.abc import Awaitable, Callable, Sequence

from aiohttp import web
from pydantic import BaseModel, ValidationError

Handler = Callable[[web.Request], Awaitable[web.Response]]
Route = tuple[str, str, Handler]
"""Method, path under `/_control`, handler."""


def explaining(handler: Handler) -> Handler:
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


async def unknown(request: web.Request) -> web.Response:
    """Answer that there is no such control."""
    return web.json_response({"title": f"{request.method} {request.path} is no control."}, status=404)


def json_of(model: BaseModel) -> object:
    """Return a model as JSON in camelCase."""
    return model.model_dump(mode="json", by_alias=True)


def document(model: BaseModel) -> web.Response:
    """Answer with a model."""
    return web.json_response(json_of(model))


def documents(models: Sequence[BaseModel]) -> web.Response:
    """Answer with a list of models."""
    return web.json_response([json_of(model) for model in models])
