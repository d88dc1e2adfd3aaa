from datetime import timedelta

import pytest

from qualification.domain.errors import StoreUnavailable
from qualification.domain.event import EventType
from qualification.use_cases.token_renewal import RENEW_AFTER, WARN_AFTER, TokenRenewal
from tests.unit.builders import ACCESS_LOST, NOW, PARTNER, UNAVAILABLE
from tests.unit.stage import Stage
from tests.unit.stand_ins.token_store import StandInTokenStore
from tests.unit.use_cases.log_fields import events

HOUR = timedelta(hours=1)
MICROSECOND = timedelta(microseconds=1)
LIFE = timedelta(days=90)


class Kept:
    """A refresh token of some age, and the use case that keeps it alive."""

    def __init__(self, stage: Stage, age: timedelta) -> None:
        self.tokens = StandInTokenStore(stage.clock, NOW - age)
        self.upkeep = TokenRenewal(
            token_store=self.tokens,
            tokens=self.tokens,
            store=stage.store,
            clock=stage.clock,
            partner_tenant_id=PARTNER,
        )


@pytest.mark.parametrize(
    ("age", "renewals"), [(timedelta(), 0), (RENEW_AFTER - MICROSECOND, 0), (RENEW_AFTER, 1), (LIFE, 1)]
)
async def test_a_token_that_nobody_has_redeemed_for_long_is_renewed(
    stage: Stage, age: timedelta, renewals: int
) -> None:
    """It dies ninety days after it was issued, however often it is used; submissions renew it by themselves."""
    kept = Kept(stage, age)
    await kept.upkeep.keep()
    assert kept.tokens.renewals == renewals


async def test_it_is_looked_at_once_an_hour(stage: Stage) -> None:
    """The timer fires each minute, and a vault costs money."""
    kept = Kept(stage, timedelta())
    for _ in range(60):
        await kept.upkeep.keep()
        stage.clock.advance(HOUR / 60)
    assert kept.tokens.reads == 1
    await kept.upkeep.keep()
    assert kept.tokens.reads == 2


async def test_a_token_that_cannot_be_read_is_tried_again_at_once(stage: Stage) -> None:
    """Nothing else happens: every submission says so by itself."""
    kept = Kept(stage, LIFE)
    kept.tokens.reading_fails = ACCESS_LOST
    await kept.upkeep.keep()
    await kept.upkeep.keep()
    assert (kept.tokens.reads, kept.tokens.renewals, stage.outbox) == (2, 0, [])


async def test_a_token_that_cannot_be_renewed_is_tried_again_in_silence_at_first(stage: Stage) -> None:
    """There is a month left."""
    kept = Kept(stage, RENEW_AFTER)
    kept.tokens.renewing_fails = UNAVAILABLE
    for _ in range(3):
        await kept.upkeep.keep()
        stage.clock.advance(HOUR)
    assert (kept.tokens.renewals, stage.outbox) == (3, [])


async def test_subscribers_are_told_once_that_a_token_will_die(stage: Stage) -> None:
    """A month before it does, about the partner, and not once an hour."""
    kept = Kept(stage, WARN_AFTER)
    kept.tokens.renewing_fails = ACCESS_LOST
    for _ in range(48):
        await kept.upkeep.keep()
        await stage.advance(by=HOUR)
    (event,) = stage.bus.topic
    assert (event.type, event.subject) == (EventType.ATTENTION_REQUIRED, PARTNER)
    assert event.data["reason"] == "refresh-token-expiring"


async def test_operators_are_told_once_and_the_age_goes_on_to_say_it(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    """The alert that reads the age lasts as long as the token is old, so the other one must leave it alone."""
    kept = Kept(stage, WARN_AFTER)
    kept.tokens.renewing_fails = ACCESS_LOST
    for _ in range(3):
        await kept.upkeep.keep()
        stage.clock.advance(HOUR)
    assert [(each["reason"], each["lasting"]) for each in events(caplog, "attention")] == [
        ("refresh-token-expiring", True)
    ]
    assert [each["days"] for each in events(caplog, "refresh_token_age")] == [60.0, 60.04, 60.08]


async def test_the_next_token_is_news_again(stage: Stage) -> None:
    """It is another one."""
    kept = Kept(stage, WARN_AFTER)
    kept.tokens.renewing_fails = ACCESS_LOST
    await kept.upkeep.keep()
    kept.tokens.stored_at = stage.clock.now
    stage.clock.advance(WARN_AFTER)
    await kept.upkeep.keep()
    assert len({event.id for event in stage.outbox}) == 2


async def test_an_alarm_that_cannot_be_stored_is_raised_an_hour_later(stage: Stage) -> None:
    """The run fails meanwhile, where somebody sees it."""
    kept = Kept(stage, LIFE)
    kept.tokens.renewing_fails = ACCESS_LOST
    stage.rows.down = True
    with pytest.raises(StoreUnavailable):
        await kept.upkeep.keep()
    stage.rows.down = False
    stage.clock.advance(HOUR)
    await kept.upkeep.keep()
    assert len(stage.outbox) == 1
