"""Equations in normal form → values with their reasons, and what redundant equations leave over.

An equation with one unknown left gives its value; one with none left gives a residual. Where no equation
has only one unknown left, an unknown is torn: it goes on as a symbol, and the equation that closes the loop
gives it back (tearing, as in equation-based simulation: Elmqvist & Otter 1994). Values are kept as sign and
logarithm, times powers of torn unknowns, so that products cost a sum and never overflow.
"""

from __future__ import annotations

import itertools
import math
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from checker.blocks import solutions
from checker.exact_values import ExactValues
from checker.functions import inverse_of, slope_of, value_of
from checker.grouping import overlapping
from checker.linear import CONSTANT, eliminate
from checker.linear import Row as LinearRow
from checker.solution import EQUAL, Known, Number, Powers, Residual, Resolved, Solution, quotient
from checker.structure import parts
from checker.sums import (
    Term,
    by_sign,
    classes,
    halves,
    remainder_of,
    shares,
    signed_sum,
    straddles,
    width_of,
)
from checker.terms import Monomial, NormalForm, Range, Rational, Row, System, simplest

ROUNDING = 3e-14
"""What a logarithm may be off by before terms cancel."""
MAX_WHOLE_TRIED = 400
"""How many whole numbers are tried for another to be whole as well."""
LARGEST_WHOLE = 36.0
"""The logarithm from which on every double is a whole number."""
MAX_LINEAR = 20_000
"""How many coefficients simultaneous linear equations may have."""


def propagate(
    system: System,
    equations: Iterable[int],
    first: Iterable[int] = (),
    prefer_torn: int | None = None,
    torn: Iterable[int] = (),
    tight: bool = False,
    wanted: Iterable[int] = (),
    shifts: Mapping[int, float] | None = None,
    zero: Iterable[int] = (),
    choices: Sequence[int] = (),
) -> Solution:
    """Solve `equations` as far as one unknown at a time, tearing, and linear algebra go.

    Those in `first` are used before the others, so that values rest on them where they can.
    `prefer_torn` is torn before any other unknown; `torn` are taken for symbols from the start.
    With `tight`, inequalities are solved as if they were equations. The unknowns `wanted` are worked out
    even where a contradiction could not depend on them. `shifts` moves the logarithms of atoms away from
    their nominal values. The unknowns in `zero` are taken to be zero, the limit of what is positive.
    Where equations have several solutions, `choices` says which to take, one number for each such place.
    """
    work = _Propagation(system, equations, first, prefer_torn, tight, wanted, shifts or {}, choices)
    return work.run(torn, zero)


