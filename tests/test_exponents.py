"""What products of unknown dimensions force is compared with SymPy's linear algebra."""

from __future__ import annotations

import random
from fractions import Fraction
from functools import partial
from math import prod

import pytest
import sympy

from checker.dimension import DIMENSIONLESS as ONE
from checker.dimension import Dimension
from checker.exponents import Constraint, solve
from tests.effort import work


def dimension(*exponents: Fraction | int) -> Dimension:
    return Dimension(tuple(map(Fraction, (*exponents, *[0] * (7 - len(exponents))))))


def random_system(rng: random.Random) -> tuple[list[str], list[Constraint]]:
    """Constraints on up to five unknowns, most of which follow from one assignment of dimensions."""
    unknowns = [f"x{number}" for number in range(rng.randint(1, 5))]
    true = {unknown: [rng.randint(-2, 2), rng.randint(-2, 2)] for unknown in unknowns}
    constraints = []
    for _ in range(rng.randint(1, 6)):
        chosen = rng.sample(unknowns, rng.randint(1, min(3, len(unknowns))))
        powers = {
            unknown: Fraction(rng.choice([-2, -1, 1, 1, 2]), rng.choice([1, 1, 2])) for unknown in chosen
        }
        exponents = [sum(power * true[unknown][k] for unknown, power in powers.items()) for k in (0, 1)]
        exponents[0] += rng.random() < 0.15
        constraints.append(Constraint(powers, dimension(*exponents)))
    return unknowns, constraints


def matrices(unknowns: list[str], constraints: list[Constraint]) -> tuple[sympy.Matrix, sympy.Matrix]:
    def exact(number: Fraction | int) -> sympy.Rational:
        return sympy.Rational(Fraction(number).numerator, Fraction(number).denominator)

    left = [[exact(one.powers.get(unknown, 0)) for unknown in unknowns] for one in constraints]
    right = [[exact(exponent) for exponent in one.dimension.exponents] for one in constraints]
    return sympy.Matrix(left), sympy.Matrix(right)


def solvable(unknowns: list[str], constraints: list[Constraint]) -> bool:
    left, right = matrices(unknowns, constraints)
    return bool(left.rank() == left.row_join(right).rank())


def test_random_systems_come_out_as_in_sympy() -> None:
    """Whether there is a solution, the smallest disagreeing sets, and what is forced, are as SymPy says."""
    rng = random.Random(20)
    disagreeing = forced = left_open = 0
    for _ in range(300):
        unknowns, constraints = random_system(rng)
        solved = solve(constraints)
        assert solvable(unknowns, constraints) == (not solved.disagreeing)
        for indexes in solved.disagreeing:
            disagreeing += 1
            together = [constraints[index] for index in sorted(indexes)]
            assert not solvable(unknowns, together)
            for one in together:
                rest = [other for other in together if other is not one]
                assert not rest or solvable(unknowns, rest)
        if solved.disagreeing:
            continue
        left, right = matrices(unknowns, constraints)
        for number, unknown in enumerate(unknowns):
            unit = sympy.zeros(1, len(unknowns))
            unit[number] = 1
            is_forced = left.rank() == left.col_join(unit).rank()
            assert is_forced == (unknown in solved.forced)
            if not is_forced:
                left_open += 1
                continue
            forced += 1
            weights, free = left.T.gauss_jordan_solve(unit.T)
            wanted = weights.subs(dict.fromkeys(free, 0)).T * right
            found = solved.forced[unknown].dimension.exponents
            assert [(one.numerator, one.denominator) for one in found] == [
                (int(w.p), int(w.q)) for w in wanted
            ]
        # with all that is open dimensionless, a constraint is off: then one of those must be told
        off = any(
            prod(
                (solved.forced[u].dimension ** p for u, p in one.powers.items() if u in solved.forced),
                start=ONE,
            )
            != one.dimension
            for one in constraints
        )
        assert off == bool(solved.open)
    assert min(disagreeing, forced, left_open) > 50


@pytest.mark.parametrize("ends", [0, 1, 2])
def test_a_chain_of_ten_thousand_takes_work_for_each_link(ends: int) -> None:
    """Each of many unknowns is a metre times the next: with one end known all are forced, with both the whole
    chain disagrees, and four times the length takes four times the work."""

    def chain(length: int) -> list[Constraint]:
        links = [
            Constraint({f"x{number}": Fraction(1), f"x{number + 1}": Fraction(-1)}, dimension(1))
            for number in range(length)
        ]
        known = [
            Constraint({f"x{length}": Fraction(1)}, dimension(2)),
            Constraint({"x0": Fraction(1)}, dimension(3)),
        ]
        return links + known[:ends]

    short, long = (work(partial(solve, chain(length))) for length in (500, 2_000))
    assert long < 4.4 * short
    length = 10_000
    solved = solve(chain(length))
    assert len(solved.forced) == (length + 1 if ends else 0)
    assert len(solved.open) == (0 if ends else length)
    assert [len(one) for one in solved.disagreeing] == ([length + 2] if ends == 2 else [])
    if ends:
        assert solved.forced["x17"].dimension == dimension(length - 17 + 2)
