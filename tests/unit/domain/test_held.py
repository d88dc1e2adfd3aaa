"""What holds everybody, as whoever asks for it reads it."""

from datetime import timedelta

from qualification.domain.held import Held
from qualification.domain.hold import Cause, Hold, Pause, Stop
from qualification.domain.waiting import Reason
from tests.unit.builders import NOW

HOUR = timedelta(hours=1)
PAUSE = Pause(since=NOW, until=NOW + HOUR)
CAUSE = Cause(
    reason=Reason.ACCESS_LOST,
    code="AADSTS50076",
    detail="MFA is needed.",
    remedy="Sign in.",
    since=NOW,
    next_probe=NOW + HOUR,
)


def test_nothing_holds_where_nothing_is_stored() -> None:
    """Each part is named and empty."""
    assert Held.of(Hold(), NOW) == Held(pause=None, cause=None, stop=None)


def test_a_pause_says_until_when_and_that_nobody_need_act() -> None:
    """From its end on it holds nobody."""
    hold = Hold(pause=PAUSE)
    assert hold_part(Held.of(hold, NOW), "pause") == {
        "since": NOW,
        "until": NOW + HOUR,
        "reason": "throttled",
        "detail": f"Partner Center asks everybody to wait until {NOW + HOUR:%Y-%m-%dT%H:%M:%SZ}.",
        "remedy": "Nothing to do: the service waits and goes on by itself.",
        "by": None,
    }
    assert Held.of(hold, NOW + 2 * HOUR).pause is None


def test_a_cause_says_what_happened_and_what_to_do() -> None:
    """In the words of whoever met it."""
    assert hold_part(Held.of(Hold(cause=CAUSE), NOW), "cause") == {
        "since": NOW,
        "until": None,
        "reason": "access-lost",
        "detail": "MFA is needed.",
        "remedy": "Sign in.",
        "by": None,
    }


def test_a_stop_says_whose_it_is_and_how_it_ends() -> None:
    """With the note, where there is one."""
    for note, ending in ((None, ""), ("until Monday", " until Monday")):
        assert hold_part(Held.of(Hold(stop=Stop(since=NOW, by="key 0a1b", note=note)), NOW), "stop") == {
            "since": NOW,
            "until": None,
            "reason": "stopped",
            "detail": f"Writing to Partner Center was stopped by key 0a1b.{ending}",
            "remedy": "Resume when it may go on: POST /api/hold/resume.",
            "by": "key 0a1b",
        }


def hold_part(held: Held, name: str) -> dict[str, object]:
    """One part, by its fields; the others are empty."""
    assert [each for each in ("pause", "cause", "stop") if getattr(held, each) is not None] == [name]
    found: dict[str, object] = getattr(held, name).model_dump(by_alias=False)
    return found
