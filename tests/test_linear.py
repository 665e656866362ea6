"""Elimination against rational arithmetic, and the integer combinations that it leaves."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import sympy
from hypothesis import given
from hypothesis import strategies as st

from checker.linear import CONSTANT, eliminate

coefficients = st.fractions(-9, 9, max_denominator=6)


@st.composite
def systems(draw: st.DrawFn) -> list[dict[int, Fraction]]:
    """Up to six equations in up to four unknowns, some of them combinations of others."""
    width = draw(st.integers(1, 4))
    keys = [*range(width), CONSTANT]
    rows = [{key: draw(coefficients) for key in keys} for _ in range(draw(st.integers(1, 4)))]
    for _ in range(draw(st.integers(0, 2))):
        first, second = draw(coefficients), draw(coefficients)
        rows.append({key: first * rows[0][key] + second * rows[-1][key] for key in keys})
    return rows


def combined(rows: list[dict[int, Fraction]], combination: Mapping[int, int]) -> dict[int, Fraction]:
    """The rows added up with multipliers, without zeros."""
    keys = rows[0].keys()
    total = {key: sum((by * rows[i][key] for i, by in combination.items()), Fraction(0)) for key in keys}
    return {key: value for key, value in total.items() if value}


@given(systems())
def test_each_row_is_the_combination_it_says(rows: list[dict[int, Fraction]]) -> None:
    """Adding the equations up as a combination says gives its row; those left have no unknown."""
    found = eliminate(enumerate(rows), exact=True)
    for row in (*found.pivots.values(), *found.left):
        assert all(isinstance(by, int) for by in row.combination.values())
        assert combined(rows, row.combination) == row.entries
    assert all(not row.unknowns() for row in found.left)
    for unknown in found.pivots:
        assert [pivot for pivot, row in found.pivots.items() if unknown in row.entries] == [unknown]


@given(systems())
def test_the_solution_is_that_of_sympy(rows: list[dict[int, Fraction]]) -> None:
    """There is a contradiction exactly where SymPy finds no solution, and as many pivots as its rank."""
    unknowns = sorted(key for key in rows[0] if key != CONSTANT)
    matrix = sympy.Matrix([[sympy.Rational(row[key]) for key in unknowns] for row in rows])
    right = sympy.Matrix([-sympy.Rational(row[CONSTANT]) for row in rows])
    found = eliminate(enumerate(rows), exact=True)
    assert len(found.pivots) == matrix.rank()
    consistent = matrix.rank() == matrix.row_join(right).rank()
    assert consistent == all(not row.entries for row in found.left)


@given(systems())
def test_doubles_give_what_rationals_give(rows: list[dict[int, Fraction]]) -> None:
    """In floating point the same number of rows has no unknown left."""
    exact = eliminate(enumerate(rows), exact=True)
    floats = [{key: float(value) for key, value in row.items()} for row in rows]
    assert len(eliminate(enumerate(floats), exact=False).left) == len(exact.left)
