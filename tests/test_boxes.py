"""What boxes exclude has no solution, and the values they give are solutions."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checker.boxes import Verdict, decide
from checker.ground import ground
from checker.load import load_scenario
from checker.terms import System, system


def compiled(folder: Path, signs: dict[str, str], equations: tuple[str, ...], values: str = "") -> System:
    """The normal form of equations between the quantities of one thing."""
    quantities = "".join(f"  {name}: {{sign: {sign}}}\n" for name, sign in signs.items())
    rules = "".join(
        f"  r{n}: {{claim: c, applies_to: k, equation: '{one}', status: hypothesis}}\n"
        for n, one in enumerate(equations)
    )
    path = folder / "boxes.yaml"
    path.write_text(
        f"scenario: boxes\nquantities:\n{quantities}kinds: {{k: {{}}}}\nrules:\n{rules}"
        f"systems: {{it: {{is: k}}}}\ngiven: {{{values}}}\n",
        encoding="utf-8",
    )
    return system(ground(load_scenario(path), {}))


def decided(found: System) -> Verdict:
    return decide(found, range(len(found.equations)))


@pytest.mark.parametrize(
    ("signs", "equations", "values"),
    [
        ({"a": "any", "b": "any"}, ("a + b = 3", "a*b = 3"), ""),
        ({"a": "positive", "b": "positive", "c": "positive"}, ("a + b + c = 3", "a*b*c = 1", "a = 2*b"), ""),
        ({"a": "positive"}, ("exp(a) = 2*a", "a < 100"), ""),
        ({"a": "any"}, ("sin(2*a) = 0.9",), "it.a: {value: 0.79, within: 0.02}"),
        ({"a": "positive"}, ("sqrt(a) = a - 1", "a < 2"), ""),
        ({"a": "any", "b": "any"}, ("max(a, b) = 3", "a < 2", "b < 2"), ""),
        ({"a": "any"}, ("abs(a) = -1",), ""),
    ],
)
def test_what_has_no_solution_is_excluded(
    tmp_path: Path, signs: dict[str, str], equations: tuple[str, ...], values: str
) -> None:
    """No real root, e^a > 2a, a sine beyond its bound, a maximum that no argument reaches: all excluded."""
    found = compiled(tmp_path, signs, equations, values)
    assert decided(found).empty is not None


def test_only_what_takes_part_is_blamed(tmp_path: Path) -> None:
    """An equation about another quantity is not among those that have no common solution."""
    signs = {"a": "positive", "b": "positive", "c": "positive"}
    found = compiled(tmp_path, signs, ("a + b = 3", "a*b = 3", "c + a = 7"))
    assert decided(found).empty == {0, 1}


def test_a_golden_section_is_found(tmp_path: Path) -> None:
    """a + b = 1 and a·a = b have the golden section as their positive solution."""
    found = compiled(tmp_path, {"a": "positive", "b": "positive"}, ("a + b = 1", "a*a = b"))
    point = decided(found).point
    assert point is not None
    assert point[found.index["it", "a"]] == pytest.approx((math.sqrt(5) - 1) / 2)


def test_a_difference_too_small_to_be_felt_does_not_count_as_positive(tmp_path: Path) -> None:
    """a + b = c and c = a leave nothing for a positive b, although doubles would not notice a tiny one."""
    signs = {"a": "positive", "b": "positive", "c": "positive"}
    assert decided(compiled(tmp_path, signs, ("a + b = c", "c = a"))).point is None


@settings(deadline=None, max_examples=60)
@given(st.lists(st.integers(-6, 6), min_size=2, max_size=2), st.integers(-9, 9), st.integers(-9, 9))
def test_a_quadratic_has_the_real_roots_that_its_discriminant_says(
    tmp_path_factory: pytest.TempPathFactory, slopes: list[int], sum_: int, product: int
) -> None:
    """x + y = s with x·y = p is excluded exactly where s² < 4p; where not, the point found solves it."""
    folder = tmp_path_factory.mktemp("quadratic")
    found = compiled(folder, {"x": "any", "y": "any"}, (f"x + y = {sum_}", f"x*y = {product}"))
    verdict = decided(found)
    if sum_**2 < 4 * product:
        assert verdict.point is None
    else:
        assert verdict.empty is None
    if verdict.point is not None:
        x, y = (verdict.point[found.index["it", name]] for name in "xy")
        assert (x + y, x * y) == (pytest.approx(sum_, abs=1e-6), pytest.approx(product, abs=1e-6))
