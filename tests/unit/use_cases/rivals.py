"""Other workers, who come first."""

from collections.abc import Awaitable, Callable

from tests.unit.stage import Stage


def rival(stage: Stage, change: Callable[[], Awaitable[object]]) -> Callable[[], Awaitable[None]]:
    """Another worker, who does this first and is not disturbed in it."""

    async def act() -> None:
        others, stage.rows.rivals = stage.rows.rivals, []
        await change()
        stage.rows.rivals = others

    return act
