"""Sets → the groups of them that are tied together by common elements."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Sequence
from typing import TypeVar

T = TypeVar("T", bound=Hashable)


def overlapping(sets: Sequence[Collection[T]]) -> list[list[int]]:
    """The indexes of the sets in groups: two sets with a common element are in one group. Groups and their
    members keep the order of the sets."""
    parent = list(range(len(sets)))

    def root(index: int) -> int:
        while parent[index] != index:
            parent[index] = parent[parent[index]]
            index = parent[index]
        return index

    seen: dict[T, int] = {}
    for index, one in enumerate(sets):
        for element in one:
            first, second = sorted((root(seen.setdefault(element, index)), root(index)))
            parent[second] = first
    groups: dict[int, list[int]] = {}
    for index in range(len(sets)):
        groups.setdefault(root(index), []).append(index)
    return list(groups.values())
