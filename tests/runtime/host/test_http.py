"""What an HTTP function sees and what its caller gets."""

import json
import logging
from http.client import HTTPConnection
from pathlib import Path

import httpx

from sandbox.functions_host.trace import child
from tests.runtime.host.processes import RunningHost, running_host, write_app


def test_a_request_arrives_by_the_rules_of_azures_host(web: httpx.Client) -> None:
    """Header names are lower-case, repeats are joined with commas, empty query values do not arrive."""
    response = web.post(
        "/v1/echo/%C3%A4%2Fb/7?a=1&b=&A=2&c=x%20y&c",
        content=b"payload",
        headers=[("X-Mixed-Case", "1"), ("x-mixed-case", "2"), ("Content-Type", "text/plain")],
    )
    seen = response.json()
    assert seen["method"] == "POST"
    assert seen["headers"]["x-mixed-case"] == "1,2"
    assert seen["headers"]["content-type"] == "text/plain"
    assert seen["params"] == {"a": "1,2", "c": "x y"}
    assert seen["route_params"] == {"first": "ä%2Fb", "second": "7"}
    assert seen["body"] == "payload"
    assert seen["url"].startswith(f"{web.base_url}/v1/echo/")


def test_an_optional_route_value_may_lack(web: httpx.Client) -> None:
    """`{second:int?}` matches the shorter path, and gives no value."""
    assert web.get("/v1/echo/one").json()["route_params"] == {"first": "one"}
    assert web.get("/v1/echo/one/").json()["route_params"] == {"first": "one"}


def test_a_body_without_a_length_does_not_arrive(web: httpx.Client) -> None:
    """Azure's host reads the body only if Content-Length says that there is one."""
    chunked = web.post("/v1/echo/x", content=iter([b"pay", b"load"]))
    assert chunked.request.headers["transfer-encoding"] == "chunked"
    assert chunked.json()["body"] == ""


def test_the_most_specific_route_wins(web: httpx.Client) -> None:
    """A literal goes before a constrained value, that before a free one, whatever the order in the app."""
    guid = "11111111-2222-3333-4444-555555555555"
    assert web.get("/v1/items/new").text == "literal GET"
    assert web.get(f"/v1/items/{guid}").text == f"guid {guid}"
    assert web.get("/V1/Items/other").text == "name other"
    assert web.post("/v1/items/other").text == "posted other"


def test_a_function_without_a_route_has_its_name(web: httpx.Client) -> None:
    """The path is the function's name, and all methods are its own."""
    assert web.delete("/v1/unrouted").text == "DELETE"


def test_the_root_says_what_the_app_can_be_asked(web: httpx.Client) -> None:
    """As Azure's host does; only what a browser can open without a key is a link."""
    page = web.get("/")
    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert '<a href="/v1/items/new">/v1/items/new</a>' in page.text
    assert "<code>/v1/items/{name}</code>" in page.text
    assert web.post("/").status_code == 404


def test_what_no_route_matches_is_not_found(web: httpx.Client) -> None:
    """Path, constraint, prefix and method are all part of the match: 404 with an empty body, never 405."""
    for method, path in (
        ("GET", "/v1/nowhere"),
        ("GET", "/v1/echo/x/not-a-number"),
        ("GET", "/api/unrouted"),
        ("PUT", "/v1/items/new"),
        ("HEAD", "/v1/items/new"),
    ):
        response = web.request(method, path)
        assert (response.status_code, response.content) == (404, b""), path


def test_a_disabled_function_is_not_served(web: httpx.Client) -> None:
    """The app setting AzureWebJobs.<name>.Disabled takes a function away."""
    assert web.get("/v1/sleeper").status_code == 404


def test_a_function_key_opens_what_it_should(web: httpx.Client, web_host: RunningHost) -> None:
    """No key or a wrong one is 401 with an empty body; header goes before query; the master key opens everything."""
    function, master = web_host.function_key, web_host.master_key
    header = "x-functions-key"
    assert web.get("/v1/locked").status_code == 401
    assert web.get("/v1/locked").content == b""
    assert web.get("/v1/locked", params={"code": "wröng"}).status_code == 401
    assert web.get("/v1/locked", params={"code": function}).status_code == 200
    assert web.get("/v1/locked", headers={header: function}).status_code == 200
    assert web.get("/v1/locked", headers={header.encode(): b"\xff"}, params={"code": function}).status_code == 401
    assert web.get("/v1/locked", headers={header: master}).status_code == 200
    assert web.get("/v1/guarded", headers={header: function}).status_code == 401
    assert web.get("/v1/guarded", headers={header: master}).status_code == 200


def test_a_failure_is_a_500_that_tells_nothing_and_a_log_that_tells_all(
    web: httpx.Client, web_host: RunningHost
) -> None:
    """The caller gets an empty body; the log has the exception with its cause chain."""
    response = web.get("/v1/chained")
    assert (response.status_code, response.content) == (500, b"")
    assert "chained failed in" in web_host.log
    assert "RuntimeError: the shop is closed" in web_host.log
    assert "KeyError: 'GET'" in web_host.log
    assert "The above exception was the direct cause" in web_host.log


