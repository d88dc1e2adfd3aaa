"""The ETag of a request as its callers see it. Pure."""

import hashlib
import json

from qualification.domain.record import Record
from qualification.domain.request import NOT_SENT, QualificationRequest


def etag(record: Record) -> str:
    """A digest of a request's status, content, attempts and what it waits for; a read that shows nothing new keeps it.

    What holds everybody is not in it: it comes and goes without the request. Nor is a validation code.
    """
    waiting, correction = record.waiting, record.correction
    seen = {
        "requestId": str(record.request_id),
        "status": record.status,
        "content": _content(record.request),
        "correction": _content(correction.request) if correction else None,
        "attempts": record.attempts,
        "waitingFor": [waiting.reason, waiting.detail, waiting.since.isoformat()] if waiting else None,
    }
    return hashlib.sha256(json.dumps(seen, sort_keys=True).encode()).hexdigest()[:32]


def _content(request: QualificationRequest) -> object:
    return request.model_dump(by_alias=True, exclude=NOT_SENT)
