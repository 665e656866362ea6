"""Measured values in equations → the values that fit them best, how well, and how uncertain they then are.

A least-squares adjustment with the equations as constraints, solved by Gauss–Newton steps: straightened, the
equations express every value by a few parameters, chosen so that Σ(shift/σ)² is least (Mikhail & Ackermann,
Observations and Least Squares, 1976; the values of CODATA are found in this way, Rev. Mod. Phys. 72, 351).
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from checker.points import Equations
from checker.terms import NormalForm, Range, System

MAX_WORK = 20_000_000
"""Observations times parameters squared: larger ones are left alone."""
MAX_ROUNDS = 60
LONGEST = 30.0
"""How far one step may move a logarithm."""
STILL = 1e-12
"""Steps of so small a share of a standard deviation, or of a value, end the search."""
NEARLY_STILL = 1e-5
"""Steps that get no smaller from here on are as small as doubles let them be."""
SATISFIED = 1e-12
"""What an equation may leave over in the end, as a share of its largest term."""
NEGLIGIBLE = 1e-12
"""What is left of a slope when rounding is all that is left of it."""
DEPENDENT = 1e-10
"""A column this close to the span of others adds nothing."""
HARDLY_CHECKED = 1e-6
"""Where so small a share of a value's variance is left to check it, the others are fitted without it."""


@dataclass(frozen=True, slots=True)
class Adjustment:
    """The least Σ(shift/σ)² and where it is reached, in coherent SI units.

    Unknowns are numbered from 0, −1 − a is atom a, and `source` names the other stated values, each by the
    number of its equation. `dof` counts the shifts that the equations tie to each other. `uncertainty` has
    the standard uncertainty of every value that the equations determine, `pull` how many standard deviations
    each stated value lies above what all others make of it, where they say anything. It is `firm` where every
    term of every equation is large enough there to be felt.
    """

    chi2: float
    dof: int
    point: Mapping[int, float]
    uncertainty: Mapping[int, float]
    pull: Mapping[int, float]
    source: Mapping[int, int]
    firm: bool


def adjust(
    system: System, equations: Collection[int], near: Mapping[int, float], nominal: bool = False
) -> Adjustment | None:
    """The adjustment of some equations, from nominal values `near`. Quanta are taken as many as lie nearest;
    with `nominal`, rounding and bounds are left out of account, else values move freely within them.

    None where nothing has an uncertainty, where steps from there lead to no values that satisfy every
    equation, or where it is too much work.
    """
    try:
        problem = _Problem(system, equations, near, nominal)
        return problem.solved() if problem.stated else None
    except (ValueError, OverflowError, ZeroDivisionError):
        return None