class _Propagation:
    def __init__(
        self,
        system: System,
        equations: Iterable[int],
        first: Iterable[int],
        prefer_torn: int | None,
        tight: bool,
        wanted: Iterable[int],
        shifts: Mapping[int, float],
        choices: Sequence[int],
    ) -> None:
        self.system = system
        self.solution = Solution(system)
        self.known = self.solution.known
        self.prefer_torn = prefer_torn
        self.tight = tight
        self.shifts = shifts
        self.choices = choices
        self.undecided: set[int] = set()
        self.torn = 0
        self.several: set[int] = set()
        self.exactly = ExactValues(self.solution)
        self.compared: set[int] = set()
        self.unequal: set[int] = set()
        self.wanted = set(wanted)
        self.watched = self.wanted | system.whole
        self.first = set(first)
        self.equations_of: dict[int, list[int]] = {}
        self.ranges: list[int] = []
        self.missing: dict[int, int] = {}
        self.early: deque[int] = deque()
        self.late: deque[int] = deque()
        self.roots: deque[int] = deque()
        self.pending: dict[int, None] = {}
        for index in equations:
            unknowns = system.unknowns[index]
            equation = system.equations[index]
            if isinstance(equation, Range):
                self.ranges.append(index)
                self.watched |= unknowns
                continue
            if equation.relation != "=":
                self.watched |= unknowns
            for unknown in unknowns:
                self.equations_of.setdefault(unknown, []).append(index)
            self.missing[index] = len(unknowns)
            if len(unknowns) <= 1:
                self.queue(index)

    def run(self, torn: Iterable[int], zero: Iterable[int]) -> Solution:
        for unknown in zero:
            self.learn(unknown, Known(0, -math.inf, (), 0.0, -1, 0))
        for unknown in torn:
            self.learn(unknown, Known(1, 0.0, ((unknown, 1),), 0.0, -1, 0))
        self.drain()
        while True:
            if (chosen := self.to_tear()) is not None:
                self.torn += 1
                self.learn(chosen, Known(1, 0.0, ((chosen, 1),), 0.0, -1, 0))
            elif not self.solve_linear(last=True) and not self.solve_block():
                break
            self.drain()
        for index in sorted(self.unequal):
            self.compare_unequal(index)
        self.judge_pending()
        for index, missing in self.missing.items():
            if missing and self.equation(index).relation != "=":
                self.note_open(index, "a quantity in it is not determined")
        self.check_ranges()
        self.check_whole()
        return self.solution

    def pending_graph(self) -> dict[int, set[int]]:
        """The torn unknowns in each pending equation."""
        return {
            index: {torn for term in self.evaluate(index) for torn, _ in term.torn} for index in self.pending
        }

    def judge_pending(self) -> None:
        """What is left of simultaneous equations: not decided where there are enough of them to determine
        their torn unknowns, idle where something always stays free."""
        free = parts(self.pending_graph()).under
        for index in self.pending:
            if index in free:
                self.solution.idle.add(index)
            else:
                self.note_open(index, "its simultaneous equations are not solved")

    def equation(self, index: int) -> NormalForm:
        equation = self.system.equations[index]
        assert isinstance(equation, NormalForm)
        return equation

    def queue(self, index: int) -> None:
        (self.early if index in self.first else self.late).append(index)

    def drain(self) -> None:
        while True:
            while self.early or self.late:
                self.use(self.early.popleft() if self.early else self.late.popleft())
            if self.roots:
                self.use(self.roots.popleft(), root=True)
            elif not self.solve_linear():
                return

    def learn(self, unknown: int, known: Known) -> None:
        known.order = len(self.known)
        self.known[unknown] = known
        missing = self.missing
        for index in self.equations_of.get(unknown, ()):
            missing[index] -= 1
            if missing[index] <= 1 and index != known.equation:
                self.queue(index)

    def use(self, index: int, root: bool = False) -> None:
        """Take from an equation what it gives: a value, a residual, or nothing yet.

        One that gives its unknown by a root waits (`root`) until nothing simpler is left to do.
        """
        missing = self.missing[index]
        if missing <= 1 and self.roots_of_symbols(index):
            self.note_open(index, "a root in it may have either sign")
        elif missing == 0 and self.equation(index).relation != "=":
            self.unequal.add(index)
        elif missing == 0 and index not in self.compared:
            self.compare(index)
        elif missing == 1 and (self.tight or self.equation(index).relation == "="):
            unknown = next(u for u in self.system.unknowns[index] if u not in self.known)
            row = self.equation(index).row
            if row is None or root or abs(float(dict(row.unknowns)[unknown])) == 1:
                self.solve(index, unknown)
            else:
                self.roots.append(index)

    def roots_of_symbols(self, index: int) -> bool:
        """Whether the equation takes a root of a symbol whose sign is open: √t² is |t|, not t."""
        equation = self.equation(index)
        if equation.row is not None:
            return False
        return any(
            isinstance(power, Fraction)
            and (known := self.solution.value(unknown)) is not None
            and not self.torn_positive(known.powers)
            for group in equation.groups
            for unknown, power in group.unknowns
        )

    def note_open(self, index: int, why: str) -> None:
        self.solution.open[index] = why

    def note_several(self, index: int) -> None:
        self.note_open(index, "it may have several solutions")
        self.several.add(index)

    def leave(self, index: int, value: float, relation: str = "=") -> None:
        self.compared.add(index)
        self.solution.residuals.append(Residual({index: 1}, value, relation))

    # -------------------------------------------------------- one unknown left

    def solve(self, index: int, unknown: int) -> None:
        equation = self.equation(index)
        found: Known | None
        if equation.function:
            found = self.solve_function(index, equation, unknown)
        elif equation.row is not None:
            found = self.solve_row(index, equation.row, unknown)
        else:
            found = self.root(index, self.evaluate(index, unknown), unknown)
        if found is not None:
            self.solution.open.pop(index, None)
            self.learn(unknown, found)

    def solve_row(self, index: int, row: Row, unknown: int) -> Known:
        log, width, powers = self.sum_row(row, unknown)
        own = next(power for one, power in row.unknowns if one == unknown)
        return Known(1, -log / own, _scaled(powers, own), width / abs(float(own)), index, 0)

    def sum_row(self, row: Row, except_for: int = -1) -> tuple[float, float, dict[int, Rational]]:
        log, width = row.constant, self.system.row_width(row)
        if self.shifts:  # then every doubt is settled
            log, width = log + self.shift(row.atoms), 0.0
        powers: dict[int, Rational] = {}
        for other, power in row.unknowns:
            if other == except_for:
                continue
            known = self.solution.value(other)
            assert known is not None
            log += power * known.log
            width += abs(float(power)) * known.width
            for torn, inner in known.powers:
                powers[torn] = simplest(Fraction(powers.get(torn, 0) + power * inner))
        return log, width, {torn: power for torn, power in powers.items() if power}

    def root(self, index: int, terms: list[Term], unknown: int) -> Known | None:
        """The one value of `unknown` for which the terms add up to zero, if there is just one."""
        positive, nonnegative = self.system.positive[unknown], self.system.nonnegative[unknown]
        alike = classes(terms)
        sums = [(power, torn, *signed_sum(members)) for (power, torn), members in alike.items()]
        if any(sign == 0 for *_, sign, _ in sums):
            sums = [one for one in sums if one[2]]
        if not any(power for power, *_ in sums):
            self.note_open(index, "the unknown drops out of it")
            return None
        if len(sums) == 1:
            if not self.torn_positive(sums[0][1]):
                self.note_open(index, "it is not solved for the unknown left in it")
                return None
            if positive or sums[0][0] < 0:
                self.impossible(index, terms)
                return None
            self.weigh(index, [(term, 1.0) for term in terms])
            return Known(0, -math.inf, (), 0.0, index, 0)
        if not positive and min(power for power, *_ in sums) > 0:
            self.note_several(index)  # zero is one solution
            return None
        if len(sums) > 2:
            if positive and not any(torn for _, torn, *_ in sums):
                return self.descartes(index, terms, unknown)
            self.note_open(index, "it is not solved for the unknown left in it")
            return None
        (a, a_torn, a_sign, a_log), (b, b_torn, b_sign, b_log) = sums
        power = a - b
        if not power:
            self.note_open(index, "it is not solved for the unknown left in it")
            return None
        if any(one and not self.torn_positive(torn) for one, torn, *_ in sums):
            self.note_open(index, "it may be divided by zero")  # a·x + a·b = 0 holds for a = 0 as well
            return None
        sign, odd = -a_sign * b_sign, Fraction(power).denominator == 1 and power % 2 == 1
        if sign < 0 and (nonnegative or not odd):
            if self.torn_positive(a_torn, b_torn):
                self.wrong_sign(index, list(alike.values()))
            return None
        if not nonnegative and not odd:
            self.note_several(index)
            return None
        parts = list(alike.values())
        if any(straddles(part) for part in parts):
            self.note_open(index, "a difference in it may be zero within its doubt")
            return None
        mixed = any(term.sign != part[0].sign for part in parts for term in part)
        if mixed or not all(self.system.positive[u] for u in self.system.unknowns[index]):
            self.solution.differences.append(index)
        self.weigh(index, halves(parts[0], parts[1]))
        self.solution.remainders[index] = remainder_of(parts[0]) + remainder_of(parts[1])
        self.solution.blurs[index] = ROUNDING * sum(abs(share) for part in parts for share in shares(part))
        width = (sum(width_of(part) for part in parts) + self.solution.remainders[index]) / abs(float(power))
        torn = _scaled(_difference(b_torn, a_torn), -power)
        return Known(sign, (b_log - a_log) / float(power), torn, width, index, 0)

    def descartes(self, index: int, terms: list[Term], unknown: int) -> Known | None:
        """Descartes' rule of signs: no sign change, no positive root; one change, exactly one."""
        alike = sorted(classes(terms).items(), key=lambda item: item[0][0])
        sums = [(float(power), *signed_sum(members)) for (power, _), members in alike]
        changes = sum(one[1] != other[1] for one, other in itertools.pairwise(sums))
        if changes == 0:
            self.impossible(index, terms)
            return None
        if changes > 1:
            self.note_several(index)
            return None
        if any(straddles(members) for _, members in alike):
            self.note_open(index, "a difference in it may be zero within its doubt")
            return None

        def balance(log: float) -> float:
            top = max(size + power * log for power, _, size in sums)
            return sum(sign * math.exp(size + power * log - top) for power, sign, size in sums)

        low, high = -700.0, 700.0
        rising = sums[-1][1]
        if balance(low) * rising > 0 or balance(high) * rising < 0:
            self.note_open(index, "its solution is out of range")
            return None
        for _ in range(100):
            middle = (low + high) / 2
            low, high = (middle, high) if balance(middle) * rising < 0 else (low, middle)
        log = (low + high) / 2
        placed = [replace(term, log=term.log + float(term.power) * log) for term in terms]
        plus, minus = by_sign(placed)
        self.weigh(index, halves(plus, minus))
        self.solution.remainders[index] = math.inf if max(width_of(plus), width_of(minus)) else 0.0
        slope = abs(float(self.solution.rows[index][0][unknown])) or 1.0
        return Known(1, log, (), (width_of(plus) + width_of(minus)) / slope, index, 0)

    def solve_function(self, index: int, equation: NormalForm, unknown: int) -> Known | None:
        assert equation.function
        if unknown in equation.arguments:
            value = self.solution.number(equation.result) if equation.result != unknown else None
            result = None
            if value is not None and len(equation.arguments) == 1:
                result = inverse_of(equation.function, value)
        else:
            values = [self.solution.number(argument) for argument in equation.arguments]
            result = (
                value_of(equation.function, [v for v in values if v is not None])
                if None not in values
                else None
            )
        if result is None or not math.isfinite(result):
            self.note_open(index, f"'{equation.function}' gives no single value there")
            return None
        self.weigh_function(index, equation, {unknown: result})
        if (result < 0 and self.system.nonnegative[unknown]) or (
            not result and self.system.positive[unknown]
        ):
            self.leave(index, math.inf)
            return None
        slopes = self.solution.rows[index][0]
        self.solution.differences.append(index)
        doubted = any(known.width for u in self.system.unknowns[index] if (known := self.known.get(u)))
        self.solution.remainders[index] = math.inf if doubted else 0.0
        width = sum(abs(float(s)) * self.known[u].width for u, s in slopes.items() if u in self.known)
        log = math.log(abs(result)) if result else -math.inf
        own = abs(float(slopes[unknown])) or 1.0
        return Known((result > 0) - (result < 0), log, (), width / own, index, 0)

    # -------------------------------------------------------- no unknown left

    def compare(self, index: int) -> None:
        equation = self.equation(index)
        if equation.function:
            self.compare_function(index, equation)
        elif equation.row is not None:
            log, width, torn = self.sum_row(equation.row)
            if torn:
                self.resolve(index, torn, log, width)
            else:
                self.leave(index, log)
        else:
            self.compare_terms(index, equation, self.evaluate(index))

    def compare_terms(self, index: int, equation: NormalForm, terms: list[Term]) -> None:
        alike = {torn: members for (_, torn), members in classes(terms).items() if signed_sum(members)[0]}
        if not any(alike):
            self.compare_numbers(index, equation, terms)
        elif len(alike) == 1:
            plus, minus = by_sign(terms)
            if plus and minus and self.torn_positive(*alike):  # what is torn cancels
                self.compare_numbers(index, equation, terms)
            elif self.torn_positive(*alike):
                self.impossible(index, terms)
            else:
                self.pending[index] = None
        elif len(alike) > 2 or not self.torn_positive(*alike):
            self.pending[index] = None
        else:
            (one, other) = alike.values()
            (a_sign, a_log), (b_sign, b_log) = signed_sum(one), signed_sum(other)
            if a_sign == b_sign:
                self.wrong_sign(index, [one, other])
            elif straddles(one) or straddles(other):
                self.note_open(index, "a difference in it may be zero within its doubt")
            else:
                self.weigh(index, halves(one, other))
                self.solution.remainders[index] = remainder_of(one) + remainder_of(other)
                a_torn, b_torn = alike
                self.resolve(
                    index, _difference(a_torn, b_torn), a_log - b_log, width_of(one) + width_of(other)
                )

    def compare_unequal(self, index: int) -> None:
        """What an inequality leaves over; torn unknowns that nothing resolved stay in it."""
        equation = self.equation(index)
        if equation.row is not None:
            self.leave(index, self.sum_row(equation.row)[0], equation.relation)
            return
        terms = self.evaluate(index)
        plus, minus = by_sign(terms)
        products = len(classes(plus)) == len(classes(minus)) == 1
        torn = [term.torn for term in terms]
        if not any(torn) or (products and self.torn_positive(*torn)):
            self.compare_numbers(index, equation, terms)
        else:
            self.note_open(index, "a quantity in it is not determined")

    def compare_numbers(self, index: int, equation: NormalForm, terms: list[Term]) -> None:
        if not equation.groups:
            return  # an identity says nothing
        plus, minus = by_sign(terms)
        if not plus or not minus:
            self.weigh(index, [(term, 1.0) for term in terms])
            value = math.inf if plus else -math.inf if minus else 0.0
            self.leave(index, value, equation.relation)
            return
        self.weigh(index, halves(plus, minus))
        value = signed_sum(plus)[1] - signed_sum(minus)[1]
        self.solution.remainders[index] = remainder_of(plus) + remainder_of(minus)
        self.leave(index, value, equation.relation)

    def compare_function(self, index: int, equation: NormalForm) -> None:
        assert equation.function
        values = [self.solution.number(argument) for argument in equation.arguments]
        result = self.solution.number(equation.result)
        found = (
            value_of(equation.function, [v for v in values if v is not None]) if None not in values else None
        )
        if found is None or result is None or not math.isfinite(found):
            self.note_open(index, f"'{equation.function}' has no value there")
            return
        self.weigh_function(index, equation, {})
        doubted = any(self.known[u].width for u in self.system.unknowns[index])
        self.solution.remainders[index] = math.inf if doubted else 0.0
        slopes = self.solution.rows[index][0]
        self.solution.blurs[index] = ROUNDING * sum(abs(float(slope)) for slope in slopes.values())
        if found * result > 0:
            self.leave(index, math.log(result / found))
        else:
            self.leave(index, math.inf if abs(found - result) > EQUAL else 0.0)

    def check_ranges(self) -> None:
        for index in self.ranges:
            bounds = self.system.equations[index]
            assert isinstance(bounds, Range)
            known = self.solution.value(bounds.unknown)
            if known is None or known.powers:
                self.note_open(index, "nothing else determines it")
                continue
            self.solution.rows[index] = {bounds.unknown: 1}, {}
            self.leave(index, 0.0, "in")

    def check_whole(self) -> None:
        alike: dict[Powers, Known] = {}  # the first of those that are powers of one product of symbols
        for unknown in self.system.whole:
            known = self.solution.value(unknown)
            if known is None:
                continue
            if known.powers:  # at least it is 1 or more
                self.solution.residuals.append(Residual({}, known.log, ">=", unknown, 1))
                direction = _direction(known.powers)
                other = alike.setdefault(direction, known)
                if known.equation >= 0 and not _may_be_whole(known, other):
                    self.note_open(known.equation, "whether there are such whole numbers is left open")
                continue
            nearest = max(1, round(math.exp(min(known.log, LARGEST_WHOLE))))
            value = known.log - math.log(nearest)
            self.solution.residuals.append(Residual({}, value, "whole", unknown, nearest))

    def wrong_sign(self, index: int, sides: list[list[Term]]) -> None:
        """Two parts of an equation have the same sign and cannot balance: one that is a difference would have
        to come out with the other sign, which is an inequality between its halves."""
        for part in reversed(sides):
            plus, minus = by_sign(part)
            if plus and minus:
                if signed_sum(part)[0] < 0:
                    plus, minus = minus, plus
                self.weigh(index, halves(plus, minus))
                self.solution.remainders[index] = remainder_of(plus) + remainder_of(minus)
                self.leave(index, signed_sum(plus)[1] - signed_sum(minus)[1], "<")
                return
        self.impossible(index, [term for part in sides for term in part])

    def impossible(self, index: int, terms: list[Term]) -> None:
        """No value with the declared sign satisfies the equation."""
        plus, minus = by_sign(terms)
        self.weigh(index, halves(plus, minus) if plus and minus else [(term, 1.0) for term in terms])
        self.leave(index, math.inf, "sign")

    # -------------------------------------------------------- torn unknowns

    def torn_positive(self, *torn: Powers) -> bool:
        return all(self.system.positive[one] for powers in torn for one, _ in powers)

    def resolve(self, index: int, torn: Mapping[int, Rational], log: float, width: float) -> None:
        """log + Σ power·log(torn) = 0 gives the torn unknown that came last in terms of the others."""
        chosen = max(torn, key=lambda one: (one != self.prefer_torn, self.known[one].order))
        own = torn[chosen]
        rest = {one: power for one, power in torn.items() if one != chosen}
        found = Known(1, -log / own, _scaled(rest, own), width / abs(float(own)), index, 0)
        self.compared.add(index)
        self.found_torn(chosen, found, {index: quotient(1, own)})

    def found_torn(self, torn: int, value: Known, multipliers: dict[int, Number]) -> None:
        self.exactly.forget()
        self.solution.torn_values[torn] = value
        self.solution.resolved.append(Resolved(torn, multipliers))
        waiting, self.pending = list(self.pending), {}
        for index in waiting:
            self.queue(index)
        for index in [i for i in self.solution.open if self.missing.get(i, 2) <= 1]:
            del self.solution.open[index]
            self.queue(index)

    def to_tear(self) -> int | None:
        """The unknown to go on with as a symbol: one that several unused equations speak of."""
        unused = {
            index
            for index, missing in self.missing.items()
            if (missing >= 2 or (missing and index in self.solution.open))
            and self.equation(index).relation == "="
        }
        degree: dict[int, int] = {}
        for index in unused:
            for unknown in self.system.unknowns[index]:
                if unknown not in self.known:
                    degree[unknown] = degree.get(unknown, int(unknown in self.watched)) + 1
                    degree[unknown] += index in self.several  # it may have none
        # an unknown that only one unused equation speaks of settles that equation, whatever it says
        leaves = [unknown for unknown, count in degree.items() if count == 1]
        while leaves:
            unknown = leaves.pop()
            index = next((i for i in self.equations_of[unknown] if i in unused), -1)
            if index < 0 or not self.settles(unknown, index, degree):
                continue
            unused.discard(index)
            self.solution.idle.add(index)
            for other in self.system.unknowns[index]:
                if other in degree:
                    degree[other] -= 1
                    if degree[other] == 1:
                        leaves.append(other)
        candidates = {u for i in unused for u in self.system.unknowns[i] if u not in self.known}
        self.solution.idle -= unused
        if not candidates:
            return self.in_inequality()
        if self.prefer_torn in candidates:
            return self.prefer_torn
        fewest = min(unused, key=lambda i: (self.missing[i], i))
        inside = [u for u in self.system.unknowns[fewest] if u in candidates]
        return max(inside, key=lambda u: (u not in self.wanted, self.system.positive[u], degree[u], -u))

    def in_inequality(self) -> int | None:
        """An unknown that only inequalities are left to speak of."""
        for index, missing in self.missing.items():
            if missing and self.equation(index).relation != "=" and not self.tight:
                for unknown in sorted(self.system.unknowns[index]):
                    if unknown not in self.known and self.system.positive[unknown]:
                        return unknown
        return None

    def settles(self, unknown: int, index: int, degree: Mapping[int, int]) -> bool:
        """Whether an unknown that only this equation speaks of can satisfy it whatever the others are.

        In a product it can; in a sum the sign it must have may forbid it, unless another such unknown pulls
        the other way.
        """
        equation = self.equation(index)
        if equation.row is not None or equation.function:
            return True
        signs = set()
        for group in equation.groups:
            if len(group.unknowns) == 1 and group.unknowns[0][1] == 1 and len(group.coefficient) == 1:
                ((one, _),) = group.unknowns
                if one == unknown and not self.system.nonnegative[one]:
                    return True
                if degree.get(one) == 1:
                    signs.add(group.coefficient[0][0] > 0)
        return len(signs) == 2

    def solve_linear(self, last: bool = False) -> bool:
        """Eliminate among the pending equations that are linear in torn unknowns, exactly where their
        coefficients are. True if that found any of them. Before the `last` time, only where there are as many
        equations as unknowns: more may come."""
        if not last and len(self.pending) < self.torn - len(self.solution.torn_values):
            return False
        rows = {index: row for index in self.pending if (row := self.linear(index)) is not None}
        if not last:
            rows = _as_many_as_unknowns(rows)
        if not rows or sum(map(len, rows.values())) > MAX_LINEAR:
            return False
        exact = {index: self.exact_linear(index, row) for index, row in rows.items()}
        precise = None not in exact.values()
        try:
            found = eliminate([(i, (exact if precise else rows)[i] or {}) for i in rows], precise)
        except OverflowError:
            found = eliminate(rows.items(), False)
        for left in found.left:
            own = next(iter(left.combination))  # the others go on without it
            self.leave_over(left.combination, left.entries.get(CONSTANT, 0), {own}, exact=left.exact)
        settled = {torn: row for torn, row in found.pivots.items() if row.unknowns() == [torn]}
        return self.take_linear(settled, found.own)

    def linear(self, index: int) -> dict[int, float] | None:
        row: dict[int, float] = {}
        for (_, torn), members in classes(self.evaluate(index)).items():
            if torn and (len(torn) > 1 or torn[0][1] != 1):
                return None
            sign, log = signed_sum(members)
            row[torn[0][0] if torn else CONSTANT] = sign * math.exp(min(log, 700.0))
        return row if any(row.values()) else None

    def exact_linear(self, index: int, row: Mapping[int, float]) -> dict[int, Fraction] | None:
        """The same with exact coefficients, None where they are not."""
        torn = [key for key in row if key != CONSTANT]
        found = self.polynomial(index, torn)
        if found is None:
            return None
        return {
            next((one for one, power in zip(torn, exponents, strict=True) if power), CONSTANT): factor
            for exponents, factor in found.items()
        }

    def take_linear(self, settled: Mapping[int, LinearRow], own: Mapping[int, int]) -> bool:
        """Keep the torn unknowns that elimination settled; the equation each one came from is used up."""
        used = {index for row in settled.values() for index in row.combination}
        breadth = {index: self.breadth(index) for index in used}
        found: list[tuple[int, Known, LinearRow]] = []
        for torn, row in settled.items():
            constant = row.entries.get(CONSTANT, 0)
            value = float(
                Fraction(-constant, row.entries[torn]) if row.exact else -constant / row.entries[torn]
            )
            if (value < 0 and self.system.nonnegative[torn]) or (not value and self.system.positive[torn]):
                self.leave_over(row.combination, math.inf, row.combination, "sign")
                continue
            if row.exact:
                self.exactly.settled[torn] = Fraction(-constant, row.entries[torn])
            log = math.log(abs(value)) if value else -math.inf
            sign = (value > 0) - (value < 0)
            width = max((breadth[index] for index in row.combination), default=0.0)
            found.append((torn, Known(sign, log, (), width, next(iter(row.combination)), 0), row))
        for torn, known, _ in found:
            self.solution.torn_values[torn] = known
        scales = {index: self.weigh_linear(index) for index in used}
        self.solution.remainders |= {index: math.inf if breadth[index] else 0.0 for index in scales}
        for torn, known, row in found:
            multipliers: dict[int, Number] = {}
            size = math.exp(known.log) * known.sign if known.sign else 1.0
            for index, times in row.combination.items():
                multipliers[index] = (
                    float(Fraction(times) / Fraction(row.entries[torn])) * scales[index] / size
                )
            self.pending.pop(own[torn], None)
            self.compared.add(own[torn])
            self.found_torn(torn, known, multipliers)
        return bool(found)

    def breadth(self, index: int) -> float:
        return max((term.width for term in self.evaluate(index)), default=0.0)

    def leave_over(
        self,
        combination: Mapping[int, float],
        constant: float,
        used_up: Iterable[int],
        relation: str = "=",
        exact: bool = False,
    ) -> None:
        """A combination of equations in which every torn unknown cancels leaves this constant."""
        multipliers: dict[int, Number] = {}
        largest = max(map(abs, combination.values()), default=1)
        if not math.isinf(constant):
            constant = float(Fraction(constant) / Fraction(largest))
        for index, times in combination.items():
            multipliers[index] = float(Fraction(times) / Fraction(largest)) * self.weigh_linear(index)
            breadth = self.breadth(index)
            self.solution.remainders[index] = math.inf if breadth else 0.0
            exact &= not breadth
        scale = max((abs(float(times)) for times in multipliers.values()), default=1.0) or 1.0
        multipliers = {index: float(times) / scale for index, times in multipliers.items()}
        for index in used_up:
            self.pending.pop(index, None)
            self.compared.add(index)
        self.solution.residuals.append(Residual(multipliers, constant / scale, relation, exact=exact))

    # -------------------------------------------------------- polynomial blocks

    def solve_block(self) -> bool:
        """Solve one set of pending polynomial equations that has enough of them; False if none is left."""
        graph = self.pending_graph()
        free = parts(graph).under
        candidates = [index for index in graph if index not in free and index not in self.undecided]
        for group in overlapping([graph[index] for index in candidates]):
            block = [candidates[number] for number in group]
            torn = sorted(set().union(*(graph[index] for index in block)))
            exact = [self.polynomial(index, torn) for index in block]
            self.undecided.update(block)
            if any(one is None for one in exact):
                continue
            positive = [self.system.positive[one] for one in torn]
            nonnegative = [self.system.nonnegative[one] for one in torn]
            polynomials = [one for one in exact if one is not None]
            found = solutions(polynomials, nonnegative, positive)
            if found is None:
                continue
            if not found:
                unsigned = [False] * len(torn)
                self.leave_block(block, "sign" if solutions(polynomials, unsigned, unsigned) else "=")
            else:
                self.take_block(block, torn, found[self.choose(len(found), block)])
            return True
        return False

    def leave_block(self, block: list[int], relation: str) -> None:
        """These equations have no common solution with the declared signs."""
        for index in block:
            self.weigh_linear(index)
            self.pending.pop(index, None)
        self.compared.update(block)
        self.solution.residuals.append(Residual(dict.fromkeys(block, 1), math.inf, relation))

    def choose(self, count: int, equations: list[int]) -> int:
        """Which of several solutions to go on with: the one the caller's choices name, else the first."""
        if count < 2:
            return 0
        place = len(self.solution.options)
        chosen = self.choices[place] if place < len(self.choices) else 0
        self.solution.options.append(count)
        self.solution.branching += equations
        return chosen if chosen < count else 0

    def polynomial(self, index: int, torn: list[int]) -> dict[tuple[int, ...], Fraction] | None:
        """A pending equation with exact coefficients over torn unknowns; None where they are not exact."""
        groups = self.equation(index).groups
        terms: list[tuple[list[Rational], Fraction]] = []
        for term in self.evaluate(index):
            group = groups[term.group]
            factor, atoms = group.coefficient[term.member]
            coefficient = self.exactly.product(factor, atoms, group.unknowns)
            if coefficient is None or term.width:
                return None
            power_of = dict(term.torn)
            terms.append(([power_of.get(one, 0) for one in torn], coefficient))
        lowest = [min(powers[i] for powers, _ in terms) for i in range(len(torn))]
        total: dict[tuple[int, ...], Fraction] = {}
        for powers, factor in terms:
            shifted = [Fraction(power - min(low, 0)) for power, low in zip(powers, lowest, strict=True)]
            if any(power.denominator != 1 for power in shifted):
                return None
            exponents = tuple(power.numerator for power in shifted)
            total[exponents] = total.get(exponents, Fraction(0)) + factor
        return {exponents: factor for exponents, factor in total.items() if factor}

    def take_block(self, block: list[int], torn: list[int], values: tuple[float, ...]) -> None:
        """Keep one solution of a block."""
        for one, value in zip(torn, values, strict=True):
            log = math.log(abs(value)) if value else -math.inf
            sign = (value > 0) - (value < 0)
            self.solution.torn_values[one] = Known(sign, log, (), 0.0, block[0], 0)
        slopes = {index: self.torn_slopes(index, torn) for index in block}
        combinations = {one: _combination(slopes, torn, one) for one in torn}
        for index in {index for combination in combinations.values() for index in combination}:
            self.pending.pop(index, None)
            self.compared.add(index)
        for one in torn:
            self.found_torn(one, self.solution.torn_values[one], combinations[one])

    def torn_slopes(self, index: int, torn: list[int]) -> list[float]:
        """How an equation's logarithm changes with those of torn unknowns that have just been found."""
        before = {one: self.solution.torn_values.pop(one) for one in torn}
        terms = self.evaluate(index)
        self.solution.torn_values |= before
        placed = []
        for term in terms:
            log = term.log + sum(float(power) * before[one].log for one, power in term.torn if one in before)
            placed.append((term, log))
        top = max((log for _, log in placed), default=0.0)
        self.weigh(index, [(term, term.sign * math.exp(log - top)) for term, log in placed])
        return [
            sum(term.sign * math.exp(log - top) * float(dict(term.torn).get(one, 0)) for term, log in placed)
            for one in torn
        ]

    # -------------------------------------------------------- evaluating

    def shift(self, atoms: Monomial) -> float:
        return sum(float(power) * self.shifts.get(-1 - key, 0.0) for key, power in atoms)

    def evaluate(self, index: int, unknown: int = -1) -> list[Term]:
        """The addends of an equation with everything known put in; those that are zero left out."""
        terms = []
        for number, group in enumerate(self.equation(index).groups):
            sign, log, width = 1, 0.0, 0.0
            power: Rational = 0
            torn: dict[int, Rational] = {}
            for one, exponent in group.unknowns:
                if one == unknown:
                    power = exponent
                    continue
                known = self.solution.value(one)
                assert known is not None
                sign *= known.sign if exponent % 2 else known.sign * known.sign
                if not known.sign:
                    continue
                log += exponent * known.log
                width += abs(float(exponent)) * known.width
                for inner, inner_power in known.powers:
                    torn[inner] = simplest(Fraction(torn.get(inner, 0) + inner_power * exponent))
            if not sign:
                continue
            powers = tuple(sorted((one, exponent) for one, exponent in torn.items() if exponent))
            for member, (factor, size, spread) in enumerate(self.system.coefficients[index][number]):
                if self.shifts:
                    size, spread = size + self.shift(group.coefficient[member][1]), 0.0
                terms.append(Term(sign * factor, log + size, width + spread, power, powers, number, member))
        return terms

    def weigh(self, index: int, weighted: list[tuple[Term, float]]) -> None:
        """Keep how the logarithm of an equation changes with its unknowns and atoms: a term of weight w adds
        w times its exponents. Weights may differ from call to call by a common factor."""
        unknowns: dict[int, Number] = dict.fromkeys(self.system.unknowns[index], 0)
        atoms: dict[int, Number] = {}
        groups = self.equation(index).groups
        for term, weight in weighted:
            times = _whole(weight)
            group = groups[term.group]
            for unknown, power in group.unknowns:
                unknowns[unknown] += times * power
            for key, power in group.coefficient[term.member][1]:
                atoms[-1 - key] = atoms.get(-1 - key, 0) + times * power
        before = self.solution.rows.get(index)
        self.solution.rows[index] = unknowns, atoms
        if before is not None:  # what was resolved with the row as it was stays the same combination
            top = max(unknowns, key=lambda one: abs(float(unknowns[one])))
            if before[0].get(top) and unknowns[top]:
                factor = quotient(before[0][top], unknowns[top])
                for resolved in self.solution.resolved:
                    if index in resolved.multipliers:
                        resolved.multipliers[index] *= factor

    def weigh_linear(self, index: int) -> float:
        """`weigh` with every term against the largest one, whose size is returned."""
        terms = self.evaluate(index)
        top = max((term.log for term in terms), default=0.0)
        self.weigh(index, [(term, term.sign * math.exp(term.log - top)) for term in terms])
        return math.exp(min(top, 700.0))

    def weigh_function(self, index: int, equation: NormalForm, new: Mapping[int, float]) -> None:
        """result = f(arguments) near the values at hand, in logarithms."""

        def at(unknown: int) -> float:
            return new[unknown] if unknown in new else self.solution.number(unknown) or 0.0

        assert equation.function
        values = [at(argument) for argument in equation.arguments]
        result = at(equation.result)
        row: dict[int, Number] = {equation.result: 1.0}
        for position, argument in enumerate(equation.arguments):
            slope = slope_of(equation.function, values, position)
            scaled = -slope * values[position] / result if result and slope is not None else -1.0
            # an argument without influence here is a reason all the same
            row[argument] = row.get(argument, 0) + (scaled if math.isfinite(scaled) and scaled else -1e-9)
        self.solution.rows[index] = row, {}


