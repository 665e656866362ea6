"""Linear equations and inequalities, signs and bounds → whether they have a solution, in exact arithmetic.

Equations are eliminated first; what inequalities then say about the unknowns left is a polyhedron. It is
empty exactly if non-negative multiples of the inequalities add up to 0 ≥ 1 or 0 > 0 (Farkas 1902; Motzkin
1936 for the strict ones), and such multiples are looked for by the simplex method with Bland's rule.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from checker.linear import CONSTANT, eliminate
from checker.terms import NormalForm, Range, System

MAX_INEQUALITIES = 120
MAX_UNKNOWNS = 40
MAX_PIVOTS = 2_000

Coefficients = dict[int, Fraction]
"""By unknown (from 0), doubted atom (from `ATOMS` on) and CONSTANT."""
ATOMS = 1 << 40


@dataclass(frozen=True, slots=True)
class Linear:
    """Whether linear relations have a solution; if not, the equations that a proof combines (`minimal` if all
    are needed), and whether it needs signs beside them."""

    feasible: bool
    equations: frozenset[int] = frozenset()
    minimal: bool = False
    needs_signs: bool = False


@dataclass(slots=True)
class _Inequality:
    """Σ coefficient·variable + constant ≥ 0 (> 0 where strict), and the combination of relations it is; an
    empty one for a sign or a bound."""

    coefficients: Coefficients
    strict: bool
    combination: dict[int, Fraction]
    sign: bool = False


def decide(system: System, equations: Collection[int]) -> Linear | None:
    """Whether the equations have a common solution; None where not all are linear, or they are too many.

    Values are within their rounding and bounds; standard deviations are left aside.
    """
    try:
        return _decide(system, equations)
    except OverflowError:
        return None


def _decide(system: System, equations: Collection[int]) -> Linear | None:
    fixed = _fixed(system, equations)
    equal: dict[int, Coefficients] = {}
    inequalities: list[_Inequality] = []
    for index in sorted(equations):
        equation = system.equations[index]
        if isinstance(equation, Range):
            low, high = Fraction(equation.low), Fraction(equation.high)
            inequalities += _between({equation.unknown: Fraction(1)}, low, high, index)
            continue
        coefficients = _coefficients(system, equation, _of_others(fixed, index))
        if coefficients is None:
            return None
        if equation.relation == "=":
            equal[index] = coefficients
            continue
        sense = Fraction(-1 if equation.relation[0] == "<" else 1)
        coefficients = {key: sense * value for key, value in coefficients.items()}
        inequalities.append(_Inequality(coefficients, len(equation.relation) == 1, {index: sense}))
    unknowns = {key for index in equations for key in system.unknowns[index]}
    for unknown in unknowns & system.whole:
        inequalities.append(_Inequality({unknown: Fraction(1), CONSTANT: Fraction(-1)}, False, {}))
    for unknown in unknowns - system.whole:
        if system.nonnegative[unknown]:
            one = {unknown: Fraction(1)}
            inequalities.append(_Inequality(one, system.positive[unknown], {}, sign=True))
    for key in {key for row in (*equal.values(), *(i.coefficients for i in inequalities)) for key in row}:
        if key >= ATOMS:
            low, high = _ends(system, key - ATOMS)
            inequalities += _between({key: Fraction(1)}, low, high)
    found = eliminate(equal.items(), exact=True)
    for row in found.left:
        if row.entries:
            found_in, alone = _with_fixed(system, row.combination, fixed)
            unsigned = not any(
                system.nonnegative[one] for index in found_in for one in system.unknowns[index]
            )
            return Linear(False, found_in, alone and unsigned)
    for condition in inequalities:
        for pivot, row in found.pivots.items():
            if pivot in condition.coefficients:
                factor = condition.coefficients[pivot] / row.entries[pivot]
                _subtract(condition.coefficients, row.entries, factor)
                _subtract(condition.combination, row.combination, factor)
    multiples = _farkas(inequalities)
    if multiples is None:
        return None
    total: dict[int, Fraction] = {}
    used = [(condition, by) for condition, by in zip(inequalities, multiples, strict=True) if by]
    if not used:
        return None if unknowns & system.whole else Linear(True)
    for condition, by in used:
        _subtract(total, condition.combination, -by)
    signs = any(condition.sign for condition, _ in used)
    return Linear(False, _with_fixed(system, total, fixed)[0], False, signs)


Fixed = Mapping[int, tuple[Fraction, frozenset[int], int]]
"""Unknowns with an exact value, the equations that give it, and the last of these."""


def _fixed(system: System, equations: Collection[int]) -> Fixed:
    """The unknowns that equations give an exact value one after the other."""
    found: dict[int, tuple[Fraction, frozenset[int], int]] = {}
    waiting = [index for index in sorted(equations) if _is_equation(system.equations[index])]
    progress = True
    while progress:
        progress = False
        for index in list(waiting):
            equation = system.equations[index]
            assert isinstance(equation, NormalForm)
            row = _coefficients(system, equation, found)
            if row is None or any(key >= ATOMS for key in row):
                continue
            known = {key for key in row if key in found}
            open_ = [key for key in row if key != CONSTANT and key not in found]
            if len(open_) > 1:
                continue
            waiting.remove(index)
            if not open_:
                continue
            rest = row.get(CONSTANT, Fraction(0)) + sum(row[key] * found[key][0] for key in known)
            sources = _with_fixed(system, {index}, found)[0].union(*(found[key][1] for key in known))
            found[open_[0]] = -rest / row[open_[0]], sources, index
            progress = True
    return found


def _of_others(fixed: Fixed, index: int) -> Fixed:
    """What other equations give: put into the one that a value comes from, it would say nothing any more."""
    return {unknown: value for unknown, value in fixed.items() if value[2] != index}


def _is_equation(equation: NormalForm | Range) -> bool:
    return isinstance(equation, NormalForm) and equation.relation == "="


def _with_fixed(system: System, combination: Collection[int], fixed: Fixed) -> tuple[frozenset[int], bool]:
    """The equations of a combination with those that fix the values put into products, and whether there are
    none of these."""
    found = set(combination)
    for index in combination:
        equation, others = system.equations[index], _of_others(fixed, index)
        for group in () if isinstance(equation, Range) else equation.groups:
            inside = [unknown for unknown, _ in group.unknowns]
            if len(inside) > 1 or (inside and group.unknowns[0][1] != 1):
                found = found.union(*(others[unknown][1] for unknown in inside if unknown in others))
    return frozenset(found), len(found) == len(combination)


def _subtract(total: dict[int, Fraction], other: Mapping[int, int | Fraction], factor: Fraction) -> None:
    for key, value in other.items():
        total[key] = total.get(key, Fraction(0)) - factor * value
        if not total[key]:
            del total[key]


def _coefficients(system: System, equation: NormalForm, fixed: Fixed) -> Coefficients | None:
    """A relation as a sum, with the values that are fixed put into its products; None if it stays curved."""
    if equation.function:
        return None
    total: Coefficients = {}
    for group in equation.groups:
        unknowns, scale = group.unknowns, Fraction(1)
        if len(unknowns) > 1 or (unknowns and unknowns[0][1] != 1):
            inside = [pair for pair in unknowns if pair[0] in fixed]
            if any(not fixed[unknown][0] and power > 0 for unknown, power in inside) and all(
                power > 0 for _, power in unknowns
            ):
                continue  # zero times whatever the others are
            unknowns = tuple(pair for pair in unknowns if pair[0] not in fixed)
            if len(unknowns) > 1 or (unknowns and unknowns[0][1] != 1):
                return None
            for unknown, power in inside:
                if not isinstance(power, int) or (power < 0 and not fixed[unknown][0]):
                    return None
                scale *= fixed[unknown][0] ** power
        for factor, atoms in group.coefficient:
            size, doubted = scale * factor, list[int]()
            for key, exponent in atoms:
                atom = system.atoms[-1 - key]
                if atom.low or atom.high:
                    doubted.append(-1 - key)
                    if exponent != 1:
                        return None
                elif isinstance(exponent, int) and not atom.approximate:
                    size *= atom.number**exponent
                else:
                    return None
            if len(doubted) > 1 or (doubted and unknowns):
                return None
            place = ATOMS + doubted[0] if doubted else unknowns[0][0] if unknowns else CONSTANT
            total[place] = total.get(place, Fraction(0)) + size
    return {key: value for key, value in total.items() if value}


def _ends(system: System, number: int) -> tuple[Fraction, Fraction]:
    atom = system.atoms[number]
    low = Fraction(math.exp(atom.low) * (1 - 1e-15)) if atom.low else Fraction(1)
    high = Fraction(math.exp(atom.high) * (1 + 1e-15)) if atom.high else Fraction(1)
    return low * atom.number, high * atom.number


def _between(
    what: Coefficients, low: Fraction, high: Fraction, source: int | None = None
) -> list[_Inequality]:
    above = {**what, CONSTANT: -low}
    below = {**{key: -value for key, value in what.items()}, CONSTANT: high}
    one = {} if source is None else {source: Fraction(1)}
    return [_Inequality(above, False, dict(one)), _Inequality(below, False, dict(one))]


def _farkas(inequalities: Sequence[_Inequality]) -> list[Fraction] | None:
    """Multiples that add the inequalities up to what cannot be; all zero where there are none, and None where
    there are too many inequalities to tell.

    They minimize Σ multiple·constant, then −Σ multiple over the strict ones, with every variable cancelled
    and the multiples adding up to 1.
    """
    variables = sorted({key for one in inequalities for key in one.coefficients if key != CONSTANT})
    count = len(inequalities)
    if count > MAX_INEQUALITIES or len(variables) > MAX_UNKNOWNS:
        return None
    if not count:
        return []
    rows = [[one.coefficients.get(key, Fraction(0)) for one in inequalities] for key in variables]
    rows.append([Fraction(1)] * count)
    right = [Fraction(0)] * len(variables) + [Fraction(1)]
    first = [one.coefficients.get(CONSTANT, Fraction(0)) for one in inequalities]
    second = [Fraction(-1 if one.strict else 0) for one in inequalities]
    solution = _minimize(rows, right, first, second)
    if solution is None:
        return [Fraction(0)] * count  # no non-negative multiples cancel every variable
    total = sum(by * cost for by, cost in zip(solution, first, strict=True))
    strictly = any(by and cost for by, cost in zip(solution, second, strict=True))
    return solution if total < 0 or (total == 0 and strictly) else [Fraction(0)] * count


def _minimize(
    rows: list[list[Fraction]], right: list[Fraction], first: list[Fraction], second: list[Fraction]
) -> list[Fraction] | None:
    """The y ≥ 0 with rows·y = right ≥ 0 that makes first·y least and then second·y; None if there is none."""
    height, width = len(rows), len(first)
    table = [
        [*row, *(Fraction(int(i == j)) for j in range(height)), end]
        for i, (row, end) in enumerate(zip(rows, right, strict=True))
    ]
    basis = [width + i for i in range(height)]
    nothing = [Fraction(0)] * (width + height)
    artificial = [*nothing[:width], *[Fraction(1)] * height]
    _simplex(table, basis, [artificial], width + height)
    if any(table[i][-1] for i in range(height) if basis[i] >= width):
        return None
    for i in range(height):  # artificials that stay at zero give way, or their rows say nothing
        if basis[i] >= width:
            column = next((j for j in range(width) if table[i][j]), None)
            if column is not None:
                _pivot(table, basis, i, column)
    _simplex(table, basis, [[*first, *nothing[:height]], [*second, *nothing[:height]]], width)
    solution = nothing[:width]
    for i, column in enumerate(basis):
        if column < width:
            solution[column] = table[i][-1]
    return solution


def _simplex(table: list[list[Fraction]], basis: list[int], costs: list[list[Fraction]], width: int) -> None:
    """Bring the table to the least cost, costs compared one after the other; columns below `width` enter."""
    for _ in range(MAX_PIVOTS):
        for column in range(width):
            if column in basis:
                continue
            reduced = [
                cost[column]
                - sum(cost[b] * row[column] for b, row in zip(basis, table, strict=True) if cost[b])
                for cost in costs
            ]
            if next((one for one in reduced if one), 0) < 0:
                break
        else:
            return
        ratios = [(row[-1] / row[column], basis[i], i) for i, row in enumerate(table) if row[column] > 0]
        if not ratios:
            return  # cannot be: the multiples add up to 1
        _pivot(table, basis, min(ratios)[2], column)
    raise OverflowError("the simplex method takes too long")


def _pivot(table: list[list[Fraction]], basis: list[int], pivot: int, column: int) -> None:
    factor = table[pivot][column]
    table[pivot] = [value / factor for value in table[pivot]]
    for i, row in enumerate(table):
        if i != pivot and row[column]:
            by = row[column]
            table[i] = [a - by * b if b else a for a, b in zip(row, table[pivot], strict=True)]
    basis[pivot] = column
