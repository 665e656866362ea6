"""Linear relations against SciPy's linear programming, and the proofs that they cannot hold."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog
from test_boxes import compiled

from checker.polyhedron import decide
from checker.terms import System

NAMES = "abc"
RELATIONS = ("=", "<", "<=", ">", ">=")


@st.composite
def relations(draw: st.DrawFn) -> tuple[dict[str, str], list[tuple[list[int], str, int]]]:
    """Signs of three quantities, and up to five relations Σ factor·quantity ~ number."""
    signs = {name: draw(st.sampled_from(["any", "nonnegative", "positive"])) for name in NAMES}
    row = st.tuples(
        st.lists(st.integers(-3, 3), min_size=3, max_size=3).filter(any),
        st.sampled_from(RELATIONS),
        st.integers(-4, 4),
    )
    return signs, draw(st.lists(row, min_size=2, max_size=5))


def has_solution(signs: dict[str, str], rows: list[tuple[list[int], str, int]]) -> bool:
    """By linear programming: the margin by which strict relations hold, at most 1, must be positive."""
    upper, bounds, equal, right = [], [], [], []
    for factors, relation, number in rows:
        if relation == "=":
            equal.append([*factors, 0.0])
            right.append(number)
            continue
        sense = 1 if relation[0] == "<" else -1
        strict = 1.0 if len(relation) == 1 else 0.0
        upper.append([*(sense * factor for factor in factors), strict])
        bounds.append(sense * number)
    for place, name in enumerate(NAMES):
        if signs[name] == "positive":
            upper.append([*(-float(place == i) for i in range(3)), 1.0])
            bounds.append(0)
    limits = [(0 if signs[name] != "any" else None, None) for name in NAMES] + [(None, 1)]
    found = linprog([0, 0, 0, -1], upper or None, bounds or None, equal or None, right or None, limits)
    return bool(found.status == 0 and -found.fun > 1e-9)


def written(factors: list[int], relation: str, number: int) -> str:
    terms = " + ".join(f"({factor})*{name}" for factor, name in zip(factors, NAMES, strict=True) if factor)
    return f"{terms} {relation} {number}"


def system_of(folder: Path, signs: dict[str, str], rows: list[tuple[list[int], str, int]]) -> System:
    return compiled(folder, signs, tuple(written(*row) for row in rows))


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(relations())
def test_linear_relations_hold_together_when_a_linear_program_says_so(
    tmp_path: Path, case: tuple[dict[str, str], list[tuple[list[int], str, int]]]
) -> None:
    """Equations, inequalities strict or not, and signs: feasible or not as SciPy finds; and what a proof
    names has no solution by itself."""
    signs, rows = case
    found = system_of(tmp_path, signs, rows)
    answer = decide(found, range(len(rows)))
    assert answer is not None
    assert answer.feasible == has_solution(signs, rows)
    if not answer.feasible:
        assert not has_solution(signs, [rows[index] for index in sorted(answer.equations)])


@pytest.mark.parametrize(
    ("equations", "named"),
    [
        (("a < 2", "a > 2", "b = 1"), {0, 1}),
        (("a <= 2", "a >= 2", "a*b = 4", "b = 1"), {0, 2, 3}),
        (("a + b = 3", "a + b = 4"), {0, 1}),
    ],
)
def test_a_proof_names_what_it_combines(tmp_path: Path, equations: tuple[str, ...], named: set[int]) -> None:
    """Relations that take no part are not named; a value put into a product is."""
    answer = decide(compiled(tmp_path, dict.fromkeys("ab", "any"), equations), range(len(equations)))
    assert answer is not None and not answer.feasible
    assert answer.equations == named


def test_what_is_curved_is_left_to_others(tmp_path: Path) -> None:
    """A product of two unknowns is not linear."""
    assert decide(compiled(tmp_path, dict.fromkeys("ab", "any"), ("a*b = 1", "a = 2*b")), range(2)) is None
