"""The command line of the people who run the service."""

import traceback
from collections.abc import Sequence

import typer

from qualification.commands import create_store, doctor, setup, sign_in, waiting
from qualification.commands import map as map_command
from qualification.commands.console import err, say, take_any_character
from qualification.commands.failure import explain
from qualification.commands.options import AsJson, Debug, Options, SettingsFile

PROGRAM = "python -m qualification"
FAULTS = 2
INTERRUPTED = 130
"""What typer returns after Ctrl-C."""
EXAMPLES = """Examples:

python -m qualification doctor
python -m qualification --settings local.settings.json doctor
python -m qualification setup
python -m qualification sign-in --help"""

app = typer.Typer(
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)
app.command("create-store", epilog=create_store.EXAMPLES)(create_store.command)
app.command("setup", epilog=setup.EXAMPLES)(setup.command)
app.command("doctor", epilog=doctor.EXAMPLES)(doctor.doctor)
app.command("sign-in", epilog=sign_in.EXAMPLES)(sign_in.command)
app.command("map", epilog=map_command.EXAMPLES)(map_command.command)
app.command("waiting", epilog=waiting.EXAMPLES)(waiting.command)


@app.callback(epilog=EXAMPLES)
def every_command(
    context: typer.Context, settings: SettingsFile = None, *, as_json: AsJson = False, debug: Debug = False
) -> None:
    """Set up and check the service that sets customer qualifications in Partner Center.

    App settings come from the environment, and from a file if one is named.
    """
    options: Options = context.obj
    options.add(settings, as_json=as_json, debug=debug)


def run(arguments: Sequence[str]) -> int:
    """Run a command.

    Args:
        arguments: what stands on the command line after the program's name.

    Returns:
        The exit code: 0 all is well or could not be checked, 1 warnings, 2 faults.
    """
    take_any_character()
    options = Options()
    try:
        code: int = app(list(arguments), prog_name=PROGRAM, standalone_mode=False, obj=options)
    except Exception as error:  # noqa: BLE001  a person gets a sentence, whatever happens
        if options.debug:
            traceback.print_exception(error)
        if sentence := explain(error):
            say(sentence, err)
        return FAULTS
    if code == INTERRUPTED:
        say("Stopped.", err)
        return FAULTS
    return code
