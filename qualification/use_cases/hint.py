"""A hint on the queue, as this service writes it."""

import json
from uuid import UUID

from qualification.domain.errors import MalformedMessage
from qualification.domain.guid import parse_guid


def parse_message(body: bytes) -> tuple[UUID, UUID]:
    """Customer tenant id and request id of a queue message; ids are read from the body only.

    Raises:
        MalformedMessage: this service did not write it. It ends in the dead-letter queue.
    """
    try:
        content = json.loads(body)
        return parse_guid(content["customerTenantId"]), parse_guid(content["requestId"])
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise MalformedMessage(
            f"A message of {len(body)} bytes on the queue names no customerTenantId and requestId ({error!r}); "
            "it was not written by this service. Find its sender, then delete it from the dead-letter queue."
        ) from error
