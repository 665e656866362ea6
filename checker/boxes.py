"""Equations over boxes of values → a proof that no values satisfy them, or values that do.

Hull consistency (HC4: Benhamou, Goualard, Granvilliers & Puget, ICLP 1999) narrows the interval of every
quantity and of every doubt to what each equation allows; where that stops, the widest is split. A box that
ends empty holds no solution, and carries the equations that emptied it. Values are looked for by
Gauss–Newton steps of least norm, and count where every equation holds as far as doubles can tell.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from checker.intervals import (
    TINY,
    WHOLE_LINE,
    Interval,
    image,
    meet,
    minus,
    outward,
    plus,
    power,
    preimage,
    root,
    times,
)
from checker.points import Equations, Point, Term
from checker.terms import NormalForm, Range, System

SMALLEST, LARGEST = 1e-300, 1e300
"""What lies closer to zero than that, or further out, in coherent SI units, is left to other means."""
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
FARTHEST = 1e-60, 1e60
"""Where values of an open range are looked for, in coherent SI units."""
CLOSED = 1e-3
"""How closely an open end is found, in logarithms, before it is shaved like any other."""
MAX_SHAVES = 120
"""How often an end of a range is moved inward to see whether anything is lost."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """`empty` are equations that have no common solution; `point` gives values that solve all. Neither where
    the search ended first."""

    empty: frozenset[int] | None = None
    point: Point | None = None


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
    near: Point | None = None,
    signed: bool = True,
    sigmas: float = 0.0,
) -> Verdict:
    """Whether `equations` have a common solution with every value within its rounding and bound, and within
    `sigmas` standard deviations. `near` are values to look around first. Without `signed`, quantities may
    have any sign."""
    try:
        return _Search(Equations(system, equations, sigmas, signed)).run(near or {})
    except OverflowError:
        return Verdict()


def hull(system: System, equations: Collection[int], unknown: int) -> Interval | None:
    """The range that some equations leave to an unknown, standard deviations aside: an outer bound, sharp
    where the equations are monotonic. None where they leave nothing, or where the range is not known."""
    try:
        return _Search(Equations(system, equations, 0.0)).hull(unknown)
    except (OverflowError, _EmptyError):
        return None


def excluded(
    system: System, equations: Collection[int], unknown: int, ends: Interval
) -> frozenset[int] | None:
    """Those among some equations by which an unknown cannot lie between two ends, standard deviations aside;
    None where it may, as far as one pass tells."""
    search = _Search(Equations(system, equations, 0.0))
    box = search.start()
    inside = meet(box.ends.get(unknown, WHOLE_LINE), ends)
    if inside is None:
        return frozenset()
    box.ends[unknown] = inside
    try:
        search.narrow(box, range(len(search.given.indexes)))
    except OverflowError:
        return None
    except _EmptyError as empty:
        return frozenset(index for i, index in enumerate(search.given.indexes) if empty.why >> i & 1)
    return None


class _Search:
    def __init__(self, given: Equations) -> None:
        self.given = given
        self.system = given.system
        self.work = 0

    def run(self, near: Point) -> Verdict:
        everything = range(len(self.given.indexes))
        waiting: list[tuple[_Box, Iterable[int]]] = [(self.start(), everything)]
        emptied = 0
        for tried in range(1, MAX_BOXES + 1):
            if not waiting:
                inside = (index for i, index in enumerate(self.given.indexes) if emptied >> i & 1)
                return Verdict(empty=frozenset(inside))
            box, first = waiting.pop()
            try:
                self.narrow(box, first)
                if tried == 1:
                    if not self._within_reach(box):
                        break
                    self.narrow(box, everything)
            except _EmptyError as empty:
                emptied |= empty.why
                continue
            looks = tried.bit_count() == 1  # the 1st, 2nd, 4th, 8th … box: most are looked at in vain
            if looks and (point := self._point(box, near)) is not None:
                return Verdict(point=point)
            split = self._widest(box)
            if split is None or self.work >= MAX_WORK:
                break
            waiting += [(half, self.given.using[split]) for half in self._halves(box, split)]
        return Verdict()

    def hull(self, unknown: int) -> Interval | None:
        box = self.start()
        if unknown not in box.ends:
            return self.given.domain(unknown)
        self.narrow(box, range(len(self.given.indexes)))
        low, high = box.ends[unknown]
        if low >= 0 and (low < FARTHEST[0] or high > FARTHEST[1]):
            self._close(box, unknown)
        for side in (0, 1):
            if math.isfinite(sum(box.ends[unknown])):
                self._shave(box, unknown, side)
        return box.ends[unknown]

    def _close(self, box: _Box, unknown: int) -> None:
        """Move open ends of what is positive to where values begin, if all far out are excluded: equations
        that leave two unknowns open may bound each of them by way of the other."""
        for side in (0, 1):
            out = math.log(FARTHEST[side])
            if not self._without(box, unknown, side, out) or self._without(box, unknown, side, -out):
                continue
            inside = -out
            while abs(out - inside) > CLOSED and self.work < MAX_WORK:
                middle = (out + inside) / 2
                if self._without(box, unknown, side, middle):
                    out = middle
                else:
                    inside = middle
            low, high = box.ends[unknown]
            box.ends[unknown] = (
                (max(low, math.exp(out)), high) if side == 0 else (low, min(high, math.exp(out)))
            )

    def _without(self, box: _Box, unknown: int, side: int, log: float) -> bool:
        """Whether nothing is left of a box beyond a value."""
        slice_ = meet(box.ends[unknown], (0.0, math.exp(log)) if side == 0 else (math.exp(log), math.inf))
        if slice_ is None:
            return True
        try:
            self.narrow(_Box({**box.ends, unknown: slice_}, dict(box.why)), self.given.using[unknown])
        except _EmptyError:
            return True
        return False

    def _shave(self, box: _Box, unknown: int, side: int) -> None:
        """Move an end inward as long as what is cut off holds no solution."""
        share = 0.5
        for _ in range(MAX_SHAVES):
            low, high = box.ends[unknown]
            if self.work >= MAX_WORK or low == high or share < 1e-6:
                return
            cut = _between(low, high, share if side == 0 else 1 - share)
            slice_ = (low, cut) if side == 0 else (cut, high)
            try:
                self.narrow(_Box({**box.ends, unknown: slice_}, dict(box.why)), self.given.using[unknown])
            except _EmptyError:
                box.ends[unknown] = (cut, high) if side == 0 else (low, cut)
                share = min(0.5, 2 * share)
            else:
                share /= 4

    def start(self) -> _Box:
        return _Box({variable: self.given.domain(variable) for variable in self.given.using}, {})

    def _within_reach(self, box: _Box) -> bool:
        """Whether solutions may lie where doubles can tell them apart; then the box is cut down to that."""
        for variable, (low, high) in box.ends.items():
            inside = meet((low, high), (-LARGEST, LARGEST))
            if inside is None or 0 < low <= high < SMALLEST or 0 > high >= low > -SMALLEST:
                return False
            box.ends[variable] = inside
        return True

    # -------------------------------------------------------- narrowing

    def narrow(self, box: _Box, first: Iterable[int]) -> None:
        """Revise equations until none narrows the box any more. Raises _EmptyError where nothing is left."""
        waiting = deque(first)
        queued = set(waiting)
        left = MAX_REVISIONS * len(self.given.indexes)
        while waiting and left:
            left -= 1
            self.work += 1
            number = waiting.popleft()
            queued.discard(number)
            for variable in self._revise(box, number):
                for other in self.given.using[variable]:
                    if other not in queued and (other != number or len(self.given.terms[number]) > 2):
                        queued.add(other)
                        waiting.append(other)

    def _revise(self, box: _Box, number: int) -> list[int]:
        """Narrow the variables of one equation; those that became narrower by a worthwhile amount."""
        equation = self.given.at(number)
        changed: list[int] = []
        if isinstance(equation, Range):
            spread = self.given.sigmas * equation.sigma
            ends = outward(equation.low - spread, equation.high + spread)
            self._keep(box, number, equation.unknown, meet(box.ends[equation.unknown], ends), changed)
        elif equation.function:
            self._revise_function(box, number, equation, changed)
        else:
            self._revise_sum(box, number, equation.relation, changed)
        return changed

    def _revise_sum(self, box: _Box, number: int, relation: str, changed: list[int]) -> None:
        terms = self.given.terms[number]
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

    def _size(self, term: Term, box: _Box) -> Interval | None:
        size = term.coefficient
        for variable, exponent in term.factors:
            raised = power(box.ends[variable], exponent)
            if raised is None:
                return None
            size = times(size, raised)
        return size

    def _revise_term(self, box: _Box, number: int, term: Term, needed: Interval, changed: list[int]) -> None:
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
        for variable in self.given.variables[number]:
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

    def _point(self, box: _Box, near: Point) -> Point | None:
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
        return next(filter(None, (self.given.solved(box.ends, start) for start in starts)), None)

    def _rounded(self, variable: int, value: float) -> float:
        return float(round(value)) if variable in self.system.whole else value


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


def _between(low: float, high: float, share: float) -> float:
    """A value so far along the way between the ends, in logarithms where both have one sign."""
    if low > 0:
        return min(max(math.exp(math.log(low) + share * (math.log(high) - math.log(low))), low), high)
    if high < 0:
        return -_between(-high, -low, 1 - share)
    return low + share * (high - low)


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