def _as_many_as_unknowns(rows: Mapping[int, dict[int, float]]) -> dict[int, dict[int, float]]:
    """The linear equations in parts, tied by their unknowns, with no more unknowns than equations."""
    unknowns = {index: [key for key in row if key != CONSTANT] for index, row in rows.items()}
    found: dict[int, dict[int, float]] = {}
    indexes = list(rows)
    for group in overlapping(list(unknowns.values())):
        inside = [indexes[number] for number in group]
        if len(inside) >= len({unknown for index in inside for unknown in unknowns[index]}):
            found |= {index: rows[index] for index in inside}
    return found


def _combination(slopes: Mapping[int, list[float]], torn: list[int], wanted: int) -> dict[int, Number]:
    """Multipliers of equations that add up to a slope of 1 with one torn unknown and 0 with the others."""
    indexes = list(slopes)
    rows = [[*(slopes[index][j] for index in indexes), float(one == wanted)] for j, one in enumerate(torn)]
    pivots: list[tuple[int, int]] = []
    for column in range(len(indexes)):
        free = [i for i in range(len(rows)) if all(i != row for row, _ in pivots)]
        best = max(free, key=lambda i: abs(rows[i][column]), default=-1)
        if best < 0 or abs(rows[best][column]) < 1e-12:
            continue
        pivots.append((best, column))
        for other in range(len(rows)):
            if other != best and rows[other][column]:
                factor = rows[other][column] / rows[best][column]
                rows[other] = [a - factor * b for a, b in zip(rows[other], rows[best], strict=True)]
    return {indexes[column]: rows[row][-1] / rows[row][column] for row, column in pivots}


