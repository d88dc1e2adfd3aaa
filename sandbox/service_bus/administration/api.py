"""Answers requests for entities, subscriptions and rules.

https://learn.microsoft.com/rest/api/servicebus/entities
"""

import re
from collections.abc import Callable, Mapping, Sequence
from http import HTTPMethod, HTTPStatus

from aiohttp import web

from sandbox.service_bus import declarations
from sandbox.service_bus.administration import atom, descriptions
from sandbox.service_bus.administration.permission import MANAGER, NotAuthorizedError, policy
from sandbox.service_bus.entities.counts import Counts

_SUBSCRIPTION = re.compile(r"(?i)(?P<topic>.+)/subscriptions(/(?P<subscription>[^/]+)(?P<rules>/rules)?)?")
_LARGEST_PAGE = 100


class Administration:
    """Tells what a namespace declares; a handler for aiohttp's low-level server.

    Args:
        namespace: what there is.
        counts: counts the messages of each entity.
    """

    def __init__(self, namespace: declarations.Namespace, counts: Callable[[], Mapping[str, Counts]]) -> None:
        self._queues = {queue.name.lower(): queue for queue in namespace.queues}
        self._topics = {topic.name.lower(): topic for topic in namespace.topics}
        self._counts = counts

    async def answer(self, request: web.BaseRequest) -> web.Response:
        """Answer a request: an Atom document, or an error that says why not."""
        if request.method != HTTPMethod.GET:
            return _error(HTTPStatus.METHOD_NOT_ALLOWED, "This sandbox shows its entities and changes none.")
        try:
            manages = policy(request.headers.get("Authorization", "")) == MANAGER
        except NotAuthorizedError as error:
            return _error(HTTPStatus.UNAUTHORIZED, str(error))
        path = request.path.strip("/")
        if parts := _SUBSCRIPTION.fullmatch(path):
            if not manages:
                return _error(HTTPStatus.UNAUTHORIZED, f"SubCode=40100: Unauthorized access to '{path}'.")
            return self._below_topic(request, parts.groupdict())
        return self._entity(request, path, manages=manages)

    def _entity(self, request: web.BaseRequest, path: str, *, manages: bool) -> web.Response:
        queue, topic = self._queues.get(path.lower()), self._topics.get(path.lower())
        if queue is None and topic is None:
            # Service Bus says so even to those who may not read.
            return _document(atom.feed(atom.Page(str(request.url), [])))
        if not manages:
            return _error(HTTPStatus.UNAUTHORIZED, "Manage,EntityRead claims required for this operation.")
        if queue:
            return _one(request, descriptions.queue(queue, self._counts()[queue.name]))
        return _one(request, descriptions.topic(topic, self._counts()[topic.name])) if topic else _missing(path)

    def _below_topic(self, request: web.BaseRequest, parts: Mapping[str, str | None]) -> web.Response:
        topic = self._topics.get((parts["topic"] or "").lower())
        if topic is None:
            return _missing(str(parts["topic"]))
        counts = self._counts()
        entries = {
            each.name.lower(): descriptions.subscription(each, counts[f"{topic.name}/Subscriptions/{each.name}"])
            for each in topic.subscriptions
        }
        name = parts["subscription"]
        if name is None:
            return _many(request, list(entries.values()))
        if name.lower() not in entries:
            return _missing(f"{topic.name}/Subscriptions/{name}")
        if not parts["rules"]:
            return _one(request, entries[name.lower()])
        return next(
            _many(request, descriptions.rules(each))
            for each in topic.subscriptions
            if each.name.lower() == name.lower()
        )


def _one(request: web.BaseRequest, found: atom.Entry) -> web.Response:
    return _document(atom.entry(found, str(request.url)))


def _many(request: web.BaseRequest, found: Sequence[atom.Entry]) -> web.Response:
    skip = int(request.query.get("$skip", "0"))
    top = min(int(request.query.get("$top", _LARGEST_PAGE)), _LARGEST_PAGE)
    more = request.url.update_query({"$skip": skip + top, "$top": top})
    next_url = str(more) if len(found) > skip + top else ""
    return _document(atom.feed(atom.Page(str(request.url), found[skip : skip + top], next_url)))


def _missing(path: str) -> web.Response:
    return _error(HTTPStatus.NOT_FOUND, f"SubCode=40400: Not Found. The entity '{path}' does not exist.")


def _document(body: bytes) -> web.Response:
    return web.Response(body=body, content_type="application/atom+xml", charset="utf-8")


def _error(status: HTTPStatus, detail: str) -> web.Response:
    return web.Response(status=status, body=atom.error(status, detail), content_type="application/xml")
