"""Grounded claims → their conflicts, tensions and ways out, straight from the definitions: slow, small, and
without any module of the engine that it serves to test.

Whether claims can hold together is a linear program in the logarithms of the quantities. Sums are the one
thing that is not linear there: log(a + b) = log a + f(log b − log a) with the convex curve f(u) = ln(1 + eᵘ),
which tangents and a chord enclose, the tighter the shorter the piece of u. Branch and bound halves the
pieces until the program has no solution, or one that lies on every curve.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import combinations, product

import numpy as np
from scipy.optimize import linprog, minimize

from checker.dimension import DIMENSIONLESS, Dimension
from checker.expression import (
    Call,
    Expression,
    Name,
    Number,
    Power,
    Product,
    Sum,
    constant,
    evaluate,
    fold,
    names,
)
from checker.model import Claim, Equates, Gives, Grounded, Quantizes, Requires
from checker.value import Amount, Value, rounding

MAX_DISPUTED = 12
MAX_PIECES = 200
MAX_CORES_TRIED = 20_000
HOLDS = 2e-7
"""Relations hold if none is off by more than this, in logarithms; they fail if one is off by more than FAILS.
What lies between is left undecided."""
FAILS = 1e-6
STRICT = 1e-5
"""a < b is read as a ≤ b·(1 − STRICT)."""


class UndecidableError(Exception):
    """What these means cannot decide."""


@dataclass(frozen=True, slots=True)
class Answers:
    """Sets of disputed premises. An empty set among `conflicts` says that the held premises conflict."""

    conflicts: set[frozenset[str]]
    tensions: set[frozenset[str]]
    ways_out: set[frozenset[str]]


def answers(grounded: Grounded, sigma: tuple[float, float] = (3.0, 5.0)) -> Answers:
    """All minimal conflicts, tensions and ways out among the disputed premises of one case."""
    faulty = {
        claim.premise for claim in grounded.claims if not balances(claim, lambda n: _dimension(n, grounded))
    }
    claims = [claim for claim in grounded.claims if claim.premise not in faulty]
    decide = _Decider(grounded, claims)
    tense, torn = sigma
    everything = frozenset(range(len(claims)))
    disputed = decide.disputed(everything) - _idle_attributes(claims)
    if len(disputed) > MAX_DISPUTED:
        raise UndecidableError(f"{len(disputed)} disputed premises are too many to try all subsets")

    if decide.uncertain:
        cores = minimal_failing(everything, lambda some: not decide.possible(some, 0.0))
        strong = [decide.disputed(core) for core in cores if decide.strain_exceeds(core, torn)]
        weak = [
            decide.disputed(core)
            for core in cores
            if decide.strain_exceeds(core, tense) and not decide.strain_exceeds(core, torn)
        ]
        refuted = _above(strong)
        strained = _above(strong + weak)
    else:

        def refuted(premises: frozenset[str]) -> bool:
            return not decide.possible(decide.resting_on(premises), 0.0)

        strained = refuted

    conflicts = minimal_subsets(disputed, refuted)
    tensions = minimal_subsets(disputed, strained) - conflicts if strained is not refuted else set()
    conflicts |= {frozenset({rule} - decide.held) for rule in faulty}
    return Answers(conflicts, tensions, ways_out(conflicts))


def ways_out(conflicts: Collection[frozenset[str]]) -> set[frozenset[str]]:
    """The minimal sets that share a premise with each conflict of a group tied together by shared premises;
    none where held premises conflict."""
    found: set[frozenset[str]] = set()
    remaining = [conflict for conflict in conflicts if conflict]
    while remaining:
        group = [remaining.pop()]
        while tied := [one for one in remaining if any(one & other for other in group)]:
            group += tied
            remaining = [one for one in remaining if one not in tied]

        def settles(some: frozenset[str], group: Sequence[frozenset[str]] = tuple(group)) -> bool:
            return all(some & conflict for conflict in group)

        found |= minimal_subsets(frozenset().union(*group), settles)
    return found if frozenset() not in conflicts else set()


def minimal_subsets(
    everything: frozenset[str], wanted: Callable[[frozenset[str]], bool]
) -> set[frozenset[str]]:
    """The smallest subsets that are `wanted`, every subset tried that contains none found before."""
    found: set[frozenset[str]] = set()
    for size in range(len(everything) + 1):
        for chosen in combinations(sorted(everything), size):
            some = frozenset(chosen)
            if not any(smaller <= some for smaller in found) and wanted(some):
                found.add(some)
    return found


def minimal_failing(
    everything: frozenset[int], fails: Callable[[frozenset[int]], bool]
) -> set[frozenset[int]]:
    """Every set that fails although none of its proper subsets does, where supersets of failing sets fail.

    Each element of a set that was found is left out in turn, and what remains searched again (Reiter 1987).
    """
    found: set[frozenset[int]] = set()
    seen: set[frozenset[int]] = set()
    waiting: list[frozenset[int]] = [frozenset()]
    while waiting:
        left_out = waiting.pop()
        if left_out in seen:
            continue
        seen.add(left_out)
        if len(seen) > MAX_CORES_TRIED:
            raise UndecidableError("too many ways to fail")
        core = next((one for one in found if not one & left_out), None)
        if core is None:
            core = everything - left_out
            if not fails(core):
                continue
            for one in sorted(core):
                if fails(core - {one}):
                    core -= {one}
            found.add(core)
        waiting += [left_out | {one} for one in core]
    return found


def _above(sets: Sequence[frozenset[str]]) -> Callable[[frozenset[str]], bool]:
    return lambda some: any(one <= some for one in sets)


def _idle_attributes(claims: Sequence[Claim]) -> frozenset[str]:
    """Stated attributes that no rule speaks about."""
    demanded = {
        (relation.entity, relation.attribute)
        for claim in claims
        for relation in claim.relations
        if isinstance(relation, Requires) and claim.premise != f"{relation.entity}.{relation.attribute}"
    }
    return frozenset(
        claim.premise
        for claim in claims
        for relation in claim.relations
        if isinstance(relation, Requires) and (relation.entity, relation.attribute) not in demanded
    )


# ---------------------------------------------------------------- dimensions


def balances(claim: Claim, dimension: Callable[[Name], Dimension]) -> bool:
    """Whether both sides of each relation, and the terms of each sum in it, have one dimension."""
    for relation in claim.relations:
        match relation:
            case Equates(left, _, right):
                sides = [left, right]
            case Quantizes(of, quantum):
                sides = [of, quantum]
            case _:
                continue
        try:
            _common([_measure(side, dimension) for side in sides])
        except _UnbalancedError:
            return False
    return True


class _UnbalancedError(Exception):
    pass


def _common(dimensions: Iterable[Dimension | None]) -> Dimension | None:
    """The one dimension that all have; None, for a zero, goes with any."""
    found = {one for one in dimensions if one is not None}
    if len(found) > 1:
        raise _UnbalancedError
    return next(iter(found), None)


def _measure(expression: Expression, dimension: Callable[[Name], Dimension]) -> Dimension | None:
    def measure(node: Expression, operands: Sequence[Dimension | None]) -> Dimension | None:
        match node:
            case Number(value):
                return DIMENSIONLESS if value else None
            case Name():
                return dimension(node)
            case Product():
                result = DIMENSIONLESS
                for one in operands:
                    if one is None:
                        return None
                    result *= one
                return result
            case Power(_, exponent):
                base, _ = operands
                power = constant(exponent)
                if power is not None:
                    return None if base is None else base**power
                return _common([base, DIMENSIONLESS])
            case Call(function) if function not in ("sum", "min", "max", "abs"):
                return _common([*operands, DIMENSIONLESS])
        return _common(operands)

    return fold(expression, measure)


def _dimension(name: Name, grounded: Grounded) -> Dimension:
    if name in grounded.quantities:
        return grounded.quantities[name].unit.dimension
    value = _shared(name, grounded)
    if value.expression is None:
        assert value.unit is not None
        return value.unit.dimension
    return _measure(value.expression, lambda inner: _dimension(inner, grounded)) or DIMENSIONLESS


def _shared(name: Name, grounded: Grounded) -> Value:
    """The value of a parameter or a constant."""
    (only,) = name.parts
    return grounded.parameters.get(only) or grounded.constants[only].value


# ---------------------------------------------------------------- linear programs with curves

Variable = object
"""Anything hashable; the program's unknown is the logarithm of its size."""

