"""A minimal conflict → the integer combination of its relations that is an impossible equation.

Relations that are products of powers are multiplied, each to a whole power; linear ones are added, each a
whole number of times. Every quantity cancels, and what is left (`1 = 4.10`, `0 = 3`) cannot be: a proof that
anybody can check by multiplying out (Farkas 1902 where there are inequalities).
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from checker.intervals import Interval, of_number, outward, plus, power, times
from checker.linear import eliminate
from checker.terms import Monomial, NormalForm, Rational, System, log_of

MAX_ELIMINATED = 300
"""How many relations may be combined where no order of them gives one multiplier after the other."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """`form` is "product" or "linear". Raised to (times) its multiplier and multiplied (added) up, the
    relations leave `low` to `high`, which does not stand in `relation` to 1 (0). Where whole numbers stay,
    `whole` is their common power, and none to that power times the interval's ends gives 1."""

    form: str
    multipliers: Mapping[int, int]
    low: float
    high: float
    relation: str
    whole: Fraction | None = None


def certify(system: System, equations: Collection[int]) -> Certificate | None:
    """The certificate of equations that have no common solution; None where they are neither all products
    nor all linear, or contradict each other only by the signs of quantities."""
    relations = {index: system.equations[index] for index in sorted(equations)}
    forms = {index: one for index, one in relations.items() if isinstance(one, NormalForm)}
    if not forms or len(forms) < len(relations):
        return None
    return _of_products(system, forms) or _of_sums(system, forms)


# ---------------------------------------------------------------- products


def _of_products(system: System, forms: Mapping[int, NormalForm]) -> Certificate | None:
    rows = {index: form.row for index, form in forms.items() if form.row is not None}
    if len(rows) < len(forms):
        return None
    exponents = {
        index: {one: Fraction(p) for one, p in row.unknowns if one not in system.whole}
        for index, row in rows.items()
    }
    for multipliers in _combinations(exponents):
        atoms: dict[int, Fraction] = {}
        wholes: dict[int, Fraction] = {}
        log: Interval = (0.0, 0.0)
        for index, by in multipliers.items():
            row = rows[index]
            log = plus(log, _scaled(_log(row.number), by))
            for key, exponent in row.atoms:
                atoms[key] = atoms.get(key, Fraction(0)) + by * exponent
            for unknown, exponent in row.unknowns:
                if unknown in system.whole:
                    wholes[unknown] = wholes.get(unknown, Fraction(0)) + by * exponent
        for key, exponent in atoms.items():
            if exponent:
                log = plus(log, _scaled(_log_of_atom(system, key), exponent))
        left = [exponent for exponent in wholes.values() if exponent]
        relation = _relation(forms, multipliers)
        if relation is None or len(left) > 1:
            continue
        numbers = (rows[index].number ** by for index, by in multipliers.items())
        exact = None if any(atoms.values()) else _product(numbers)
        if _impossible(log, relation, None if exact is None else exact - 1, left):
            low, high = (math.exp(min(end, 700.0)) for end in log)
            return Certificate("product", multipliers, low, high, relation, left[0] if left else None)
    return None


def _impossible(value: Interval, relation: str, exact: Fraction | None, whole: Sequence[Fraction]) -> bool:
    """Whether no value in the interval stands in `relation` to zero; with `whole`, whether no n ≥ 1 makes
    value + exponent·log n zero."""
    low, high = value
    if whole:
        if relation != "=":
            return False
        ends = sorted((-low / float(whole[0]), -high / float(whole[0])))
        return ends[1] < 0 or (ends[0] < 36 and math.ceil(math.exp(ends[0])) > math.exp(ends[1]))
    if exact is not None:
        return not _stands(exact, relation)
    if relation == "=":
        return low > 0 or high < 0
    return low > 0 if relation[0] == "<" else high < 0


def _stands(number: Fraction, relation: str) -> bool:
    """Whether an exact number stands in `relation` to zero."""
    if not number:
        return relation.endswith("=")
    return relation[0] == ("<" if number < 0 else ">")


def _log(number: Fraction) -> Interval:
    log = log_of(number)
    slack = 4e-16 * (abs(math.log(number.numerator)) + abs(math.log(number.denominator)))
    return log - slack, log + slack


def _log_of_atom(system: System, key: int) -> Interval:
    atom = system.atoms[-1 - key]
    low, high = _log(atom.number)
    return outward(low + atom.low, high + atom.high)


def _scaled(one: Interval, by: Fraction | int) -> Interval:
    return times(one, of_number(Fraction(by)))


def _product(numbers: Iterator[Fraction]) -> Fraction | None:
    total = Fraction(1)
    for number in numbers:
        total *= number
        if total.numerator.bit_length() + total.denominator.bit_length() > 100_000:
            return None
    return total


# ---------------------------------------------------------------- sums


