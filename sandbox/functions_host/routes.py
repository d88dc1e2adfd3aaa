"""Route templates: which function a path belongs to, and the values in it.

Source: "Routing in ASP.NET Core", route templates; "Azure Functions HTTP trigger", customise the HTTP endpoint. A
method that a route does not name is part of the match, so the host answers 404 and not 405 (azure-functions-host
issue 10098).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from sandbox.functions_host.constraints import Constraint, parse_constraint
from sandbox.functions_host.errors import ConfigurationError

_PARAMETER = re.compile(r"\{(\*{0,2})(\w+)((?::(?:[^(){}:=?]+)(?:\(.*?\)(?=[:=?}]))?)*)(?:=([^}?]*))?(\?)?\}")
_CONSTRAINT = re.compile(r":([^(:]+(?:\(.*?\)(?=:|$))?)")


@dataclass(frozen=True, slots=True)
class _Parameter:
    name: str
    constraints: tuple[Constraint, ...]
    default: str | None
    optional: bool
    catch_all: bool


class Route:
    """One parsed template such as `customers/{id:guid}/items/{item?}`."""

    def __init__(self, template: str) -> None:
        """Parse a template.

        Args:
            template: without a leading slash, the route prefix included.

        Raises:
            ConfigurationError: the template is malformed or has an unknown constraint.
        """
        self.template = template.strip("/")
        self._parameters: list[_Parameter] = []
        self._pattern = re.compile(self._compile(), re.IGNORECASE | re.DOTALL)
        self.precedence = tuple(self._ranks())

    def match(self, path: str) -> dict[str, str] | None:
        """Match a path.

        Args:
            path: the path as it was sent, percent-encoded.

        Returns:
            The route values that are present, decoded; None if the path is not this route's.
        """
        found = self._pattern.fullmatch(path.strip("/"))
        if found is None:
            return None
        values: dict[str, str] = {}
        for number, parameter in enumerate(self._parameters):
            value = _decode(found[f"p{number}"]) or parameter.default
            if value is None:
                continue
            if not all(constraint(value) for constraint in parameter.constraints):
                return None
            values[parameter.name] = value
        return values

    def _compile(self) -> str:
        pattern = ""
        for segment in self.template.split("/"):
            body, seen = "", len(self._parameters)
            for literal, found in _tokens(segment, self.template):
                body += re.escape(literal) if found is None else self._group(found)
            last = self._parameters[-1] if len(self._parameters) > seen else None
            may_lack = last is not None and (last.optional or last.catch_all or last.default is not None)
            slash = "/" if pattern else ""
            pattern += f"(?:{slash}{body})?" if may_lack else slash + body
        return pattern

    def _group(self, found: re.Match[str]) -> str:
        constraints = tuple(parse_constraint(text) for text in _CONSTRAINT.findall(found[3]))
        number = len(self._parameters)
        self._parameters.append(_Parameter(found[2], constraints, found[4], bool(found[5]), bool(found[1])))
        return f"(?P<p{number}>.*)" if found[1] else f"(?P<p{number}>[^/]+?)"

    def _ranks(self) -> Iterator[int]:
        # A literal goes before a constrained value, a value before the rest of the path, segment by segment.
        for segment in self.template.split("/"):
            found = _PARAMETER.search(segment)
            if found is None:
                yield 1
            elif found[1]:
                yield 4 if found[3] else 5
            else:
                yield 2 if found[3] or found[0] != segment else 3


def _tokens(segment: str, template: str) -> Iterator[tuple[str, re.Match[str] | None]]:
    end = 0
    for found in _PARAMETER.finditer(segment):
        yield from _literal(segment[end : found.start()], template)
        yield "", found
        end = found.end()
    yield from _literal(segment[end:], template)


def _literal(text: str, template: str) -> Iterator[tuple[str, None]]:
    if "{" in text or "}" in text:
        raise ConfigurationError(f"The route {template!r} is malformed near {text!r}.")
    if text:
        yield text, None


def _decode(value: str | None) -> str:
    # The host's web server leaves an encoded slash as it is: decoded, it would look like two segments.
    return unquote(re.sub("%(?=2[fF])", "%25", value or ""))
