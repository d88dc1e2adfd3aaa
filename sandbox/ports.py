"""Where the parts of the sandbox listen."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ports:
    """A port for each part; 0 is any free one."""

    functions: int = 0
    service_bus: int = 0
    partner_center: int = 0


USUAL = Ports(functions=7071, service_bus=5673, partner_center=8071)
"""Those of `serve`; the functions' is that of Core Tools."""
