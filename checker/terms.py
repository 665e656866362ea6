"""Grounded claims → equations in normal form: sums of products of powers over numbered unknowns.

A law is nearly always a product of powers once what is known is merged (2 − 1/4 = 7/4), so this form is
what the algebra works on. Everything whose value comes from outside (a constant, a parameter, a given
number, the slack of a model) is an atom: it carries the doubt, and its exponents in an equation are the
sensitivities. Numbers are exact rationals, never factored.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from checker.expression import Call, Expression, Name, Number, Power, Product, Sum
from checker.model import Claim, Equates, Gives, Grounded, Quantizes
from checker.value import Value, absolute, rounding

Rational = int | Fraction
"""Whole numbers stay ints: they are several times as fast."""
Monomial = tuple[tuple[int, Rational], ...]
"""Sorted (id, exponent) pairs; ids from 0 are unknowns, −1 − a is atom a."""
Polynomial = dict[Monomial, Rational]

ONE: Monomial = ()
MAX_TERMS = 2_000
MAX_EXPONENT = 200


class TooLargeError(ValueError):
    """An equation whose normal form is too large to be worth having."""


@dataclass(frozen=True, slots=True)
class Atom:
    """A positive value from outside. `log` is the logarithm of its nominal value; the true one lies between
    log + low and log + high, shifted by a relative standard deviation `sigma`. `name` is a constant's or
    parameter's name, None for a number that somebody stated and "" for a slack around 1. `number` is the
    exact nominal value, or a double near it where that is irrational (`approximate`)."""

    name: str | None
    number: Fraction
    log: float
    low: float = 0.0
    high: float = 0.0
    sigma: float = 0.0
    approximate: bool = False

    @property
    def in_doubt(self) -> bool:
        return bool(self.low or self.high or self.sigma)


Coefficient = tuple[tuple[Rational, Monomial], ...]
"""A sum of rational multiples of products of atoms."""


@dataclass(frozen=True, slots=True)
class Group:
    """The terms of an equation that share one product of unknowns."""

    unknowns: Monomial
    coefficient: Coefficient


@dataclass(frozen=True, slots=True)
class Row:
    """A two-group equation in logarithms: Σ exponent·log(unknown) + Σ exponent·log(atom) + log(number) = 0.
    `constant` is all but the first sum."""

    unknowns: Monomial
    atoms: Monomial
    number: Fraction
    constant: float


@dataclass(frozen=True, slots=True)
class NormalForm:
    """One relation of a claim: the sum of `groups` compared with zero by `relation` (= < <= > >=).

    `row` is its logarithmic form where it has exactly two groups with one atom product each and opposite
    signs. With `function` set, the equation is unknown = function(arguments) instead. `claim` is the index of
    the claim it belongs to.
    """

    claim: int
    relation: str
    groups: tuple[Group, ...]
    row: Row | None
    function: str | None = None
    result: int = -1
    arguments: tuple[int, ...] = ()

    def unknowns(self) -> set[int]:
        if self.function:
            return {self.result, *self.arguments}
        if self.row is not None:  # what stands on both sides has cancelled
            return {unknown for unknown, _ in self.row.unknowns}
        return {unknown for group in self.groups for unknown, _ in group.unknowns}


@dataclass(frozen=True, slots=True)
class Range:
    """The unknown lies between `low` and `high` in coherent SI units; `sigma` widens both ends."""

    claim: int
    unknown: int
    low: float
    high: float
    sigma: float

    def unknowns(self) -> set[int]:
        return {self.unknown}


class System:
    """All equations of a grounded scenario.

    `positive[i]` tells whether unknown i is known to be > 0, `nonnegative[i]` ≥ 0; `whole` are the unknowns
    that must be whole numbers ≥ 1. `names[i]` is None for an unknown that only serves an equation.
    `unknowns` lists those of each equation, `coefficients` the (sign, logarithm, width of doubt) of each
    group's members; `doubts` are the doubted atoms in each equation, `in_doubt` the equations with any,
    `too_large` the claims that have no normal form, and why.
    """

    def __init__(self, compiler: _Compiler) -> None:
        self.names = tuple(compiler.names)
        self.positive = tuple(compiler.positive)
        self.nonnegative = tuple(compiler.nonnegative)
        self.whole = frozenset(compiler.whole)
        self.atoms = tuple(compiler.atoms)
        self.equations = tuple(compiler.equations)
        self.too_large = compiler.too_large
        self.index = compiler.index
        self.unknowns = tuple(equation.unknowns() for equation in self.equations)
        self.coefficients = tuple(
            [[self._size(member) for member in group.coefficient] for group in equation.groups]
            if isinstance(equation, NormalForm) and equation.row is None
            else []
            for equation in self.equations
        )
        self.doubts = tuple(self._doubts(equation) for equation in self.equations)
        self.in_doubt = frozenset(
            i for i, equation in enumerate(self.equations) if self.doubts[i] or isinstance(equation, Range)
        )
        self.of_claim: dict[int, list[int]] = {}
        for index, equation in enumerate(self.equations):
            self.of_claim.setdefault(equation.claim, []).append(index)

    def _doubts(self, equation: NormalForm | Range) -> frozenset[int]:
        """Its stated values and slacks that are in doubt; constants are known well enough not to count."""
        if isinstance(equation, Range):
            return frozenset()
        keys = {key for group in equation.groups for _, atoms in group.coefficient for key, _ in atoms}
        return frozenset(key for key in keys if not (atom := self.atoms[-1 - key]).name and atom.in_doubt)

    def is_uncertain(self, index: int) -> bool:
        """Whether a stated value in it has a standard deviation."""
        equation = self.equations[index]
        if isinstance(equation, Range):
            return bool(equation.sigma)
        return any(self.atoms[-1 - key].sigma for key in self.doubts[index])

    def is_inequality(self, index: int) -> bool:
        equation = self.equations[index]
        return isinstance(equation, NormalForm) and equation.relation != "="

    def _size(self, member: tuple[Rational, Monomial]) -> tuple[int, float, float]:
        factor, atoms = member
        log = log_of(factor if factor > 0 else -factor) + sum(
            float(power) * self.atoms[-1 - key].log for key, power in atoms
        )
        return (1 if factor > 0 else -1), log, self._width(atoms)

    def row_width(self, row: Row) -> float:
        """How far rounding and bounds of its atoms can move a row."""
        return self._width(row.atoms)

    def _width(self, atoms: Monomial) -> float:
        return sum(
            abs(float(power)) * max(-self.atoms[-1 - key].low, self.atoms[-1 - key].high)
            for key, power in atoms
        )


def system(grounded: Grounded, claims: Sequence[Claim] | None = None) -> System:
    """The normal form of every equation in `claims` (by default all of `grounded`)."""
    compiler = _Compiler(grounded)
    for index, claim in enumerate(grounded.claims if claims is None else claims):
        mark = len(compiler.equations)
        try:
            compiler.claim(index, claim)
        except (TooLargeError, OverflowError, ZeroDivisionError) as error:
            del compiler.equations[mark:]
            compiler.too_large[index] = str(error) or type(error).__name__
    return compiler.result()


def log_of(number: Rational) -> float:
    """ln of a positive rational of any size."""
    return math.log(number.numerator) - math.log(number.denominator)


# ---------------------------------------------------------------- polynomials


_UNIT: Polynomial = {ONE: 1}


def simplest(value: Fraction | int) -> Rational:
    return value.numerator if value.denominator == 1 else value


def times(one: Monomial, other: Monomial) -> Monomial:
    if not one or not other:
        return one or other
    merged = dict(one)
    for key, exponent in other:
        merged[key] = merged.get(key, 0) + exponent
    return tuple(sorted((key, simplest(exponent)) for key, exponent in merged.items() if exponent))


def to_power(monomial: Monomial, exponent: Rational) -> Monomial:
    if exponent == -1:
        return tuple((key, -one) for key, one in monomial)
    powered = tuple((key, simplest(one * exponent)) for key, one in monomial)
    if any(abs(float(one)) > MAX_EXPONENT for _, one in powered):
        raise TooLargeError("an exponent is too large")
    return powered


def add(one: Polynomial, other: Polynomial) -> Polynomial:
    total = dict(one)
    for monomial, coefficient in other.items():
        total[monomial] = total.get(monomial, 0) + coefficient
        if not total[monomial]:
            del total[monomial]
    return total


def multiply(one: Polynomial, other: Polynomial) -> Polynomial:
    if len(one) * len(other) > MAX_TERMS:
        raise TooLargeError("it has too many terms when multiplied out")
    if one == _UNIT or other == _UNIT:
        return other if one == _UNIT else one
    total: Polynomial = {}
    for left, a in one.items():
        for right, b in other.items():
            monomial = times(left, right)
            total[monomial] = total.get(monomial, 0) + a * b
    return {monomial: coefficient for monomial, coefficient in total.items() if coefficient}


def negative(one: Polynomial) -> Polynomial:
    return {monomial: -coefficient for monomial, coefficient in one.items()}


def rational_root(number: Rational, exponent: Rational) -> Fraction | None:
    """number ** exponent for a positive rational, where that is rational again."""
    exponent = Fraction(exponent)
    if exponent.denominator == 1:
        if max(number.numerator.bit_length(), number.denominator.bit_length()) * abs(exponent) > 10_000:
            raise TooLargeError("a power is too large")
        return Fraction(number) ** exponent.numerator
    roots = []
    for part in (number.numerator, number.denominator):
        root = round(part ** (1 / exponent.denominator)) if part.bit_length() < 900 else 0
        if root**exponent.denominator != part:
            return None
        roots.append(root)
    return rational_root(Fraction(*roots), exponent.numerator)


class _Compiler:
    """Collects unknowns, atoms and equations while it walks the claims."""

    def __init__(self, grounded: Grounded) -> None:
        self.grounded = grounded
        self.names: list[Name | None] = []
        self.positive: list[bool] = []
        self.nonnegative: list[bool] = []
        self.whole: set[int] = set()
        self.atoms: list[Atom] = []
        self.equations: list[NormalForm | Range] = []
        self.too_large: dict[int, str] = {}
        self.index: dict[tuple[str, ...], int] = {}
        self.shared: dict[str, Polynomial] = {}
        self.defaults: dict[tuple[str, ...], Polynomial] = {}
        self.default_atoms: dict[int, Polynomial] = {}
        self.current = 0

    def result(self) -> System:
        return System(self)

    def claim(self, index: int, claim: Claim) -> None:
        self.current = index
        for relation in claim.relations:
            match relation:
                case Equates(left, comparison, right, within, _):
                    right_side = self.polynomial(right)
                    if within:
                        right_side = multiply(right_side, self.slack(within))
                    self.equation(add(self.polynomial(left), negative(right_side)), comparison)
                case Quantizes(of, quantum, number, _):
                    whole = self.unknown(None, positive=True)
                    self.whole.add(whole)
                    unit = Fraction(1, 2) if number == "half-whole" else 1
                    quanta = multiply({((whole, 1),): unit}, self.polynomial(quantum))
                    self.equation(add(self.polynomial(of), negative(quanta)))
                case Gives(of, value, status):
                    self.given(of, value, status)

    # -------------------------------------------------------- unknowns and atoms

    def unknown(self, name: Name | None, positive: bool, nonnegative: bool = False) -> int:
        self.names.append(name)
        self.positive.append(positive)
        self.nonnegative.append(positive or nonnegative)
        return len(self.names) - 1

    def atom(self, atom: Atom) -> Polynomial:
        self.atoms.append(atom)
        return {((-len(self.atoms), 1),): 1}

    def slack(self, within: float) -> Polynomial:
        low = math.log1p(-within) if within < 1 else -700.0
        return self.atom(Atom("", Fraction(1), 0.0, low, math.log1p(within)))

    def quantity(self, name: Name) -> Polynomial:
        found = self.index.get(name.parts)
        if found is None:
            if (default := self.default(name)) is not None:
                return default
            sign = self.grounded.quantities[name].sign
            found = self.unknown(name, sign == "positive", sign == "nonnegative")
            self.index[name.parts] = found
        return {((found, 1),): 1}

    def default(self, name: Name) -> Polynomial | None:
        """What a kind supplies: inlined, since it is never given up."""
        if name.parts in self.defaults:
            return self.defaults[name.parts]
        given = self.grounded.defaults.get(name)
        if given is None:
            return None
        if given.value.expression is not None:
            found = self.polynomial(given.value.expression)
        elif id(given.value) in self.default_atoms:
            found = self.default_atoms[id(given.value)]
        else:
            found = self.default_atoms[id(given.value)] = self.number(None, given.value, given.status)
        self.defaults[name.parts] = found
        return found

    def shared_value(self, name: str) -> Polynomial:
        """A parameter, or a constant, expanded down to the constants it is defined by."""
        if name not in self.shared:
            value = self.grounded.parameters.get(name) or self.grounded.constants[name].value
            if value.expression is not None:
                self.shared[name] = self.polynomial(value.expression)
            else:
                self.shared[name] = self.number(name, value, "definition")
        return self.shared[name]

    def number(self, name: str | None, value: Value, status: str) -> Polynomial:
        """An atom for a stated number, with the sign in front."""
        number = value.number
        assert number is not None
        if not number:
            return {}
        size = abs(number)
        low, high = _log_bounds(value, status, size)
        sigma = float(absolute(value.uncertainty, size) / size)
        found = self.atom(Atom(name, size, log_of(size), low, high, sigma))
        return found if number > 0 else negative(found)

    def given(self, of: Name, value: Value, status: str) -> None:
        """unknown = value, or less or more; a range where zero is among the values allowed."""
        subject = self.quantity(of)
        if value.relation != "=":
            expression = value.expression
            limit = self.number(None, value, status) if expression is None else self.polynomial(expression)
            self.equation(add(subject, negative(limit)), value.relation)
            return
        if value.expression is not None:
            right = self.polynomial(value.expression)
            if value.within or value.uncertainty:
                size = abs(self.nominal(right))
                bound = float(absolute(value.within, size) / size)
                sigma = float(absolute(value.uncertainty, size) / size)
                low = math.log1p(-bound) if bound < 1 else -700.0
                right = multiply(right, self.atom(Atom("", Fraction(1), 0.0, low, math.log1p(bound), sigma)))
            self.equation(add(subject, negative(right)))
            return
        number = value.number
        assert number is not None
        half = absolute(value.within, abs(number)) + (rounding(value, status) or 0)
        spread = absolute(value.uncertainty, abs(number))
        if abs(number) > half and number:
            self.equation(add(subject, negative(self.number(None, value, status))))
        elif not half and not spread:
            self.equation(subject)
        else:
            ((unknown, _),) = next(iter(subject))
            low, high = float(number - half), float(number + half)
            self.equations.append(Range(self.current, unknown, low, high, float(spread)))

    def nominal(self, polynomial: Polynomial) -> Fraction:
        """The value of an expression of constants and parameters, to double precision."""
        total = sum(
            float(factor) * math.exp(sum(e * self.atoms[-1 - a].log for a, e in monomial))
            for monomial, factor in polynomial.items()
        )
        return Fraction(total)

    # -------------------------------------------------------- expressions

    def polynomial(self, expression: Expression) -> Polynomial:
        match expression:
            case Number(value):
                return {ONE: simplest(value)} if value else {}
            case Name(parts=(one,)):
                return self.shared_value(one)
            case Name():
                return self.quantity(expression)
            case Sum(terms):
                total: Polynomial = {}
                for term in terms:
                    total = add(total, self.polynomial(term))
                return total
            case Product(factors):
                product = _UNIT
                for factor in factors:
                    product = multiply(product, self.polynomial(factor))
                return product
            case Power(base, exponent):
                return self.power(base, exponent)
            case Call(function=function, arguments=arguments):
                return self.call(function, [self.polynomial(one) for one in arguments])

    def power(self, base: Expression, exponent: Expression) -> Polynomial:
        found = self.polynomial(base)
        power = self.rational(self.polynomial(exponent))
        if power is None:
            logarithm = self.call("ln", [found])
            return self.call("exp", [multiply(logarithm, self.polynomial(exponent))])
        if not found:
            if power <= 0:
                raise ZeroDivisionError("a division by zero")
            return {}
        if len(found) == 1:
            ((monomial, factor),) = found.items()
            number = rational_root(factor, power) if factor > 0 or power.denominator == 1 else None
            if number is not None and (power.denominator == 1 or self.is_positive({monomial: 1})):
                return {to_power(monomial, simplest(power)): number}
            if factor > 0 and self.is_positive(found):
                # an irrational root of a number stands as an atom of its own: √2
                log = log_of(factor) * power
                root = self.atom(Atom(None, Fraction(math.exp(log)), log, approximate=True))
                return multiply(root, {to_power(monomial, simplest(power)): 1})
        if power.denominator == 1 and 0 < power <= 20:
            product = _UNIT
            for _ in range(power.numerator):
                product = multiply(product, found)
            return product
        if power.denominator % 2:
            helper = self.helper(found)
        else:  # a root is real where it stands, and there alone
            helper = self.unknown(None, self.is_positive(found), nonnegative=True)
            self.equation(add({((helper, 1),): 1}, negative(found)))
        return {((helper, simplest(power)),): 1}

    def rational(self, polynomial: Polynomial) -> Fraction | None:
        """The exact value of a polynomial without unknowns and with exact atoms only."""
        total = Fraction(0)
        for monomial, factor in polynomial.items():
            for key, exponent in monomial:
                if key >= 0 or self.atoms[-1 - key].number is None or not isinstance(exponent, int):
                    return None
                factor *= self.atoms[-1 - key].number ** exponent
            total += factor
        return total

    def is_positive(self, polynomial: Polynomial) -> bool:
        return bool(polynomial) and all(
            factor > 0 and all(key < 0 or self.positive[key] for key, _ in monomial)
            for monomial, factor in polynomial.items()
        )

    def helper(self, polynomial: Polynomial) -> int:
        """An unknown that stands for `polynomial`, with the equation that says so."""
        if len(polynomial) == 1:
            ((monomial, factor),) = polynomial.items()
            if factor == 1 and len(monomial) == 1 and monomial[0][0] >= 0 and monomial[0][1] == 1:
                return monomial[0][0]
        found = self.unknown(None, self.is_positive(polynomial))
        self.equation(add({((found, 1),): 1}, negative(polynomial)))
        return found

    def call(self, function: str, arguments: list[Polynomial]) -> Polynomial:
        if function == "abs" and self.is_positive(arguments[0]):
            return arguments[0]
        if function in ("min", "max") and len(arguments) == 1:
            return arguments[0]
        helpers = tuple(self.helper(one) for one in arguments)
        positive = function in ("exp", "cosh") or (
            function in ("min", "max") and all(self.positive[one] for one in helpers)
        )
        result = self.unknown(None, positive, function == "abs")
        self.equations.append(NormalForm(self.current, "=", (), None, function, result, helpers))
        return {((result, 1),): 1}

    # -------------------------------------------------------- equations

    def equation(self, polynomial: Polynomial, relation: str = "=") -> None:
        if len(polynomial) > MAX_TERMS:
            raise TooLargeError("it has too many terms")
        grouped: dict[Monomial, list[tuple[Rational, Monomial]]] = {}
        for monomial, factor in polynomial.items():
            unknowns = tuple(pair for pair in monomial if pair[0] >= 0)
            atoms = tuple(pair for pair in monomial if pair[0] < 0)
            grouped.setdefault(unknowns, []).append((factor, atoms))
        groups = tuple(Group(unknowns, tuple(parts)) for unknowns, parts in grouped.items())
        self.equations.append(NormalForm(self.current, relation, groups, self.row(groups)))

    def row(self, groups: tuple[Group, ...]) -> Row | None:
        if len(groups) != 2 or any(len(group.coefficient) != 1 for group in groups):
            return None
        (one, other) = groups
        ((a, over), (b, under)) = one.coefficient[0], other.coefficient[0]
        if a * b > 0 or not all(self.positive[i] for group in groups for i, _ in group.unknowns):
            return None
        if a < 0:
            one, other, a, b, over, under = other, one, b, a, under, over
        unknowns = times(one.unknowns, to_power(other.unknowns, -1))
        atoms = times(over, to_power(under, -1))
        number = Fraction(a) / -b
        constant = log_of(number) + sum(float(e) * self.atoms[-1 - key].log for key, e in atoms)
        return Row(unknowns, atoms, number, constant)


# ---------------------------------------------------------------- doubt


def _log_bounds(value: Value, status: str, size: Fraction) -> tuple[float, float]:
    """How far rounding and bounds let the logarithm lie below and above its nominal value."""
    half = absolute(value.within, size) + (rounding(value, status) or 0)
    relative = float(half / size)
    return (math.log1p(-relative) if relative < 1 else -700.0, math.log1p(relative))
