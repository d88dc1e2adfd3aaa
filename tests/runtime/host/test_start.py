"""When the host does not start, it says why in a sentence."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from sandbox.functions_host.indexing import Indexing
from tests.runtime.host.processes import APPS, ROOT, failing_host, running_host, until, write_app

_ROUTE = "@app.route()\nasync def f(req: func.HttpRequest) -> str:\n    return ''\n"


@pytest.mark.parametrize(
    ("functions", "reason"),
    [
        pytest.param("import no_such_module\n", "requirements.txt", id="missing module"),
        pytest.param(_ROUTE.replace("(req:", "(request:"), "FunctionLoadError", id="parameter name differs"),
        pytest.param(_ROUTE.replace(": func.HttpRequest", ": str | None"), "invalid non-type annotation", id="union"),
        pytest.param(_ROUTE.replace("f(", "f(wrong: int, "), "wrong", id="unbound parameter"),
        pytest.param(_ROUTE + _ROUTE, "unique function name", id="two of one name"),
        pytest.param("app = 1\n", "Could not find top level function app", id="no app"),
        pytest.param("", "defines no functions", id="no functions"),
        pytest.param("def broken(:\n", "SyntaxError", id="syntax"),
    ],
)
def test_a_bad_app_fails_at_the_start(tmp_path: Path, functions: str, reason: str) -> None:
    """Indexing is the runtime's own; its message is printed and the exit code is 1."""
    done = failing_host(write_app(tmp_path, functions), {})
    assert done.returncode == 1
    assert "The app could not be indexed: " in done.stderr
    assert reason in done.stderr
    assert done.stdout == ""


_TIMER = '@app.timer_trigger(arg_name="t", schedule="{}")\nasync def tick(t: func.TimerRequest) -> None:\n    pass\n'
_QUEUE = (
    '@app.service_bus_queue_trigger(arg_name="m", queue_name="%Q%", connection="Bus"{})\n'
    "async def submit(m: func.ServiceBusMessage) -> None:\n    pass\n"
)


@pytest.mark.parametrize(
    ("functions", "settings", "sentence"),
    [
        pytest.param(
            _TIMER.format("%WHEN%"),
            {},
            "tick: its binding's schedule needs the app setting WHEN, which is not set.",
            id="missing setting in a schedule",
        ),
        pytest.param(
            _QUEUE.format(""),
            {},
            "submit: its binding's queueName needs the app setting Q, which is not set.",
            id="missing setting in a queue name",
        ),
        pytest.param(
            _QUEUE.format(""),
            {"Q": "requests"},
            "submit: its connection needs the app setting Bus, which is not set.",
            id="missing connection",
        ),
        pytest.param(
            _QUEUE.format(""),
            {"Q": "requests", "Bus__fullyQualifiedNamespace": "x.servicebus.windows.net"},
            "submit: this host needs a connection string in Bus, not an identity.",
            id="identity connection",
        ),
        pytest.param(
            _QUEUE.format(""),
            {"Q": "requests", "Bus": "nonsense"},
            "submit: the app setting Bus is not a Service Bus connection string",
            id="malformed connection",
        ),
        pytest.param(
            _QUEUE.format(", is_sessions_enabled=True"),
            {"Q": "requests", "Bus": "x"},
            "submit: this host delivers one message at a time and knows no sessions.",
            id="sessions",
        ),
        pytest.param(
            _TIMER.format("0 0 25 * * *"),
            {},
            "tick: The schedule '0 0 25 * * *' has a wrong hour: '25'.",
            id="schedule",
        ),
        pytest.param(
            _TIMER.format("0 0 0 30 2 *"), {}, "tick: the schedule '0 0 0 30 2 *' never comes.", id="impossible date"
        ),
        pytest.param(
            _ROUTE.replace("route()", "route(route='x/{id:what}')"),
            {},
            "f: There is no route constraint 'what'.",
            id="route constraint",
        ),
        pytest.param(
            _ROUTE.replace("route()", "route(route='x/{id')"), {}, "f: The route 'api/x/{id' is malformed", id="route"
        ),
        pytest.param(
            '@app.blob_trigger(arg_name="b", path="x", connection="C")\nasync def f(b: func.InputStream) -> None: ...\n',
            {},
            "f: this host has no blobTrigger",
            id="unknown trigger",
        ),
        pytest.param(
            '@app.queue_output(arg_name="o", queue_name="x", connection="C")\n'
            + _ROUTE.replace("HttpRequest", "HttpRequest, o: func.Out[str]"),
            {},
            "f: this host has no queue binding",
            id="output binding",
        ),
    ],
)
def test_a_wrong_binding_is_named(tmp_path: Path, functions: str, settings: dict[str, str], sentence: str) -> None:
    """The function and the setting are named, a setting's value never is."""
    done = failing_host(write_app(tmp_path, functions), settings)
    assert done.returncode == 1
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("sign", ["WEBSITE_INSTANCE_ID", "WEBSITE_SITE_NAME", "FUNCTIONS_EXTENSION_VERSION"])
def test_the_host_refuses_to_run_in_azure(sign: str) -> None:
    """One sentence, exit code 2."""
    done = failing_host(APPS / "web", {sign: "x"})
    assert done.returncode == 2
    assert f"{sign} is set, so this looks like Azure" in done.stderr


