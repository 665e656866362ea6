"""Things that rest on others → an order in which each comes after those, and a circle where there is none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from graphlib import CycleError, TopologicalSorter


def ordered(rests_on: Mapping[str, Iterable[str]]) -> tuple[list[str], list[str]]:
    """All that no circle keeps from its turn, in order; and a circle, each thing resting on the next one.

    The circle begins and ends with that of its members which the mapping has first; it is empty if there is
    none. Others may exist.
    """
    sorter = TopologicalSorter(rests_on)
    circle: list[str] = []
    try:
        sorter.prepare()
    except CycleError as error:
        members: list[str] = error.args[1][:0:-1]
        inside = set(members)
        first = members.index(next(name for name in rests_on if name in inside))
        circle = [*members[first:], *members[: first + 1]]
    order: list[str] = []
    while ready := sorter.get_ready():
        order += ready
        sorter.done(*ready)
    return order, circle
