"""Uncertain claims that agree are not called contradictory, and those that do not are not passed over."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path

import pytest

from checker.model import JointFit, Report
from checker.pipeline import check


def report(
    folder: Path, quantities: str, equations: str, given: Mapping[str, str], constants: str = ""
) -> Report:
    """The report on one thing: quantities with their signs, equations apart by semicolons, values."""
    rules = "".join(
        f"  r{i}: {{claim: c, applies_to: k, status: law, equation: '{one.strip()}'}}\n"
        for i, one in enumerate(equations.split(";"))
    )
    values = "".join(f"  it.{name}: {value}\n" for name, value in given.items())
    file = folder / "scenario.yaml"
    file.write_text(
        f"scenario: s\nquantities: {{{quantities}}}\nconstants: {{{constants}}}\nkinds: {{k: {{}}}}\n"
        f"rules:\n{rules}systems: {{it: {{is: k}}}}\ngiven:\n{values}"
    )
    return check(file)


def only_fit(found: Report) -> JointFit:
    (fit,) = found.fits
    return fit


def chi2(found: Report) -> float:
    agreement = only_fit(found).agreement
    assert agreement is not None
    return agreement.chi2


def test_a_sum_whose_best_values_lean_on_a_sign_is_not_far_off(tmp_path: Path) -> None:
    """x + y = 10 leaves at least 20 for 2x + 3y, where y vanishes: 19.5(3) is 1.67 deviations from that."""
    given = {"p": "10.0 to 10.4", "q": "19.5(3)"}
    found = report(tmp_path, "x: {}, y: {}, p: {}, q: {}", "p = x + y; q = 2*x + 3*y", given)
    assert found.contradictions == found.tensions == ()


def test_a_chain_longer_than_boxes_reach_is_no_exact_contradiction(tmp_path: Path) -> None:
    """Eighty steps of 1.004(20) make 80.32(1.60), and 80.0(1.6) is measured."""
    names = [f"q{i}" for i in range(80)]
    equations = "; ".join(f"{two} = {one} + q0" for one, two in pairwise(names))
    given = {"q0": "1.004(20)", "q79": "80.0(1.6)"}
    found = report(tmp_path, ", ".join(f"{one}: {{}}" for one in names), equations, given)
    assert found.contradictions == found.tensions == ()


def test_the_doubt_of_a_constant_counts_in_sums_as_in_products(tmp_path: Path) -> None:
    """2·1.5(1) + 4·1.5(1) is 9.0(6), and 9.5 is said."""
    given = {"c": "{value: 9.5, exact: true}"}
    quantities = "a: {}, b: {}, c: {}"
    equations = "a = 2*kk; b = 4*kk; c = a + b"
    found = report(tmp_path, quantities, equations, given, "kk: {value: 1.5(1)}")
    assert found.contradictions == ()


@pytest.mark.parametrize("scale", ["", "e9", "e15", "e30", "e-30"])
def test_agreement_does_not_depend_on_the_unit(tmp_path: Path, scale: str) -> None:
    """q4 = q3 − q0 and q3 = q0 − q2 leave q4 = −q2, of whatever size."""
    given = {"q2": f"-4.947(56){scale}", "q4": f"5.001(56){scale}"}
    quantities = ", ".join(f"{one}: {{sign: any}}" for one in ("q0", "q2", "q3", "q4"))
    found = report(tmp_path, quantities, "q3 = q0 - q2; q4 = q3 - q0", given)
    assert found.contradictions == found.tensions == ()
    assert chi2(found) == pytest.approx((0.054 / 0.056) ** 2 / 2, rel=1e-6)


@pytest.mark.parametrize("measured", [0.08, 0.01, -0.01])
def test_a_value_may_turn_out_to_have_the_other_sign(tmp_path: Path, measured: float) -> None:
    """1.00 − 1.20 is −0.20, whatever side of zero eight measurements are on."""
    several = ", ".join(f"{{name: m{i}, value: {measured}, uncertainty: 0.1}}" for i in range(8))
    given = {"a": "1.000(1)", "b": "1.200(1)", "c": f"[{several}]"}
    quantities = "a: {sign: any}, b: {sign: any}, c: {sign: any}"
    found = report(tmp_path, quantities, "c = a - b", given)
    assert chi2(found) == pytest.approx((measured + 0.2) ** 2 / (2e-6 + 0.01 / 8), rel=1e-6)


def test_a_bound_that_was_met_on_the_way_is_let_go(tmp_path: Path) -> None:
    """q2 + q4 can be 9.55 within all bounds, so that nothing is strained."""
    given = {
        "q2": "2.665 to 2.764",
        "q4": "[{name: a, value: 6.859 to 7.203}, {name: b, value: <= 6.9886}]",
        "q5": "[{name: a, value: 9.55(1)}, {name: b, value: 9.55(1)}]",
    }
    found = report(tmp_path, "q2: {}, q4: {}, q5: {}", "q5 = q2 + q4", given)
    assert chi2(found) == pytest.approx(0, abs=1e-12)
    assert found.coverage["misfit"] == 0


def test_a_negative_value_is_pulled_to_its_own_side(tmp_path: Path) -> None:
    """−3.45 lies below the mean of −3.0 and −3.1."""
    several = "[{name: x, value: -3.0(1)}, {name: y, value: -3.1(1)}, {name: z, value: -3.45(10)}]"
    found = report(tmp_path, "a: {sign: any}", "a = a", {"a": several})
    pulls = {one.premise: one.pull for one in only_fit(found).pulls}
    assert pulls["it.a@z"] == pytest.approx((-3.45 + 3.05) / (0.1 * 1.5**0.5), rel=1e-9)


def test_a_strained_set_that_shares_a_slight_disagreement_is_a_misfit(tmp_path: Path) -> None:
    """a/b = 0.773 makes a − b negative, six deviations from what is said; a smaller set is strained, too."""
    given = {"b": "1.032(50)", "c": "0.085(50)", "d": "0.773(10)"}
    quantities = "a: {}, b: {}, c: {sign: any}, d: {}"
    found = report(tmp_path, quantities, "c = a - b; d = a/b", given)
    assert chi2(found) == pytest.approx(37.44, rel=1e-3)
    assert found.agreement is not None
    assert found.agreement.misfit


def test_what_may_be_zero_is_fitted_there_and_no_further(tmp_path: Path) -> None:
    """x is not negative, so that −1.0(1) for it is ten deviations away from the nearest value, zero."""
    given = {"x": "0.0(1)", "y": "-1.0(1)"}
    found = report(tmp_path, "x: {sign: nonnegative}, y: {sign: any}", "y = x", given)
    assert chi2(found) == pytest.approx(100, rel=1e-9)
    (contradiction,) = found.contradictions
    assert contradiction.occurrences[0].sigma == pytest.approx(10)


def test_a_way_out_has_the_uncertainty_beside_the_bounds(tmp_path: Path) -> None:
    """Without the sum's own value it is 10 m, good to 0.1 m, and 10 m with a standard uncertainty of 1 m: the
    1 m is told, not the bound alone."""
    found = report(
        tmp_path,
        "x: {unit: m}, y: {unit: m}, z: {unit: m}",
        "z = x + y",
        {"x": "{value: 10 m, within: 0.1 m}", "y": "10 ± 1 m", "z": "30 ± 0.1 m"},
    )
    (way,) = [one for one in found.ways_out if one.give_up == ("it.z",)]
    then = way.then["it.z"]
    assert then.uncertainty == pytest.approx(1)
    assert then.range == pytest.approx((19.9, 20.1))
    assert then.shown == "20.0(1.0) m (19.90 m … 20.10 m)"
