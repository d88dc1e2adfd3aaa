"""Atom documents (RFC 4287) as Service Bus writes them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.etree.ElementTree import Element, SubElement, tostring

_ATOM = "http://www.w3.org/2005/Atom"


@dataclass(frozen=True, slots=True)
class Entry:
    """A named thing and its description."""

    name: str
    description: Element


@dataclass(frozen=True, slots=True)
class Page:
    """A part of a list: `next_url` where there is more."""

    url: str
    entries: Iterable[Entry]
    next_url: str = ""


def entry(found: Entry, url: str) -> bytes:
    """A document of one thing."""
    return _written(_entry(found, url))


def feed(page: Page) -> bytes:
    """A document of many things; an empty one is also how Service Bus says that there is no such queue or topic."""
    root = _titled("feed", "Publicly Listed Services", page.url)
    for rel, href in (("self", page.url), ("next", page.next_url)):
        if href:
            SubElement(root, f"{{{_ATOM}}}link", rel=rel, href=href)
    root.extend(_entry(each, f"{page.url.partition('?')[0]}/{each.name}") for each in page.entries)
    return _written(root)


def error(code: int, detail: str) -> bytes:
    """A document that says what is wrong."""
    root = Element("Error")
    SubElement(root, "Code").text = str(code)
    SubElement(root, "Detail").text = detail
    return _written(root)


def _entry(found: Entry, url: str) -> Element:
    root = _titled("entry", found.name, url)
    SubElement(root, f"{{{_ATOM}}}link", rel="self", href=url)
    SubElement(root, f"{{{_ATOM}}}content", type="application/xml").append(found.description)
    return root


def _titled(name: str, title: str, url: str) -> Element:
    root = Element(f"{{{_ATOM}}}{name}")
    SubElement(root, f"{{{_ATOM}}}id").text = url
    SubElement(root, f"{{{_ATOM}}}title", type="text").text = title
    SubElement(root, f"{{{_ATOM}}}updated").text = datetime.now(UTC).isoformat().replace("+00:00", "Z")
    return root


def _written(root: Element) -> bytes:
    document: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return document
