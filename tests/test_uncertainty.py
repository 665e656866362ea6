"""A derived value comes with the standard uncertainty that independent means give it."""

from __future__ import annotations

import math
import random
from pathlib import Path

import numpy as np
import pytest
import uncertainties
from uncertainties import umath

from checker.model import Predicted, Report
from checker.pipeline import Options, check


def outlook(folder: Path, rules: dict[str, str], given: dict[str, str], constants: str = "") -> Report:
    names = sorted({*rules, *given})
    file = folder / "scenario.yaml"
    file.write_text(
        "scenario: s\n"
        f"quantities: {{{', '.join(f'{name}: {{sign: any}}' for name in names)}}}\n"
        f"constants: {{{constants}}}\n"
        "kinds: {k: {}}\nsystems: {it: {is: k}}\nrules:\n"
        + "".join(
            f"  r-{name}: {{claim: c, applies_to: k, status: law, equation: '{name} = {text}'}}\n"
            for name, text in rules.items()
        )
        + "given:\n"
        + "".join(f"  it.{name}: {value}\n" for name, value in given.items())
    )
    return check(file, Options(outlook=True))


def uncertainty(report: Report, name: str) -> float | None:
    return report.values[f"it.{name}"].uncertainty


@pytest.mark.parametrize("seed", range(20))
def test_uncertainties_propagate_as_in_the_package_of_that_name(seed: int, tmp_path: Path) -> None:
    """Sums, products, quotients, roots and exponentials of three inputs that come back in several places."""
    rng = random.Random(seed)
    inputs = {name: (rng.uniform(1, 5), 10 ** rng.uniform(-4, -1)) for name in "abc"}
    values = {name: uncertainties.ufloat(*one) for name, one in inputs.items()}
    rules = {}
    for i in range(rng.randint(1, 4)):
        one, other = rng.choice([*values]), rng.choice([*values])
        text, value = rng.choice(
            [
                (f"{one} + 2*{other}", values[one] + 2 * values[other]),
                (f"{one}*{other}", values[one] * values[other]),
                (f"{one}^2/(1 + {other}^2)", values[one] ** 2 / (1 + values[other] ** 2)),
                (f"sqrt({one}^2 + {other}^2)", umath.sqrt(values[one] ** 2 + values[other] ** 2)),
                (f"exp(-{one}/8)", umath.exp(-values[one] / 8)),
            ]
        )
        rules[f"y{i}"], values[f"y{i}"] = text, value
    given = {name: f"{{value: {value!r}, uncertainty: {sigma!r}}}" for name, (value, sigma) in inputs.items()}
    found = outlook(tmp_path, rules, given)
    for name in rules:
        assert uncertainty(found, name) == pytest.approx(values[name].std_dev, rel=1e-7)
        assert found.values[f"it.{name}"].value == pytest.approx(values[name].nominal_value, rel=1e-9)


def test_a_shared_input_cancels(tmp_path: Path) -> None:
    """(k·x)/(k·y) is as uncertain as x/y, whatever k is."""
    rules = {"a": "k*x", "b": "k*y", "ratio": "a/b"}
    found = outlook(tmp_path, rules, {"k": "5(2)", "x": "4.0(1)", "y": "2.0(1)"})
    assert uncertainty(found, "ratio") == pytest.approx(2 * math.hypot(0.1 / 4, 0.1 / 2), rel=1e-9)


def test_a_uncertainty_is_what_a_simulation_shows(tmp_path: Path) -> None:
    """The spread of x·exp(−t/τ) over a million draws, within four of its own standard errors."""
    found = outlook(tmp_path, {"y": "x*exp(-t/u)"}, {"x": "5.00(3)", "t": "2.00(1)", "u": "3.00(2)"})
    draws = np.random.default_rng(1).normal((5, 2, 3), (0.03, 0.01, 0.02), (1_000_000, 3)).T
    simulated = np.std(draws[0] * np.exp(-draws[1] / draws[2]))
    assert uncertainty(found, "y") == pytest.approx(simulated, rel=4 / math.sqrt(2e6) + 1e-4)


def test_a_constant_alone_shows_no_uncertainty(tmp_path: Path) -> None:
    """Nobody stated one: a₀/7 is as exact as a₀, and is printed with as few digits as ever."""
    found = outlook(tmp_path, {"y": "2*kk"}, {}, "kk: {value: 3.0000(1)}")
    assert uncertainty(found, "y") is None


def test_a_prediction_is_printed_with_its_uncertainty(tmp_path: Path) -> None:
    """y = x² for x = 2.00(1) is 4.00(4): 0.04 is 2·2.00·0.01."""
    found = outlook(tmp_path, {"y": "x*x"}, {"x": "2.00(1)", "y": "4.10(5)"})
    (prediction,) = (one for one in found.predictions if one.premise == "it.y")
    assert isinstance(prediction, Predicted)
    assert prediction.predicted == ("4.000(40)", None)
