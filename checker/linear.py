"""Linear equations → their solution, and the integer combinations of them that leave no unknown.

Gauss–Jordan elimination without fractions: rows of integers stay exact, and each carries the combination of
equations that it is, which is the certificate (Schrijver, Theory of Linear and Integer Programming, 1986,
section 3.1). Rows of doubles are taken the same way, with a tolerance.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

CONSTANT = -1
"""The key of a row's constant; those of unknowns are 0 and up."""
NEGLIGIBLE = 1e-11
"""What a double may be off by, in rows scaled to a largest entry of 1."""
MAX_BITS = 20_000


@dataclass(slots=True)
class Row:
    """Σ coefficient·unknown + constant = 0, and the equations it combines; integers where `exact`."""

    entries: dict[int, Any]
    combination: dict[int, Any]
    exact: bool

    def unknowns(self) -> list[int]:
        return [key for key in self.entries if key != CONSTANT]

    def add(self, other: Row, unknown: int) -> None:
        """Add the multiple of another row that makes an unknown cancel."""
        own, others = self.entries[unknown], other.entries[unknown]
        for mine, theirs in ((self.entries, other.entries), (self.combination, other.combination)):
            for key in mine:
                mine[key] *= others
            for key, value in theirs.items():
                before, less = mine.get(key, 0), own * value
                cancels = not self.exact and abs(before - less) <= NEGLIGIBLE * max(abs(before), abs(less))
                mine[key] = 0 if cancels else before - less
        self.entries[unknown] = 0
        self.reduce()

    def reduce(self) -> None:
        """Drop what is zero, and keep the numbers small."""
        self.entries = {key: value for key, value in self.entries.items() if value}
        self.combination = {key: value for key, value in self.combination.items() if value}
        numbers = (*self.entries.values(), *self.combination.values())
        if not self.exact:
            top = max(map(abs, self.entries.values()), default=1.0)
            self.entries = {key: value / top for key, value in self.entries.items()}
            self.combination = {key: value / top for key, value in self.combination.items()}
        elif max(map(abs, numbers), default=0) >> MAX_BITS:
            raise OverflowError("the numbers of an elimination grow too large")
        elif (divisor := math.gcd(*numbers)) > 1:
            self.entries = {key: value // divisor for key, value in self.entries.items()}
            self.combination = {key: value // divisor for key, value in self.combination.items()}


@dataclass(frozen=True, slots=True)
class Eliminated:
    """`pivots` are the rows by the unknown that each was solved for, and in which no other pivot stands;
    `own` tells which equation brought each; `left` are the rows without any unknown."""

    pivots: Mapping[int, Row]
    own: Mapping[int, int]
    left: tuple[Row, ...]


def eliminate(rows: Iterable[tuple[int, Mapping[int, float | Fraction]]], exact: bool) -> Eliminated:
    """Solve numbered equations for one unknown after the other.

    Exact coefficients are rationals of any size; then combinations are integers.
    """
    pivots: dict[int, Row] = {}
    own: dict[int, int] = {}
    left: list[Row] = []
    containing: dict[int, set[int]] = {}
    for index, coefficients in rows:
        row = _row(index, coefficients, exact)
        for unknown in row.unknowns():
            if unknown in pivots and unknown in row.entries:
                row.add(pivots[unknown], unknown)
        unknowns = row.unknowns()
        if not unknowns:
            left.append(row)
            continue
        pivot = min(unknowns) if exact else max(unknowns, key=lambda key: abs(row.entries[key]))
        for other in sorted(containing.get(pivot, ())):
            if pivot in pivots[other].entries:
                pivots[other].add(row, pivot)
                for unknown in pivots[other].unknowns():
                    containing.setdefault(unknown, set()).add(other)
        for unknown in unknowns:
            containing.setdefault(unknown, set()).add(pivot)
        pivots[pivot], own[pivot] = row, index
    return Eliminated(pivots, own, tuple(left))


def _row(index: int, coefficients: Mapping[int, float | Fraction], exact: bool) -> Row:
    if exact:
        scale = math.lcm(*(Fraction(value).denominator for value in coefficients.values()))
        row = Row({key: int(value * scale) for key, value in coefficients.items()}, {index: scale}, True)
    else:
        row = Row({key: float(value) for key, value in coefficients.items()}, {index: 1.0}, False)
    row.reduce()
    return row
