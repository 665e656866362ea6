"""Several bounds on one quantity leave what all of them allow, and each end says who made it."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest
from scipy.optimize import linprog

from checker.changes import Changes
from checker.model import Narrowed, Report
from checker.pipeline import check

BUILDING = Path(__file__).parent.parent / "scenarios" / "building-height.yaml"


def narrowed(report: Report) -> dict[str, Narrowed]:
    return {one.quantity.rpartition(".")[2]: one for one in report.narrowed}


def ends(one: Narrowed) -> tuple[float, float]:
    assert one.low is not None
    assert one.high is not None
    return one.low.value, one.high.value


def test_a_building_is_as_high_as_its_shadow_and_a_fall_allow() -> None:
    """0.3·54.9/0.37 = 44.514 m by the shadows at least, 9.832·3.1²/2 = 47.243 m by the fall at most; and the
    fall takes √(2·44.514/9.832) = 3.0091 s at least (Radul & Sussman, 2009)."""
    found = narrowed(check(BUILDING, None, Changes(drop=("building.height",))))
    assert ends(found["height"]) == pytest.approx((0.3 * 54.9 / 0.37, 9.832 * 3.1**2 / 2), rel=1e-6)
    assert ends(found["duration"]) == pytest.approx(((2 * 0.3 * 54.9 / 0.37 / 9.832) ** 0.5, 3.1), rel=1e-6)
    low, high = found["height"].low, found["height"].high
    assert low is not None
    assert high is not None
    shadows = {"building.shadow", "building.barometer_length", "building.barometer_shadow"}
    assert set(low.premises) == {*shadows, "similar-triangles"}
    assert set(high.premises) == {"building.free_fall_acceleration", "building.duration", "fall-from-rest"}


def test_the_superintendent_narrows_every_measurement() -> None:
    """At 45 m the barometer is at most 45·0.37/54.9 = 0.30328 m long; the fall takes 3.0255 to 3.0322 s."""
    found = narrowed(check(BUILDING))
    assert "height" not in found  # it is one value now
    assert ends(found["barometer_length"]) == pytest.approx((0.3, 45 * 0.37 / 54.9), rel=1e-6)
    assert ends(found["duration"]) == pytest.approx((3.0255, 3.0322), abs=5e-5)
    low = found["barometer_length"].low
    assert low is not None
    assert low.premises == ("building.barometer_length",)


def test_a_value_within_its_own_bound_is_not_narrowed(tmp_path: Path) -> None:
    """Two bounds of which one lies inside the other: the narrower one alone says all."""
    file = tmp_path / "scenario.yaml"
    file.write_text(
        "scenario: s\nquantities: {x: {}, y: {}}\nkinds: {k: {}}\nsystems: {it: {is: k}}\n"
        "given: {it.x: {value: 3, within: 1}, it.y: {value: 4, within: 1}}\n"
    )
    assert check(file).narrowed == ()


def test_ends_are_those_of_linear_programming(tmp_path: Path) -> None:
    """Sums over random ranges: the least and the largest value of each term that all allow."""
    rng = random.Random(11)
    compared = 0
    for _ in range(50):
        count = rng.randint(2, 4)
        middles = [rng.uniform(1, 9) for _ in range(count)]
        halves = [rng.uniform(0.1, 0.9) for _ in range(count)]
        total, half = sum(middles) + rng.uniform(-0.5, 0.5), rng.uniform(0.05, 0.5)
        names = [f"x{i}" for i in range(count)]
        given = [
            f"it.{n}: {{value: {m!r}, within: {h!r}}}" for n, m, h in zip(names, middles, halves, strict=True)
        ]
        equation = f"total = {' + '.join(names)}"
        file = tmp_path / "scenario.yaml"
        file.write_text(
            f"scenario: s\nquantities: {{total: {{}}, {', '.join(f'{n}: {{}}' for n in names)}}}\n"
            "kinds: {k: {}}\nsystems: {it: {is: k}}\n"
            f"rules: {{adds: {{claim: c, applies_to: k, status: law, equation: '{equation}'}}}}\n"
            f"given: {{{', '.join(given)}, it.total: {{value: {total!r}, within: {half!r}}}}}\n"
        )
        found = narrowed(check(file))
        bounds = [(m - h, m + h) for m, h in zip(middles, halves, strict=True)]
        for place, name in enumerate(names):
            if name not in found:
                continue
            for sign, end in ((1, found[name].low), (-1, found[name].high)):
                sums = np.array([[1.0] * count, [-1.0] * count])
                limits = [total + half, -(total - half)]
                cost = np.zeros(count)
                cost[place] = sign
                expected = linprog(cost, A_ub=sums, b_ub=limits, bounds=bounds)
                assert end is not None
                assert end.value == pytest.approx(sign * expected.fun, rel=1e-6)
                compared += 1
    assert compared > 40
