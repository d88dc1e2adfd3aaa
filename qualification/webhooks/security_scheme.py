"""How senders prove themselves, as the OpenAPI document says it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class SecurityScheme:
    """A header that proves a sender.

    Attributes:
        name: of the scheme in the document; two CRMs with the same name share one scheme.
        header: the header.
        description: what stands in it.
        beside: further headers that the proof needs.
        or_query: whether the parameter `code` of the URL may take the header's place.
    """

    name: str
    header: str
    description: str
    beside: tuple[str, ...] = ()
    or_query: bool = False