def test_a_function_must_return_a_response_or_text(web: httpx.Client, web_host: RunningHost) -> None:
    """None and a dict are faults of the function, so its caller gets a 500."""
    assert web.get("/v1/nothing").status_code == 500
    assert web.get("/v1/mapping").status_code == 500
    assert web_host.log.count("unable to encode outgoing TypedData") >= 2


def test_a_text_is_sent_as_plain_text(web: httpx.Client) -> None:
    """A function may return a str."""
    response = web.get("/v1/unrouted")
    assert response.headers["content-type"] == "text/plain; charset=utf-8"


def test_a_response_arrives_as_the_function_made_it(web: httpx.Client) -> None:
    """Status, bytes, headers and every cookie with its attributes; cookie values are percent-encoded."""
    response = web.get("/v1/teapot")
    assert (response.status_code, response.content) == (418, b"\xff\x00")
    assert response.headers["x-kind"] == "GET"
    assert response.headers["content-type"] == "image/x-tea"
    assert response.headers.get_list("set-cookie") == [
        "pot=a%3Db; max-age=60; path=/; httponly",
        "cup=1; path=/tea; secure; samesite=strict",
    ]


def test_a_function_that_takes_too_long_is_given_up(web: httpx.Client, web_host: RunningHost) -> None:
    """After functionTimeout the caller gets a 500, even if the function ignores its cancellation."""
    response = web.get("/v1/endless")
    assert (response.status_code, response.content) == (500, b"")
    assert "The functionTimeout of 0:00:01 was exceeded by endless." in web_host.log


def test_an_invocation_continues_the_callers_trace(web: httpx.Client) -> None:
    """The context's traceparent has the caller's trace id and a span id of its own."""
    theirs = child(None)
    _, name, ours, retries = web.get("/v1/context", headers={"traceparent": theirs}).json()
    assert (name, retries) == ("context", 0)
    assert ours.split("-")[1] == theirs.split("-")[1]
    assert ours.split("-")[2] != theirs.split("-")[2]


def test_a_function_without_a_callers_trace_begins_one(web: httpx.Client) -> None:
    """A missing or malformed traceparent gives a new trace."""
    for sent in ({}, {"traceparent": "nonsense"}):
        ours = web.get("/v1/context", headers=sent).json()[2]
        assert child(ours).split("-")[1] == ours.split("-")[1]


def test_log_lines_carry_the_invocation(web: httpx.Client, web_host: RunningHost) -> None:
    """A function's own records have its invocation's id, on the loop and in the thread pool; the end has one line."""
    invocation_id = web.get("/v1/context").json()[0]
    assert web.get("/v1/threaded").text == "hello"
    log = web_host.log
    assert f"WARNING [{invocation_id[:8]}] shop: one line from GET" in log
    assert "] shop: from a thread: GET" in log
    assert log.count(f"[{invocation_id}]") == 1
    assert logging.getLevelName(logging.INFO) in log


def test_an_empty_body_is_no_json(web: httpx.Client) -> None:
    """The runtime's request raises ValueError, or a class below it, where there is no JSON."""
    assert web.post("/v1/body").json() == "ValueError"
    assert web.post("/v1/body", content=b"{").json() == "ValueError"
    assert web.post("/v1/body", content=json.dumps([1])).json() == [1]


def test_an_asgi_app_is_served_whole(tmp_path: Path) -> None:
    """AsgiFunctionApp is one function that takes every path below the route prefix."""
    write_app(
        tmp_path,
        """
async def site(scope, receive, send):
    if scope["type"] == "lifespan":
        await receive()
        await send({"type": "lifespan.startup.complete"})
        return
    headers = [(b"content-type", b"text/plain")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": scope["path"].encode()})

app = func.AsgiFunctionApp(app=site, http_auth_level=func.AuthLevel.ANONYMOUS)
""",
        '{"version": "2.0", "extensions": {"http": {"routePrefix": ""}}}',
    )
    with running_host(tmp_path, tmp_path / "log", {}) as host, host.client() as client:
        assert client.get("/any/path").text == "/any/path"


def test_a_body_above_the_limit_fails_the_invocation(web: httpx.Client, web_host: RunningHost) -> None:
    """100 MiB is the limit; above it the caller gets a 500 and the log says why."""
    connection = HTTPConnection(web.base_url.host, web.base_url.port or 0, timeout=30)
    connection.putrequest("POST", "/v1/unrouted")
    connection.putheader("Content-Length", str(104_857_601))
    connection.endheaders()
    assert connection.getresponse().status == 500
    connection.close()
    assert "unrouted failed: the request body is larger than 104857600 bytes" in web_host.log
