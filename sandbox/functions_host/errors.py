"""Why the host does not start.

HostError
├── AppError            the app's own code cannot be indexed
├── ConfigurationError  host.json, local.settings.json, an app setting or a binding is wrong or missing
└── AzureError          this looks like Azure, where this host must never run
"""


class HostError(Exception):
    """The host does not start; the text says why in a sentence, `exit_code` is what the process ends with."""

    exit_code = 1


class AppError(HostError):
    """The runtime refused the app; `stack_trace` is the runtime's, with the cause chain of the app's exception."""

    def __init__(self, message: str, stack_trace: str = "") -> None:
        super().__init__(message)
        self.stack_trace = stack_trace


class ConfigurationError(HostError):
    """A file, a setting or a binding is wrong or missing; the text names it and never shows a value."""


class AzureError(HostError):
    """This host was started where Azure's own host runs."""

    exit_code = 2
