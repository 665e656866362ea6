"""Equations over boxes of values → a proof that no values satisfy them, or values that do.

Hull consistency (HC4: Benhamou, Goualard, Granvilliers & Puget, ICLP 1999) narrows the interval of every
quantity and of every doubt to what each equation allows; where that stops, the widest is split. A box that
ends empty holds no solution, and carries the equations that emptied it. Values are looked for by
Gauss–Newton steps of least norm, and count where every equation holds as far as doubles can tell.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import repeat

from checker.functions import slope_of, value_of
from checker.intervals import (
    TINY,
    WHOLE_LINE,
    Interval,
    image,
    meet,
    minus,
    of_number,
    outward,
    plus,
    power,
    preimage,
    root,
    times,
)
from checker.terms import NormalForm, Range, Rational, System

HOLDS = 1e-12
"""An equation holds at a point that leaves over no larger share of its largest term."""
FELT = 1e-6
"""A smaller share of the largest term might as well be zero, for all that the equation says."""
SMALLEST, LARGEST = 1e-300, 1e300
"""What is positive is at least this much in coherent SI units, and nothing is larger than that."""
NEARLY_ZERO = 1e-6
"""What steps have made smaller than this share of where they began may be on the way to zero."""
LARGEST_USUAL = 1e30
"""Ends further out say nothing about where a solution may be."""
WORTHWHILE = 0.01
"""A narrowing by less than this share of the width is not passed on."""
MAX_REVISIONS = 50
"""How often each equation is looked at, on average, before a box is left as it is."""
MAX_WORK = 6_000
"""How often equations are looked at in all, over all boxes."""
MAX_BOXES = 300
NARROWEST = 1e-9
"""An interval as narrow as this, in logarithms, is not split."""
MAX_STEPS = 40


@dataclass(frozen=True, slots=True)
class Verdict:
    """`empty` are equations that have no common solution; `point` gives values that solve all. Neither where
    the search ended first."""

    empty: frozenset[int] | None = None
    point: Mapping[int, float] | None = None


@dataclass(frozen=True, slots=True)
class _Term:
    """coefficient · Π variable^exponent; variables from 0 are unknowns, −1 − a is a doubted atom."""

    coefficient: Interval
    factors: tuple[tuple[int, Rational], ...]


@dataclass(slots=True)
class _Box:
    """An interval for each variable, and the equations (as bits) that narrowed it."""

    ends: dict[int, Interval]
    why: dict[int, int]


class _EmptyError(Exception):
    """The equations `why` leave nothing of a box."""

    def __init__(self, why: int) -> None:
        super().__init__()
        self.why = why


def decide(
    system: System,
    equations: Collection[int],
    sigmas: float,
    near: Mapping[int, float] | None = None,
    signed: bool = True,
) -> Verdict:
    """Whether `equations` have a common solution with every value within its rounding and bound, and within
    `sigmas` standard deviations where it has one. `near` are values to look around first. Without `signed`,
    quantities may have any sign."""
    try:
        return _Search(system, sorted(equations), sigmas, signed).run(near or {})
    except OverflowError:
        return Verdict()


class _Search:
    def __init__(self, system: System, equations: list[int], sigmas: float, signed: bool) -> None:
        self.system = system
        self.signed = signed
        self.equations = equations
        self.sigmas = sigmas
        self.work = 0
        self.atoms: dict[int, Interval] = {}
        self.terms = [self._terms(index) for index in equations]
        self.variables = [sorted(self._variables(number)) for number in range(len(equations))]
        self.using: dict[int, list[int]] = {}
        for number, variables in enumerate(self.variables):
            for variable in variables:
                self.using.setdefault(variable, []).append(number)

    def run(self, near: Mapping[int, float]) -> Verdict:
        start = _Box({variable: self._domain(variable) for variable in self.using}, {})
        waiting: list[tuple[_Box, Iterable[int]]] = [(start, range(len(self.equations)))]
        emptied = 0
        for tried in range(1, MAX_BOXES + 1):
            if not waiting:
                inside = (index for i, index in enumerate(self.equations) if emptied >> i & 1)
                return Verdict(empty=frozenset(inside))
            box, first = waiting.pop()
            try:
                self._narrow(box, first)
            except _EmptyError as empty:
                emptied |= empty.why
                continue
            looks = tried.bit_count() == 1  # the 1st, 2nd, 4th, 8th … box: most are looked at in vain
            if looks and (point := self._point(box, near)) is not None:
                return Verdict(point=point)
            split = self._widest(box)
            if split is None or self.work >= MAX_WORK:
                break
            waiting += [(half, self.using[split]) for half in self._halves(box, split)]
        return Verdict()

    # -------------------------------------------------------- equations

    def _terms(self, index: int) -> list[_Term]:
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
                found.append(_Term(coefficient, (*group.unknowns, *doubted)))
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
        equation = self.system.equations[self.equations[number]]
        if isinstance(equation, Range) or equation.function:
            return equation.unknowns()
        return {variable for term in self.terms[number] for variable, _ in term.factors}

    def _domain(self, variable: int) -> Interval:
        if variable < 0:
            return self.atoms[variable]
        if variable in self.system.whole:
            return 1.0, LARGEST
        if not self.signed and self.system.names[variable] is not None:
            return -LARGEST, LARGEST
        if self.system.positive[variable]:
            return SMALLEST, LARGEST
        return (0.0 if self.system.nonnegative[variable] else -LARGEST), LARGEST

    # -------------------------------------------------------- narrowing

    def _narrow(self, box: _Box, first: Iterable[int]) -> None:
        """Revise equations until none narrows the box any more. Raises _EmptyError where nothing is left."""
        waiting = deque(first)
        queued = set(waiting)
        left = MAX_REVISIONS * len(self.equations)
        while waiting and left:
            left -= 1
            self.work += 1
            number = waiting.popleft()
            queued.discard(number)
            for variable in self._revise(box, number):
                for other in self.using[variable]:
                    if other not in queued and (other != number or len(self.terms[number]) > 2):
                        queued.add(other)
                        waiting.append(other)

    def _revise(self, box: _Box, number: int) -> list[int]:
        """Narrow the variables of one equation; those that became narrower by a worthwhile amount."""
        equation = self.system.equations[self.equations[number]]
        changed: list[int] = []
        if isinstance(equation, Range):
            margin = self.sigmas * equation.sigma
            ends = outward(equation.low - margin, equation.high + margin)
            self._keep(box, number, equation.unknown, meet(box.ends[equation.unknown], ends), changed)
        elif equation.function:
            self._revise_function(box, number, equation, changed)
        else:
            self._revise_sum(box, number, equation.relation, changed)
        return changed

    def _revise_sum(self, box: _Box, number: int, relation: str, changed: list[int]) -> None:
        terms = self.terms[number]
        sizes = [self._size(term, box) for term in terms]
        if any(size is None for size in sizes):
            raise _EmptyError(self._reasons(box, number))
        known = [size for size in sizes if size is not None]
        # what all but one term add up to, from the sums before it and those after it
        before = [(0.0, 0.0)]
        for size in known:
            before.append(plus(before[-1], size))
        total = before[-1]
        if relation == "=":
            allowed: Interval = (0.0, 0.0)
        else:
            end = TINY if len(relation) == 1 else 0.0
            allowed = (-math.inf, -end) if relation[0] == "<" else (end, math.inf)
        if meet(total, allowed) is None:
            raise _EmptyError(self._reasons(box, number))
        after: Interval = (0.0, 0.0)
        for place in range(len(terms) - 1, -1, -1):
            others = plus(before[place], after)
            after = plus(after, known[place])
            needed = meet(plus(allowed, minus(others)), known[place])
            if needed is None:
                raise _EmptyError(self._reasons(box, number))
            if needed != known[place]:
                self._revise_term(box, number, terms[place], needed, changed)

    def _size(self, term: _Term, box: _Box) -> Interval | None:
        size = term.coefficient
        for variable, exponent in term.factors:
            raised = power(box.ends[variable], exponent)
            if raised is None:
                return None
            size = times(size, raised)
        return size

    def _revise_term(self, box: _Box, number: int, term: _Term, needed: Interval, changed: list[int]) -> None:
        """Narrow the variables of a product whose value lies in `needed`."""
        for variable, exponent in term.factors:
            rest = term.coefficient
            for other, other_exponent in term.factors:
                if other != variable:
                    raised = power(box.ends[other], other_exponent)
                    if raised is None:
                        raise _EmptyError(self._reasons(box, number))
                    rest = times(rest, raised)
            if rest[0] <= 0 <= rest[1]:
                continue  # the others may be zero, or a pole lies among them
            inside = root(times(needed, power(rest, -1) or WHOLE_LINE), exponent, box.ends[variable])
            self._keep(box, number, variable, inside, changed)

    def _revise_function(self, box: _Box, number: int, equation: NormalForm, changed: list[int]) -> None:
        assert equation.function
        arguments = [box.ends[one] for one in equation.arguments]
        reached = image(equation.function, arguments)
        inside = None if reached is None else meet(reached, box.ends[equation.result])
        self._keep(box, number, equation.result, inside, changed)
        for position, argument in enumerate(equation.arguments):
            arguments = [box.ends[one] for one in equation.arguments]
            inside = preimage(equation.function, box.ends[equation.result], arguments, position)
            self._keep(box, number, argument, inside, changed)

    def _keep(
        self, box: _Box, number: int, variable: int, inside: Interval | None, changed: list[int]
    ) -> None:
        if inside is not None and variable in self.system.whole:
            low, high = (
                math.ceil(min(inside[0], 1e15)),
                inside[1] if inside[1] > 1e15 else math.floor(inside[1]),
            )
            inside = (float(max(low, 1)), float(high)) if max(low, 1) <= high else None
        if inside is None:
            raise _EmptyError(self._reasons(box, number))
        before = box.ends[variable]
        if inside == before:
            return
        box.ends[variable] = inside
        signed = (inside[0] > 0, inside[1] < 0) != (before[0] > 0, before[1] < 0)
        if signed or not _width(inside) >= (1 - WORTHWHILE) * _width(before) < math.inf:
            changed.append(variable)
        box.why[variable] = self._reasons(box, number)

    def _reasons(self, box: _Box, number: int) -> int:
        """The equation and those that narrowed what stands in it, as bits."""
        found = 1 << number
        for variable in self.variables[number]:
            found |= box.why.get(variable, 0)
        return found

    # -------------------------------------------------------- splitting

    def _widest(self, box: _Box) -> int | None:
        """The variable to split: the one whose interval is widest."""
        widths = {variable: _width(ends) for variable, ends in box.ends.items()}
        widest = max(widths, key=widths.__getitem__, default=None)
        return widest if widest is not None and widths[widest] > NARROWEST else None

    def _halves(self, box: _Box, variable: int) -> Iterator[_Box]:
        low, high = box.ends[variable]
        middle = upper = _middle(low, high)
        if variable in self.system.whole:
            middle = math.floor(middle)
            upper = middle + 1.0
        for ends in ((upper, high), (low, middle)):
            yield _Box({**box.ends, variable: ends}, dict(box.why))

    # -------------------------------------------------------- a point

    def _point(self, box: _Box, near: Mapping[int, float]) -> dict[int, float] | None:
        """Values inside the box that solve every equation, if a few steps from its middle find them."""
        middle = {v: self._rounded(v, _middle(*ends)) for v, ends in box.ends.items()}
        placed = {
            v: self._rounded(v, min(max(near[v], low), high))
            for v, (low, high) in box.ends.items()
            if v in near
        }
        half = {v: self._rounded(v, _halfway(*ends)) for v, ends in box.ends.items()}
        zeros = {v: 0.0 if low <= 0 <= high else middle[v] for v, (low, high) in box.ends.items()}
        starts = [middle, half, zeros] if any(v == 0 for v in zeros.values()) else [middle, half]
        if placed:
            starts.insert(0, {**middle, **placed})
        return next(filter(None, (self._solved(box, start) for start in starts)), None)

    def _rounded(self, variable: int, value: float) -> float:
        return float(round(value)) if variable in self.system.whole else value

    def _solved(self, box: _Box, start: dict[int, float]) -> dict[int, float] | None:
        """A point that Gauss–Newton steps from a start lead to, tried once more with zero for what shrinks
        towards it: near a zero that several terms share, they all grow small together."""
        point = self._stepped(box, start)
        if point is None or self._solves(point):
            return point
        small = {
            v: 0.0
            for v, (low, high) in box.ends.items()
            if low <= 0 <= high and abs(point[v]) <= NEARLY_ZERO * (abs(start[v]) or 1.0)
        }
        point = self._stepped(box, {**point, **small}) if small else None
        return point if point is not None and self._solves(point) else None

    def _solves(self, point: Mapping[int, float]) -> bool:
        numbers = range(len(self.equations))
        try:
            left = [self._residual(number, point)[0] or 0.0 for number in numbers]
        except (ValueError, OverflowError, ZeroDivisionError):
            return False
        return all(abs(over) <= HOLDS for over in left) and all(map(self._felt, numbers, repeat(point)))

    def _stepped(self, box: _Box, point: dict[int, float]) -> dict[int, float] | None:
        """Where the steps end; None where an equation has no value on the way."""
        free = [v for v in point if v not in self.system.whole]
        for _ in range(MAX_STEPS):
            left: list[float] = []
            slopes: list[dict[int, float]] = []
            for number in range(len(self.equations)):
                try:
                    over, slope = self._residual(number, point)
                except (ValueError, OverflowError, ZeroDivisionError):
                    return None
                if over is not None:
                    left.append(over)
                    slopes.append({v: s for v, s in slope.items() if v not in self.system.whole})
            if all(abs(over) <= HOLDS for over in left):
                break
            step = _least_step(left, slopes, {v: _reach(point[v], box.ends[v]) for v in free})
            if step is None:
                break
            moved = {v: min(max(point[v] + by, box.ends[v][0]), box.ends[v][1]) for v, by in step.items()}
            if all(moved[v] == point[v] for v in moved):
                break
            point = {**point, **moved}
        return point

    def _residual(self, number: int, point: Mapping[int, float]) -> tuple[float | None, dict[int, float]]:
        """What an equation leaves over at a point, as a share of its largest term, and its slopes; None for
        an inequality that holds."""
        equation = self.system.equations[self.equations[number]]
        if isinstance(equation, Range):
            return None, {}  # the box has seen to it
        if equation.function:
            arguments = [point[one] for one in equation.arguments]
            value, result = value_of(equation.function, arguments), point[equation.result]
            if value is None:
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
        scale = max(map(abs, sizes), default=0.0) or 1.0
        over = math.fsum(sizes) / scale
        if not math.isfinite(over):
            raise ValueError
        relation = equation.relation
        if relation != "=":
            margin = HOLDS * 10 if relation in ("<", ">") else 0.0
            if (over < -margin if relation[0] == "<" else over > margin) or (not margin and not over):
                return None, {}
            over += 2 * margin if relation[0] == "<" else -2 * margin
        slopes = {}
        for term, size in zip(self.terms[number], sizes, strict=True):
            for variable, exponent in term.factors:
                if point[variable]:
                    slope = size * float(exponent) / point[variable]
                else:
                    slope = self._slope_at_zero(term, variable, exponent, point)
                slopes[variable] = slopes.get(variable, 0.0) + slope / scale
        return over, slopes

    def _felt(self, number: int, point: Mapping[int, float]) -> bool:
        """Whether every term that cannot be zero is large enough for the equation to tell that it is not."""
        if len(self.terms[number]) < 3:
            return True
        sizes = [abs(self._at(term, point)) for term in self.terms[number]]
        least = FELT * max(sizes)
        return all(
            size >= least or not all(v < 0 or self.system.positive[v] for v, _ in term.factors)
            for size, term in zip(sizes, self.terms[number], strict=True)
        )

    def _at(self, term: _Term, point: Mapping[int, float]) -> float:
        size = (term.coefficient[0] + term.coefficient[1]) / 2
        for variable, exponent in term.factors:
            size *= math.pow(point[variable], exponent)
        return size

    def _slope_at_zero(
        self, term: _Term, variable: int, exponent: Rational, point: Mapping[int, float]
    ) -> float:
        if exponent != 1:
            return 0.0
        slope = (term.coefficient[0] + term.coefficient[1]) / 2
        for other, other_exponent in term.factors:
            if other != variable:
                slope *= math.pow(point[other], other_exponent)
        return slope


def _middle(low: float, high: float) -> float:
    """A value between the ends: halfway between logarithms where both have one sign."""
    if low == high:
        return low
    if low < 0 < high:
        return 0.0 if min(-low, high) > 1.0 else low + (high - low) / 2
    if high <= 0:
        return -_middle(-high, -low)
    low = max(low, SMALLEST)
    if low <= SMALLEST and high >= LARGEST:
        return 1.0
    if high / low < 4:
        return low + (high - low) / 2
    return math.sqrt(low) * math.sqrt(high)


def _halfway(low: float, high: float) -> float:
    """A value halfway between the ends, or one that is not extreme where they are far out."""
    if max(-low, high) > LARGEST_USUAL:
        return min(max(1.0, low), high)
    return low + (high - low) / 2


def _width(ends: Interval) -> float:
    """How wide an interval is: in logarithms where both ends have one sign."""
    low, high = ends
    if low > 0:
        return math.log(high / low) if high < math.inf and high / low < math.inf else math.inf
    if high < 0:
        return _width((-high, -low))
    size = max(-low, high)
    return 1.0 + max(math.log(size), 0.0) if 0 < size < math.inf else 0.0 if not size else math.inf


def _reach(value: float, ends: Interval) -> float:
    """How far a variable may well move."""
    low, high = ends
    span = high - low
    usual = abs(value) or 1.0
    return min(span, usual) if span > 0 else 0.0


def _least_step(
    left: list[float], slopes: list[dict[int, float]], scale: Mapping[int, float]
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
