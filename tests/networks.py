"""Random networks of uncertain measurements → their conflicts and tensions, straight from the definition.

The strain χ² of a set of claims is the least Σ(shift/σ)² over all values that satisfy its relations. Here it
is worked out for every subset by SciPy: whether it is zero by a linear program where the relations are
straight (in logarithms, where all are products), by least squares from many starts where they are not; how
large it is by SLSQP, from many starts as well. Whole numbers are tried one by one. Nothing is shared with the
engine.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from itertools import combinations, product
from random import Random

import numpy as np
from scipy.optimize import least_squares, linprog, minimize

SHORT = 1e-9
"""Relations that are off by less hold, relative to their largest term."""
CLEAR = 1e-6
"""Relations that are off by more fail; what lies between is left undecided."""
LARGEST = 14
"""How many quanta are tried."""
STARTS = 14
FARTHEST = 200.0
"""How far a logarithm may be from 0, and a quantity from its planted value, which it is measured in."""


class UndecidableError(Exception):
    """Too close to an edge to tell."""


Powers = tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Law:
    """Σ factor·Π quantity^exponent = 0, or <= 0."""

    id: str
    terms: tuple[tuple[float, Powers], ...]
    comparison: str
    held: bool

    def equation(self) -> str:
        sides = {True: "0", False: "0"}
        for above in (True, False):
            chosen = [(abs(f), powers) for f, powers in self.terms if (f > 0) == above]
            if chosen:
                sides[above] = " + ".join(_text(f, powers) for f, powers in chosen)
        return f"{sides[True]} {self.comparison} {sides[False]}"

    def names(self) -> set[str]:
        return {name for _, powers in self.terms for name, _ in powers}


@dataclass(frozen=True, slots=True)
class Count:
    """`of` is a whole number of `unit`."""

    id: str
    of: str
    unit: str
    held: bool

    def names(self) -> set[str]:
        return {self.of, self.unit}

    def law(self, number: int) -> Law:
        return Law(self.id, ((1.0, ((self.of, 1),)), (-float(number), ((self.unit, 1),))), "=", self.held)


@dataclass(frozen=True, slots=True)
class Measured:
    """A value as written: exact, or with half a unit in the last digit (`rounded`), a bound, a deviation."""

    quantity: str
    name: str
    number: str
    sigma: float = 0.0
    within: float = 0.0
    rounded: bool = False
    held: bool = False

    @property
    def id(self) -> str:
        return f"it.{self.quantity}@{self.name}"

    @property
    def ends(self) -> tuple[float, float]:
        decimals = len(self.number.partition(".")[2])
        half = 0.5 * 10.0**-decimals if self.rounded else self.within
        return float(self.number) - half, float(self.number) + half

    def names(self) -> set[str]:
        return {self.quantity}

    def entry(self) -> str:
        text = f"name: {self.name}, value: {self.number}"
        text += f", uncertainty: {self.sigma!r}" if self.sigma else ""
        text += f", within: {self.within!r}" if self.within else ""
        return text if self.sigma or self.within or self.rounded else f"{text}, exact: true"


Claim = Law | Count | Measured


def _text(factor: float, powers: Powers) -> str:
    names = "*".join(name if exponent == 1 else f"{name}^({exponent})" for name, exponent in powers)
    return names if factor == 1 and names else f"{factor!r}*{names}" if names else f"{factor!r}"


@dataclass(frozen=True)
class Network:
    """Claims about one thing. `form` is linear, product or mixed; `signs` has each quantity's sign."""

    form: str
    signs: Mapping[str, str]
    claims: tuple[Claim, ...]
    truth: Mapping[str, float]

    def as_yaml(self) -> str:
        lines = ["scenario: A network of measurements", "quantities:"]
        lines += [f"  {name}: {{sign: {sign}}}" for name, sign in self.signs.items()]
        lines += ["kinds: {thing: {}}"]
        rules = [one for one in self.claims if not isinstance(one, Measured)]
        lines += ["rules:"] if rules else []
        for one in rules:
            relation = (
                f"equation: {one.equation()}"
                if isinstance(one, Law)
                else f"quantum: {{of: {one.of}, is: {one.unit}, number: whole}}"
            )
            status = "law" if one.held else "hypothesis"
            lines += [f"  {one.id}:", "    claim: It is claimed.", "    applies_to: thing"]
            lines += [f"    {relation}", f"    status: {status}"]
        lines += ["systems: {it: {is: thing}}"]
        values = [one for one in self.claims if isinstance(one, Measured)]
        lines += ["given:"] if values else []
        for name in dict.fromkeys(one.quantity for one in values):
            lines.append(f"  it.{name}:")
            lines += [f"    - {{{one.entry()}}}" for one in values if one.quantity == name]
        held = [one.id for one in values if one.held]
        lines += [f"hold: [definition, law, {', '.join(held)}]"] if held else []
        return "\n".join(lines) + "\n"


