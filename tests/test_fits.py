"""A report tells misfit and conflict apart, and calls neither by the other's name."""

from __future__ import annotations

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
