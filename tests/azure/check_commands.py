"""Each `az` in the documents is a command that the Azure CLI knows, with options that it has, written out."""

import pytest
from azure.cli.core import AzCli, get_default_cli
from knack.events import EVENT_INVOKER_POST_CMD_TBL_CREATE

from tests.azure.az_commands import OPEN, az_commands
from tests.documents.blocks import held

COMMANDS = [
    pytest.param(words, id=f"{block.where} az {' '.join(words[:4])}")
    for block in held("azure")
    for words in az_commands(block.text)
]
OF_ALL = {"--debug", "--help", "--only-show-errors", "--output", "--query", "--subscription", "--verbose"}
"""Options that every command has ("Azure CLI, global parameters")."""


def parse(words: list[str]) -> set[str]:
    """Have the CLI parse a command, without running it; the names of the options that the command has.

    Raises:
        LookupError: there is no such command.
        SystemExit: an argument is missing, unknown or wrong; standard error says which.
    """
    cli: AzCli = get_default_cli()
    invocation = cli.invocation_cls(
        cli_ctx=cli, parser_cls=cli.parser_cls, commands_loader_cls=cli.commands_loader_cls, help_cls=cli.help_cls
    )
    cli.invocation = invocation
    cli.data |= {"safe_params": [], "command": ""}
    invocation.data["command_string"] = " ".join(words)
    loader = invocation.commands_loader
    loader.load_command_table(words)
    lengths = range(len(words), 0, -1)
    name = next((name for end in lengths if (name := " ".join(words[:end])) in loader.command_table), None)
    if name is None:
        raise LookupError(f"there is no command az {' '.join(words[:4])}")
    invocation.data["command_string"] = loader.command_name = name
    loader.command_table = {name: loader.command_table[name]}
    invocation.parser.cli_ctx = cli
    loader.load_arguments(name)
    # Whoever listens adds what many commands have: --ids, which stands for a name and a group, and --subscription.
    cli.raise_event(EVENT_INVOKER_POST_CMD_TBL_CREATE, commands_loader=loader)
    invocation.parser.load_command_table(loader)
    invocation.parser.parse_args(words)
    arguments = loader.command_table[name].arguments.values()
    return OF_ALL | {str(option) for each in arguments for option in each.type.settings.get("options_list") or ()}


@pytest.mark.parametrize("words", COMMANDS)
def test_the_cli_takes_it(words: list[str]) -> None:
    """Argparse also takes the beginning of an option's name, which a next version may no longer do."""
    options = parse(words)
    assert {word for word in words if word.startswith("-")} <= options


@pytest.mark.parametrize(
    "script", ["az no-such thing", "az ad sp show", "az ad sp show --id $APP --no-such x", "az ad sp show --id"]
)
def test_a_command_that_it_does_not_take_is_found(script: str) -> None:
    """The check above can fail."""
    [words] = az_commands(script)
    with pytest.raises((LookupError, SystemExit)):
        parse(words)


def test_an_option_that_is_cut_short_is_found() -> None:
    """The CLI itself takes it."""
    assert "--app" not in parse(["ad", "app", "credential", "reset", "--id", OPEN, "--app"])


def test_commands_are_found_where_they_stand() -> None:
    """After an assignment, inside of quotes and of each other, behind an operator; a comment is none."""
    script = (
        "A=$(az one --id $B)  # az no\n"
        'az two >/dev/null || az three --uri "https://x$(az four --id \\\n  $C)/y" && rm z\n'
        "# az no\n"
    )
    assert list(az_commands(script)) == [
        ["one", "--id", OPEN],
        ["two"],
        ["three", "--uri", f"https://x{OPEN}/y"],
        ["four", "--id", OPEN],
    ]
