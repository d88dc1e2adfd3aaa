"""Seeds that found something once: played in every test run. What each found is reduced to a test in unit/open_world."""

FOUND = {
    16: "a write whose answer is replayed by MS-RequestId",
    20: "an adopted approval taken for revoked",
    22: "a call under a pause, by a host whose clock is ahead",
    59: "a call under a pause of hours",
    104: "an old denial published again when an adopted review vanished",
    119: "an old denial published again when a review vanished",
    1015: "an approval unseen, for the newest request had been refused",
    2035: "the same, after kills",
}
"""Seed, and what it found when it did; a change of the world or of the product changes what a seed plays."""
