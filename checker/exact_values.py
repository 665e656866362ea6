"""Values that propagation found in doubles → the same values exactly, where they are rational."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from checker.solution import Solution
from checker.terms import Monomial, NormalForm, Rational, rational_root

MAX_BITS = 10_000
"""How long an exact number may grow."""


class ExactValues:
    """The rational factors of values, worked out when asked for. `settled` are torn unknowns that exact
    elimination has found."""

    def __init__(self, solution: Solution) -> None:
        self.solution = solution
        self.system = solution.system
        self.found: dict[int, Fraction | None] = {}
        self.settled: dict[int, Fraction] = {}

    def forget(self) -> None:
        """A torn unknown was found: what was worked out with it as a symbol has changed."""
        self.found.clear()

    def of(self, unknown: int) -> Fraction | None:
        """The coefficient of an unknown's value exactly, where products of rationals give it."""
        waiting = [unknown]
        while waiting:
            one = waiting[-1]
            known = self.solution.known[one]
            if one in self.found:
                waiting.pop()
                continue
            if known.equation < 0:
                resolved = one in self.solution.torn_values
                self.found[one] = self.settled.get(one) if resolved else Fraction(1)
                continue
            unknowns = self.system.unknowns[known.equation]
            missing = [other for other in unknowns if other != one and other not in self.found]
            if missing:
                waiting += missing
            else:
                self.found[one] = self._from(known.equation, one)
        return self.found[unknown]

    def _from(self, index: int, unknown: int) -> Fraction | None:
        """What a product, or a sum of numbers that is linear in the unknown, gives for it."""
        equation = self.system.equations[index]
        assert isinstance(equation, NormalForm)
        if equation.row is not None:
            own = next(power for one, power in equation.row.unknowns if one == unknown)
            others = [pair for pair in equation.row.unknowns if pair[0] != unknown]
            rest = self.product(equation.row.number, equation.row.atoms, others)
            return _times_power(Fraction(1), rest, -1 / Fraction(own))
        slope, rest = Fraction(0), Fraction(0)
        for group in equation.groups:
            power = next((power for one, power in group.unknowns if one == unknown), 0)
            others = [pair for pair in group.unknowns if pair[0] != unknown]
            if power not in (0, 1) or any(self.solution.known[other].powers for other, _ in others):
                return None
            for factor, atoms in group.coefficient:
                size = self.product(factor, atoms, others)
                if size is None:
                    return None
                slope, rest = (slope + size, rest) if power else (slope, rest + size)
        return -rest / slope if slope else None

    def product(
        self, factor: Rational, atoms: Monomial, unknowns: Iterable[tuple[int, Rational]]
    ) -> Fraction | None:
        """factor · Π atom^power · Π value^power, where that is rational and not too long."""
        value: Fraction | None = Fraction(factor)
        if any(self.system.atoms[-1 - key].approximate for key, _ in atoms):
            return None
        for key, power in atoms:
            value = _times_power(value, self.system.atoms[-1 - key].number, power)
        for unknown, power in unknowns:
            value = _times_power(value, self.of(unknown), power)
        return value


def _times_power(value: Fraction | None, base: Fraction | None, power: Rational) -> Fraction | None:
    """value · base^power, where that is rational."""
    if value is None or base is None or (not base and power <= 0):
        return None
    if max(base.numerator.bit_length(), base.denominator.bit_length()) * abs(float(power)) > MAX_BITS:
        return None
    if Fraction(power).denominator == 1:
        return value * base ** Fraction(power).numerator
    root = rational_root(base, power) if base > 0 else None
    return None if root is None else value * root