def _of_sums(system: System, forms: Mapping[int, NormalForm]) -> Certificate | None:
    slopes: dict[int, dict[int, Fraction]] = {}
    constants: dict[int, list[tuple[Rational, Monomial]]] = {}
    for index, form in forms.items():
        slopes[index], constants[index] = {}, []
        if form.function:
            return None
        for group in form.groups:
            if not group.unknowns:
                constants[index] += group.coefficient
                continue
            slope = _exact(system, group.coefficient)
            if len(group.unknowns) > 1 or group.unknowns[0][1] != 1 or slope is None:
                return None
            slopes[index][group.unknowns[0][0]] = slope
    for multipliers in _combinations(slopes):
        total: dict[Monomial, Fraction] = {}
        for index, by in multipliers.items():
            for factor, atoms in constants[index]:
                total[atoms] = total.get(atoms, Fraction(0)) + by * factor
        total = {atoms: factor for atoms, factor in total.items() if factor}
        relation = _relation(forms, multipliers)
        exact = _exact(system, [(factor, atoms) for atoms, factor in total.items()])
        value: Interval = (0.0, 0.0)
        for atoms, factor in total.items():
            value = plus(value, _sized(system, factor, atoms))
        if relation is not None and _impossible(value, relation, exact, ()):
            return Certificate("linear", multipliers, *value, relation)
    return None


def _exact(system: System, members: Sequence[tuple[Rational, Monomial]]) -> Fraction | None:
    """The value of a coefficient without doubt in it."""
    total = Fraction(0)
    for factor, atoms in members:
        for key, exponent in atoms:
            atom = system.atoms[-1 - key]
            if atom.in_doubt or atom.approximate or not isinstance(exponent, int):
                return None
            factor *= atom.number**exponent
        total += factor
    return total


def _sized(system: System, factor: Fraction, atoms: Monomial) -> Interval:
    size = of_number(factor)
    for key, exponent in atoms:
        atom = system.atoms[-1 - key]
        low, high = of_number(atom.number)
        ends = outward(*outward(low * math.exp(atom.low), high * math.exp(atom.high)))
        size = times(size, power(ends, exponent) or ends)
    return size


# ---------------------------------------------------------------- combinations


def _relation(forms: Mapping[int, NormalForm], multipliers: Mapping[int, int]) -> str | None:
    """What the combination stands in to 1 or 0; None where inequalities point both ways."""
    ways = [(forms[i].relation, by) for i, by in multipliers.items() if forms[i].relation != "="]
    if not ways:
        return "="
    below = {(relation[0] == "<") == (by > 0) for relation, by in ways}
    if len(below) == 2:
        return None
    strict = "" if any(len(relation) == 1 for relation, _ in ways) else "="
    return ("<" if below == {True} else ">") + strict


def _combinations(rows: Mapping[int, Mapping[int, Fraction]]) -> Iterator[dict[int, int]]:
    """Integer multipliers with which every unknown cancels."""
    found = _one_after_the_other(rows)
    if found is not None:
        yield _in_integers(found)
    elif len(rows) <= MAX_ELIMINATED:
        try:
            for row in eliminate(rows.items(), exact=True).left:
                yield _in_integers({i: Fraction(by) for i, by in row.combination.items()})
        except OverflowError:
            return


def _one_after_the_other(rows: Mapping[int, Mapping[int, Fraction]]) -> dict[int, Fraction] | None:
    """The multipliers where each follows from those before it by an unknown that must cancel: what
    propagation does, on the transposed system. Relations in a minimal conflict all take part, so that the
    first may have multiplier 1."""
    containing: dict[int, list[int]] = {}
    for index, row in rows.items():
        for unknown in row:
            containing.setdefault(unknown, []).append(index)
    missing = {unknown: len(indexes) for unknown, indexes in containing.items()}
    multipliers: dict[int, Fraction] = {}
    waiting: list[tuple[int, Fraction]] = [(next(iter(rows)), Fraction(1))]
    while waiting:
        index, by = waiting.pop()
        if index in multipliers:
            continue
        multipliers[index] = by
        for unknown in rows[index]:
            missing[unknown] -= 1
            if missing[unknown] == 1:
                open_ = next(i for i in containing[unknown] if i not in multipliers)
                rest = sum(multipliers[i] * rows[i][unknown] for i in containing[unknown] if i in multipliers)
                waiting.append((open_, -rest / rows[open_][unknown]))
    if len(multipliers) < len(rows):
        return None
    cancels = (not sum(multipliers[i] * rows[i][u] for i in inside) for u, inside in containing.items())
    return multipliers if all(cancels) else None


def _in_integers(multipliers: Mapping[int, Fraction]) -> dict[int, int]:
    """The same ratios in the smallest integers, without zeros."""
    kept = {index: by for index, by in multipliers.items() if by}
    scale = Fraction(math.lcm(*(by.denominator for by in kept.values())))
    scale /= math.gcd(*(int(by * scale) for by in kept.values())) or 1
    return {index: int(by * scale) for index, by in kept.items()}
