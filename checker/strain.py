"""Claims with standard uncertainties → the strain χ², the least Σ(shift/σ)² with which they hold together.

One product: in closed form but for one unknown multiplier. Any other equations: minimization under
constraints by repeated linearization (Gauss–Newton with Lagrange multipliers; Mikhail & Ackermann,
Observations and Least Squares, 1976), at values that move, so that sums and products end up exact.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from functools import cached_property
from heapq import heappop, heappush
from itertools import count
from operator import itemgetter

from checker.boxes import decide
from checker.intervals import Interval
from checker.points import HOLDS, Equations, least_norm
from checker.terms import NormalForm, Range, Rational, System

LARGEST = 1e100
"""Relative uncertainties beyond this, or below its inverse, are as good as infinite or none."""
NEGLIGIBLE = 1e-12
"""What is left of a slope when rounding is all that is left of it."""
MAX_ROUNDS = 60
MAX_HALVES = 100
"""How many ranges of whole numbers are looked at."""
WHOLE = 1e-9
"""How far, relatively, a whole number may be from one, because steps end."""
SUSPICIOUS = 4.0
"""χ² from which on it is looked for in a second way."""
MAX_DAMPED = 25
"""How many variables that way is taken for."""
PRICES = (1.0, 10.0, 100.0, 1e3, 1e4, 1e5)
LEFT_OVER = 1e-3
"""What the last price may leave to be paid for equations."""
CONVERGED = 1e-10
DOUBTFUL = 9.0
"""χ² from which on the values within fewer standard deviations are looked through for a lower one."""
VANISHED = 1e-15
"""A positive value that has become smaller than this share of where it began is on its way to zero."""
LONGEST = 230.0
"""Unknowns that nothing gives are taken to be within e^±LONGEST."""
MANY = 100.0
"""Standard deviations within which a solution is looked for where steps find none, and how closely."""
CLOSE, ROUGH = 1e-3, 0.1


def least_strain(system: System, equations: Collection[int], near: Mapping[int, float]) -> float:
    """χ² of some equations, from nominal values `near`; ∞ where no shift lets them hold together, as far as
    the steps can tell."""
    fit = _Fit(system, equations)
    start = fit.start(near)
    whole = sorted(system.whole & start.keys())
    least = (_least_whole(system, equations, near, whole), start) if whole else fit.least(start)
    found = least[0]
    if found > DOUBTFUL and not fit.certain(least):
        found = min(found, fit.enclosed(start, found))
    return found


def strain_at_most(system: System, equations: Collection[int], near: Mapping[int, float]) -> float:
    """A χ² with which some equations hold together, the least one where straight steps find it; ∞ if they
    find none. Whole numbers are the nearest ones."""
    inside = {unknown for index in equations for unknown in system.unknowns[index]} & system.whole
    nearest = {one: float(max(1, round(near.get(one, 1.0)))) for one in inside}
    fit = _Fit(system, equations, {one: (number, number) for one, number in nearest.items()})
    return fit.straightened(fit.start(near))[0]


def _least_whole(
    system: System, equations: Collection[int], near: Mapping[int, float], whole: Sequence[int]
) -> float:
    """χ² where some unknowns have to be whole numbers. They may be any at first; where one comes out between
    two, those below and those above are looked at apart, the least strained first (branch and bound: Land &
    Doig 1960)."""
    found = math.inf
    order = count()
    waiting: list[tuple[float, int, dict[int, Interval]]] = [(0.0, next(order), {})]
    for _ in range(MAX_HALVES):
        if not waiting or waiting[0][0] >= found:
            break
        _, _, ends = heappop(waiting)
        fit = _Fit(system, equations, ends)
        strain, point = fit.least(fit.start(near))
        if strain >= found:
            continue
        between = {one: abs(point[one] - round(point[one])) for one in whole}
        widest = max(whole, key=between.__getitem__)
        if between[widest] <= WHOLE * point[widest]:
            found = strain
            continue
        low, high = ends.get(widest, (1.0, math.inf))
        below = float(math.floor(point[widest]))
        for half in ((low, below), (below + 1, high)):
            if half[0] <= half[1]:
                heappush(waiting, (strain, next(order), {**ends, widest: half}))
    return found


class _Fit:
    """Values with standard deviations are drawn to where they were stated; others are free in their ends."""

    def __init__(
        self, system: System, equations: Collection[int], within: Mapping[int, Interval] | None = None
    ) -> None:
        # the ends of uncertain values are far out: their cost holds them back
        self.given = Equations(system, equations, sigmas=1e3)
        self.targets: dict[int, Interval] = {}
        self.sigma: dict[int, float] = {}
        self.ends = {variable: self.given.domain(variable) for variable in self.given.using}
        self.ends |= within or {}
        for key in [variable for variable in self.ends if variable < 0]:
            atom = system.atoms[-1 - key]
            number = float(atom.number)
            self.targets[key] = number * math.exp(atom.low), number * math.exp(atom.high)
            if atom.sigma:
                self.sigma[key] = number * atom.sigma
            else:
                self.ends[key] = self.targets[key]
        for index in self.given.indexes:
            equation = system.equations[index]
            if isinstance(equation, Range):
                if equation.sigma:
                    self.targets[equation.unknown] = equation.low, equation.high
                    self.sigma[equation.unknown] = equation.sigma
                else:
                    low, high = self.ends[equation.unknown]
                    self.ends[equation.unknown] = max(low, equation.low), min(high, equation.high)

    @cached_property
    def straight(self) -> bool:
        """Whether all equations are straight as they are, so that there is one least strain."""
        numbers = range(len(self.given.indexes))
        sums = (one for one in map(self.given.at, numbers) if isinstance(one, NormalForm))
        factors = [term.factors for terms in self.given.terms for term in terms]
        return not any(one.function for one in sums) and all(
            len(one) < 2 and all(exponent == 1 for _, exponent in one) for one in factors
        )

    def start(self, near: Mapping[int, float]) -> dict[int, float]:
        """The values as stated, those of other unknowns as they are `near`."""
        point = {}
        for variable, (low, high) in self.ends.items():
            if variable in self.targets:
                start = sum(self.targets[variable]) / 2
            elif variable in near:
                start = near[variable]
                if start < 0 <= low:  # beyond a pole its values come back from the other end
                    start = -start
            else:
                continue
            point[variable] = min(max(start, low), high)
        for variable in [one for one in self.ends if one not in point]:
            low, high = self.ends[variable]
            start = self._balanced(variable, point) if low >= 0 else 0.0
            point[variable] = min(max(start, low), high)
        return point

    def _balanced(self, variable: int, point: Mapping[int, float]) -> float:
        """How large an unknown that nothing gives is where its term is as large as the largest known one: far
        from its own size it would hide what its equations leave over."""
        for number in self.given.using[variable]:
            sizes: dict[Rational, float] = {}
            for term in self.given.terms[number]:
                factors = dict(term.factors)
                exponent = factors.pop(variable, 0)
                if all(point.get(one) for one in factors):
                    logs = (float(e) * math.log(abs(point[one])) for one, e in factors.items())
                    size = math.log(abs(sum(term.coefficient)) / 2) + sum(logs)
                    sizes[exponent] = max(size, sizes.get(exponent, -math.inf))
            known = sizes.pop(0, None)
            if sizes and known is not None:
                exponent, size = sizes.popitem()
                return math.exp(min(max((known - size) / float(exponent), -LONGEST), LONGEST))
        return 1.0

    def least(self, start: dict[int, float]) -> tuple[float, dict[int, float]]:
        """χ² and where it is reached, by steps from `start`; ∞ where they lead nowhere."""
        found = self._within_reach(start, self.straightened(start))
        certain = self.certain(found)
        if found[0] > SUSPICIOUS and not certain and len(start) <= MAX_DAMPED:
            # where equations only just touch, straight steps go astray: approach from outside, then once more
            near = self._within_reach(start, self.damped(start))
            then = self._within_reach(start, self.straightened(near[1]))
            found = min(found, then, key=itemgetter(0))
            if math.isinf(found[0]):
                found = near
        return found

    def certain(self, found: tuple[float, dict[int, float]]) -> bool:
        """Whether there is no lower strain: where all is straight and no value leans on its end, there is one
        place without a slope. Which ends values lean on, the steps may have taken wrongly."""
        return (
            self.straight
            and math.isfinite(found[0])
            and not any(low < high and found[1][v] in (low, high) for v, (low, high) in self.ends.items())
        )

    def _within_reach(
        self, start: Mapping[int, float], found: tuple[float, dict[int, float]]
    ) -> tuple[float, dict[int, float]]:
        """What was found, unless something positive has become as good as nothing, and everything with it."""
        vanished = not self.straight and any(
            low > 0 and found[1][v] < VANISHED * min(start[v], 1.0) for v, (low, _) in self.ends.items()
        )
        return (math.inf, found[1]) if vanished else found

    def straightened(self, point: dict[int, float]) -> tuple[float, dict[int, float]]:
        """χ² and where it is reached by steps along the straightened equations; ∞ where they do not end."""
        try:
            return self._straightened(point)
        except (ValueError, OverflowError, ZeroDivisionError):
            return math.inf, point

    def _straightened(self, point: dict[int, float]) -> tuple[float, dict[int, float]]:
        # against what stands there at first: where values meet at zero, their own size says nothing
        sizes = self._sizes(point)
        active: set[int] = set()  # inequalities that hold at their ends only
        before = math.inf
        for _ in range(MAX_ROUNDS):
            left, slopes = [], []
            for number, size in enumerate(sizes):
                over, slope = self.given.residual(number, point, size, number in active)
                if over is not None:
                    if self.given.system.is_inequality(self.given.indexes[number]) and number not in active:
                        active.add(number)
                        over, slope = self.given.residual(number, point, size, at_its_end=True)
                        assert over is not None
                    left.append(over)
                    slopes.append(slope)
            cost = sum(self._pull(variable, point[variable]) ** 2 for variable in self.sigma)
            if all(abs(over) <= HOLDS * 10 for over in left) and abs(cost - before) <= CONVERGED * (1 + cost):
                return cost, point
            before = cost
            point = self._moved(point, left, slopes)
        return math.inf, point

    def _sizes(self, point: Mapping[int, float]) -> list[float]:
        """What each equation is measured against: its largest term, an unknown that is zero at the point
        being as large as another equation would have it."""
        numbers = range(len(self.given.indexes))
        around = dict(point)
        for number in (*numbers, *numbers):
            size = self.given.largest(number, around)
            if not size:
                continue
            _, slopes = self.given.residual(number, around, 1.0, at_its_end=True)
            for variable, slope in slopes.items():
                if not around[variable] and abs(slope) * LARGEST > size:
                    around[variable] = size / abs(slope)
        return [self.given.size(number, around) for number in numbers]

    def enclosed(self, near: Mapping[int, float], above: float) -> float:
        """χ² where steps from the stated values lead nowhere or astray, beyond a pole say: that of a solution
        within as few standard deviations as boxes can tell, fewer than would give χ² `above`; ∞ if none."""
        system, equations = self.given.system, self.given.indexes
        few, many, found = 0.0, min(MANY, math.sqrt(above)), math.inf
        close = CLOSE if math.isinf(above) else ROUGH
        while many - few > close * many:
            tried = many if math.isinf(found) else (few + many) / 2
            point = decide(system, equations, near, sigmas=tried).point
            if point is None and math.isinf(found):
                return math.inf
            if point is None:
                few = tried
                continue
            many = tried
            pulls = sum(self._pull(variable, point[variable]) ** 2 for variable in self.sigma)
            whole = {one: (point[one], point[one]) for one in system.whole & point.keys()}
            found = min(found, pulls, _Fit(system, equations, whole).straightened(dict(point))[0])
            if found <= DOUBTFUL:
                break
        return found

    def damped(self, point: dict[int, float]) -> tuple[float, dict[int, float]]:
        """χ² and where it is reached by Levenberg–Marquardt steps (Marquardt 1963) that make what equations
        leave over dearer and dearer; ∞ where they still leave something in the end."""
        order = sorted(point)
        try:
            sizes = self._sizes(point)
            for price in PRICES:
                damping = 1e-3
                cost, slopes, left = self._priced(point, sizes, price)
                for _ in range(MAX_ROUNDS):
                    step = _solve(slopes, left, order, self._scales(point), damping)
                    tried = {v: min(max(point[v] + step[v], self.ends[v][0]), self.ends[v][1]) for v in order}
                    then, new_slopes, new_left = self._priced(tried, sizes, price)
                    if then < cost:
                        gain, point, cost = cost - then, tried, then
                        slopes, left, damping = new_slopes, new_left, damping / 5
                        if gain < CONVERGED * (1 + cost):
                            break
                    elif damping > 1e8:
                        break
                    else:
                        damping *= 5
        except (ValueError, OverflowError, ZeroDivisionError):
            return math.inf, point
        pulls = sum(self._pull(variable, point[variable]) ** 2 for variable in self.sigma)
        return (pulls if cost - pulls < LEFT_OVER * (1 + pulls) else math.inf), point

    def _scales(self, point: Mapping[int, float]) -> dict[int, float]:
        return {v: self.sigma.get(v) or abs(value) or 1.0 for v, value in point.items()}

    def _priced(
        self, point: Mapping[int, float], sizes: Sequence[float], price: float
    ) -> tuple[float, list[dict[int, float]], list[float]]:
        """The sum of squares of pulls and of what equations leave over, and its parts with their slopes."""
        slopes: list[dict[int, float]] = []
        left: list[float] = []
        for number, size in enumerate(sizes):
            over, slope = self.given.residual(number, point, size)
            if over is not None:
                left.append(price * over)
                slopes.append({v: price * one for v, one in slope.items()})
        for variable, sigma in self.sigma.items():
            left.append(self._pull(variable, point[variable]))
            slopes.append({variable: 1 / sigma})
        return sum(one * one for one in left), slopes, left

    def _pull(self, variable: int, value: float) -> float:
        """How many standard deviations a value lies outside what was stated."""
        low, high = self.targets[variable]
        return (value - min(max(value, low), high)) / self.sigma[variable]

    def _moved(
        self, point: Mapping[int, float], left: Sequence[float], slopes: Sequence[Mapping[int, float]]
    ) -> dict[int, float]:
        """The point of least cost where the equations, straightened, hold. Of what would leave its ends, the
        one that goes furthest stays there, until none would; then each is let go that need not stay."""
        fixed: dict[int, float] = {}
        moved = self._straight(point, left, slopes, fixed)
        while outside := self._outside(moved, fixed):
            furthest = max(outside, key=lambda v: abs(moved[v] - outside[v]) / (abs(point[v]) or 1.0))
            fixed[furthest] = outside[furthest]
            moved = self._straight(point, left, slopes, fixed)
        for one in list(fixed)[:-1]:
            others = {v: end for v, end in fixed.items() if v != one}
            tried = self._straight(point, left, slopes, others)
            if not self._outside(tried, others):
                fixed, moved = others, tried
        return moved

    def _outside(self, point: Mapping[int, float], fixed: Collection[int]) -> dict[int, float]:
        """The ends of those values that lie beyond them and are not fixed."""
        return {
            v: min(max(value, self.ends[v][0]), self.ends[v][1])
            for v, value in point.items()
            if v not in fixed and not self.ends[v][0] <= value <= self.ends[v][1]
        }

    def _straight(
        self,
        point: Mapping[int, float],
        left: Sequence[float],
        slopes: Sequence[Mapping[int, float]],
        fixed: Mapping[int, float],
    ) -> dict[int, float]:
        """`_moved` without regard to ends, some variables fixed: free ones are eliminated, and what is left
        says how the uncertain ones have to move, each measured in its standard deviation."""
        nearest = {
            v: min(max(point[v], self.targets[v][0]), self.targets[v][1])
            for v in self.sigma
            if v not in fixed
        }
        start = {**point, **nearest, **fixed}
        rows = []
        for over, one in zip(left, slopes, strict=True):
            rest = over + sum(slope * (start[v] - point[v]) for v, slope in one.items())
            rows.append(({v: slope for v, slope in one.items() if v not in fixed}, rest))
        solved: list[tuple[int, dict[int, float], float]] = []
        for variable in [v for v in point if v not in fixed and v not in self.sigma]:
            pivot = max(range(len(rows)), key=lambda i: abs(rows[i][0].get(variable, 0.0)), default=-1)
            size = abs(point[variable]) or 1.0
            if pivot < 0 or abs(rows[pivot][0].get(variable, 0.0)) * size < NEGLIGIBLE:
                continue
            row, rest = rows.pop(pivot)
            rows = [_without(variable, other, row, rest) for other in rows]
            solved.append((variable, row, rest))
        uncertain = [({v: s for v, s in row.items() if v in nearest}, rest) for row, rest in rows]
        step = least_norm([rest for _, rest in uncertain], [row for row, _ in uncertain], self.sigma)
        if step is None and any(abs(rest) > HOLDS for _, rest in uncertain):
            raise ValueError("nothing uncertain can move to where the equations hold")
        moved = {**start, **{v: start[v] + by for v, by in (step or {}).items()}}
        for variable, row, rest in reversed(solved):
            others = sum(slope * (moved[v] - start[v]) for v, slope in row.items() if v != variable)
            moved[variable] = start[variable] - (rest + others) / row[variable]
        return moved


def _without(
    variable: int, other: tuple[dict[int, float], float], row: Mapping[int, float], rest: float
) -> tuple[dict[int, float], float]:
    """Another row less the multiple of a row that makes a variable cancel."""
    slopes, own = other
    if variable not in slopes:
        return other
    factor = slopes[variable] / row[variable]
    found = dict(slopes)
    for v, slope in row.items():
        before, less = found.get(v, 0.0), factor * slope
        found[v] = 0.0 if abs(before - less) <= NEGLIGIBLE * max(abs(before), abs(less)) else before - less
    del found[variable]
    return found, own - factor * rest


def _solve(
    slopes: Sequence[Mapping[int, float]],
    left: Sequence[float],
    order: Sequence[int],
    scale: Mapping[int, float],
    damping: float,
) -> dict[int, float]:
    """The damped step that makes the sum of squares least: (JᵀJ + damping·diag)·x = −Jᵀr, scaled."""
    place = {v: i for i, v in enumerate(order)}
    count = len(order)
    matrix = [[0.0] * (count + 1) for _ in range(count)]
    for one, over in zip(slopes, left, strict=True):
        scaled = [(place[v], slope * scale[v]) for v, slope in one.items()]
        for i, a in scaled:
            for j, b in scaled:
                matrix[i][j] += a * b
            matrix[i][count] -= a * over
    for i in range(count):
        matrix[i][i] += damping * (matrix[i][i] or 1.0)
    for column in range(count):
        pivot = max(range(column, count), key=lambda row: abs(matrix[row][column]))
        matrix[column], matrix[pivot] = matrix[pivot], matrix[column]
        for row in range(count):
            if row != column and matrix[row][column]:
                factor = matrix[row][column] / matrix[column][column]
                matrix[row] = [a - factor * b for a, b in zip(matrix[row], matrix[column], strict=True)]
    return {v: scale[v] * matrix[i][count] / matrix[i][i] for v, i in place.items()}


def least_shift(gap: float, pulls: Sequence[tuple[float, float]]) -> float:
    """The least Σz² with Σ slope·ln(1 + σz) = −gap: shifts are of the values, not of their logarithms.

    At the least one every z solves σz² + z = strength·slope·σ. Of its two solutions the nearer one is taken
    by all, or by all but one value that has to shrink below half.
    """
    pulls = [(slope, min(sigma, LARGEST)) for slope, sigma in pulls if abs(slope) * sigma > 1 / LARGEST]
    if not pulls or not gap:
        return math.inf if gap else 0.0
    sense = -1.0 if gap > 0 else 1.0
    bends = [sense * 4 * sigma * sigma * slope for slope, sigma in pulls]

    def shifts(strength: float, far: int) -> list[float]:
        roots = [math.sqrt(max(1 + bend * strength, 0.0)) for bend in bends]
        if far >= 0:
            roots[far] = -roots[far]
        return [(root - 1) / (2 * sigma) for root, (_, sigma) in zip(roots, pulls, strict=True)]

    def missing(strength: float, far: int) -> float:
        """How much of the gap these shifts leave open."""
        moved = [
            math.log(max(1 + s * z, 1e-300)) for z, (_, s) in zip(shifts(strength, far), pulls, strict=True)
        ]
        return abs(gap) - sense * sum(slope * one for one, (slope, _) in zip(moved, pulls, strict=True))

    limit = min((-1 / bend for bend in bends if bend < 0), default=math.inf)
    costs = []
    for far in [-1, *(i for i, bend in enumerate(bends) if bend < 0 and -1 / bend == limit)]:
        # the near solutions cover more of the gap the stronger they are pulled, the far one the weaker
        start, end = (0.0, limit) if far < 0 else (limit, 0.0)
        if math.isinf(end):
            end = abs(gap) / sum((slope * sigma) ** 2 for slope, sigma in pulls)
            while missing(end, far) > 0 and end < 1e300:
                end *= 2
        if missing(start, far) < 0 or missing(end, far) > 0:
            continue
        for _ in range(100):
            middle = (start + end) / 2
            start, end = (middle, end) if missing(middle, far) > 0 else (start, middle)
        costs.append(sum(z * z for z in shifts(end, far)))
    return min(costs, default=math.inf)
