"""Route templates, by the rules of ASP.NET Core's router."""

import pytest

from sandbox.functions_host import ConfigurationError
from sandbox.functions_host.routes import Route


@pytest.mark.parametrize(
    ("template", "path", "values"),
    [
        ("api/orders", "/api/orders", {}),
        ("api/orders", "/API/Orders/", {}),
        ("api/orders", "/api/orders/1", None),
        ("api/{id}", "/api/a%20b", {"id": "a b"}),
        ("api/{id}", "/api/a%2fb", {"id": "a%2fb"}),
        ("api/{id}", "/api/", None),
        ("api/{id?}", "/api", {}),
        ("api/{id?}", "/api/1", {"id": "1"}),
        ("api/{a}/{b?}", "/api/1", {"a": "1"}),
        ("api/{page=1}", "/api", {"page": "1"}),
        ("api/{page:int=1}", "/api/7", {"page": "7"}),
        ("api/{*rest}", "/api/a/b%20c", {"rest": "a/b c"}),
        ("api/{**rest}", "/api", {}),
        ("{*path}", "/a/b", {"path": "a/b"}),
        ("api/{name}.{kind}", "/api/report.pdf", {"name": "report", "kind": "pdf"}),
        ("api/v{version:int}", "/api/v2", {"version": "2"}),
        ("api/v{version:int}", "/api/vx", None),
        ("api/{a:int:min(3)}", "/api/2", None),
        ("api/{a:int:min(3)}", "/api/3", {"a": "3"}),
        ("api/{a:regex(^\\d{{2}}$)}", "/api/12", {"a": "12"}),
        ("api/{a:regex(^\\d{{2}}$)}", "/api/123", None),
        ("api/{a:regex(^(x|y)$)}-{b:max(2)}", "/api/y-2", {"a": "y", "b": "2"}),
    ],
)
def test_a_path_matches_a_template(template: str, path: str, values: dict[str, str] | None) -> None:
    """Literals have no case, optional values may lack, an encoded slash stays encoded, a rest takes slashes."""
    assert Route(template).match(path) == values


@pytest.mark.parametrize(
    ("constraint", "passing", "failing"),
    [
        ("int", ["0", "-2147483648", "2147483647"], ["2147483648", "1.0", "x"]),
        ("long", ["9223372036854775807"], ["9223372036854775808"]),
        ("double", ["1.5", "-2"], ["x", "NaN"]),
        ("decimal", ["1.5"], ["1,5x"]),
        ("bool", ["true", "FALSE"], ["1"]),
        (
            "guid",
            ["11111111-2222-3333-4444-555555555555", "11111111222233334444555555555555"],
            ["11111111-2222-3333-4444-55555555555", "x"],
        ),
        ("datetime", ["2026-11-20", "2026-11-20T10:00:00Z"], ["today"]),
        ("alpha", ["abC"], ["a1"]),
        ("length(2)", ["ab"], ["a", "abc"]),
        ("length(2,3)", ["ab", "abc"], ["a", "abcd"]),
        ("minlength(2)", ["ab"], ["a"]),
        ("maxlength(2)", ["ab"], ["abc"]),
        ("min(2)", ["2"], ["1", "x"]),
        ("max(2)", ["2"], ["3", "x"]),
        ("range(2,4)", ["2", "4"], ["1", "5"]),
        ("regex(^a+$)", ["aa", "AA"], ["ab"]),
        ("required", ["x"], []),
        ("file", ["a.txt"], ["a"]),
        ("nonfile", ["a"], ["a.txt"]),
    ],
)
def test_a_constraint_decides(constraint: str, passing: list[str], failing: list[str]) -> None:
    """A value that does not pass makes the route not match."""
    route = Route(f"{{value:{constraint}}}")
    assert [value for value in passing + failing if route.match(f"/{value}")] == passing


@pytest.mark.parametrize(
    "template", ["a/{b", "a/b}", "a/{b:what}", "a/{b:length(x)}", "a/{b:min(1,2)}", "a/{b:regex(()}"]
)
def test_a_malformed_template_is_refused(template: str) -> None:
    """The text shows what is wrong."""
    with pytest.raises(ConfigurationError):
        Route(template)


def test_more_specific_templates_come_first() -> None:
    """Literal, constrained value, value, constrained rest, rest; the first segment that differs decides."""
    templates = ["a/b", "a/{x:int}", "a/{x}", "a/{*x:alpha}", "a/{*x}", "{x}/b"]
    assert sorted(templates, key=lambda template: Route(template).precedence) == templates
