"""The strain of claims against closed formulas, and against SciPy's minimization under constraints."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize
from test_boxes import compiled

from checker.strain import least_strain


def strain(folder: Path, equation: str, values: dict[str, tuple[float, float]], sign: str = "any") -> float:
    """The strain of an equation between given values, each with its standard deviation."""
    stated = ", ".join(f"it.{name}: {{value: {v!r}, uncertainty: {s!r}}}" for name, (v, s) in values.items())
    found = compiled(folder, dict.fromkeys(values, sign), (equation,), stated)
    near = {found.index["it", name]: value for name, (value, _) in values.items()}
    return least_strain(found, range(len(found.equations)), near)


@pytest.mark.parametrize(
    ("values", "sigmas"),
    [
        ({"a": (20.0, 2.0), "b": (5.0, 1.0), "c": (3.0, 1.0)}, 12 / math.sqrt(6)),
        ({"a": (20.0, 1.5), "b": (5.0, 1.0), "c": (3.0, 1.0)}, 12 / math.sqrt(4.25)),
        ({"a": (-8.7, 0.5), "b": (-8.2, 0.1), "c": (-4.3, 0.5)}, 3.8 / math.sqrt(0.51)),
    ],
)
def test_a_sum_is_strained_by_its_gap(
    tmp_path: Path, values: dict[str, tuple[float, float]], sigmas: float
) -> None:
    """For a = b + c it is the gap over the root of the sum of squares, whatever the signs."""
    assert math.sqrt(strain(tmp_path, "a = b + c", values)) == pytest.approx(sigmas, rel=1e-6)


def test_opposite_values_meet_at_zero(tmp_path: Path) -> None:
    """0.1 ± 0.2 and −0.1 ± 0.2 are 0.71 standard deviations apart, as if nothing were special about zero."""
    values = {"a": (0.1, 0.2), "b": (-0.1, 0.2)}
    assert math.sqrt(strain(tmp_path, "a = b", values)) == pytest.approx(0.2 / math.sqrt(0.08))


def test_an_inequality_is_strained_up_to_its_end(tmp_path: Path) -> None:
    """a ≤ b with a = 5 ± 1 and b = 2 ± 1 is 3/√2 standard deviations off; the other way round it holds."""
    assert math.sqrt(strain(tmp_path, "a <= b", {"a": (5.0, 1.0), "b": (2.0, 1.0)})) == pytest.approx(
        3 / math.sqrt(2), rel=1e-6
    )
    assert strain(tmp_path, "a <= b", {"a": (2.0, 1.0), "b": (5.0, 1.0)}) == 0


numbers = st.floats(1.0, 20.0).map(lambda x: round(x, 2))


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    numbers,
    numbers,
    numbers,
    st.floats(0.02, 0.15),
    st.sampled_from(["a = b*c", "a = b + c^2", "a^2 = b*c + b"]),
)
def test_curved_relations_are_strained_as_a_minimizer_says(
    tmp_path: Path, b: float, c: float, gap: float, share: float, equation: str
) -> None:
    """Products and mixed sums: the least Σ(shift/σ)² that SciPy finds under the same constraint."""
    left = {
        "a = b*c": lambda x: x[0] - x[1] * x[2],
        "a = b + c^2": lambda x: x[0] - x[1] - x[2] ** 2,
        "a^2 = b*c + b": lambda x: x[0] ** 2 - x[1] * x[2] - x[1],
    }[equation]
    a = {"a = b*c": b * c, "a = b + c^2": b + c * c, "a^2 = b*c + b": math.sqrt(b * c + b)}[equation]
    a = round(a * (1 + gap / 60), 3)
    values = {"a": (a, round(share * a, 4)), "b": (b, round(share * b, 4)), "c": (c, round(share * c, 4))}
    start = [value for value, _ in values.values()]
    scale = [sigma for _, sigma in values.values()]
    fit = minimize(
        lambda z: float(sum(one * one for one in z)),
        [0.0, 0.0, 0.0],
        constraints=[
            {
                "type": "eq",
                "fun": lambda z: left([v + s * one for v, s, one in zip(start, scale, z, strict=True)]) / a,
            }
        ],
        method="SLSQP",
        options={"ftol": 1e-14, "maxiter": 300},
    )
    assume(fit.success)
    assert strain(tmp_path, equation, values) == pytest.approx(fit.fun, rel=1e-4, abs=1e-6)


def test_a_misprint_in_the_eighth_digit_is_found(tmp_path: Path) -> None:
    """Helium's two ionisation energies, and a sum that is short by 9.5 times its doubt of 1e-6 eV."""
    values = {"a": (79.005145, 1e-6), "b": (24.587389011, 2.5e-8), "c": (54.4177655282, 1e-9)}
    gap = 24.587389011 + 54.4177655282 - 79.005145
    sigmas = gap / math.hypot(1e-6, 2.5e-8, 1e-9)
    assert math.sqrt(strain(tmp_path, "a = b + c", values, "positive")) == pytest.approx(sigmas, rel=1e-4)


@pytest.mark.parametrize("scale", [1e12, 1.0, 1e-6, 1e-12, 1e-24])
@pytest.mark.parametrize("equation", ["a - b = free", "a^2 = b^2 + free^2"])
def test_the_strain_is_the_same_in_any_unit(tmp_path: Path, scale: float, equation: str) -> None:
    """10.0 less 10.9, each ± 0.1, leave nothing positive by 6.4 deviations, of metres as of picometres."""
    values = {"a": (10.0 * scale, 0.1 * scale), "b": (10.9 * scale, 0.1 * scale)}
    stated = ", ".join(f"it.{name}: {{value: {v!r}, uncertainty: {s!r}}}" for name, (v, s) in values.items())
    found = compiled(tmp_path, dict.fromkeys(("a", "b", "free"), "positive"), (equation,), stated)
    near = {found.index["it", name]: value for name, (value, _) in values.items()}
    got = least_strain(found, range(len(found.equations)), near)
    assert math.sqrt(got) == pytest.approx(0.9 / math.sqrt(0.02), rel=1e-3)
