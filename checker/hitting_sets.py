"""Sets → their minimal hitting sets.

MMCS (Murakami & Uno, Discrete Applied Mathematics 170, 2014): branch on the elements of a set not yet hit,
and keep only partial solutions in which every element is the sole hitter of some set. Sets are bit masks.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Collection, Hashable, Iterator
from typing import TypeVar

T = TypeVar("T", bound=Hashable)

MAX_BRANCHES = 100_000
"""How many partial sets are looked at for all hitting sets of a size."""


def minimal_sets(sets: Collection[frozenset[T]]) -> list[frozenset[T]]:
    """Those of which no other is a proper subset, each once."""
    often = Counter(element for one in sets for element in one)
    kept: list[frozenset[T]] = []
    # each set by its rarest element: only those whose rarest element it has can be subsets of another
    by_rarest: dict[T, list[frozenset[T]]] = {}
    for one in sorted(set(sets), key=len):
        if not one:
            return [one]
        if not any(other <= one for element in one for other in by_rarest.get(element, ())):
            kept.append(one)
            by_rarest.setdefault(min(one, key=often.__getitem__), []).append(one)
    return kept


class TooManyError(Exception):
    """The search had to look at more partial sets than it was allowed."""


def minimal_hitting_sets(
    sets: Collection[frozenset[T]], largest: int | None = None, branches: int = sys.maxsize
) -> Iterator[frozenset[T]]:
    """Every minimal set that has an element in common with each of `sets`; none if one of them is empty.

    With `largest`, only those of at most so many elements. Raises TooManyError after so many `branches`.
    """
    sets = minimal_sets(sets)
    elements = sorted({element for one in sets for element in one}, key=str)
    number = {element: index for index, element in enumerate(elements)}
    masks = [sum(1 << number[element] for element in one) for one in sets]
    hits = [0] * len(elements)
    for index, one in enumerate(sets):
        for name in one:
            hits[number[name]] |= 1 << index
    everything = (1 << len(sets)) - 1
    if not everything:
        yield frozenset()
        return

    def branch(unhit: int, allowed: int) -> int:
        """The allowed elements of the unhit set that has the fewest."""
        best, fewest = 0, len(elements) + 1
        while unhit:
            lowest = unhit & -unhit
            inside = masks[lowest.bit_length() - 1] & allowed
            if (size := inside.bit_count()) < fewest:
                best, fewest = inside, size
                if size < 2:
                    break
            unhit ^= lowest
        return best

    # a frame: elements left to branch on, the elements allowed below, the sets only each chosen one hits, the
    # sets not hit
    chosen: list[int] = []
    allowed = (1 << len(elements)) - 1
    choices = branch(everything, allowed)
    stack = [(choices, allowed & ~choices, list[int](), everything)]
    while stack:
        choices, allowed, alone, unhit = stack.pop()
        if not choices:
            if chosen:
                chosen.pop()
            continue
        lowest = choices & -choices
        element = lowest.bit_length() - 1
        stack.append((choices ^ lowest, allowed | lowest, alone, unhit))
        if not (branches := branches - 1):
            raise TooManyError
        mask = hits[element]
        left = [critical & ~mask for critical in alone]
        if not all(left):
            continue
        rest = unhit & ~mask
        if not rest:
            yield frozenset([*(elements[one] for one in chosen), elements[element]])
        elif largest is None or len(chosen) + 1 < largest:
            chosen.append(element)
            left.append(mask & unhit)
            inner = branch(rest, allowed)
            stack.append((inner, allowed & ~inner, left, rest))


def smallest_first(sets: Collection[frozenset[T]], limit: int) -> tuple[list[frozenset[T]], bool]:
    """Up to `limit` minimal hitting sets, and whether these are all. If not, none is larger than one left
    out, as far as that can be found out with reasonable effort."""
    found: list[frozenset[T]] = []
    for one in minimal_hitting_sets(sets):
        found.append(one)
        if len(found) > limit:
            break
    else:
        return found, True
    smallest: list[frozenset[T]] = []
    for size in range(1, len(sets) + 1):
        try:
            smallest += (one for one in minimal_hitting_sets(sets, size, MAX_BRANCHES) if len(one) == size)
        except TooManyError:
            break
        if len(smallest) >= limit:
            return smallest[:limit], False
    return sorted(found[:limit], key=len), False
