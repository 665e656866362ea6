"""A report tells misfit and conflict apart, and calls neither by the other's name."""

from __future__ import annotations

import math
import random
from collections.abc import Iterable
from pathlib import Path

import pytest

from checker.model import Report
from checker.pipeline import check


def report(folder: Path, values: Iterable[tuple[float, float]], more: str = "") -> Report:
    """The report on values with standard uncertainties for one quantity."""
    lines = "".join(
        f"    - {{name: m{i}, value: {value:.6f}, uncertainty: {sigma:.6f}}}\n"
        for i, (value, sigma) in enumerate(values)
    )
    file = folder / "scenario.yaml"
    file.write_text(
        "scenario: one quantity, many values\nquantities:\n  x: {}\nkinds: {thing: {}}\n"
        f"systems: {{it: {{is: thing}}}}\ngiven:\n  it.x:\n{lines}{more}"
    )
    return check(file)


def test_many_small_disagreements_are_a_misfit_and_no_conflict(tmp_path: Path) -> None:
    """Two clusters 2.8 σ apart: no pair is tense, yet all twenty together are as good as impossible."""
    found = report(tmp_path, [(1.0, 0.1)] * 10 + [(1.4, 0.1)] * 10)
    assert found.contradictions == found.tensions == ()
    assert found.verdict == "no contradiction"
    (fit,) = found.fits
    assert fit.agreement.chi2 == pytest.approx(20 * 2**2)
    assert (fit.agreement.dof, fit.agreement.misfit) == (19, True)
    assert fit.agreement.birge == pytest.approx((80 / 19) ** 0.5)
    assert found.coverage["misfit"] == 20


def test_one_tense_pair_among_two_hundred_is_to_be_expected(tmp_path: Path) -> None:
    """The pair is told as a tension, and all of them together as the good fit that they are."""
    rng = random.Random(4)
    found = report(tmp_path, [(rng.gauss(10, 0.1), 0.1) for _ in range(200)])
    assert found.contradictions == ()
    # which of them are tense is for the search to say
    (fit,) = found.fits
    assert fit.agreement.dof == 199
    assert not fit.agreement.misfit
    assert found.coverage["misfit"] == 0


def test_a_misfit_that_a_conflict_explains_leaves_the_others_in_agreement(tmp_path: Path) -> None:
    """An outlier contradicts each of four values that agree: these hold."""
    found = report(tmp_path, [(1.0, 0.1), (1.05, 0.1), (0.95, 0.1), (1.02, 0.1), (2.0, 0.1)])
    assert len(found.contradictions) == 4
    assert found.coverage["conflict"] == 5
    (fit,) = found.fits
    assert fit.agreement.misfit
    assert fit.pulls[0].premise == "it.x@m4"


def test_what_no_uncertainty_explains_takes_no_part_in_a_fit(tmp_path: Path) -> None:
    """Two values agree; a third is bounded so far away that no shift could join them."""
    more = "    - {name: far, value: 9.0, within: 0.1}\n    - {name: farther, value: 3.0, within: 0.1}\n"
    found = report(tmp_path, [(1.0, 0.1), (1.1, 0.1)], more)
    (fit,) = found.fits
    assert fit.agreement.chi2 == pytest.approx(0.5)
    assert fit.claims == ("it.x@m0", "it.x@m1")


def test_values_are_adjusted_in_the_unit_in_which_they_were_given(tmp_path: Path) -> None:
    """The weighted mean of 1.000(10) and 1.020(10) is 1.0100(71)."""
    (fit,) = report(tmp_path, [(1.0, 0.01), (1.02, 0.01)]).fits
    assert fit.adjusted["it.x"].shown == "1.0100(71)"


def test_many_fits_that_are_each_a_little_bad_are_bad_together(tmp_path: Path) -> None:
    """Thirty pairs 2.5 σ apart: none of them is tense, and no chance makes all of them so."""
    lines = "".join(
        f"  it{i}.x: [{{name: a, value: 1.0(1)}}, {{name: b, value: 1.353553(100000)}}]\n" for i in range(30)
    )
    file = tmp_path / "scenario.yaml"
    systems = ", ".join(f"it{i}: {{is: thing}}" for i in range(30))
    file.write_text(
        "scenario: s\nquantities: {x: {}}\nkinds: {thing: {}}\n"
        f"systems: {{{systems}}}\ngiven:\n{lines}"
    )
    found = check(file)
    assert not any(one.agreement.misfit for one in found.fits)
    assert found.agreement is not None
    assert found.agreement.chi2 == pytest.approx(30 * 2.5**2, rel=1e-5)
    assert (found.agreement.dof, found.agreement.misfit) == (30, True)


def test_a_way_out_leaves_the_value_that_fits_the_rest_best(tmp_path: Path) -> None:
    """Without the value that contradicts both, the weighted mean of 10.0(1) and 10.4(3) is left: 10.04."""
    found = report(tmp_path, [(10.0, 0.1), (10.4, 0.3), (12.0, 0.1)])
    (way,) = (one for one in found.ways_out if one.give_up == ("it.x@m2",))
    left = way.then["it.x"]
    assert left.value == pytest.approx((10 * 9 + 10.4) / 10)
    assert left.uncertainty == pytest.approx(0.1 * 0.9**0.5)


