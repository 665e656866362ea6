"""Sets → their minimal hitting sets.

MMCS (Murakami & Uno, Discrete Applied Mathematics 170, 2014): branch on the elements of an unhit set, and
keep only partial solutions in which every element is the sole hitter of some set. Sets of sets are bit masks.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterator
from typing import TypeVar

T = TypeVar("T", bound=Hashable)


def minimal_sets(sets: Collection[frozenset[T]]) -> list[frozenset[T]]:
    """Those of which no other is a proper subset, each once."""
    kept: list[frozenset[T]] = []
    for one in sorted(set(sets), key=len):
        if not any(other <= one for other in kept):
            kept.append(one)
    return kept


def minimal_hitting_sets(sets: Collection[frozenset[T]]) -> Iterator[frozenset[T]]:
    """Every minimal set that has an element in common with each of `sets`; none if one of them is empty."""
    sets = minimal_sets(sets)
    hits: dict[T, int] = {}
    for number, one in enumerate(sets):
        for element in one:
            hits[element] = hits.get(element, 0) | 1 << number
    masks = [[(element, hits[element]) for element in sorted(one, key=str)] for one in sets]
    everything = (1 << len(sets)) - 1
    # a branch: elements chosen, for each the sets that only it hits, sets not hit, elements still allowed
    stack: list[tuple[tuple[T, ...], tuple[int, ...], int, frozenset[T]]] = [
        ((), (), everything, frozenset(hits))
    ]
    while stack:
        chosen, alone, unhit, allowed = stack.pop()
        if not unhit:
            yield frozenset(chosen)
            continue
        best: list[tuple[T, int]] | None = None
        remaining = unhit
        while remaining:
            lowest = remaining & -remaining
            remaining ^= lowest
            inside = [pair for pair in masks[lowest.bit_length() - 1] if pair[0] in allowed]
            if best is None or len(inside) < len(best):
                best = inside
                if len(inside) <= 1:
                    break
        assert best is not None
        allowed = allowed.difference(element for element, _ in best)
        for element, mask in best:
            left = tuple(critical & ~mask for critical in alone)
            if all(left):
                stack.append(((*chosen, element), (*left, mask & unhit), unhit & ~mask, allowed))
            allowed |= {element}