def test_a_folder_must_have_an_app(tmp_path: Path) -> None:
    """A missing function_app.py or host.json is named."""
    assert "There is no host.json in" in failing_host(tmp_path, {}).stderr
    (tmp_path / "host.json").write_text('{"version": "2.0"}')
    assert "There is no function_app.py in" in failing_host(tmp_path, {}).stderr


def test_a_taken_port_is_named() -> None:
    """The host does not fall back to another port than the one it was told."""
    with running_host(APPS / "web", Path("/dev/null"), {"GREETING": ""}) as host:
        port = host.url.rpartition(":")[2]
        assert f"Port {port} is taken" in failing_host(APPS / "web", {}, "--port", port).stderr


def test_local_settings_become_the_environment(tmp_path: Path) -> None:
    """Values fill in what the environment does not say; Host.CORS lets a browser call; the file need not be there."""
    app = write_app(
        tmp_path,
        "import os\n"
        + _ROUTE.replace("''", "os.environ['A'] + os.environ['B']").replace("()", "(auth_level='anonymous')", 1),
    )
    assert "There is no" in failing_host(app, {}, "--settings", str(tmp_path / "absent.json")).stderr
    document = {"IsEncrypted": False, "Values": {"A": "file", "B": "file"}, "Host": {"CORS": "https://shop.example"}}
    (tmp_path / "local.settings.json").write_text(json.dumps(document))
    with running_host(app, tmp_path / "log", {"B": "environment"}) as host, host.client() as client:
        answer = client.get("/api/f", headers={"Origin": "https://shop.example"})
        assert answer.text == "fileenvironment"
        assert answer.headers["access-control-allow-origin"] == "https://shop.example"
        preflight = {"Origin": "https://shop.example", "Access-Control-Request-Method": "POST"}
        assert client.options("/api/f", headers=preflight).headers["access-control-allow-methods"] == "POST"
        stranger = client.get("/api/f", headers={"Origin": "https://other.example"})
        assert "access-control-allow-origin" not in stranger.headers


def test_an_encrypted_settings_file_is_refused(tmp_path: Path) -> None:
    """One sentence that says what to do."""
    path = tmp_path / "local.settings.json"
    path.write_text('{"IsEncrypted": true, "Values": {"A": "CfDJ8"}}')
    done = failing_host(write_app(tmp_path, _ROUTE), {})
    assert done.returncode == 1
    assert "local.settings.json is encrypted; run `func settings decrypt` and start again." in done.stderr


def test_an_interrupt_stops_the_host(tmp_path: Path) -> None:
    """Ctrl-C is an orderly end with exit code 0."""
    with running_host(APPS / "web", tmp_path / "log", {}) as host:
        host.process.send_signal(signal.SIGINT)
        assert until(lambda: host.process.poll() is not None)
        assert host.process.returncode == 0
        assert "stopping" in host.log


def test_what_an_app_prints_does_not_reach_standard_output(tmp_path: Path) -> None:
    """Standard output holds one line of JSON, so that a script can read it."""
    with running_host(write_app(tmp_path, "print('hello')\n" + _ROUTE), tmp_path / "log", {}) as host:
        assert "hello" in until(lambda: host.log)


def test_indexing_alone_imports_nothing_heavy() -> None:
    """The runtime and this host's indexing pull in no Azure or HTTP client, so what an app pulls in is its own."""
    told = _indexing(APPS / "web")
    assert told["modules"] == []
    assert "echo" in told["functions"]


def test_indexing_names_the_heavy_modules_of_an_app(tmp_path: Path) -> None:
    """An app that imports a client at its top is found out."""
    assert _indexing(write_app(tmp_path, "import httpx\n" + _ROUTE))["modules"] == ["httpx"]


def _indexing(app: Path) -> Indexing:
    command = [sys.executable, "-m", "sandbox.functions_host.indexing", str(app)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=True)  # noqa: S603  ours
    told: Indexing = json.loads(done.stdout)
    return told
