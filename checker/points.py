"""Equations at points → what they leave over there, and points where they leave nothing.

A point gives each unknown and each doubted value a number. Solutions are looked for by Gauss–Newton steps of
least norm, and count where every equation holds as far as doubles can tell.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import repeat

from checker.functions import slope_of, value_of
from checker.intervals import TINY, WHOLE_LINE, Interval, of_number, outward, power, times
from checker.terms import NormalForm, Range, Rational, System

HOLDS = 1e-12
"""An equation holds at a point that leaves over no larger share of its largest term."""
FELT = 1e-7
"""A smaller share of the largest term might as well be zero, for all that the equation says."""
FAR = 1e8
"""Further out than this, doubles do not tell the angles of a wave apart well enough."""
NEARLY_ZERO = 1e-6
"""What steps have made smaller than this share of where they began may be on the way to zero."""
MAX_STEPS = 40
EXTREME = 1e100
"""Numbers further from 1 count as no solution: their powers are beyond doubles, where anything may hold."""
LONGEST = 30.0
"""How far one step may move a logarithm."""

Point = Mapping[int, float]


@dataclass(frozen=True, slots=True)
class Term:
    """coefficient · Π variable^exponent; variables from 0 are unknowns, −1 − a is a doubted atom."""

    coefficient: Interval
    factors: tuple[tuple[int, Rational], ...]


class Equations:
    """Some equations of a system, each value within its rounding and bound and within `sigmas` standard
    deviations where it has one. Without `signed`, quantities may have any sign."""

    def __init__(
        self, system: System, equations: Collection[int], sigmas: float, signed: bool = True
    ) -> None:
        self.system = system
        self.indexes = sorted(equations)
        self.sigmas = sigmas
        self.signed = signed
        self.atoms: dict[int, Interval] = {}
        self.terms = [self._terms(index) for index in self.indexes]
        self.variables = [sorted(self._variables(number)) for number in range(len(self.indexes))]
        self.using: dict[int, list[int]] = {}
        for number, variables in enumerate(self.variables):
            for variable in variables:
                self.using.setdefault(variable, []).append(number)

    def at(self, number: int) -> NormalForm | Range:
        return self.system.equations[self.indexes[number]]

    def _terms(self, index: int) -> list[Term]:
        equation = self.system.equations[index]
        if not isinstance(equation, NormalForm):
            return []
        found = []
        for group in equation.groups:
            for factor, atoms in group.coefficient:
                coefficient, doubted = of_number(factor), list[tuple[int, Rational]]()
                for key, exponent in atoms:
                    around = self._atom(key)
                    if around is None:
                        atom = self.system.atoms[-1 - key]
                        number = power(of_number(atom.number, atom.approximate), exponent)
                        assert number is not None  # atoms are positive
                        coefficient = times(coefficient, number)
                    else:
                        doubted.append((key, exponent))
                        self.atoms[key] = around
                found.append(Term(coefficient, (*group.unknowns, *doubted)))
        return found

    def _atom(self, key: int) -> Interval | None:
        """The values that an atom may have, None where it has no doubt."""
        atom = self.system.atoms[-1 - key]
        if not (atom.low or atom.high or (atom.sigma and self.sigmas)):
            return None
        spread = self.sigmas * atom.sigma
        low, high = of_number(atom.number)
        low *= math.exp(atom.low) * (1 - spread)
        high *= math.exp(atom.high) * (1 + spread)
        return outward(*outward(low, high))

    def _variables(self, number: int) -> set[int]:
        equation = self.at(number)
        if isinstance(equation, Range) or equation.function:
            return equation.unknowns()
        return {variable for term in self.terms[number] for variable, _ in term.factors}

    def domain(self, variable: int) -> Interval:
        """The values that a variable may have before any equation is looked at."""
        if variable < 0:
            return self.atoms[variable]
        if variable in self.system.whole:
            return 1.0, math.inf
        if not self.signed and self.system.names[variable] is not None:
            return WHOLE_LINE
        if self.system.positive[variable]:
            return TINY, math.inf
        return (0.0, math.inf) if self.system.nonnegative[variable] else WHOLE_LINE

    def solved(self, ends: Mapping[int, Interval], start: dict[int, float]) -> dict[int, float] | None:
        """A point that Gauss–Newton steps from a start lead to, tried once more with zero for what shrinks
        towards it: near a zero that several terms share, they all grow small together."""
        point = self.stepped(ends, start)
        if point is None or self.solves(point):
            return point
        small = {
            v: 0.0
            for v, (low, high) in ends.items()
            if low <= 0 <= high and abs(point[v]) <= NEARLY_ZERO * (abs(start[v]) or 1.0)
        }
        point = self.stepped(ends, {**point, **small}) if small else None
        return point if point is not None and self.solves(point) else None

    def solves(self, point: Mapping[int, float]) -> bool:
        numbers = range(len(self.indexes))
        if any(x and not 1 / EXTREME < abs(x) < EXTREME for x in point.values()):
            return False
        try:
            left = [self.residual(number, point)[0] or 0.0 for number in numbers]
            return all(abs(over) <= HOLDS for over in left) and all(map(self._felt, numbers, repeat(point)))
        except (ValueError, OverflowError, ZeroDivisionError):
            return False

    def stepped(self, ends: Mapping[int, Interval], point: dict[int, float]) -> dict[int, float] | None:
        """Where the steps end; None where an equation has no value on the way."""
        free = [v for v in point if v not in self.system.whole]
        for _ in range(MAX_STEPS):
            left: list[float] = []
            slopes: list[dict[int, float]] = []
            for number in range(len(self.indexes)):
                try:
                    over, slope = self.ratio(number, point) or self.residual(number, point)
                except (ValueError, OverflowError, ZeroDivisionError):
                    return None
                if over is not None:
                    left.append(over)
                    slopes.append({v: s for v, s in slope.items() if v not in self.system.whole})
            if all(abs(over) <= HOLDS for over in left):
                break
            # what is positive moves in its logarithm
            logs = {v for v in free if ends[v][0] > 0}
            bent = [{v: s * point[v] if v in logs else s for v, s in slope.items()} for slope in slopes]
            scale = {
                v: min(1.0, _log_span(ends[v])) if v in logs else _reach(point[v], ends[v]) for v in free
            }
            step = least_norm(left, bent, scale)
            if step is None:
                break
            moved = {}
            for v, by in step.items():
                to = point[v] * math.exp(min(max(by, -LONGEST), LONGEST)) if v in logs else point[v] + by
                moved[v] = min(max(to, ends[v][0]), ends[v][1])
            if all(moved[v] == point[v] for v in moved):
                break
            point = {**point, **moved}
        return point

    def ratio(self, number: int, point: Mapping[int, float]) -> tuple[float, dict[int, float]] | None:
        """The logarithm of the ratio between the positive and the negative terms of a sum that should be
        equal, and its slopes: straight for products, however far apart. None where there is no such ratio."""
        equation = self.at(number)
        if isinstance(equation, Range) or equation.function or equation.relation != "=":
            return None
        sizes = [self._at(term, point) for term in self.terms[number]]
        above, below = sum(one for one in sizes if one > 0), -sum(one for one in sizes if one < 0)
        if not (0 < above < math.inf and 0 < below < math.inf):
            return None
        slopes: dict[int, float] = {}
        for term, one in zip(self.terms[number], sizes, strict=True):
            share = one / above if one > 0 else one / below
            for variable, exponent in term.factors if one else ():
                slopes[variable] = slopes.get(variable, 0.0) + share * float(exponent) / point[variable]
        return math.log(above / below), slopes

    def size(self, number: int, point: Mapping[int, float]) -> float:
        """The largest term of a sum at a point, 1 where there is none."""
        return self.largest(number, point) or 1.0

    def largest(self, number: int, point: Mapping[int, float]) -> float:
        return max((abs(self._at(term, point)) for term in self.terms[number]), default=0.0)

    def residual(
        self,
        number: int,
        point: Mapping[int, float],
        size: float | None = None,
        at_its_end: bool = False,
    ) -> tuple[float | None, dict[int, float]]:
        """What an equation leaves over at a point, as a share of its largest term (of `size`, if given, in a
        sum), and its slopes; None for an inequality that holds, unless it is taken `at_its_end`."""
        equation = self.at(number)
        if isinstance(equation, Range):
            return None, {}  # the box has seen to it
        if equation.function:
            arguments = [point[one] for one in equation.arguments]
            value, result = value_of(equation.function, arguments), point[equation.result]
            if value is None or (equation.function in ("sin", "cos", "tan") and abs(arguments[0]) > FAR):
                raise ValueError
            steep = [slope_of(equation.function, arguments, i) for i in range(len(arguments))]
            if any(slope is None for slope in steep):
                raise ValueError
            felt = (abs(slope * x) for slope, x in zip(steep, arguments, strict=True) if slope)
            scale = max(abs(value), abs(result), *felt) or 1.0
            slopes = {equation.result: 1 / scale}
            for argument, slope in zip(equation.arguments, steep, strict=True):
                assert slope is not None
                slopes[argument] = slopes.get(argument, 0.0) - slope / scale
            return (result - value) / scale, slopes
        sizes = [self._at(term, point) for term in self.terms[number]]
        scale = size or max(map(abs, sizes), default=0.0) or 1.0
        over = math.fsum(sizes) / scale
        if not math.isfinite(over):
            raise ValueError
        relation = equation.relation
        if relation != "=" and not at_its_end:
            margin = HOLDS * 10 if relation in ("<", ">") else 0.0
            if (over < -margin if relation[0] == "<" else over > margin) or (not margin and not over):
                return None, {}
            over += 2 * margin if relation[0] == "<" else -2 * margin
        slopes = {}
        for term, one in zip(self.terms[number], sizes, strict=True):
            for variable, exponent in term.factors:
                if point[variable]:
                    slope = one * float(exponent) / point[variable]
                else:
                    slope = self._slope_at_zero(term, variable, exponent, point)
                slopes[variable] = slopes.get(variable, 0.0) + slope / scale
        return over, slopes

    def _felt(self, number: int, point: Mapping[int, float]) -> bool:
        """Whether every term that is not zero is large enough for the equation to tell that it is not."""
        sizes = [abs(self._at(term, point)) for term in self.terms[number]]
        least = FELT * max(sizes, default=0.0)
        return all(
            size >= least or (not size and self._may_vanish(number, i)) for i, size in enumerate(sizes)
        )

    def _may_vanish(self, number: int, place: int) -> bool:
        return not all(v < 0 or self.system.positive[v] for v, _ in self.terms[number][place].factors)

    def _at(self, term: Term, point: Mapping[int, float]) -> float:
        size = (term.coefficient[0] + term.coefficient[1]) / 2
        for variable, exponent in term.factors:
            size *= math.pow(point[variable], exponent)
        return size

    def _slope_at_zero(
        self, term: Term, variable: int, exponent: Rational, point: Mapping[int, float]
    ) -> float:
        if exponent != 1:
            return 0.0
        slope = (term.coefficient[0] + term.coefficient[1]) / 2
        for other, other_exponent in term.factors:
            if other != variable:
                slope *= math.pow(point[other], other_exponent)
        return slope


def _log_span(ends: Interval) -> float:
    return math.log(ends[1]) - math.log(ends[0]) if 0 < ends[0] < ends[1] < math.inf else 1.0


def _reach(value: float, ends: Interval) -> float:
    """How far a variable may well move."""
    low, high = ends
    span = high - low
    usual = abs(value) or 1.0
    return min(span, usual) if span > 0 else 0.0


def least_norm(
    left: Sequence[float], slopes: Sequence[Mapping[int, float]], scale: Mapping[int, float]
) -> dict[int, float] | None:
    """The least change, each variable measured against its scale, that would take all of `left` away if the
    equations were straight: scale²·Jᵀλ with J·scale²·Jᵀ·λ = −left."""
    count = len(left)
    squares = {v: reach * reach for v, reach in scale.items()}
    matrix = [[0.0] * (count + 1) for _ in range(count)]
    for i, one in enumerate(slopes):
        for j in range(i, count):
            other = slopes[j]
            matrix[i][j] = matrix[j][i] = sum(s * squares[v] * other[v] for v, s in one.items() if v in other)
        matrix[i][count] = -left[i]
    top = max((matrix[i][i] for i in range(count)), default=0.0)
    if not 0 < top < math.inf:
        return None
    for i in range(count):
        matrix[i][i] += 1e-14 * top
    for column in range(count):
        pivot = max(range(column, count), key=lambda row: abs(matrix[row][column]))
        if not matrix[pivot][column]:
            return None
        matrix[column], matrix[pivot] = matrix[pivot], matrix[column]
        for row in range(column + 1, count):
            factor = matrix[row][column] / matrix[column][column]
            if factor:
                matrix[row] = [a - factor * b for a, b in zip(matrix[row], matrix[column], strict=True)]
    weights = [0.0] * count
    for row in range(count - 1, -1, -1):
        rest = matrix[row][count] - sum(matrix[row][j] * weights[j] for j in range(row + 1, count))
        weights[row] = rest / matrix[row][row]
    step: dict[int, float] = {}
    for weight, one in zip(weights, slopes, strict=True):
        for v, slope in one.items():
            step[v] = step.get(v, 0.0) + squares[v] * slope * weight
    return step if all(map(math.isfinite, step.values())) else None
