"""Other instances of the service, over the same rows."""

from datetime import timedelta

from qualification.bootstrap import Service, bootstrap
from tests.unit.stage import SETTINGS, Stage


def instance(stage: Stage, ahead: timedelta = timedelta()) -> Service:
    """Another instance of the service, whose clock is ahead of the stage's by so much."""
    return bootstrap(
        SETTINGS,
        rows=stage.rows,
        bus=stage.bus,
        partner_center=stage.partner_center,
        clock=lambda: stage.clock.now + ahead,
    )
