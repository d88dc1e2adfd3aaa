"""The mutation score."""

import json
from pathlib import Path

from tools.mutants import judged, read

type Codes = dict[str, int | None]

KILLED, ALIVE, UNTRIED = 1, 0, None


def test_codes_are_read_from_where_mutmut_leaves_them(tmp_path: Path) -> None:
    """One file a module, in its folder."""
    (tmp_path / "domain").mkdir()
    for name in ("a", "domain/b"):
        (tmp_path / f"{name}.py.meta").write_text(json.dumps({"exit_code_by_key": {f"{name}.x__mutmut_1": KILLED}}))
    assert read(tmp_path) == {"a.x__mutmut_1": KILLED, "domain/b.x__mutmut_1": KILLED}


def test_nineteen_of_twenty_must_die() -> None:
    """What does the same as the original counts neither way."""
    codes: Codes = {f"m.x__mutmut_{number}": KILLED for number in range(98)}
    codes.update({"m.y": ALIVE, "m.z": ALIVE})
    assert judged(codes, {}) == (
        ["m: 2 alive", "    m.y", "    m.z", "100 of 100 mutants tried, 0 equivalent, 2 alive: 98.0% killed"],
        True,
    )
    assert "1 equivalent, 1 alive: 99.0%" in judged(codes, {"m.y": "the same"})[0][-1]
    codes.update({f"n.{number}": ALIVE for number in range(4)})
    assert not judged(codes, {})[1]


def test_what_was_not_tried_or_is_excused_too_often_is_not_good_enough() -> None:
    """A run that was cut short says nothing, and equivalents are rare."""
    codes: Codes = {f"m.x__mutmut_{number}": KILLED for number in range(100)}
    assert judged(codes, {})[1]
    assert not judged(codes | {"m.y": UNTRIED}, {})[1]
    assert not judged(codes, {f"m.x__mutmut_{number}": "the same" for number in range(4)})[1]
