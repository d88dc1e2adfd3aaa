"""Decisions and the hold over HTTP: status codes, headers, who is named."""

import asyncio
from typing import Any

import pytest

from qualification.domain.status import Status
from tests.unit.api.person import FINGERPRINT, KEY, act, read, waits
from tests.unit.builders import REFUSED, order, wanted
from tests.unit.stage import Stage
from tests.unit.stand_ins.partner_center import Write


async def test_a_confirmation_is_answered_with_the_request(stage: Stage) -> None:
    """200, with who and why in the history; sent again it is answered the same, and Partner Center gets it once."""
    record = await waits(stage)
    seen = await read(stage, record)
    assert seen.headers["ETag"] == f'"{seen.body["etag"]}"'
    assert (seen.body["waitingFor"]["reason"], seen.body["waitingFor"]["kind"]) == ("last-attempt", "decision")
    assert (seen.body["allowedActions"], seen.body["attemptsLeft"]) == (["confirm", "cancel", "retry"], 1)
    body = {"note": "by phone", "website": "corrected.edu"}
    done = await act(stage, record, "confirm", body, if_match=seen.headers["ETag"])
    again = await act(stage, record, "confirm", body, if_match=seen.headers["ETag"])
    assert (done.status, done.body["requested"]["website"], done.body["waitingFor"]) == (200, "corrected.edu", None)
    assert done.body["history"][-1]["by"] == f"Anna (key {FINGERPRINT})"
    assert done.body["etag"] != seen.body["etag"]
    assert (again.status, again.body) == (200, done.body)
    await stage.deliver()
    assert len(stage.partner_center.sent) == 1


@pytest.mark.parametrize("if_match", [None, "", "*", '"a", "b"'])
async def test_a_confirmation_without_the_one_etag_is_428(stage: Stage, if_match: str | None) -> None:
    """What was seen is not said."""
    record = await waits(stage)
    headers = {} if if_match is None else {"if_match": if_match}
    assert (await act(stage, record, "confirm", **headers)).problem == (428, "precondition-required")
    assert stage.bus.queue == []


async def test_a_confirmation_of_another_state_is_412(stage: Stage) -> None:
    """Also where the ETag is a weak one: what is equal enough for a cache was not seen."""
    record = await waits(stage)
    etag = (await read(stage, record)).headers["ETag"]
    await stage.accept(order(wanted(website="newer.edu"), event_id="evt-2"))
    for given in (etag, f"W/{etag}", "nonsense"):
        assert (await act(stage, record, "confirm", if_match=given)).problem == (412, "precondition-failed")


async def test_a_read_that_shows_nothing_new_keeps_the_etag(stage: Stage) -> None:
    """A person may take days to decide."""
    record = await waits(stage)
    before = await read(stage, record)
    stage.bus.queue.append(record.message(99))
    await stage.live(stage.service.settings.policy.review_ended * 2)
    after = await read(stage, record)
    assert after.body["etag"] == before.body["etag"]
    assert after.body["checkedAt"] > before.body["checkedAt"]


async def test_an_action_that_is_not_allowed_is_409_and_says_what_is(stage: Stage) -> None:
    """The list is the one of the resource."""
    record = await stage.accept(order())
    seen = await read(stage, record)
    refused = await act(stage, record, "confirm", if_match=seen.headers["ETag"])
    assert refused.problem == (409, "action-not-allowed")
    assert refused.body["allowedActions"] == seen.body["allowedActions"] == ["cancel", "retry"]


async def test_a_cancellation_is_answered_twice_and_published_once(stage: Stage) -> None:
    """By the same key; another key is refused."""
    record = await stage.accept(order())
    assert [(await act(stage, record, "cancel")).body["status"] for _ in range(2)] == [Status.CANCELLED] * 2
    assert stage.news == ["Cancelled"]
    assert (await act(stage, record, "cancel", query="?code=another")).problem == (409, "action-not-allowed")


async def test_a_retry_of_an_ended_request_is_202_with_the_new_one(stage: Stage) -> None:
    """Linked to the old one, and asked for by whoever retried."""
    stage.partner_center.writes.append(Write(error=REFUSED, after=None))
    record = await stage.accept(order())
    await stage.deliver()
    new = await act(stage, record, "retry", {"website": "corrected.edu"})
    again = await act(stage, record, "retry", {"website": "corrected.edu"})
    assert (new.status, again.status, new.headers["Location"]) == (202, 202, again.headers["Location"])
    assert new.headers["Location"].endswith(new.body["requestId"])
    assert new.body["retryOf"] == str(record.request_id)
    assert new.body["requestedBy"] == {"kind": "function-key", "id": FINGERPRINT, "name": "Anna"}
    assert (await read(stage, record)).body["allowedActions"] == []


async def test_a_retry_of_an_unfinished_request_is_200(stage: Stage) -> None:
    """It is the same one."""
    record = await stage.accept(order())
    done = await act(stage, record, "retry")
    assert (done.status, done.body["requestId"]) == (200, str(record.request_id))


@pytest.mark.parametrize(
    ("action", "body"),
    [("cancel", {"website": "x.edu"}), ("cancel", {"note": 1}), ("retry", {"surprise": 1}), ("cancel", {"a/b": 1})],
)
async def test_a_body_that_can_never_work_is_422(stage: Stage, action: str, body: dict[str, Any]) -> None:
    """With the place."""
    record = await stage.accept(order())
    refused = await act(stage, record, action, body)
    assert refused.problem == (422, "invalid-request")
    assert refused.body["errors"][0]["pointer"] == "/" + next(iter(body)).replace("/", "~1")


async def test_an_unknown_action_is_404(stage: Stage) -> None:
    """And names those there are."""
    refused = await act(stage, await stage.accept(order()), "delete")
    assert refused.problem == (404, "unknown-action")
    assert "confirm, cancel, retry" in refused.body["detail"]


async def test_a_decision_about_another_customers_request_is_404(stage: Stage) -> None:
    """In the words of one that never was."""
    record = await stage.accept(order())
    stranger = record.changed(customer_tenant_id=record.request_id)
    for action in ("cancel", "retry"):
        assert (await act(stage, stranger, action)).problem == (404, "request-not-found")


async def test_the_key_itself_is_nowhere(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    """Not in the answer, the log or the store, whether it came as a header or in the query."""
    first, second = await stage.accept(order()), await stage.accept(order(customer_tenant_id=stage.new_id()))
    answers = [await act(stage, first, "cancel"), await act(stage, second, "cancel", query=f"?code={KEY}")]
    named = [each.body["history"][-1]["by"] for each in answers]
    assert named == [f"Anna (key {FINGERPRINT})"] * 2
    everywhere = (
        f"{[each.body for each in answers]}{stage.rows.shards}{caplog.text}{[vars(each) for each in caplog.records]}"
    )
    assert KEY not in everywhere


async def test_a_caller_without_a_key_is_named_as_such(stage: Stage) -> None:
    """Where the runtime asks for none, as on an engineer's machine."""
    done = await act(stage, await stage.accept(order()), "cancel", query="?")
    assert done.body["history"][-1]["by"] == "key none"


async def test_two_confirmations_at_once_are_one(stage: Stage) -> None:
    """Both are answered 200: the second finds the first."""
    record = await waits(stage)
    etag = (await read(stage, record)).headers["ETag"]
    both = await asyncio.gather(*(act(stage, record, "confirm", if_match=etag) for _ in range(2)))
    assert [each.status for each in both] == [200, 200]
    assert len([each for each in both[1].body["history"] if each["note"]]) == 1
