"""The hold over HTTP."""

from typing import Any

import pytest

from qualification.api import actions
from tests.unit.api.person import FINGERPRINT, call, read
from tests.unit.builders import order
from tests.unit.stage import Stage


async def test_a_stop_is_shown_and_ended(stage: Stage) -> None:
    """By whom and why; a request that it holds says so."""
    nothing = {"pause": None, "cause": None, "stop": None}
    assert (await call(stage, actions.hold, "/api/hold", method="GET")).body == nothing
    stopped = await call(stage, actions.hold, "/api/hold", body={"note": "an audit"})
    assert stopped.body["stop"]["by"] == f"Anna (key {FINGERPRINT})"
    assert stopped.body["stop"].keys() == {"since", "until", "reason", "detail", "remedy", "by"}
    assert (await call(stage, actions.hold, "/api/hold", method="GET")).body == stopped.body
    record = await stage.accept(order())
    await stage.deliver()
    waiting = (await read(stage, record)).body["waitingFor"]
    assert (waiting["reason"], waiting["kind"]) == ("stopped", "cause")
    assert "an audit" in waiting["detail"]
    assert (await call(stage, actions.resume, "/api/hold/resume")).body == nothing
    assert (await read(stage, record)).body["waitingFor"] is None


@pytest.mark.parametrize("handle", [actions.hold, actions.resume])
async def test_a_hold_takes_a_note_and_nothing_else(stage: Stage, handle: Any) -> None:
    """Whoever sends more expects more."""
    assert (await call(stage, handle, "/api/hold", body={"until": "noon"})).problem == (422, "invalid-request")
    assert (await call(stage, handle, "/api/hold", body=[])).problem == (400, "unreadable-body")