def p_value(chi2: float, dof: int) -> float:
    """The probability that χ² comes out larger than this by chance, for a whole number of degrees of freedom
    (Abramowitz & Stegun 26.4.4 and 26.4.5)."""
    half = chi2 / 2
    if not half or not dof:
        return 1.0
    first = 0.0 if dof % 2 else math.exp(-half)
    tail = math.erfc(math.sqrt(half)) if dof % 2 else first
    for step in range(1, (dof + 1) // 2):
        order = step - dof % 2 / 2
        tail += math.exp(order * math.log(half) - half - math.lgamma(order + 1))
    return tail


# ---------------------------------------------------------------- the equations at a point


@dataclass(frozen=True, slots=True)
class _Stated:
    """A value stated between `low` and `high`, which are one where no bound goes with the uncertainty."""

    low: float
    high: float
    sigma: float

    def nearest(self, value: float) -> float:
        return min(max(value, self.low), self.high)


Slopes = dict[int, float]
Row = tuple[Slopes, float]
"""Slopes, each for a change of one scale, and what is left over."""


class _Problem:
    def __init__(
        self, system: System, equations: Collection[int], near: Mapping[int, float], nominal: bool
    ) -> None:
        # what is stated with an uncertainty may move far: its cost holds it back
        self.given = Equations(system, equations, sigmas=1e3)
        self.stated: dict[int, _Stated] = {}
        self.ends = {variable: self.given.domain(variable) for variable in self.given.using}
        self.source: dict[int, int] = {}
        for key in [variable for variable in self.ends if variable < 0]:
            atom = system.atoms[-1 - key]
            number = float(atom.number)
            low, high = number * math.exp(atom.low), number * math.exp(atom.high)
            if nominal:
                low = high = number
            if atom.sigma:
                self.stated[key] = _Stated(low, high, number * atom.sigma)
                # stated with a sign of its own, it may lie on the other side of zero
                self.ends[key] = -math.inf, math.inf
            else:
                self.ends[key] = low, high
        for index in self.given.indexes:
            equation = system.equations[index]
            if isinstance(equation, Range):
                self._range(equation, index)
        whole = system.whole & self.ends.keys()
        if not whole <= near.keys():
            raise ValueError("nothing says how many quanta there are")
        self.fixed = {v: low for v, (low, high) in self.ends.items() if low == high}
        self.fixed |= {v: float(max(1, round(near[v]))) for v in whole}
        self.near = near
        self.active: set[int] = set()  # inequalities that hold at their ends

    def _range(self, equation: Range, index: int) -> None:
        own, (low, high) = equation.unknown, self.ends.get(equation.unknown, (-math.inf, math.inf))
        if not equation.sigma:
            self.ends[own] = max(low, equation.low), min(high, equation.high)
            return
        self.ends[own] = low, high
        key = -1 - len(self.given.system.atoms) - len(self.source)
        self.source[key] = index
        self.stated[key] = _Stated(equation.low, equation.high, equation.sigma)
        self.ends[key] = -math.inf, math.inf

    def start(self) -> dict[int, float]:
        point = {}
        for variable, (low, high) in self.ends.items():
            if variable in self.stated:
                middle = (self.stated[variable].low + self.stated[variable].high) / 2
            elif variable in self.near:
                middle = self.near[variable]
            elif math.isfinite(high - low):
                middle = (low + high) / 2
            else:
                middle = 1.0 if low >= 0 else 0.0
            point[variable] = self.fixed.get(variable, min(max(middle, low), high))
        return point

    def solved(self) -> Adjustment | None:
        point, before = self.start(), math.inf
        for _ in range(MAX_ROUNDS):
            linear = self.straightened(point)
            if linear is None:
                return None
            step = linear.step()
            if self._held(point, step):
                continue
            point, moved = self._moved(point, step)
            if moved <= STILL or (moved <= NEARLY_STILL and moved >= before):
                if not self._released(point):
                    return self._result(point) if self._satisfied(point) else None
                before = math.inf
            else:
                before = moved
        return None

    def scale(self, variable: int, value: float) -> float:
        return self.stated[variable].sigma if variable in self.stated else abs(value) or 1.0

    def straightened(
        self, point: Mapping[int, float], freed: int | None = None, without: int | None = None
    ) -> _Linear | None:
        """The equations at a point, less the variables that stand at an end (`freed` does not), and less the
        inequality `without`."""
        still = {v for v in self.fixed if v != freed}
        rows: list[Row] = []
        for number in range(len(self.given.indexes)):
            if number == without:
                continue
            # products are straight in logarithms: a scale that nothing fixes stays without any slope
            over, slopes = self.given.ratio(number, point) or self.given.residual(
                number, point, None, number in self.active
            )
            if over is None:
                continue
            if self.given.system.is_inequality(self.given.indexes[number]) and number not in self.active:
                self.active.add(number)
                over, slopes = self.given.residual(number, point, None, at_its_end=True)
                assert over is not None
            rows.append(({v: s * self.scale(v, point[v]) for v, s in slopes.items() if v not in still}, over))
        for key, index in self.source.items():
            equation = self.given.system.equations[index]
            assert isinstance(equation, Range)
            sigma = self.stated[key].sigma
            slopes = {equation.unknown: self.scale(equation.unknown, point[equation.unknown]) / sigma}
            left = {v: s for v, s in slopes.items() if v not in still}
            rows.append(({**left, key: -1.0}, (point[equation.unknown] - point[key]) / sigma))
        pulled = {
            v: (point[v] - one.nearest(point[v])) / one.sigma
            for v, one in self.stated.items()
            if one.low == one.high or not one.low < point[v] < one.high
        }
        parameters = _Linear(rows, [v for v in point if v not in still], pulled)
        return parameters if parameters.work() <= MAX_WORK else None

    def _held(self, point: dict[int, float], step: Mapping[int, float]) -> bool:
        """Whether variables without an uncertainty would leave their ends; they are then held there."""
        outside = {}
        for v, by in step.items():
            low, high = self.ends[v]
            to = point[v] + by * self.scale(v, point[v])
            # what is positive never reaches zero, but what may be zero can lean on it
            leans = math.isfinite(high) or not low
            if v not in self.stated and leans and not low <= to <= high:
                outside[v] = min(max(to, low), high)
        self.fixed |= outside
        point |= outside
        return bool(outside)

    def _moved(self, point: Mapping[int, float], step: Mapping[int, float]) -> tuple[dict[int, float], float]:
        """The point after a step, and how far it went; what is positive moves in its logarithm."""
        moved = {}
        for v, by in step.items():
            if v not in self.stated and self.ends[v][0] > 0:
                moved[v] = point[v] * math.exp(min(max(by, -LONGEST), LONGEST))
            else:
                moved[v] = point[v] + by * self.scale(v, point[v])
        return {**point, **moved}, max((abs(by) for by in step.values()), default=0.0)

    def _released(self, point: Mapping[int, float]) -> bool:
        """Whether something held at an end would rather move inwards; it is then let go."""
        whole = self.given.system.whole
        for variable in [v for v in self.fixed if v not in whole and self.ends[v][0] < self.ends[v][1]]:
            linear = self.straightened(point, freed=variable)
            by = linear.step().get(variable, 0.0) if linear else 0.0
            low, high = self.ends[variable]
            if (by > STILL and point[variable] < high) or (by < -STILL and point[variable] > low):
                del self.fixed[variable]
                return True
        for number in sorted(self.active):
            linear = self.straightened(point, without=number)
            step = linear.step() if linear else {}
            _, slopes = self.given.residual(number, point, at_its_end=True)
            rate = sum(slope * step.get(v, 0.0) * self.scale(v, point[v]) for v, slope in slopes.items())
            relation = self.given.at(number)
            assert isinstance(relation, NormalForm)
            if rate < -STILL if relation.relation[0] == "<" else rate > STILL:
                self.active.discard(number)
                return True
        return False

    def _satisfied(self, point: Mapping[int, float]) -> bool:
        numbers = range(len(self.given.indexes))
        return all(self.ends[v][0] <= value <= self.ends[v][1] for v, value in point.items()) and all(
            abs(self.given.residual(number, point)[0] or 0.0) <= SATISFIED for number in numbers
        )

    def _result(self, point: dict[int, float]) -> Adjustment | None:
        linear = self.straightened(point)
        assert linear is not None
        shares = linear.uncertainties()
        return Adjustment(
            math.fsum(one * one for one in linear.pulled.values()),
            linear.dof(),
            point,
            {v: share * self.scale(v, point[v]) for v, share in shares.items()},
            linear.pulls(),
            self.source,
            self.given.solves(point),
        )


# ---------------------------------------------------------------- straight equations


class _Linear:
    """Straight equations, solved for all but a few variables, which are the parameters; `pulled` has how many
    standard deviations each stated value lies off at the point where they were straightened."""

    def __init__(self, rows: Iterable[Row], variables: Sequence[int], pulled: Mapping[int, float]) -> None:
        self.pulled = pulled
        solved = _solved_for(rows)
        pivots = {variable for variable, _, _ in solved}
        self.parameters = [v for v in variables if v not in pivots]
        self.offset: dict[int, float] = dict.fromkeys(self.parameters, 0.0)
        self.slopes: dict[int, Slopes] = {v: {v: 1.0} for v in self.parameters}
        for variable, row, rest in reversed(solved):
            offset, slopes = -rest / row[variable], Slopes()
            for other, slope in row.items():
                if other != variable:
                    times = -slope / row[variable]
                    offset += times * self.offset[other]
                    for parameter, inner in self.slopes[other].items():
                        slopes[parameter] = slopes.get(parameter, 0.0) + times * inner
            self.offset[variable], self.slopes[variable] = offset, slopes
        self._fit: _Fit | None = None

    def work(self) -> int:
        felt = {parameter for v in self.pulled for parameter in self.slopes[v]}
        return len(self.pulled) * len(felt) ** 2

    @property
    def fit(self) -> _Fit:
        if self._fit is None:
            self._fit = self.fitted(self.pulled)
        return self._fit

    def fitted(self, observed: Iterable[int]) -> _Fit:
        order = list(observed)
        slopes = [self.slopes[v] for v in order]
        return _Fit(slopes, [-self.pulled[v] - self.offset[v] for v in order])

    def step(self) -> dict[int, float]:
        """By how much, in scales, each variable has to change so that the sum of squares is least."""
        found = self.fit.solution
        return {
            v: offset + math.fsum(slope * found.get(p, 0.0) for p, slope in self.slopes[v].items())
            for v, offset in self.offset.items()
        }

    def dof(self) -> int:
        return len(self.pulled) - self.fit.rank

    def uncertainties(self) -> dict[int, float]:
        """The standard uncertainty of each variable that is determined, in its scale."""
        found = {v: self.fit.spread(self.slopes[v]) for v in self.offset}
        return {v: spread for v, spread in found.items() if spread is not None}

    def pulls(self) -> dict[int, float]:
        """How many standard deviations each stated value lies above what all others make of it."""
        found = {}
        for v, pulled in self.pulled.items():
            spread = self.fit.spread(self.slopes[v])
            assert spread is not None  # it is observed itself
            left = 1 - spread * spread
            if left > HARDLY_CHECKED:
                found[v] = -pulled / math.sqrt(left)
                continue
            others = self.fitted(one for one in self.pulled if one != v)
            spread = others.spread(self.slopes[v])
            if spread is not None:
                without = math.fsum(s * others.solution.get(p, 0.0) for p, s in self.slopes[v].items())
                found[v] = -(pulled + self.offset[v] + without) / math.hypot(1.0, spread)
        return found


def _solved_for(rows: Iterable[Row]) -> list[tuple[int, Slopes, float]]:
    """Each row solved for a variable that no later row has; rows that others imply are left out.

    A variable of a single row comes first, as nothing has to be put in elsewhere; else, of the shortest row,
    one of the steepest.
    """
    left = {number: row for number, row in enumerate(rows) if row[0]}
    using: dict[int, set[int]] = {}
    for number, (slopes, _) in left.items():
        for variable in slopes:
            using.setdefault(variable, set()).add(number)
    single = [variable for variable, inside in using.items() if len(inside) == 1]
    solved = []

    def drop(number: int, slopes: Slopes) -> None:
        for variable in slopes:
            using[variable].discard(number)
            if len(using[variable]) == 1:
                single.append(variable)

    while left:
        if single:
            variable = single.pop()
            if len(using[variable]) != 1:
                continue
            (number,) = using[variable]
            slopes, rest = left.pop(number)
            if not slopes[variable]:
                left[number] = ({v: s for v, s in slopes.items() if v != variable}, rest)
                using[variable].clear()
                continue
        else:
            number = min(left, key=lambda one: len(left[one][0]))
            slopes, rest = left.pop(number)
            steepest = max(map(abs, slopes.values()), default=0.0)
            if not steepest:
                drop(number, slopes)
                continue
            steep = [v for v, slope in slopes.items() if abs(slope) >= steepest / 10]
            variable = min(steep, key=lambda one: len(using[one]))
            for other in using[variable] - {number}:
                _put_in(left, using, other, variable, slopes, rest)
            using[variable] = {number}
        solved.append((variable, slopes, rest))
        drop(number, slopes)
    return solved


def _put_in(
    left: dict[int, Row], using: dict[int, set[int]], other: int, variable: int, slopes: Slopes, rest: float
) -> None:
    """Another row less the multiple of a solved one that makes the variable cancel."""
    own, own_rest = left[other]
    factor = own[variable] / slopes[variable]
    changed = dict(own)
    del changed[variable]
    for v, slope in slopes.items():
        if v == variable:
            continue
        before, less = own.get(v, 0.0), factor * slope
        if abs(before - less) > NEGLIGIBLE * max(abs(before), abs(less)):
            changed[v] = before - less
            using[v].add(other)
        elif changed.pop(v, None) is not None:
            using[v].discard(other)
    left[other] = changed, own_rest - factor * rest


class _Fit:
    """The parameters for which Σ(slopes·parameters − target)² is least, by Householder reflections with the
    largest column first (Golub & Van Loan, Matrix Computations, 5.4)."""

    def __init__(self, slopes: Sequence[Slopes], targets: Sequence[float]) -> None:
        norms: dict[int, float] = {}
        for one in slopes:
            for parameter, slope in one.items():
                norms[parameter] = math.hypot(norms.get(parameter, 0.0), slope)
        self.order = [parameter for parameter, norm in norms.items() if norm]
        self.norms = norms
        # rows with large entries first: their rounding must not drown the small ones
        rows = sorted(range(len(slopes)), key=lambda i: -max(map(abs, slopes[i].values()), default=0.0))
        columns = [[slopes[i].get(p, 0.0) / norms[p] for i in rows] for p in self.order]
        target = [targets[i] for i in rows]
        self.rank = 0
        for place in range(min(len(columns), len(rows))):
            sizes = [math.hypot(*column[place:]) for column in columns[place:]]
            best = max(range(len(sizes)), key=sizes.__getitem__)
            if sizes[best] <= DEPENDENT:
                break
            swap = place + best
            columns[place], columns[swap] = columns[swap], columns[place]
            self.order[place], self.order[swap] = self.order[swap], self.order[place]
            mirror = columns[place][place:]
            mirror[0] += math.copysign(sizes[best], mirror[0])
            squared = math.fsum(one * one for one in mirror)
            for column in (*columns[place:], target):
                times = 2 * math.fsum(a * b for a, b in zip(mirror, column[place:], strict=True)) / squared
                column[place:] = [b - times * a for a, b in zip(mirror, column[place:], strict=True)]
            self.rank += 1
        self.columns = columns
        values = [0.0] * self.rank
        for place in reversed(range(self.rank)):
            rest = math.fsum(columns[k][place] * values[k] for k in range(place + 1, self.rank))
            values[place] = (target[place] - rest) / columns[place][place]
        self.solution = {p: value / norms[p] for p, value in zip(self.order, values, strict=False)}

    def spread(self, slopes: Slopes) -> float | None:
        """The standard uncertainty of a combination of parameters, None where they do not determine it."""
        scaled = [slopes.get(p, 0.0) / self.norms[p] for p in self.order]
        if any(slope and not self.norms.get(p) for p, slope in slopes.items()):
            return None
        parts: list[float] = []
        for place in range(len(self.order)):
            rest = math.fsum(self.columns[place][k] * parts[k] for k in range(min(place, self.rank)))
            if place < self.rank:
                parts.append((scaled[place] - rest) / self.columns[place][place])
            elif abs(scaled[place] - rest) > DEPENDENT * max(1.0, abs(scaled[place])):
                return None
        return math.hypot(*parts)
