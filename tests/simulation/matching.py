"""Whether everybody can have one of their own."""

from collections.abc import Collection, Hashable, Mapping


def can_all_have_one[Who: Hashable, What: Hashable](wanted: Mapping[Who, Collection[What]]) -> bool:
    """Whether each can be given one of what it may have, and nothing twice (bipartite matching, by augmenting paths)."""
    given: dict[What, Who] = {}

    def gives(who: Who, tried: set[What]) -> bool:
        for what in wanted[who]:
            if what in tried:
                continue
            tried.add(what)
            if what not in given or gives(given[what], tried):
                given[what] = who
                return True
        return False

    return all(gives(who, set()) for who in wanted)