def test_a_value_around_zero_is_one_too(tmp_path: Path) -> None:
    """Where 0.0(1) contradicts 1.0(1), it is shown as it was stated, and is left if the other is given up."""
    file = tmp_path / "scenario.yaml"
    file.write_text(
        "scenario: s\nquantities: {x: {sign: any}}\nkinds: {thing: {}}\nsystems: {it: {is: thing}}\n"
        "given: {it.x: [{name: none, value: 0.0(1)}, {name: some, value: 1.0(1)}]}\n"
    )
    found = check(file)
    (contradiction,) = found.contradictions
    assert [side.shown for side in contradiction.occurrences[0].sides] == ["0.0(1)", "1.0(1)"]
    assert {way.give_up: way.then["it.x"].shown for way in found.ways_out} == {
        ("it.x@none",): "1.00(10)",
        ("it.x@some",): "0.00(10)",
    }


# ---------------------------------------------------------------- constants with an uncertainty


def with_constant(folder: Path, given: str, systems: str = "a b", constant: str = "2.00(2)") -> Report:
    """The report on values of x in systems in which x is a constant with an uncertainty."""
    file = folder / "scenario.yaml"
    file.write_text(
        f"scenario: s\nquantities: {{x: {{}}}}\nconstants: {{kk: {{value: {constant}}}}}\n"
        "kinds: {lab: {}}\n"
        "rules: {r: {claim: c, applies_to: lab, equation: x = kk, status: law}}\n"
        f"systems: {{{', '.join(f'{one}: {{is: lab}}' for one in systems.split())}}}\ngiven: {{{given}}}\n"
    )
    return check(file)


def test_the_doubt_of_a_constant_hides_no_contradiction_of_others(tmp_path: Path) -> None:
    """Either of 2.01 and 2.02, both exact, may be 2.00(2), but not both of them are the same thing."""
    given = "a.x: [{name: one, value: 2.01, exact: true}, {name: two, value: 2.02, exact: true}]"
    (found,) = with_constant(tmp_path, given, "a").contradictions
    assert {claim.id for claim in found.claims} == {"a.x@one", "a.x@two"}


def test_what_shares_a_constant_is_fitted_together(tmp_path: Path) -> None:
    """2.030(1) and 1.970(1) are each 1.5 σ from 2.00(2), and 42 from each other where it is one constant."""
    (fit,) = with_constant(tmp_path, "a.x: 2.030(1), b.x: 1.970(1)").fits
    assert fit.agreement is not None
    weights = (1e6, 1e6, 2500)
    mean = sum(w * v for w, v in zip(weights, (2.03, 1.97, 2.0), strict=True)) / sum(weights)
    expected = sum(w * (v - mean) ** 2 for w, v in zip(weights, (2.03, 1.97, 2.0), strict=True))
    assert (fit.agreement.chi2, fit.agreement.dof) == (pytest.approx(expected, rel=1e-9), 2)


def test_a_constant_that_would_need_two_values_fits_nothing(tmp_path: Path) -> None:
    """Exact values leave the constant no choice, and these two leave it none at all."""
    found = with_constant(tmp_path, "a.x: {value: 2.01, exact: true}, b.x: {value: 2.02, exact: true}")
    assert found.agreement is not None
    assert found.agreement.misfit
    assert found.coverage["misfit"] == 4


def test_a_scale_that_nobody_measured_does_not_hide_a_misfit(tmp_path: Path) -> None:
    """Both voltages are some supply times a resistance; the ratio is measured in two camps."""
    camps = ["0.4990(5)", "0.5009(5)"] * 9
    ratios = ", ".join(f"{{name: m{i}, value: {value}}}" for i, value in enumerate(camps))
    file = tmp_path / "scenario.yaml"
    file.write_text(
        "scenario: s\nquantities: {u: {}, v1: {}, v2: {}, r1: {}, r2: {}, ratio: {}}\n"
        "kinds: {k: {}}\nrules:\n"
        "  a: {claim: c, applies_to: k, equation: v1 = u*r1, status: law}\n"
        "  b: {claim: c, applies_to: k, equation: v2 = u*r2, status: law}\n"
        "  c: {claim: c, applies_to: k, equation: ratio = v1/v2, status: law}\n"
        "systems: {o: {is: k}}\ngiven:\n  o.r1: 1.000(1)\n  o.r2: 2.000(1)\n"
        f"  o.ratio: [{ratios}]\n"
    )
    found = check(file)
    assert found.agreement is not None
    # the r's shift the common mean; in first order r1/r2 adds one measurement of 0.5 with its uncertainty
    u = 0.5 * math.hypot(1e-3, 0.5e-3)
    values = [(0.4990, 5e-4), (0.5009, 5e-4)] * 9 + [(0.5, u)]
    mean = sum(v / s**2 for v, s in values) / sum(s**-2 for _, s in values)
    expected = sum(((v - mean) / s) ** 2 for v, s in values)
    assert found.agreement.chi2 == pytest.approx(expected, rel=1e-3)
    assert (found.agreement.dof, found.agreement.misfit) == (18, True)


def test_what_a_kind_supplies_is_pulled_like_any_other_value(tmp_path: Path) -> None:
    """Twice 3.0(1) and 6.5(1) are 0.5 apart, which is √5 of their deviations together."""
    file = tmp_path / "scenario.yaml"
    file.write_text(
        "scenario: s\nquantities: {a: {}, b: {}}\nkinds: {k: {a: 3.0(1)}}\nsystems: {s: {is: k}}\n"
        "rules: {r: {claim: c, applies_to: k, equation: b = 2*a, status: law}}\ngiven: {s.b: 6.5(1)}\n"
    )
    (fit,) = check(file).fits
    assert {one.premise: one.pull for one in fit.pulls} == {
        "s.b": pytest.approx(5**0.5),
        "s.a": pytest.approx(-(5**0.5)),
    }
