"""The joint fit of measurements equals independent least squares; its parts are what metrology calls so."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.optimize import least_squares
from scipy.stats import chi2

from checker.adjustment import Adjustment, adjust, p_value
from checker.consistency import Oracle
from checker.expression import Name
from checker.ground import ground
from checker.load import load_scenario
from checker.terms import System, system

Values = Mapping[str, Any]


def fit(folder: Path, text: str, nominal: bool = False) -> tuple[System, Adjustment | None]:
    """The adjustment of all claims of a scenario in one."""
    file = folder / "scenario.yaml"
    file.write_text(text)
    grounded = ground(load_scenario(file), {})
    compiled = system(grounded)
    near = Oracle(compiled, grounded.claims, frozenset()).nominal(range(len(grounded.claims)))
    return compiled, adjust(compiled, range(len(compiled.equations)), near, nominal)


def scenario(rules: Mapping[str, str], given: str, quantities: str, constants: str = "") -> str:
    """A scenario of one thing with these quantities, equations and values."""
    lines = [
        f"  {name}: {{claim: c, applies_to: k, status: law, equation: '{one}'}}"
        for name, one in rules.items()
    ]
    return "\n".join(
        [
            "scenario: a network of measurements",
            "quantities:",
            *(f"  {name}: {{sign: any}}" for name in quantities.split()),
            f"constants: {{{constants}}}" if constants else "",
            "kinds: {k: {}}",
            "rules:" if lines else "",
            *lines,
            "systems: {it: {is: k}}",
            "given:",
            given,
        ]
    )


# ---------------------------------------------------------------- random networks


@dataclass(frozen=True)
class Network:
    """Quantities, each of the later ones by an equation of earlier ones, and measured values (value, σ)."""

    base: tuple[str, ...]
    equations: Mapping[str, tuple[str, Callable[[Values], Any]]]
    measured: Mapping[str, tuple[tuple[float, float], ...]]

    def text(self) -> str:
        rules = {f"r-{name}": f"{name} = {text}" for name, (text, _) in self.equations.items()}
        names = [*self.base, *self.equations]
        given = [
            f"  it.{name}:\n"
            + "\n".join(
                f"    - {{name: m{i}, value: {value!r}, uncertainty: {sigma!r}}}"
                for i, (value, sigma) in enumerate(values)
            )
            for name, values in self.measured.items()
        ]
        return scenario(rules, "\n".join(given), " ".join(names))

    def values(self, base: Any) -> dict[str, Any]:
        found: dict[str, Any] = dict(zip(self.base, base, strict=True))
        for name, (_, function) in self.equations.items():
            found[name] = function(found)
        return found

    def misfits(self, base: Any) -> Any:
        found = self.values(base)
        return np.array([(found[q] - v) / s for q, several in self.measured.items() for v, s in several])

    def jacobian(self, base: Any) -> Any:
        """By complex steps, which are as exact as doubles are."""
        columns = []
        for i in range(len(base)):
            shifted = np.array(base, dtype=complex)
            shifted[i] += 1e-200j
            columns.append(self.misfits(shifted).imag / 1e-200)
        return np.array(columns).T


def random_network(rng: random.Random) -> Network:
    base = tuple(f"x{i}" for i in range(rng.randint(1, 4)))
    truth = {name: rng.uniform(1, 4) for name in base}
    equations: dict[str, tuple[str, Callable[[Values], Any]]] = {}
    for i in range(rng.randint(0, 4)):
        one, other = rng.choice([*truth]), rng.choice([*truth])
        factor = rng.randint(1, 3)
        kind = rng.randrange(5)
        made: tuple[str, Callable[[Values], Any]] = (
            (f"{one} + {factor}*{other}", lambda v, a=one, b=other, k=factor: v[a] + k * v[b]),
            (f"{one}*{other}", lambda v, a=one, b=other: v[a] * v[b]),
            (f"{one}^2/{other}", lambda v, a=one, b=other: v[a] ** 2 / v[b]),
            (f"sqrt({one}*{other})", lambda v, a=one, b=other: (v[a] * v[b]) ** 0.5),
            (f"exp(-{one}/{factor})", lambda v, a=one, k=factor: np.exp(-v[a] / k)),
        )[kind]
        equations[f"y{i}"] = made
        truth[f"y{i}"] = made[1](truth)
    measured = {}
    for name, value in truth.items():
        times = rng.choice([1, 1, 2, 3]) if name in base else rng.choice([0, 1, 2])
        sigmas = [abs(float(value)) * 10 ** rng.uniform(-4, -1.5) for _ in range(times)]
        if times:
            measured[name] = tuple((float(rng.gauss(value, 2 * s)), s) for s in sigmas)
    return Network(base, equations, measured)


@pytest.mark.parametrize("seed", range(60))
def test_a_random_network_is_fitted_as_by_independent_least_squares(seed: int, tmp_path: Path) -> None:
    """χ², adjusted values and uncertainties of sums, products, roots and exponentials agree to 1e-9."""
    network = random_network(random.Random(seed))
    compiled, found = fit(tmp_path, network.text())
    start = [np.mean([v for v, _ in network.measured[name]]) for name in network.base]
    tolerances = {"xtol": 1e-15, "ftol": 1e-15, "gtol": 1e-15}
    expected = least_squares(network.misfits, start, jac=network.jacobian, **tolerances)
    assert found is not None
    assert found.chi2 == pytest.approx(2 * expected.cost, rel=1e-9, abs=1e-9)
    assert found.dof == sum(map(len, network.measured.values())) - len(network.base)
    covariance = np.linalg.inv(network.jacobian(expected.x).T @ network.jacobian(expected.x))
    steps = [expected.x + 1e-200j * direction for direction in np.eye(len(network.base))]
    shifts = [network.values(step) for step in steps]
    for name, value in network.values(expected.x).items():
        unknown = compiled.index[Name(("it", name)).parts]
        slope = np.array([np.imag(one[name]) / 1e-200 for one in shifts])
        assert found.point[unknown] == pytest.approx(value, rel=1e-9)
        assert found.uncertainty[unknown] == pytest.approx(math.sqrt(slope @ covariance @ slope), rel=1e-6)


# ---------------------------------------------------------------- what bounds, shared inputs and quanta do


def adjusted(folder: Path, rules: Mapping[str, str], given: Mapping[str, str], constants: str = "") -> Any:
    """χ², degrees of freedom, values and uncertainties by quantity."""
    lines = "\n".join(f"  it.{name}: {value}" for name, value in given.items())
    words = {word for text in rules.values() for word in text.split() if len(word) == 1}
    names = {*given, *filter(str.isalpha, words)}
    compiled, found = fit(folder, scenario(rules, lines, " ".join(sorted(names)), constants))
    assert found is not None
    return found, {name[-1]: unknown for name, unknown in compiled.index.items()}


def test_a_value_may_move_freely_within_its_rounding(tmp_path: Path) -> None:
    """3.0 may be anything from 2.95 to 3.05: 3.02(1) fits it at no cost, and 3.25(10) is two σ beyond."""
    inside, _ = adjusted(tmp_path, {}, {"x": "[{name: a, value: 3.0}, {name: b, value: 3.02(1)}]"})
    beyond, at = adjusted(tmp_path, {}, {"x": "[{name: a, value: 3.0}, {name: b, value: 3.25(10)}]"})
    assert (inside.chi2, inside.dof) == (0, 0)
    assert beyond.chi2 == pytest.approx(4, rel=1e-9)
    assert (beyond.dof, beyond.point[at["x"]]) == (1, pytest.approx(3.05))


def test_a_bound_that_is_let_go_costs_nothing(tmp_path: Path) -> None:
    """Values at 2.0(1) and 4.0(1) meet at 3.0, inside 2.9 to 3.1, whatever end was met on the way."""
    several = "[{name: a, value: 2.0(1)}, {name: b, value: 4.0(1)}, {name: c, value: 3.04, within: 0.1}]"
    found, at = adjusted(tmp_path, {}, {"x": several})
    assert found.chi2 == pytest.approx(200, rel=1e-9)
    assert (found.dof, found.point[at["x"]]) == (1, pytest.approx(3.0))


def test_a_shared_input_cancels_between_what_rests_on_it(tmp_path: Path) -> None:
    """a = k·x and b = k·y have the ratio x/y, however uncertain k is: z = (2.2 − 2.0)/u(2.0)."""
    rules = {"one": "a = k * x", "two": "b = k * y", "three": "a = r * b"}
    given = {"k": "50(4)", "x": "2.0(1)", "y": "{value: 1, exact: true}", "r": "{value: 2.2, exact: true}"}
    found, at = adjusted(tmp_path, rules, given)
    assert found.chi2 == pytest.approx(4, rel=1e-9)
    assert found.uncertainty[at["k"]] == pytest.approx(4)  # nothing checks it


def test_values_around_zero_have_uncertainties_of_their_own(tmp_path: Path) -> None:
    """0.0(5) and 1.0(5) meet halfway, two standard uncertainties in all away."""
    found, at = adjusted(tmp_path, {}, {"x": "[{name: a, value: 0.0(5)}, {name: b, value: 1.0(5)}]"})
    assert found.chi2 == pytest.approx(2, rel=1e-9)
    assert found.point[at["x"]] == pytest.approx(0.5)
    assert found.uncertainty[at["x"]] == pytest.approx(0.5 / math.sqrt(2))


def test_a_pull_is_the_distance_from_all_others(tmp_path: Path) -> None:
    """1.0(1) lies (1.0 − 1.3)/√(0.1² + 0.1²/2) standard deviations from the mean of 1.2(1) and 1.4(1)."""
    several = "[{name: a, value: 1.0(1)}, {name: b, value: 1.2(1)}, {name: c, value: 1.4(1)}]"
    found, _ = adjusted(tmp_path, {}, {"x": several})
    assert next(iter(found.pull.values())) == pytest.approx(-0.3 / math.sqrt(0.015), rel=1e-9)


def test_a_precise_value_is_pulled_as_far_as_the_coarse_one_that_checks_it(tmp_path: Path) -> None:
    """The coarse one moves a million times as much, and both are as many standard deviations apart."""
    several = "[{name: a, value: 1.000000(1)}, {name: b, value: 3(1)}]"
    found, _ = adjusted(tmp_path, {}, {"x": several})
    assert list(found.pull.values()) == pytest.approx([-2, 2], rel=1e-9)


def test_what_nothing_checks_has_no_pull(tmp_path: Path) -> None:
    """A value that stands alone takes up no degree of freedom, and its uncertainty stays what it was."""
    found, at = adjusted(tmp_path, {"one": "y = x * x"}, {"x": "3.0(1)"})
    assert (found.chi2, found.dof, found.pull) == (0, 0, {})
    assert found.uncertainty[at["y"]] == pytest.approx(0.6, rel=1e-9)


def test_constants_give_way_as_far_as_their_uncertainty_lets_them(tmp_path: Path) -> None:
    """A constant 2.0(3), doubled, and 5.0(1) are 1 apart, which is 1/√(0.6² + 0.1²) standard deviations."""
    found, _ = adjusted(tmp_path, {"one": "x = 2 * kk"}, {"x": "5.0(1)"}, "kk: {value: 2.0(3)}")
    assert found.chi2 == pytest.approx(1 / (0.1**2 + 0.6**2), rel=1e-9)


def test_two_hundred_parts_of_the_variance_are_shared_out(tmp_path: Path) -> None:
    """What each value contributes to its own adjustment adds up to the number of parameters: the others
    check it with what is left, and that adds up to the degrees of freedom."""
    network = random_network(random.Random(7))
    _, found = fit(tmp_path, network.text())
    assert found is not None
    kept = sum((found.uncertainty[v] / s) ** 2 for v, s in sigmas(found, network).items())
    assert kept == pytest.approx(len(network.base), rel=1e-9)


def sigmas(found: Adjustment, network: Network) -> dict[int, float]:
    """The stated σ of each source, which are numbered in the order in which they are written."""
    stated = [sigma for several in network.measured.values() for _, sigma in several]
    return dict(zip(sorted((v for v in found.point if v < 0), reverse=True), stated, strict=True))


@pytest.mark.parametrize("dof", [1, 2, 3, 7, 10, 199, 200])
def test_p_values_are_those_of_the_chi_squared_distribution(dof: int) -> None:
    """Far into both tails, for odd and even degrees of freedom."""
    for chi_squared in (0.0, 0.1, dof / 2, dof, 3 * dof + 20):
        assert p_value(chi_squared, dof) == pytest.approx(chi2.sf(chi_squared, dof), rel=1e-10)
