"""The row that says which dated event of a source about a customer is the newest. Pure."""

from dataclasses import replace

from pydantic import TypeAdapter

from qualification.domain.transition import CustomerState, NewestEvent
from qualification.stores.keys import newest_key
from qualification.stores.rows import Change, Insert, Replace, Row
from qualification.stores.versions import check_version, versioned

_NEWEST = TypeAdapter(NewestEvent)


def newest_change(state: CustomerState, source: str, event: NewestEvent) -> Change:
    """The row with this event, under what it was."""
    key, before = newest_key(state.customer.customer_tenant_id, source), state.newest.get(source)
    text = versioned(_NEWEST.dump_json(event, exclude={"etag"}).decode())
    return Replace(key, text, before.etag) if before and before.etag else Insert(key, text)


def read_newest(row: Row) -> NewestEvent:
    """The event in a row.

    Raises:
        ValueError: there is none, or a newer version of this service wrote it.
    """
    check_version(row.value)
    return replace(_NEWEST.validate_json(row.value), etag=row.etag)
