"""Products of unknown dimensions that are known → the dimensions they force, and which of them disagree.

Each constraint is a linear equation in the exponents, with one right side for each base unit. Gaussian
elimination over exact fractions takes the row with the fewest unknowns first, so that chains cost no more
than their length. A row keeps what was subtracted from it: where nothing is left but a dimension, the
combination of constraints that leads there is unique, and so no part of it disagrees by itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from heapq import heapify, heappop, heappush

from checker.dimension import DIMENSIONLESS, Dimension

MAX_WORK = 200_000
"""Entries of rows with several unknowns that are touched. What is open then stays open."""


@dataclass(frozen=True, slots=True)
class Constraint:
    """The product of the unknowns, each to its power, has this dimension."""

    powers: Mapping[str, Fraction]
    dimension: Dimension


@dataclass(frozen=True, slots=True)
class Forced:
    """A dimension, and the constraints that give it, the dimensions of other unknowns in them being known."""

    dimension: Dimension
    because: frozenset[int]


@dataclass(slots=True)
class Solved:
    """`forced` has the unknowns that have one dimension in all solutions. `disagreeing` are sets of
    constraints that cannot all be met, although any smaller part of them can. `open` are constraints that
    leave their unknowns open and yet are not met where all of these are dimensionless."""

    forced: dict[str, Forced] = field(default_factory=dict)
    disagreeing: list[frozenset[int]] = field(default_factory=list)
    open: list[frozenset[int]] = field(default_factory=list)


def solve(constraints: Sequence[Constraint]) -> Solved:
    """What the constraints force, exactly, as far as MAX_WORK allows."""
    elimination = _Elimination(constraints)
    elimination.run()
    solved = Solved(disagreeing=elimination.disagreeing)
    known: dict[str, tuple[Dimension, dict[str, Fraction]]] = {}
    for unknown, index in reversed(elimination.pivots):
        row = elimination.rows[index]
        own = row[unknown]
        dimension, free = elimination.dimensions[index] ** (1 / own), dict[str, Fraction]()
        for other, power in row.items():
            if other == unknown:
                continue
            constant, through = known.get(other, (DIMENSIONLESS, {other: Fraction(1)}))
            dimension /= constant ** (power / own)
            _subtract(free, through, power / own)
        known[unknown] = dimension, free
        if not free:
            solved.forced[unknown] = Forced(dimension, elimination.directly(index))
        elif not dimension.is_dimensionless:
            solved.open.append(elimination.directly(index))
    solved.open.reverse()
    return solved


def _subtract(row: dict[str, Fraction], other: Mapping[str, Fraction], times: Fraction) -> None:
    for key, power in other.items():
        left = row.get(key, 0) - times * power
        if left:
            row[key] = left
        else:
            row.pop(key, None)


class _Elimination:
    """`pivots` are the unknowns solved for, each with the row that gives it, in that order."""

    def __init__(self, constraints: Sequence[Constraint]) -> None:
        self.rows = [dict(one.powers) for one in constraints]
        self.dimensions = [one.dimension for one in constraints]
        self.subtracted: list[list[tuple[int, Fraction]]] = [[] for _ in constraints]
        self.pivots: list[tuple[str, int]] = []
        self.disagreeing: list[frozenset[int]] = []

    def run(self) -> None:
        where: dict[str, set[int]] = {}
        for index, row in enumerate(self.rows):
            for unknown in row:
                where.setdefault(unknown, set()).add(index)
        waiting = [(len(row), index) for index, row in enumerate(self.rows)]
        heapify(waiting)
        done, work = set[int](), 0
        while waiting:
            size, index = heappop(waiting)
            row = self.rows[index]
            if index in done or size != len(row):
                continue
            done.add(index)
            if not row:
                if not self.dimensions[index].is_dimensionless:
                    self.disagreeing.append(self._combined(index))
                continue
            pivot = min(row, key=lambda unknown: (len(where[unknown]), unknown))
            self.pivots.append((pivot, index))
            for unknown in row:
                where[unknown].discard(index)
            for other in sorted(where[pivot]):
                self._take(index, other, pivot, where)
                heappush(waiting, (len(self.rows[other]), other))
                work += len(row) if len(row) > 1 else 0
            if work > MAX_WORK:
                return

    def _take(self, index: int, other: int, pivot: str, where: Mapping[str, set[int]]) -> None:
        """Rid another row of the pivot of this one."""
        row, changed = self.rows[index], self.rows[other]
        times = changed[pivot] / row[pivot]
        self.subtracted[other].append((index, times))
        self.dimensions[other] /= self.dimensions[index] ** times
        _subtract(changed, row, times)
        for unknown in row:
            (where[unknown].add if unknown in changed else where[unknown].discard)(other)

    def directly(self, index: int) -> frozenset[int]:
        """The constraints that make a row, those that only give one unknown its dimension left out."""
        found, waiting = {index}, [index]
        while waiting:
            used = {p for p, _ in self.subtracted[waiting.pop()] if len(self.rows[p]) > 1} - found
            found |= used
            waiting += used
        return frozenset(found)

    def _combined(self, index: int) -> frozenset[int]:
        """The constraints whose combination a row is: of linearly independent ones the only one there is."""
        turn = {row: number for number, (_, row) in enumerate(self.pivots)}
        weights: dict[int, Fraction] = {index: Fraction(1)}
        waiting = [(-len(turn), index)]  # the last subtracted first: what it subtracts was there before it
        found = set()
        while waiting:
            _, row = heappop(waiting)
            weight = weights.pop(row, None)
            if not weight:
                continue
            found.add(row)
            for other, times in self.subtracted[row]:
                if other not in weights:
                    heappush(waiting, (-turn[other], other))
                weights[other] = weights.get(other, Fraction(0)) - weight * times
        return frozenset(found)
