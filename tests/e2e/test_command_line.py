"""What everybody sees of `python -m qualification`: help, options before and after a command, a sentence for each fault."""

import json
import socket
from pathlib import Path

import pytest

from tests.e2e.command_process import FAULTS, run_apart, without


def fault(*arguments: str, settings: dict[str, str] | None = None) -> str:
    """What a command that fails says; nothing of it is where a script expects results."""
    done = run_apart(*arguments, settings=settings)
    assert (done.returncode, done.stdout) == (FAULTS, ""), done
    assert "Traceback" not in done.stderr
    return " ".join(done.stderr.split())


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (
            ["--help"],
            ["doctor", "sign-in", "--settings", "--json", "--debug", "Examples:", "local.settings.json doctor"],
        ),
        (["doctor", "--help"], ["Examples:", "doctor --json", "--settings", "--debug", "Exit code: 0 well"]),
        (["sign-in", "-h"], ["Examples:", "--no-browser --port 8500", "[default: 8400]", "--settings"]),
    ],
)
def test_help_shows_options_and_examples(arguments: list[str], words: list[str]) -> None:
    """Within 80 columns, without colour codes where nobody reads it at a terminal."""
    done = run_apart(*arguments)
    assert (done.returncode, done.stderr) == (0, "")
    assert [word for word in words if word not in done.stdout] == []
    assert max(map(len, done.stdout.splitlines())) <= 80
    assert "\x1b" not in done.stdout


def test_no_command_shows_the_help() -> None:
    """With the exit code of a fault, since nothing was done."""
    done = run_apart()
    assert done.returncode == FAULTS
    assert "Usage: python -m qualification" in done.stdout
    assert done.stderr == ""


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["docter"], "No such command 'docter'. Did you mean 'doctor'? (see --help)."),
        (["doctor", "--prot", "1"], "No such option: --prot (see --help)."),
        (["doctor", "now"], "Got unexpected extra argument(s) (now) (see --help)."),
        (["--json"], "Missing command (see --help)."),
        (["doctor", "--settings"], "Option '--settings' requires an argument (see --help)."),
        (["sign-in", "--json"], "No such option: --json (see --help)."),
        (["--json", "sign-in"], "sign-in has no data to give as JSON: leave --json out."),
        (["--settings", "nowhere.json", "doctor"], "There is no nowhere.json."),
        (["doctor", "--settings", "nowhere.json"], "There is no nowhere.json."),
        (["--settings", "a.json", "doctor", "--settings", "nowhere.json"], "There is no nowhere.json."),
    ],
)
def test_each_fault_is_one_sentence(arguments: list[str], sentence: str) -> None:
    """What happened, and nothing that is about another fault."""
    assert fault(*arguments) == sentence


@pytest.mark.parametrize("port", ["0", "65536", "http"])
def test_a_port_is_a_number_that_a_port_can_have(port: str) -> None:
    """The option is named."""
    assert fault("sign-in", "--port", port).startswith("Invalid value for '--port': Input should be ")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (
            '{"IsEncrypted": true, "Values": {"A": "CfDJ8"}}',
            "is encrypted; run `func settings decrypt` and start again.",
        ),
        ('{"Values": {"A": }}', "is not JSON: Expecting value (line 1, column 18)."),
        ("{}", "has no object `Values`, which holds the app settings."),
    ],
)
def test_a_settings_file_that_cannot_be_used_is_one_sentence(tmp_path: Path, content: str, words: str) -> None:
    """It names the file."""
    file = tmp_path / "mine.json"
    file.write_text(content)
    said = fault("doctor", "--settings", str(file))
    assert said == f"{file} {words}"


@pytest.mark.parametrize("place", ["before", "after"])
def test_settings_are_read_from_a_file_beside_the_environment_which_wins(tmp_path: Path, place: str) -> None:
    """The file may be of any kind that Core Tools take; what the environment says is not asked of it."""
    file = tmp_path / "local.settings.json"
    values = {"RETRY_FIRST": "soon", "RETRY_MAX": "late", "PARTNER_CENTER_MAX_CONCURRENCY": 8, "AZURE_CLIENT_ID": None}
    file.write_text(f"// mine\n{json.dumps({'Values': values})}", encoding="utf-8-sig")
    option = ["--settings", str(file)]
    arguments = [*option, "doctor"] if place == "before" else ["doctor", *option]
    said = fault(*arguments, settings={"RETRY_MAX": "PT1H"})
    assert "RETRY_FIRST" in said
    assert "RETRY_MAX" not in said
    assert "PARTNER_CENTER_MAX_CONCURRENCY" not in said


@pytest.mark.parametrize("package", ["typer", "rich"])
@pytest.mark.parametrize("arguments", [["--help"], ["doctor"]])
def test_a_missing_package_is_one_sentence_that_says_how_to_install(
    tmp_path: Path, package: str, arguments: list[str]
) -> None:
    """What is deployed has neither of them."""
    said = fault(*arguments, settings=without(package, tmp_path))
    assert said == f"{package} is not installed: pip install -r requirements-cli.txt"


def signing_in(port: int) -> dict[str, str]:
    """App settings that are enough to begin a sign-in."""
    return {
        "PARTNER_CENTER_TENANT_ID": "2a14b164-f983-4048-92e1-4f9591b87445",
        "PARTNER_CENTER_CLIENT_ID": "2a14b164-f983-4048-92e1-4f9591b87446",
        "PARTNER_CENTER_CLIENT_SECRET": "made-up",
        "PARTNER_CENTER_REFRESH_TOKEN": "file:///nowhere/token",
        "PARTNER_CENTER_LOGIN_URL": f"http://127.0.0.1:{port}",
    }


def test_a_taken_port_is_named_with_what_to_do() -> None:
    """Only this fault has this remedy."""
    with socket.create_server(("localhost", 0)) as taken:
        port = taken.getsockname()[1]
        said = fault("sign-in", "--port", str(port), settings=signing_in(port))
    assert said == f"Port {port} is taken: choose another one with --port, and add it to the app's redirect URIs."


def test_an_unexpected_error_is_one_sentence_and_its_traceback_is_for_who_asks(tmp_path: Path) -> None:
    """Its text may hold a secret, so only --debug shows it, before the command or after it."""
    (tmp_path / "webbrowser.py").write_text("def open(url):\n    raise KeyError('a text with a secret')\n")
    settings = {**signing_in(1), "PYTHONPATH": str(tmp_path)}
    port = str(free_port())
    done = run_apart("sign-in", "--port", port, settings=settings)
    assert done.returncode == FAULTS
    assert " ".join(done.stderr.split()) == (
        "An unexpected KeyError ended the command; --debug shows where it comes from."
    )
    for arguments in (["--debug", "sign-in", "--port", port], ["sign-in", "--port", port, "--debug"]):
        done = run_apart(*arguments, settings=settings)
        assert done.returncode == FAULTS
        assert "Traceback" in done.stderr
        assert "a text with a secret" in done.stderr


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port
