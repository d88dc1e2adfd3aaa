"""What no rule can tell apart, and so is excepted from the invariants: each with its reason. Nothing else is.

The judge and the verdict name the exception where they make it.
"""

EXCEPTED = {
    "undated rows": "Rows of a customer without dates that say the same look like one: what each of them cost, whether "
    "a denial is the old one again, and whether an approval is a newer one, nobody can tell; nor which of two that one look "
    "showed first is the newer.",
    "a row that takes the place of ours": "Where Partner Center keeps one row of a qualification, a verification used "
    "elsewhere overwrites ours; its row is explained by our own entry, because ours may come back with another date.",
    "a stale look": "What a look shows may be true no more, or was true up to an hour ago: 'at some moment since the first "
    "write' begins an hour earlier.",
    "a wrong look ahead of the first write": "Rows that this one look did not show seem new at the next: an old denial "
    "seems to be the answer; and a review that has been decided since is followed. Where no record says more, nobody can know better.",
    "two wrong looks six hours apart": "What two looks so far apart lack, and none between them shows, is believed to be gone.",
    "two rows, and the older one changed later": "Between two looks both may change; they are then ordered by their "
    "moments, although the older one had the last word.",
    "an unknown word": "A row with a word that nobody knows may be decided yet: whatever excludes its qualification waits.",
    "a clock that is hours off": "Until the first answer a host does not know how far, so its first looks may come under a "
    "pause; it takes a sender's moment that seems to be still to come for its own; and what it does next is later by as much. Somebody is told.",
    "one row that keeps its first date and reason": "Denied, in review again, and denied again for the same reason, it looks like "
    "the denial that was known: the request waits as overdue, and somebody is told.",
    "a row that says the same for weeks": "What is approved is read every 30 days (7 in these worlds): what changed later need not be known.",
}
"""Name and reason."""
