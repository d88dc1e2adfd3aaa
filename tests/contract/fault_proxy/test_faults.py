"""Which mishap strikes what."""

from sandbox.fault_proxy import Faults, Mishap, Rule


def test_a_rule_strikes_what_it_matches_as_often_as_it_says() -> None:
    """Method, path, a few spared, a few struck, the rest let through."""
    faults = Faults([Rule(Mishap.RESET, method="PUT", matching="^/secrets/", spare=1, times=2)])
    assert faults.strike("GET", "/secrets/a") is None
    assert faults.strike("PUT", "/keys/a") is None
    struck = [faults.strike("PUT", "/secrets/a") for _ in range(4)]
    assert [rule and rule.mishap for rule in struck] == [None, Mishap.RESET, Mishap.RESET, None]
    assert faults.struck == {Mishap.RESET: 2}


def test_the_same_seed_draws_the_same_mishaps() -> None:
    """So that a run can be played again; another seed draws others."""

    def drawn(seed: int) -> list[Mishap | None]:
        faults = Faults(chance=0.5, seed=seed)
        return [rule.mishap if rule else None for rule in (faults.strike("GET", "/") for _ in range(60))]

    assert drawn(1) == drawn(1) != drawn(2)
    assert {*drawn(1)} == {None, *Mishap}


def test_only_what_can_be_done_is_drawn() -> None:
    """On a bare connection nobody answers 503."""
    faults = Faults([Rule(Mishap.HTML, times=None)], chance=1.0)
    assert {rule.mishap for _ in range(60) if (rule := faults.strike("", "", frozenset({Mishap.DELAY})))} == {
        Mishap.DELAY
    }


def test_nothing_strikes_once_it_is_cleared() -> None:
    """Neither rule nor chance."""
    faults = Faults([Rule(Mishap.RESET, times=None)], chance=1.0)
    faults.clear()
    assert faults.strike("GET", "/") is None