# ---------------------------------------------------------------- the definition


@dataclass(frozen=True, slots=True)
class Misfit:
    """A smallest set of claims that needs shifts: its strain, and whether it holds without declared signs."""

    claims: frozenset[int]
    strain: float
    kind: str


@dataclass
class Truth:
    """Strains of sets of claims, by number."""

    network: Network
    points: list[dict[str, float]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.points.append(dict(self.network.truth))

    @cached_property
    def misfits(self) -> list[Misfit]:
        """All sets with a strain of which no proper subset has any: every subset is tried, small first."""
        found: list[Misfit] = []
        everything = range(len(self.network.claims))
        for size in range(1, len(self.network.claims) + 1):
            for chosen in combinations(everything, size):
                some = frozenset(chosen)
                if any(one.claims <= some for one in found) or not self._connected(some):
                    continue
                if not self.fits(some):
                    strain = self.strain(some)
                    if any(
                        case.solution(True) is not None or case.strain() < strain
                        for case in self.beyond(some)
                    ):
                        raise UndecidableError(f"more than {LARGEST} quanta might do")
                    found.append(Misfit(some, strain, self.kind(some)))
        return found

    def answers(
        self, tense: float = 3.0, torn: float = 5.0
    ) -> tuple[dict[frozenset[str], float], dict[frozenset[str], float]]:
        """Conflicts and tensions as sets of disputed premises, each with its largest strain."""
        for one in self.misfits:
            for edge in (tense, torn):
                if abs(math.sqrt(one.strain) - edge) < 1e-5:
                    raise UndecidableError(f"{math.sqrt(one.strain)} standard deviations")
        strong = self._premises([one for one in self.misfits if one.strain > torn**2])
        weak = self._premises([one for one in self.misfits if tense**2 < one.strain <= torn**2])
        weak = {
            one: strain for one, strain in weak.items() if not any(other and other <= one for other in strong)
        }
        return strong, weak

    def _premises(self, misfits: Sequence[Misfit]) -> dict[frozenset[str], float]:
        found: dict[frozenset[str], float] = {}
        for one in misfits:
            disputed = frozenset(
                self.network.claims[i].id for i in one.claims if not self.network.claims[i].held
            )
            found[disputed] = max(found.get(disputed, 0.0), one.strain)
        return {
            one: strain for one, strain in found.items() if not any(other and other < one for other in found)
        }

    def _connected(self, some: frozenset[int]) -> bool:
        names = [self.network.claims[i].names() for i in some]
        reached, left = set(names[0]), names[1:]
        while tied := [one for one in left if one & reached]:
            reached = reached.union(*tied)
            left = [one for one in left if one not in tied]
        return not left

    def kind(self, some: frozenset[int]) -> str:
        claims = [self.network.claims[i] for i in some]
        if any(isinstance(one, Count) for one in claims):
            return "quantum"
        if any(isinstance(one, Law) and one.comparison != "=" for one in claims):
            return "bound"
        if self.network.form == "product" or all(sign == "any" for sign in self.network.signs.values()):
            return "value"
        return "bound" if self.fits(some, signed=False) else "value"

    # -------------------------------------------------------- a set of claims as equations

    def cases(self, some: frozenset[int]) -> Iterator[_Case]:
        """The set with each combination of whole numbers."""
        chosen = [self.network.claims[i] for i in sorted(some)]
        counts = [one for one in chosen if isinstance(one, Count)]
        laws = [one for one in chosen if isinstance(one, Law)]
        values = [one for one in chosen if isinstance(one, Measured)]
        for numbers in product(range(1, LARGEST + 1), repeat=len(counts)):
            counted = [one.law(number) for one, number in zip(counts, numbers, strict=True)]
            yield _Case(self.network, [*laws, *counted], values)

    def beyond(self, some: frozenset[int]) -> Iterator[_Case]:
        """The set with more quanta than are tried, whole or not, each of its counts in turn."""
        chosen = [self.network.claims[i] for i in sorted(some)]
        laws = [one for one in chosen if isinstance(one, Law)]
        values = [one for one in chosen if isinstance(one, Measured)]
        for one in chosen:
            if isinstance(one, Count):
                terms = ((LARGEST + 1.0, ((one.unit, 1),)), (-1.0, ((one.of, 1),)))
                yield _Case(self.network, [*laws, Law(one.id, terms, "<=", one.held)], values)

    def fits(self, some: frozenset[int], signed: bool = True) -> bool:
        """Whether χ² = 0."""
        if signed and any(self._holds_at(some, point) for point in self.points):
            return True
        for case in self.cases(some):
            point = case.solution(signed)
            if point is not None:
                if signed:
                    self.points.append(point)
                return True
        return False

    def _holds_at(self, some: frozenset[int], point: Mapping[str, float]) -> bool:
        for i in some:
            one = self.network.claims[i]
            if not one.names() <= point.keys():
                return False
            if isinstance(one, Measured):
                low, high = one.ends
                if not low <= point[one.quantity] <= high:
                    return False
            elif isinstance(one, Count):
                ratio = point[one.of] / point[one.unit]
                if abs(ratio - max(round(ratio), 1)) > SHORT:
                    return False
            else:
                sizes = [f * math.prod(point[name] ** e for name, e in powers) for f, powers in one.terms]
                off = sum(sizes) / (max(map(abs, sizes)) or 1.0)
                if (abs(off) if one.comparison == "=" else off) > SHORT:
                    return False
        return True

    def strain(self, some: frozenset[int]) -> float:
        least = math.inf
        for case in self.cases(some):
            least = min(least, case.strain())
        return least


class _Case:
    """Laws and measured values with nothing whole left in them, over the quantities that they speak of."""

    def __init__(self, network: Network, laws: Sequence[Law], values: Sequence[Measured]) -> None:
        self.network = network
        self.laws = laws
        self.values = values
        self.logs = network.form == "product"
        self.names = sorted(set().union(*(one.names() for one in [*laws, *values])))
        self.column = {name: i for i, name in enumerate(self.names)}
        self.sizes = np.array([abs(network.truth[name]) or 1.0 for name in self.names])
        """What quantities are measured in, so that numbers are near 1; logarithms are taken as they are."""

    def ends(self, hard: bool, signed: bool = True, least: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
        """The bounds of quantities: those without a deviation (`hard`), or all."""
        low = np.array(
            [
                least if signed and self.network.signs[name] != "any" and not self.logs else -np.inf
                for name in self.names
            ]
        )
        high = np.full(len(self.names), np.inf)
        for one in self.values:
            if hard and one.sigma:
                continue
            at = self.column[one.quantity]
            ends = [end / (1.0 if self.logs else self.sizes[at]) for end in one.ends]
            if self.logs:
                ends = [math.log(end) if end > 0 else -np.inf for end in ends]
            low[at], high[at] = max(low[at], ends[0]), min(high[at], ends[1])
        return low, high

    # -------------------------------------------------------- is χ² zero?

    def solution(self, signed: bool) -> dict[str, float] | None:
        if self.network.form == "mixed":
            return self._by_least_squares(signed)
        found = self._by_linear_program(signed, least=0.0)
        if found is None:
            return None
        inside = self._by_linear_program(signed, least=1e-3)
        if signed and inside is None:
            raise UndecidableError("only where a positive quantity is next to zero")
        best = found if inside is None else inside
        return self._named(best)

    def _named(self, x: np.ndarray) -> dict[str, float]:
        return dict(zip(self.names, map(float, np.exp(x) if self.logs else x * self.sizes), strict=True))

    def _rows(self) -> tuple[np.ndarray, np.ndarray, list[bool]]:
        """Straight laws as rows·x (=, <=) right."""
        rows, right = np.zeros((len(self.laws), len(self.names))), np.zeros(len(self.laws))
        for i, law in enumerate(self.laws):
            if self.logs:
                (one, powers), (other, less) = law.terms
                for name, exponent in powers:
                    rows[i, self.column[name]] += exponent
                for name, exponent in less:
                    rows[i, self.column[name]] -= exponent
                right[i] = math.log(-other / one)
                assert one > 0 > other
                continue
            for factor, powers in law.terms:
                if not powers:
                    right[i] -= factor
                for name, _ in powers:
                    rows[i, self.column[name]] += factor * self.sizes[self.column[name]]
        return rows, right, [law.comparison == "=" for law in self.laws]

    def _by_linear_program(self, signed: bool, least: float) -> np.ndarray | None:
        """The point at which the worst relation is off least, if that is not at all."""
        rows, right, equal = self._rows()
        low, high = self.ends(hard=False, signed=signed, least=least)
        width = len(self.names) + 1
        above: list[np.ndarray] = []
        limits: list[float] = []

        def demand(row: np.ndarray, limit: float) -> None:
            above.append(np.append(row, -1.0))
            limits.append(limit)

        for row, limit, exactly in zip(rows, right, equal, strict=True):
            demand(row, limit)
            if exactly:
                demand(-row, -limit)
        for i, (start, end) in enumerate(zip(low, high, strict=True)):
            unit = np.eye(width - 1)[i]
            if math.isfinite(end):
                demand(unit, end)
            if math.isfinite(start):
                demand(-unit, -start)
        if not above:
            return np.zeros(width - 1)
        found = linprog(
            np.append(np.zeros(width - 1), 1.0),
            A_ub=np.array(above),
            b_ub=limits,
            bounds=[(-FARTHEST, FARTHEST)] * (width - 1) + [(0.0, None)],
            options={"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10},
        )
        if found.status != 0:
            raise UndecidableError(found.message)
        if SHORT < found.x[-1] < CLEAR:
            raise UndecidableError(f"relations are off by {found.x[-1]:.1e}")
        return found.x[:-1] if found.x[-1] <= SHORT else None

    def _by_least_squares(self, signed: bool, hard: bool = False) -> dict[str, float] | None:
        low, high = self.ends(hard=hard, signed=signed, least=1e-6)
        if np.any(low > high + SHORT):
            return None
        free = high - low > SHORT
        middle = np.where(free, 0.0, np.minimum(low, high))

        def full(x: np.ndarray) -> np.ndarray:
            point = middle.copy()
            point[free] = x
            return point

        def left(x: np.ndarray) -> np.ndarray:
            point = full(x)
            off = [self._off(law, point) for law in self.laws]
            return np.array(
                [
                    one if law.comparison == "=" else max(one, 0.0)
                    for one, law in zip(off, self.laws, strict=True)
                ]
            )

        if not self.laws:
            return self._named(np.clip(np.ones(len(low)), low, high))
        best = math.inf
        for start in self.starts():
            inside = np.clip(start, low, high)[free]
            if not free.any():
                off = float(np.abs(left(inside)).max())
                point = full(inside)
            else:
                margin = 1e-9
                inside = np.clip(inside, low[free] + margin, high[free] - margin)
                found = least_squares(
                    left, inside, bounds=(low[free], high[free]), xtol=1e-15, ftol=1e-15, gtol=1e-15
                )
                off, point = float(np.abs(found.fun).max()), full(found.x)
            if off <= SHORT:
                return self._named(point)
            best = min(best, off)
        if best < CLEAR:
            raise UndecidableError(f"relations are off by {best:.1e}")
        return None

    def starts(self) -> Iterator[np.ndarray]:
        """The planted values, those that were measured, and others around them."""
        truth = np.array([self.network.truth[name] for name in self.names]) / self.sizes
        yield np.log(self.sizes) if self.logs else truth
        near = truth.copy()
        for one in self.values:
            near[self.column[one.quantity]] = float(one.number) / self.sizes[self.column[one.quantity]]
        if self.logs:
            near = np.log(np.maximum(near, 1e-3) * self.sizes)
        yield near
        random = np.random.default_rng(7)
        for number in range(STARTS - 2):
            spread = random.normal(0, 0.15 * (1 + number), len(near))
            yield near + spread if self.logs else near * np.exp(spread)

    def _off(self, law: Law, x: np.ndarray) -> float:
        """What a law leaves over, against its largest term at the planted values."""
        return sum(
            f * math.prod(self._at(x, n) ** e for n, e in powers) for f, powers in law.terms
        ) / self._scale(law)

    def _at(self, x: np.ndarray, name: str) -> float:
        i = self.column[name]
        return float(x[i] * self.sizes[i])

    def _scale(self, law: Law) -> float:
        truth = self.network.truth
        return (
            max(abs(f * math.prod(truth[name] ** e for name, e in powers)) for f, powers in law.terms) or 1.0
        )

    # -------------------------------------------------------- how large is it?

    def strain(self) -> float:
        """The least Σ(shift/σ)² of many starts; ∞ where none of them comes to where the relations hold."""
        low, high = self.ends(hard=True, least=1e-9)
        if np.any(low > high + SHORT):
            return math.inf
        rows, right, equal = (
            self._rows() if self.network.form != "mixed" else (np.zeros((0, 0)), np.zeros(0), [])
        )
        uncertain = [one for one in self.values if one.sigma]
        if not uncertain:
            return math.inf

        def value(x: np.ndarray, name: str) -> float:
            return math.exp(min(x[self.column[name]], 50.0)) if self.logs else self._at(x, name)

        def pulls(x: np.ndarray) -> list[float]:
            found = []
            for one in uncertain:
                here, (start, end) = value(x, one.quantity), one.ends
                found.append((here - min(max(here, start), end)) / one.sigma)
            return found

        def cost(x: np.ndarray) -> float:
            return sum(one * one for one in pulls(x))

        def slope(x: np.ndarray) -> np.ndarray:
            found = np.zeros(len(x))
            for one, pull in zip(uncertain, pulls(x), strict=True):
                i = self.column[one.quantity]
                found[i] += 2 * pull / one.sigma * (value(x, one.quantity) if self.logs else self.sizes[i])
            return found

        def law_off(x: np.ndarray, exactly: bool) -> np.ndarray:
            if self.network.form != "mixed":
                chosen = [i for i, one in enumerate(equal) if one == exactly]
                return (rows[chosen] @ x - right[chosen]) * (1.0 if exactly else -1.0)
            chosen_laws = [law for law in self.laws if (law.comparison == "=") == exactly]
            return np.array([self._off(law, x) * (1.0 if exactly else -1.0) for law in chosen_laws])

        def law_slope(x: np.ndarray, exactly: bool) -> np.ndarray:
            if self.network.form != "mixed":
                chosen = [i for i, one in enumerate(equal) if one == exactly]
                return rows[chosen] * (1.0 if exactly else -1.0)
            chosen_laws = [law for law in self.laws if (law.comparison == "=") == exactly]
            found = np.zeros((len(chosen_laws), len(x)))
            for number, law in enumerate(chosen_laws):
                for f, powers in law.terms:
                    for name, e in powers:
                        i = self.column[name]
                        rest = math.prod(self._at(x, n) ** m for n, m in powers if n != name)
                        sign = 1.0 if exactly else -1.0
                        slope_ = f * e * self._at(x, name) ** (e - 1) * rest * self.sizes[i]
                        found[number, i] += sign * slope_ / self._scale(law)
            return found

        constraints = [
            {"type": kind, "fun": law_off, "jac": law_slope, "args": (exactly,)}
            for kind, exactly in (("eq", True), ("ineq", False))
            if any((law.comparison == "=") == exactly for law in self.laws)
        ]
        bounds = [
            (a if math.isfinite(a) else None, b if math.isfinite(b) else None)
            for a, b in zip(np.minimum(low, high), high, strict=True)
        ]
        best = math.inf
        starts = list(self.starts())
        if not self.reachable(starts):
            return best
        for start in starts:
            try:
                found = minimize(
                    cost,
                    np.clip(start, low, high),
                    jac=slope,
                    method="SLSQP",
                    bounds=bounds,
                    constraints=constraints,
                    options={"maxiter": 300, "ftol": 1e-15},
                )
            except (OverflowError, ValueError, ZeroDivisionError):
                continue
            off = max([0.0, *map(abs, law_off(found.x, True)), *(-law_off(found.x, False))])
            off = max(off, *(low - found.x), *(found.x - high))
            if self.network.form == "mixed" and any(found.x[low >= 0] < 1e-6):
                continue  # what is positive is not nothing
            if off < 1e-8 and math.isfinite(found.fun):
                best = min(best, float(found.fun))
        if math.isinf(best) or best < CLEAR**2:
            raise UndecidableError("it is not known whether there is any strain")
        return best

    def reachable(self, starts: list[np.ndarray]) -> bool:
        """Whether the laws hold for some values where those with a deviation may be any; the values found are
        another start."""
        if self.network.form == "mixed":
            found = self._by_least_squares(signed=True, hard=True)
            if found is not None:
                starts.append(np.array([found[name] for name in self.names]) / self.sizes)
            return found is not None
        certain = _Case(self.network, self.laws, [one for one in self.values if not one.sigma])
        return not self.laws or certain._by_linear_program(signed=True, least=1e-9) is not None


# ---------------------------------------------------------------- drawing


def drawn(seed: int, form: str) -> Network:
    """A network of linear relations, of products, of both ("mixed"), or either with whole numbers ("quanta",
    "counted sums")."""
    random = Random(f"{form}/{seed}")
    counted = form in ("quanta", "counted sums")
    shape = {"quanta": "product", "counted sums": "linear"}.get(form, form)
    names = "abcde"[: random.randint(2, 5)]
    either = shape == "linear" and not counted and random.random() < 0.5
    signs = {name: "any" if either and random.random() < 0.7 else "positive" for name in names}
    truth = {}
    for name in names:
        size = round(random.choice([1, 1, 2, 5, 10]) * random.uniform(0.5, 2.0), 2)
        truth[name] = -size if signs[name] == "any" and random.random() < 0.4 else size
        if signs[name] == "any" and random.random() < 0.15:
            truth[name] = 0.0
    claims: list[Claim] = []
    if shape == "linear" and len(names) > 2 and random.random() < 0.5:
        parts = random.sample(names[1:], random.choice([2, 2, len(names) - 1]))
        whole = round(sum(truth[name] for name in parts), 2)
        if abs(whole) > 0.1 and (whole > 0 or signs[names[0]] == "any"):
            truth[names[0]] = whole
            adds = ((1.0, ((names[0], 1),)), *((-1.0, ((name, 1),)) for name in parts))
            claims.append(Law("adds", adds, "=", random.random() < 0.5))
    if counted:
        claims = []
        of, unit = random.sample(names, 2)
        truth[of] = round(truth[unit] * random.randint(2, 9), 6)
        claims.append(Count("count", of, unit, random.random() < 0.3))
        if len(names) > 2 and random.random() < 0.4:
            third = random.choice([name for name in names if name not in (of, unit)])
            truth[third] = round(truth[unit] * random.randint(2, 9), 6)
            claims.append(Count("recount", third, unit, random.random() < 0.3))
    for number in range(random.randint(0 if len(names) < 3 else 1, min(3, len(names) - 1))):
        law = _law(random, shape, truth, f"law{number}")
        if law is not None:
            claims.append(law)
    room = 9 - len(claims)
    each = random.choice([1, 1, 2, 3])
    for name in names:
        for number in range(random.choice([0, 1, 1, each])):
            if room > 0:
                claims.append(_measured(random, name, truth[name], f"n{number}", counted, shape != "mixed"))
                room -= 1
    return Network(shape, signs, tuple(claims), truth)


def _law(random: Random, shape: str, truth: Mapping[str, float], id_: str) -> Law | None:
    """A law that is true of the planted values, or nearly; an inequality has room."""
    held = random.random() < 0.5
    comparison = "<=" if random.random() < 0.2 else "="
    names = random.sample(sorted(truth), min(len(truth), random.randint(2, 3)))
    if shape == "product":
        powers = tuple((name, random.choice([1, 1, 2, -1, -2])) for name in names[1:])
        over: list[tuple[float, Powers]] = [(1.0, ((names[0], 1),))]
        over.append((-1.0, powers))
    elif shape == "linear":
        over = [(1.0, ((names[0], 1),))]
        over += [(float(random.choice([-3, -2, -1, -1, -1, 1, 2])), ((name, 1),)) for name in names[1:]]
        if all(f > 0 for f, _ in over):
            over[1] = (-over[1][0], over[1][1])
    else:
        over = [(1.0, ((names[0], random.choice([1, 1, 2])),))]
        over += [
            (random.choice([-1.0, -1.0, 1.0]), ((name, random.choice([1, 1, 2])),)) for name in names[1:]
        ]
        if random.random() < 0.7 and len(names) > 2:
            over = [over[0], (-1.0, ((names[1], 1), (names[2], 1)))]
        if all(f > 0 for f, _ in over):
            over[-1] = (-over[-1][0], over[-1][1])

    def size(term: tuple[float, Powers]) -> float:
        return term[0] * math.prod(truth[name] ** e for name, e in term[1])

    if shape == "linear":
        # true to the last digit: what a rounding leaves over between exact claims would be a contradiction
        total = -sum(Decimal(str(f)) * Decimal(str(truth[name])) for f, ((name, _),) in over)
        total *= 1 if comparison == "=" else Decimal(random.choice(["1.2", "0.8"]))
        return Law(id_, (*over, (float(total), ())) if total else tuple(over), comparison, held)

    # the first term's factor makes it true
    rest, own = sum(map(size, over[1:])), size(over[0])
    if not own or not rest or rest * own > 0 or abs(rest / own) < 0.02:
        if shape == "product" or any(not truth[name] for name in names):
            return None
        # a number makes up for what is left
        total = rest + own
        return (
            Law(id_, (*over, (-total, ())), comparison, held)
            if total
            else Law(id_, tuple(over), comparison, held)
        )
    factor = -rest / own
    if comparison == "<=":
        factor *= random.choice([0.9, 0.9, 0.7, 1.1])
    elif random.random() < 0.15:
        factor *= random.choice([1.02, 1.3, 0.8])
    return Law(id_, ((factor, over[0][1]), *over[1:]), comparison, held)


def _measured(
    random: Random, quantity: str, true: float, name: str, counted: bool, straight: bool
) -> Measured:
    held = random.random() < 0.2
    sort = random.choice(["sigma"] * 5 + ["within", "rounded", "exact", "both"])
    size = abs(true) or random.choice([0.1, 1.0])
    spread = size * random.choice([0.003, 0.01, 0.02] if counted else [0.01, 0.03, 0.08, 0.12])
    off = spread * random.choice([0, 1, 1, 1, 4, 6, 9]) * random.gauss(0, 1)
    if true > 0 and true + off < 0.2 * size:
        off = -off
    if sort in ("within", "rounded") or (sort == "exact" and straight):
        off = random.choice(
            [0.0, 0.0, off]
        )  # curved relations between exact values hold or not by a rounding
    number = f"{true + off:.4f}"
    if sort == "exact":
        return Measured(quantity, name, number, held=held)
    if sort == "rounded":
        return Measured(quantity, name, f"{true + off:.2f}", rounded=True, held=held)
    width = round(spread * random.uniform(0.5, 2), 6)
    if sort == "within":
        return Measured(quantity, name, number, within=width, held=held)
    sigma = round(spread * random.uniform(0.6, 1.5), 6)
    if sort == "both":
        return Measured(quantity, name, number, sigma=sigma, within=width, held=held)
    if true == 0 and random.random() < 0.5:
        number = "0.0"
    return Measured(quantity, name, number, sigma=sigma, held=held)


def ways_out(conflicts: Collection[frozenset[str]]) -> set[frozenset[str]]:
    """The minimal sets that share a premise with each conflict of a group tied by shared premises."""
    found: set[frozenset[str]] = set()
    remaining = [conflict for conflict in conflicts if conflict]
    while remaining:
        group = [remaining.pop()]
        while tied := [one for one in remaining if any(one & other for other in group)]:
            group += tied
            remaining = [one for one in remaining if one not in tied]
        elements = sorted(frozenset().union(*group))
        smallest: list[frozenset[str]] = []
        for size in range(1, len(elements) + 1):
            for chosen in map(frozenset, combinations(elements, size)):
                if all(chosen & one for one in group) and not any(one <= chosen for one in smallest):
                    smallest.append(chosen)
        found.update(smallest)
    return found