Linear = Mapping[Variable, float]
"""Σ factor·variable; the key None stands for the number 1."""


@dataclass(frozen=True, slots=True)
class Row:
    """low ≤ terms ≤ high."""

    terms: Linear
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Curve:
    """result = first + f(second − first): the logarithm of a sum of two."""

    result: Variable
    first: Linear
    second: Linear


@dataclass(frozen=True, slots=True)
class Whole:
    """The exponential of `variable` is a whole number ≥ 1."""

    variable: Variable


@dataclass(frozen=True, slots=True)
class Uncertain:
    """The size of a value that has been measured, or of an uncertain constant: `nominal` ± `sigma`."""

    variable: Variable
    nominal: float
    sigma: float


Condition = Row | Curve | Whole | Uncertain
IMPOSSIBLE = Row({}, 1.0, 1.0)

WIDEST = 2_000.0
"""No logarithm is larger."""
SLACK = object()
MARGIN = 1e-9
"""By which curves are enclosed too widely, so that the solver's own errors exclude no solution."""
FLAT = 19.0
TINY = 1e-8
"""Beyond ±FLAT a curve is as straight as its asymptotes; factors below TINY upset the solver."""
NEAR = 12.0
"""An addend smaller than another by e to this power is as good as none."""
EXACT = {"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10}

Piece = tuple[float, float]


def _f(u: float) -> float:
    return max(u, 0.0) + math.log1p(math.exp(-abs(u)))


def _slope(u: float) -> float:
    return 1 / (1 + math.exp(-u)) if u > -700 else 0.0


def _chord(low: float, high: float) -> float:
    """The slope of the chord of f; 0 or 1 where a half line is all that lies above the curve."""
    if low == -math.inf or high == math.inf:
        return float(high == math.inf)
    return (_f(high) - _f(low)) / (high - low) if high - low > TINY else _slope(low)


def _difference(a: Linear, b: Linear) -> dict[Variable, float]:
    """a − b."""
    result = dict(a)
    for variable, factor in b.items():
        result[variable] = result.get(variable, 0.0) - factor
    return result


@dataclass
class _Program:
    """Conditions over logarithms, ready for scipy. `spread`: within how many standard deviations the
    uncertain values may lie, at most."""

    conditions: Sequence[Condition]
    spread: float
    columns: dict[Variable, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.curves = [one for one in self.conditions if isinstance(one, Curve)]
        self.wholes = [one for one in self.conditions if isinstance(one, Whole)]
        self.rows = [one for one in self.conditions if isinstance(one, Row)]
        for one in self.conditions:
            match one:
                case Row(terms):
                    used: Iterable[Variable] = terms
                case Curve(result, first, second):
                    used = [result, *first, *second]
                case Whole(variable):
                    used = [variable]
                case Uncertain(variable, nominal, sigma):
                    used = [variable]
                    low, high = nominal - self.spread * sigma, nominal + self.spread * sigma
                    self.rows.append(Row({variable: 1.0}, _log(low), _log(high)) if high > 0 else IMPOSSIBLE)
            for each in used:
                if each is not None:
                    self.columns.setdefault(each, len(self.columns))

    def solution(self) -> np.ndarray | None:
        """Logarithms that satisfy all conditions, None where there are none.

        Where an addend may vanish, and has to, the conditions hold only in a limit that no positive value
        reaches, too close to tell.
        """
        found = self.within(-math.inf, math.inf)
        if found is None or all(
            abs(self.at(found, _difference(c.second, c.first))) < NEAR for c in self.curves
        ):
            return found
        if self.within(-NEAR, NEAR) is None:
            raise UndecidableError("relations hold only where an addend vanishes")
        return found

    def within(self, low: float, high: float) -> np.ndarray | None:
        """The same, with the ratios of addends between e^low and e^high."""
        boxes = [[(low, high)] * len(self.curves) + [(0.0, math.inf)] * len(self.wholes)]
        for _ in range(MAX_PIECES):
            if not boxes:
                return None
            box = boxes.pop()
            point = self.best(box)
            if point is not None and self.split(box, point) is not None:
                smaller = self.tightened(box)
                point = None if smaller is None else self.best(smaller)
                box = smaller or box
            if point is None or point[-1] > FAILS:
                continue
            pieces = self.split(box, point)
            if pieces is not None:
                boxes += pieces
            elif point[-1] <= HOLDS:
                return point[:-1]
            else:
                raise UndecidableError(f"relations are off by {point[-1]:.1e}, too little to tell")
        raise UndecidableError("too many pieces")

    # -------------------------------------------------------- one piece of every curve

    def enclosure(self, box: Sequence[Piece]) -> Iterator[Row]:
        """The curves between their tangents and chords, the whole numbers between their bounds."""
        for curve, (low, high) in zip(self.curves, box, strict=False):
            u = _difference(curve.second, curve.first)
            f = _difference({curve.result: 1.0}, curve.first)
            yield Row(u, low, high)
            yield Row(f, 0.0, math.inf)
            yield Row(_difference(f, u), 0.0, math.inf)
            for at in [one for one in (low, (low + high) / 2, high) if abs(one) < FLAT] or [0.0]:
                tangent = _difference(f, {variable: _slope(at) * factor for variable, factor in u.items()})
                yield Row(tangent, _f(at) - _slope(at) * at, math.inf)
            slope = _chord(low, high)
            if TINY < slope < 1 - TINY:
                chord = _difference(f, {variable: slope * factor for variable, factor in u.items()})
                yield Row(chord, -math.inf, _f(low) - slope * low)
            elif high <= 0 or (low == -math.inf and high < math.inf):
                yield Row(f, -math.inf, _f(high))
            elif low > -math.inf:
                yield Row(_difference(f, u), -math.inf, _f(low) - low)
        for whole, (low, high) in zip(self.wholes, box[len(self.curves) :], strict=True):
            yield Row({whole.variable: 1.0}, low, high)

    def optimum(
        self, objective: Linear, box: Sequence[Piece], slack: tuple[float, float]
    ) -> np.ndarray | None:
        """The point with the least objective at which no row is off by more than a common slack, its last
        number; None where there is none."""
        width = len(self.columns) + 1
        above = [np.zeros(width)]  # scipy wants at least one row: 0 ≤ 1
        limits = [1.0]
        elastic = len(self.rows)
        for number, row in enumerate([*self.rows, *self.enclosure(box)]):
            line = np.zeros(width)
            shift = 0.0
            for variable, factor in row.terms.items():
                if variable is None:
                    shift = factor
                else:
                    line[self.columns[variable]] += factor
            for sign, limit in ((1.0, row.high - shift), (-1.0, shift - row.low)):
                if math.isfinite(limit):
                    bounded = sign * line
                    bounded[-1] = -1.0 if number < elastic else 0.0
                    above.append(bounded)
                    limits.append(limit if number < elastic else limit + MARGIN)
        cost = np.zeros(width)
        for variable, factor in objective.items():
            if variable is not None:
                cost[-1 if variable is SLACK else self.columns[variable]] += factor
        bounds = [(-WIDEST, WIDEST)] * (width - 1) + [slack]
        matrix = np.array(above)
        found = linprog(cost, A_ub=matrix, b_ub=limits, bounds=bounds, options=EXACT)  # type: ignore[call-overload]
        if found.status == 2:  # presolve loses narrow pieces where one addend is far smaller than the other
            found = linprog(  # type: ignore[call-overload]
                cost, A_ub=matrix, b_ub=limits, bounds=bounds, options={**EXACT, "presolve": False}
            )
        if found.status not in (0, 2):
            raise UndecidableError(found.message)
        return found.x if found.status == 0 else None

    def best(self, box: Sequence[Piece]) -> np.ndarray | None:
        """The point at which the worst relation is off least, by what its last number says."""
        return self.optimum({SLACK: 1.0}, box, (0.0, WIDEST))

    def tightened(self, box: Sequence[Piece]) -> list[Piece] | None:
        """The box without what no solution of the enclosing program reaches; None where nothing is left."""
        result = list(box)
        for index in range(len(box)):
            target = self.extent(index)
            ends = []
            for sign in (1.0, -1.0):
                objective = {variable: sign * factor for variable, factor in target.items()}
                point = self.optimum(objective, result, (0.0, FAILS))
                if point is None:
                    return None
                end = self.at(point, target)
                ends.append(-sign * math.inf if -sign * end > WIDEST / 2 else end)
            low, high = ends
            result[index] = (max(result[index][0], low - MARGIN), min(result[index][1], high + MARGIN))
        return result

    def extent(self, index: int) -> dict[Variable, float]:
        """What the piece with this number encloses."""
        if index < len(self.curves):
            return _difference(self.curves[index].second, self.curves[index].first)
        return {self.wholes[index - len(self.curves)].variable: 1.0}

    def at(self, point: np.ndarray, terms: Linear) -> float:
        return sum(
            factor * (1.0 if variable is None else point[self.columns[variable]])
            for variable, factor in terms.items()
        )

    def split(self, box: Sequence[Piece], point: np.ndarray) -> list[list[Piece]] | None:
        """The box cut in two where the point is farthest from a curve or a whole number; None where it is on
        all of them."""
        worst, where, cuts = HOLDS / 10, -1, (0.0, 0.0)
        for index, (low, high) in enumerate(box):
            u = self.at(point, self.extent(index))
            if index < len(self.curves):
                curve = self.curves[index]
                gap = abs(self.at(point, _difference({curve.result: 1.0}, curve.first)) - _f(u))
                low, high = max(low, min(-50.0, u - 1)), min(high, max(50.0, u + 1))
                cut = u if low + 0.1 * (high - low) < u < high - 0.1 * (high - low) else (low + high) / 2
                below = above = cut
            else:
                size = math.exp(min(u, 50.0))
                gap = abs(u - math.log(max(round(size), 1)))
                below, above = math.log(max(math.floor(size), 1)), math.log(math.floor(size) + 1)
                gap = 0.0 if gap <= HOLDS else gap
            if gap > worst:
                worst, where, cuts = gap, index, (below, above)
        if where < 0:
            return None
        low, high = box[where]
        left, right = list(box), list(box)
        left[where], right[where] = (low, cuts[0]), (cuts[1], high)
        return [right, left]

    # -------------------------------------------------------- standard deviations

    def least_strain(self, start: np.ndarray) -> float:
        """The least sum of squared shifts, in standard deviations, found from `start` on."""
        if self.wholes:
            raise UndecidableError("standard deviations together with whole numbers")
        # what is known to better than 10⁻⁸ moves no other value noticeably
        sources = [
            one
            for one in self.conditions
            if isinstance(one, Uncertain) and one.sigma > 1e-8 * abs(one.nominal)
        ]
        fixed = [
            one
            for one in self.conditions
            if isinstance(one, Uncertain) and one.sigma <= 1e-8 * abs(one.nominal)
        ]
        rows = [one for one in self.conditions if isinstance(one, Row)]
        rows += [Row({one.variable: 1.0}, math.log(one.nominal), math.log(one.nominal)) for one in fixed]

        def shifts(x: np.ndarray) -> np.ndarray:
            sizes = np.array([math.exp(x[self.columns[one.variable]]) for one in sources])
            return (sizes - [one.nominal for one in sources]) / [one.sigma for one in sources]

        def equal(x: np.ndarray) -> list[float]:
            found = [self.at(x, row.terms) - row.low for row in rows if row.low == row.high]
            for curve in self.curves:
                u = self.at(x, _difference(curve.second, curve.first))
                found.append(self.at(x, _difference({curve.result: 1.0}, curve.first)) - _f(u))
            return [1e3 * one for one in found]

        def inside(x: np.ndarray) -> list[float]:
            open_rows = [row for row in rows if row.low != row.high]
            found = [row.high - self.at(x, row.terms) for row in open_rows if math.isfinite(row.high)]
            return found + [self.at(x, row.terms) - row.low for row in open_rows if math.isfinite(row.low)]

        found = minimize(  # type: ignore[call-overload]
            lambda x: float((shifts(x) ** 2).sum()),
            start,
            method="SLSQP",
            constraints=[{"type": "eq", "fun": equal}, {"type": "ineq", "fun": inside}],
            options={"maxiter": 500, "ftol": 1e-12},
        )
        off = max([0.0, *map(abs, equal(found.x)), *(-one for one in inside(found.x))])
        if off > 1e-4:
            raise UndecidableError("no least strain was found")
        return float(found.fun)


def _log(size: float) -> float:
    return math.log(size) if size > 0 else -math.inf


# ---------------------------------------------------------------- claims as conditions


class _Decider:
    """Which sets of claims can hold together, by number."""

    def __init__(self, grounded: Grounded, claims: Sequence[Claim]) -> None:
        self.claims = claims
        self.held = frozenset(id_ for id_, premise in grounded.premises.items() if premise.held)
        self.readings = [_Reading(grounded, claims, signs) for signs in _signs(grounded, claims)]
        self.uncertain = any(reading.uncertain() for reading in self.readings)
        self.known: dict[tuple[frozenset[int], float], bool] = {}

    def disputed(self, some: frozenset[int]) -> frozenset[str]:
        return frozenset().union(*(self.claims[i].rests_on for i in some)) - self.held

    def resting_on(self, premises: frozenset[str]) -> frozenset[int]:
        """The claims that apply where only these and the held premises stand."""
        stand = premises | self.held
        return frozenset(i for i, claim in enumerate(self.claims) if claim.rests_on <= stand)

    def possible(self, some: frozenset[int], spread: float) -> bool:
        """Whether values satisfy these claims, each uncertain one within `spread` standard deviations."""
        if (some, spread) not in self.known:
            self.known[some, spread] = self.attributes_agree(some) and any(
                program.solution() is not None for program in self.programs(some, spread)
            )
        return self.known[some, spread]

    def strain_exceeds(self, some: frozenset[int], sigma: float) -> bool:
        """Whether holding these claims together takes Σ(shift/σ)² > sigma²: surely so if a box with edges of
        `sigma` around the nominal values holds no solution, surely not if the box inside that sphere does."""
        if not self.possible(some, sigma):
            return True
        programs = list(self.programs(some, sigma))
        count = max(sum(isinstance(one, Uncertain) for one in p.conditions) for p in programs)
        if count == 1 or self.possible(some, sigma / math.sqrt(count)):
            return False
        starts = [(program, program.solution()) for program in programs]
        least = min(program.least_strain(start) for program, start in starts if start is not None)
        if abs(least - sigma**2) < 1e-4 * sigma**2:
            raise UndecidableError(f"the strain is {math.sqrt(least):.5f} standard deviations")
        return least > sigma**2

    def programs(self, some: frozenset[int], spread: float) -> Iterator[_Program]:
        for reading in self.readings:
            yield _Program(reading.conditions(sorted(some)), spread)

    def attributes_agree(self, some: frozenset[int]) -> bool:
        values: dict[tuple[str, str], str] = {}
        return all(
            values.setdefault((relation.entity, relation.attribute), relation.value) == relation.value
            for i in some
            for relation in self.claims[i].relations
            if isinstance(relation, Requires)
        )


def _signs(grounded: Grounded, claims: Sequence[Claim]) -> Iterator[Mapping[Name, int]]:
    """Every choice of a sign, −1, 0 or 1, for the quantities whose sign is open."""
    choices = {"positive": (1,), "nonnegative": (1, 0), "any": (1, -1, 0)}
    used = {name for claim in claims for relation in claim.relations for name in _names(relation)}
    quantities = sorted(used & grounded.quantities.keys() - grounded.defaults.keys(), key=str)
    options = [choices[grounded.quantities[name].sign] for name in quantities]
    if math.prod(map(len, options)) > 729:
        raise UndecidableError("too many quantities of either sign")
    for chosen in product(*options):
        yield dict(zip(quantities, chosen, strict=True))


def _names(relation: object) -> Iterable[Name]:
    match relation:
        case Equates(left, _, right):
            return (*names(left), *names(right))
        case Quantizes(of, quantum):
            return (*names(of), *names(quantum))
        case Gives(of):
            return (of,)
    return ()


Monomial = frozenset[tuple[Variable, Fraction]]
Polynomial = dict[Monomial, Fraction]
NUMBER: Monomial = frozenset()


class _NoValueError(Exception):
    """An expression that has no value: 1/0, or the root of a negative number."""


class _Reading:
    """Claims as conditions on the sizes of quantities, for one choice of their signs."""

    def __init__(self, grounded: Grounded, claims: Sequence[Claim], signs: Mapping[Name, int]) -> None:
        self.grounded = grounded
        self.signs = signs
        self.shared: dict[Variable, Condition] = {}
        """What constants and the defaults of kinds are, which many claims use."""
        self.found: list[Condition] = []
        self.used: set[Variable] = set()
        self.of_claim = [self.read(number, claim) for number, claim in enumerate(claims)]

    def conditions(self, some: Sequence[int]) -> list[Condition]:
        used = set().union(*(self.of_claim[i][1] for i in some))
        own = [condition for i in some for condition in self.of_claim[i][0]]
        return own + [self.shared[variable] for variable in sorted(used, key=str)]

    def uncertain(self) -> bool:
        return any(
            isinstance(one, Uncertain)
            for number in range(len(self.of_claim))
            for one in self.conditions([number])
        )

    def read(self, number: int, claim: Claim) -> tuple[list[Condition], set[Variable]]:
        self.found, self.used, self.number = [], set(), number
        try:
            for relation in claim.relations:
                self.relation(relation)
        except _NoValueError:
            self.found = [IMPOSSIBLE]
        return self.found, self.used

    def relation(self, relation: object) -> None:
        match relation:
            case Equates(left, comparison, right, within):
                low, high = (1 - Fraction(within), 1 + Fraction(within)) if within else (1, 1)
                self.compare(self.polynomial(left), comparison, self.polynomial(right), low, high)
            case Quantizes(of, quantum, number):
                whole = self.fresh("whole")
                self.found.append(Whole(whole))
                step = Fraction(1, 2) if number == "half-whole" else Fraction(1)
                quanta = _times({frozenset({(whole, Fraction(1))}): step}, self.polynomial(quantum))
                self.compare(self.polynomial(of), "=", quanta)
            case Gives(of, value, status):
                self.given(of, value, status)

    def given(self, of: Name, value: Value, status: str) -> None:
        quantity = self.polynomial(of)
        if value.expression is None:
            assert value.number is not None
            number, right = value.number, {NUMBER: value.number}
        else:
            right = self.polynomial(value.expression)
            number = Fraction(evaluate(value.expression, self.nominal))
        if value.relation != "=":
            self.compare(quantity, value.relation, right)
            return
        half = _size(value.within, number) + (rounding(value, status) or 0)
        sigma = _size(value.uncertainty, number)
        if sigma:
            if half or number <= 0 or self.signs.get(of) != 1:
                raise UndecidableError("a standard deviation beside a bound, or of a value not positive")
            measured = self.fresh("measured")
            self.found.append(Uncertain(measured, float(number), float(sigma)))
            self.found.append(Row({of: 1.0, measured: -1.0}, 0.0, 0.0))
        elif half and value.expression is None:
            self.compare(quantity, ">=", {NUMBER: number - half})
            self.compare(quantity, "<=", {NUMBER: number + half})
        else:
            width = half / abs(number) if half else Fraction(0)
            self.compare(quantity, "=", right, 1 - width, 1 + width)

    # -------------------------------------------------------- comparing sums

    def compare(
        self,
        left: Polynomial,
        comparison: str,
        right: Polynomial,
        low: Fraction | int = 1,
        high: Fraction | int = 1,
    ) -> None:
        """left `comparison` right·s for some factor s from `low` to `high`."""
        if low != high:
            signs = {factor > 0 for factor in right.values()}
            if len(signs) > 1:
                raise UndecidableError("a model whose right side has terms of both signs")
            if signs == {False}:
                low, high = high, low
        if comparison == "=" and low == high:
            self.zero(_plus(left, _negative(right)), "=")
            return
        sign = "<" if comparison in "<>" else "<="
        if comparison in ("=", "<=", "<"):
            self.zero(_plus(left, _times({NUMBER: -Fraction(high)}, right)), sign)
        if comparison in ("=", ">=", ">"):
            self.zero(_plus(_times({NUMBER: Fraction(low)}, right), _negative(left)), sign)

    def zero(self, polynomial: Polynomial, comparison: str) -> None:
        """polynomial = 0, <= 0 or < 0."""
        more = {monomial: factor for monomial, factor in polynomial.items() if factor > 0}
        less = {monomial: -factor for monomial, factor in polynomial.items() if factor < 0}
        if not more:
            fits = bool(less) == (comparison == "<") or comparison == "<="
            self.found += [] if fits else [IMPOSSIBLE]
        elif not less:
            self.found.append(IMPOSSIBLE)
        else:
            terms = _difference(self.logarithm(more), self.logarithm(less))
            low = 0.0 if comparison == "=" else -math.inf
            self.found.append(Row(terms, low, -STRICT if comparison == "<" else 0.0))

    def logarithm(self, polynomial: Polynomial) -> Linear:
        """The logarithm of a sum of positive terms."""
        terms = sorted(polynomial.items(), key=lambda term: sorted(map(str, term[0])))
        total: Linear | None = None
        for monomial, factor in terms:
            one: dict[Variable, float] = {variable: float(exponent) for variable, exponent in monomial}
            one[None] = math.log(factor.numerator) - math.log(factor.denominator)
            if total is None:
                total = one
                continue
            result = self.fresh("sum")
            self.found.append(Curve(result, total, one))
            total = {result: 1.0}
        assert total is not None
        return total

    def fresh(self, kind: str) -> Variable:
        return kind, self.number, len(self.found)

    # -------------------------------------------------------- expressions

    def polynomial(self, expression: Expression) -> Polynomial:
        return fold(expression, self.combined)

    def combined(self, node: Expression, operands: Sequence[Polynomial]) -> Polynomial:
        match node:
            case Number(value):
                return {NUMBER: value} if value else {}
            case Name():
                return self.named(node)
            case Sum() | Call("sum"):
                return _plus(*operands)
            case Product():
                return _times(*operands)
            case Power():
                base, exponent = operands
                if exponent.keys() - {NUMBER}:
                    raise UndecidableError("an exponent that is no number")
                return self.power(base, exponent.get(NUMBER, Fraction(0)))
            case Call("abs") if len({factor > 0 for factor in operands[0].values()}) <= 1:
                return {monomial: abs(factor) for monomial, factor in operands[0].items()}
        raise UndecidableError("a function other than roots and sums")

    def power(self, base: Polynomial, exponent: Fraction) -> Polynomial:
        if not base and exponent < 0:
            raise _NoValueError
        if exponent.denominator == 1 and 0 <= exponent <= 6:
            return _times(*[base] * int(exponent))
        if len(base) > 1:
            # the sum gets a name of its own; under a root it is positive, or the whole has no value
            if exponent.denominator == 1 and min(base.values()) < 0:
                raise UndecidableError("a power of a sum that may have either sign")
            named = {frozenset({(self.fresh("base"), Fraction(1))}): Fraction(1)}
            self.compare(named, "=", base)
            base = named
        result: Polynomial = {}
        for monomial, factor in base.items():
            if factor < 0 and exponent.denominator > 1:
                raise _NoValueError
            raised = factor**exponent.numerator if exponent.denominator == 1 else factor**exponent
            result[frozenset((v, e * exponent) for v, e in monomial)] = Fraction(raised)
        return result

    def named(self, name: Name) -> Polynomial:
        """A quantity, a constant or a parameter."""
        if name in self.signs:
            sign = self.signs[name]
            return {frozenset({(name, Fraction(1))}): Fraction(sign)} if sign else {}
        if name in self.grounded.defaults:
            given = self.grounded.defaults[name]
            return self.value(("default", given.location), given.value, given.status)
        if name.parts[0] in self.grounded.parameters:
            value = self.grounded.parameters[name.parts[0]]
            if value.number is None or rounding(value, "definition") or value.within or value.uncertainty:
                raise UndecidableError("a parameter in doubt")
            return {NUMBER: value.number} if value.number else {}
        return self.value(name, _shared(name, self.grounded), "definition")

    def value(self, variable: Variable, value: Value, status: str) -> Polynomial:
        """A value that many claims may share, with its one doubt."""
        if value.expression is not None:
            return self.polynomial(value.expression)
        assert value.number is not None
        size = abs(value.number)
        if not size:
            return {}
        half = _size(value.within, size) + (rounding(value, status) or 0)
        sigma = _size(value.uncertainty, size)
        if half and sigma:
            raise UndecidableError("a standard deviation together with a bound")
        self.used.add(variable)
        self.shared[variable] = (
            Uncertain(variable, float(size), float(sigma))
            if sigma
            else Row({variable: 1.0}, _log(float(size - half)), _log(float(size + half)))
        )
        return {frozenset({(variable, Fraction(1))}): Fraction(1 if value.number > 0 else -1)}

    def nominal(self, name: Name) -> float:
        value = _shared(name, self.grounded)
        if value.expression is not None:
            return evaluate(value.expression, self.nominal)
        assert value.number is not None
        return float(value.number)


def _size(amount: Amount | None, number: Fraction) -> Fraction:
    if amount is None:
        return Fraction(0)
    return amount.size * abs(number) if amount.relative else amount.size


def _plus(*polynomials: Polynomial) -> Polynomial:
    total: Polynomial = {}
    for polynomial in polynomials:
        for monomial, factor in polynomial.items():
            total[monomial] = total.get(monomial, Fraction(0)) + factor
    return {monomial: factor for monomial, factor in total.items() if factor}


def _negative(polynomial: Polynomial) -> Polynomial:
    return {monomial: -factor for monomial, factor in polynomial.items()}


def _times(*polynomials: Polynomial) -> Polynomial:
    result: Polynomial = {NUMBER: Fraction(1)}
    for polynomial in polynomials:
        multiplied: Polynomial = {}
        for (a, x), (b, y) in product(result.items(), polynomial.items()):
            exponents: dict[Variable, Fraction] = dict(a)
            for variable, exponent in b:
                exponents[variable] = exponents.get(variable, Fraction(0)) + exponent
            monomial = frozenset(item for item in exponents.items() if item[1])
            multiplied[monomial] = multiplied.get(monomial, Fraction(0)) + x * y
        result = {monomial: factor for monomial, factor in multiplied.items() if factor}
    return result
