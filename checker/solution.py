"""What propagation has found: values with the equations they rest on, and what was left over.

`combination` walks the reasons of a residual backwards and finds how often each equation has to be taken for
every unknown to cancel: in the logarithmic form of a product law these multipliers are exact rationals.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from heapq import heappop, heappush

from checker.terms import Rational, System, simplest

EQUAL = 1e-11
"""Logarithms closer than this are the same number as far as double precision can tell."""

Number = int | Fraction | float
Powers = tuple[tuple[int, Rational], ...]


@dataclass(slots=True)
class Known:
    """sign · e^log · Π torn^power; `width` bounds how far rounding and bounds can move the logarithm.
    `order` counts in which order values were found, `equation` is the one that gave it (−1: torn)."""

    sign: int
    log: float
    powers: Powers
    width: float
    equation: int
    order: int


@dataclass(frozen=True, slots=True)
class Resolved:
    """A torn unknown that was found. Added up with `multipliers`, the logarithmic forms of the equations
    change by 1 with its logarithm and not at all with any torn unknown resolved in the same step."""

    torn: int
    multipliers: dict[int, Number]


@dataclass(frozen=True, slots=True)
class Residual:
    """What equations leave over once everything in them is known.

    `value` is log(left) − log(right) of the positive and negative terms (infinite where only one of them is
    there) of the equations added up with `multipliers`; `relation` is what it should stand in to zero, "sign"
    where no value of the declared sign would do. Where an unknown has to be a `whole` number, the
    value is its logarithm against that of the nearest one, `target`. `exact` tells that it comes from an
    elimination without any rounding.
    """

    multipliers: Mapping[int, Number]
    value: float
    relation: str = "="
    whole: int | None = None
    target: int | None = None
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Combination:
    """The multipliers of equations with which all unknowns cancel, and the sensitivity to each atom left.

    `torn` are the torn unknowns that stay, in an inequality, with their slopes. `remainder` bounds what the
    sensitivities neglect where sums were taken to logarithms, `blur` what double precision loses where
    terms cancel.
    """

    multipliers: Mapping[int, Number]
    atoms: Mapping[int, Number]
    torn: Mapping[int, Number]
    remainder: float
    blur: float


@dataclass(slots=True)
class Solution:
    """What propagation found. `residuals` speak of equations whose unknowns are all known, `open` maps the
    equations that could not be used to the reason, `idle` are those that nothing else speaks about."""

    system: System
    known: dict[int, Known] = field(default_factory=dict)
    residuals: list[Residual] = field(default_factory=list)
    open: dict[int, str] = field(default_factory=dict)
    idle: set[int] = field(default_factory=set)
    resolved: list[Resolved] = field(default_factory=list)
    torn_values: dict[int, Known] = field(default_factory=dict)
    rows: dict[int, tuple[dict[int, Number], dict[int, Number]]] = field(default_factory=dict)
    remainders: dict[int, float] = field(default_factory=dict)
    blurs: dict[int, float] = field(default_factory=dict)
    differences: list[int] = field(default_factory=list)
    options: list[int] = field(default_factory=list)
    branching: list[int] = field(default_factory=list)

    def value(self, unknown: int) -> Known | None:
        """The value found, with resolved torn unknowns put in."""
        found = self.known.get(unknown)
        if found is None or not any(torn in self.torn_values for torn, _ in found.powers):
            return found
        sign, log, width, powers = found.sign, found.log, found.width, dict[int, Rational]()
        waiting = list(found.powers)
        while waiting:
            torn, power = waiting.pop()
            value = self.torn_values.get(torn)
            if value is None:
                powers[torn] = simplest(powers.get(torn, 0) + Fraction(power))
                continue
            if value.sign <= 0:
                sign = 0 if not value.sign else sign * (-1 if power % 2 else 1)
            log += float(power) * value.log
            width += abs(float(power)) * value.width
            waiting.extend((inner, simplest(Fraction(power) * Fraction(e))) for inner, e in value.powers)
        found.sign, found.log, found.width = sign, log, width
        found.powers = tuple(sorted((torn, power) for torn, power in powers.items() if power))
        return found

    def number(self, unknown: int) -> float | None:
        """The value in coherent SI units, None where it is not a number (or too large for one)."""
        found = self.value(unknown)
        if found is None or found.powers or found.log > 709:
            return None
        return found.sign * math.exp(found.log) if found.sign else 0.0

    # -------------------------------------------------------- reasons

    def combination(self, residual: Residual) -> Combination:
        """The combination of equations that leaves this residual and no unknown."""
        multipliers: dict[int, Number] = {}
        slopes: dict[int, Number] = {}
        torn_slopes: dict[int, Number] = {}
        heap: list[tuple[int, int]] = []

        def reach(unknown: int, slope: Number) -> None:
            if unknown not in self.known:
                return  # the equation speaks of its sign alone
            if unknown not in slopes:
                heappush(heap, (-self.known[unknown].order, unknown))
            slopes[unknown] = slopes.get(unknown, 0) + slope

        def use(index: int, times: Number, except_for: int = -1) -> None:
            multipliers[index] = multipliers.get(index, 0) + times
            for unknown, slope in self.row(index)[0].items():
                if slope and unknown != except_for:
                    reach(unknown, times * slope)

        if residual.whole is None:
            for index, times in residual.multipliers.items():
                use(index, times)
        else:
            reach(residual.whole, 1)

        def sweep() -> None:
            while heap:
                unknown = heappop(heap)[1]
                slope = slopes.pop(unknown)
                index = self.known[unknown].equation
                if index < 0:
                    torn_slopes[unknown] = torn_slopes.get(unknown, 0) + slope
                elif not is_zero(slope):
                    use(index, -quotient(slope, self.row(index)[0][unknown]), except_for=unknown)

        sweep()
        settled = False
        for _ in range(4 * (len(self.resolved) + 1) ** 2):
            # what was resolved first may rest on what was resolved later, never the other way round
            found = next((r for r in self.resolved if not is_zero(torn_slopes.get(r.torn, 0))), None)
            if found is None:
                settled = True
                break
            slope = torn_slopes[found.torn]
            for index, times in found.multipliers.items():
                use(index, -slope * times)
            sweep()
            left = torn_slopes.get(found.torn, 0)
            if isinstance(left, float) and abs(left) < 1e-9 * abs(float(slope)):
                torn_slopes[found.torn] = 0  # what rounding leaves of nothing
        multipliers = {index: times for index, times in multipliers.items() if not is_zero(times)}
        atoms: dict[int, Number] = {}
        for index, times in multipliers.items():
            for atom, slope in self.row(index)[1].items():
                atoms[atom] = atoms.get(atom, 0) + times * slope
        remainder = sum(abs(float(times)) * self.remainders.get(i, 0.0) for i, times in multipliers.items())
        blur = sum(abs(float(times)) * self.blurs.get(i, 0.0) for i, times in multipliers.items())
        if any(math.isnan(times) for times in multipliers.values()):  # at zero there are no logarithms
            return Combination(residual.multipliers, {}, {}, math.inf, 0.0)
        if not settled:
            remainder = math.inf  # rounding has kept unknowns from cancelling: the slopes say nothing
        return Combination(
            multipliers,
            {atom: slope for atom, slope in atoms.items() if not is_zero(slope)},
            {torn: slope for torn, slope in torn_slopes.items() if not is_zero(slope)},
            remainder,
            blur,
        )

    def row(self, index: int) -> tuple[dict[int, Number], dict[int, Number]]:
        """How the logarithm of an equation's two sides changes with those of its unknowns and atoms."""
        found = self.rows.get(index)
        if found is None:
            row = self.system.equations[index].row  # type: ignore[union-attr]
            assert row is not None
            found = dict(row.unknowns), {-1 - key: power for key, power in row.atoms}
            self.rows[index] = found
        return found

    def source(self, unknown: int) -> set[int]:
        """The equations that gave an unknown's value."""
        if self.known[unknown].equation >= 0:
            return {self.known[unknown].equation}
        return {index for one in self.resolved if one.torn == unknown for index in one.multipliers}

    def ancestors(self, equations: Iterable[int]) -> set[int]:
        """Every equation that the values in these equations rest on, themselves included."""
        found: set[int] = set()
        waiting = list(equations)
        resolved = {one.torn: one for one in self.resolved}
        while waiting:
            index = waiting.pop()
            if index in found:
                continue
            found.add(index)
            for unknown in self.system.unknowns[index]:
                known = self.known.get(unknown)
                if known is not None and known.equation >= 0:
                    waiting.append(known.equation)
                elif unknown in resolved:
                    waiting.extend(resolved[unknown].multipliers)
        return found


def is_zero(value: Number) -> bool:
    return abs(value) < 1e-12 if isinstance(value, float) else not value


def quotient(one: Number, other: Number) -> Number:
    if not other:
        return math.nan  # at zero there are no logarithms
    if type(one) is int and type(other) is int and not one % other:
        return one // other
    if isinstance(one, float) or isinstance(other, float):
        return float(one) / float(other)
    return simplest(Fraction(one) / Fraction(other))