def _direction(powers: Powers) -> Powers:
    """The powers as multiples of the first: alike for all powers of one product."""
    first = Fraction(powers[0][1])
    return tuple((torn, simplest(Fraction(power) / first)) for torn, power in powers)


def _may_be_whole(known: Known, other: Known) -> bool:
    """Whether both, powers of one product of symbols, can be whole numbers, as far as small ones tell."""
    ratio = float(Fraction(known.powers[0][1]) / Fraction(other.powers[0][1]))
    width = known.width + abs(ratio) * other.width + EQUAL
    for number in range(1, MAX_WHOLE_TRIED + 1):
        log = known.log + ratio * (math.log(number) - other.log)
        if log > LARGEST_WHOLE or abs(log - math.log(max(1, round(math.exp(log))))) <= width:
            return True
    return False


def _whole(weight: float) -> Number:
    """Weights ±1 as integers, so that exact rows stay exact."""
    return int(weight) if weight in (1.0, -1.0) else weight


def _difference(one: Powers, other: Powers) -> dict[int, Rational]:
    found = dict(one)
    for torn, power in other:
        found[torn] = simplest(Fraction(found.get(torn, 0)) - power)
    return {torn: power for torn, power in found.items() if power}


def _scaled(powers: Mapping[int, Rational], own: Rational) -> Powers:
    """The exponents of −powers/own."""
    return (
        tuple(sorted((torn, simplest(-Fraction(power) / own)) for torn, power in powers.items()))
        if powers
        else ()
    )
