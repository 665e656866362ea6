"""Ranges, bounds and temperatures as givens: what the checker makes of them, and how it prints them."""

from __future__ import annotations

import json
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checker.cli import main
from checker.load import load_scenario
from checker.model import Report
from checker.pipeline import Options, check_scenario, estimates
from checker.report.plot import plot

PREAMBLE = """\
scenario: forms of a value
quantities:
  mass: {symbol: m, unit: kg}
  energy: {symbol: E, unit: J}
  shift: {symbol: s, unit: m, sign: any}
  temperature: {symbol: T, unit: K}
kinds: {thing: {}, pair: {is: thing}}
rules:
  rest-energy:
    claim: Energy is mass times c².
    applies_to: thing
    equation: E = m*c^2
    status: law
  masses-add:
    claim: A pair has the mass of its parts.
    applies_to: pair
    additive: mass
    status: law
systems: {it: {is: thing}, two: {is: pair, parts: {a: {is: thing}, b: {is: thing}}}}
given:
"""

Check = Callable[..., Report]


@pytest.fixture(scope="module")
def check(tmp_path_factory: pytest.TempPathFactory) -> Check:
    """The report on the scenario above with these lines under `given`."""
    path = tmp_path_factory.mktemp("forms") / "forms.yaml"

    def report(*lines: str) -> Report:
        path.write_text(PREAMBLE + "".join(f"  {line}\n" for line in lines), encoding="utf-8")
        return check_scenario(load_scenario(path), Options(outlook=True))

    return report


def sides(report: Report) -> set[str]:
    (only,) = report.contradictions
    return {side.shown for side in only.occurrences[0].sides}


# ---------------------------------------------------------------- bounds


@pytest.mark.parametrize(
    ("bound", "mass", "verdict"),
    [
        ("< 3 kg", "3 kg", "contradiction"),
        ("<= 3 kg", "3 kg", "no contradiction"),
        ("< 3 kg", "2 kg", "no contradiction"),
        ('"> 3 kg"', "3 kg", "contradiction"),
        ('">= 3 kg"', "3 kg", "no contradiction"),
        ('"> 3 kg"', "3.1 kg, within: 5 %", "no contradiction"),
        ("< 3 kg", "3.1 kg, within: 5 %", "no contradiction"),
        ("< 3 kg", "3.1 to 3.2 kg", "contradiction"),
        ("< 3 kg", '"[3.0, 3.2] kg"', "contradiction"),
        ("<= 3 kg", '"[3.0, 3.2] kg"', "no contradiction"),
        ("< 3 kg", "3.2 ± 0.1 kg", "no contradiction"),
        ("< 3 kg", "4.0 ± 0.1 kg", "contradiction"),
        ("< 2*m_e", "1e-30 kg", "no contradiction"),
        ("< 2*m_e", "2e-30 kg", "contradiction"),
    ],
)
def test_a_bound_excludes_what_lies_beyond_it(check: Check, bound: str, mass: str, verdict: str) -> None:
    """The end itself counts with <= and >= alone; doubts of the other value are used as ever."""
    report = check(f"it.mass: [{{name: limit, value: {bound}}}, {{name: scale, value: {mass}}}]")
    assert report.verdict == verdict


def test_a_bound_prints_as_it_was_written(check: Check) -> None:
    """The report shows the limit in its author's words beside the value that is beyond it."""
    report = check("it.mass: {value: <0.50 kg, source: a limit}", "it.energy: 9e16 J")
    (only,) = report.contradictions
    assert (only.kind, only.proof) == ("bound", "exact")
    assert {claim.id for claim in only.claims if not claim.held} == {"it.mass", "it.energy"}
    limit, against = sorted(only.occurrences[0].sides, key=lambda side: side.value or 0)
    assert (limit.value, limit.shown, limit.bound) == (0.5, "<0.50 kg", True)
    assert against.shown == "1.001 kg"
    assert only.occurrences[0].ratio == pytest.approx(9e16 / 299792458**2 / 0.5)


def test_a_bound_gives_no_nominal_value(check: Check) -> None:
    """What follows from a limit is a range, never the limit as a value."""
    report = check("it.mass: < 2 kg")
    for name, most in (("it.mass", 2), ("it.energy", 2 * 299792458**2)):
        assert report.values[name].value is None
        assert report.values[name].range == pytest.approx((None, most))


def test_bounds_and_ranges_narrow_a_sum(check: Check) -> None:
    """1.5 to 1.7 kg and at least 0.7 kg make 2.2 kg at least: more than a bound of 2 kg, less than 2.3."""
    parts = "two.a.mass: 1.5 to 1.7 kg", 'two.b.mass: ">= 0.7 kg"'
    assert check(*parts, "two.mass: < 2.3 kg").verdict == "no contradiction"
    report = check("two.mass: < 2 kg", *parts)
    assert sides(report) == {"< 2 kg", "2.200 kg"}
    given_up = {way.give_up: way.then for way in report.ways_out}
    assert set(given_up) == {("two.mass",), ("two.a.mass",), ("two.b.mass",)}
    assert given_up[("two.mass",)]["two.mass"].range == pytest.approx((2.2, None))
    assert given_up[("two.b.mass",)]["two.b.mass"].range == pytest.approx((None, 0.5))


@pytest.mark.parametrize(
    ("low", "high", "verdict"),
    [("-1", "1", "no contradiction"), ("1", "-1", "contradiction"), ("0", "0", "contradiction")],
)
def test_bounds_of_either_sign_meet_or_do_not(check: Check, low: str, high: str, verdict: str) -> None:
    """Between > low and < high there is something only where low is less."""
    report = check(
        f'it.shift: [{{name: l, value: "> {low} m"}}, {{name: h, value: < {high} m}}]',
    )
    assert report.verdict == verdict


def test_a_bound_may_be_set_in_place_of_a_value(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`--set` states a bound or a range, which does not inherit the doubt of what it replaces."""
    path = tmp_path / "set.yaml"
    path.write_text(f"{PREAMBLE}  it.mass: {{value: 1 kg, within: 50 %}}\n  it.energy: 9e16 J\n")
    for value, verdict in (
        ("< 0.9 kg", 1),
        ("<= 1.1 kg", 0),
        ("> 1.1 kg", 1),
        ("1 to 1.1 kg", 0),
        ("0.8 to 0.9 kg", 1),
    ):
        assert main([str(path), "--set", f"it.mass={value}"]) == verdict
    assert "< 0.9 kg" in capsys.readouterr().out


def test_a_certificate_states_the_bound(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The proof names the inequality as it was given, and an expression with its sign."""
    path = tmp_path / "proof.yaml"
    path.write_text(
        f"{PREAMBLE}  it.mass: < m_e\n  two.a.mass: < 1 kg\n  it.energy: 1 J\n  two.a.energy: 9e16 J\n"
    )
    assert main([str(path), "--format", "json"]) == 1
    (scenario,) = json.loads(capsys.readouterr().out)["scenarios"]
    equations = {
        relation["equation"]
        for contradiction in scenario["contradictions"]
        for relation in contradiction["certificate"]["relations"]
    }
    assert {"it.mass < m_e", "two.a.mass < 1 kg"} <= equations


# ---------------------------------------------------------------- ranges


def test_a_range_is_a_value_with_a_bound(check: Check) -> None:
    """Whatever contradicts 3 kg within 0.1 kg contradicts 2.9 to 3.1 kg, and nothing else does."""
    for mass in ("2.8 kg", "2.9 kg", "3.05 kg", "3.1 kg", "3.2 kg"):
        other = f"{{name: scale, value: {mass}, exact: true}}"
        verdicts = {
            check(f"it.mass: [{{name: range, value: {value}}}, {other}]").verdict
            for value in ("2.9 to 3.1 kg", '"[2.9, 3.1] kg"', "3 kg, within: 0.1 kg")
        }
        assert verdicts == {"no contradiction" if 2.9 <= float(mass[:-3]) <= 3.1 else "contradiction"}


def test_a_range_may_reach_to_zero_or_beyond(check: Check) -> None:
    """A positive mass in [0, 3] kg, or said to be in [-1, 3] kg, is one below 3 kg."""
    for text in ("0 to 3 kg", '"[-1, 3] kg"', "-4 to 3 kg"):
        assert check(f"it.mass: [{{name: a, value: {text}}}, {{name: b, value: 2 kg}}]").verdict == (
            "no contradiction"
        )
        assert check(f"it.mass: [{{name: a, value: {text}}}, {{name: b, value: 4 kg}}]").verdict == (
            "contradiction"
        )
    assert check("it.shift: [{name: a, value: -4 to 3 m}, {name: b, value: -5 m}]").verdict == (
        "contradiction"
    )


def test_bounds_and_ranges_are_drawn_by_their_ends(tmp_path: Path) -> None:
    """A plot has an arrow for a bound and a bar for a range, and no point that nobody stated."""
    path = tmp_path / "plot.yaml"
    values = ["< 3 kg", '">= 1 kg"', "<= 4*m_e", "2 to 2.5 kg", "2.0 kg"]
    listed = ", ".join(f"{{name: n{number}, value: {value}}}" for number, value in enumerate(values))
    path.write_text(f"{PREAMBLE}  it.mass: [{listed}]\n")
    drawn = [(one.value, one.ends) for one in estimates(path, "it.mass").estimates if one.stated]
    limit = pytest.approx(4 * 9.1093837139e-31)
    assert drawn[:2] == [(None, (None, 3.0)), (None, (1.0, None))]
    assert drawn[2] == (None, (None, limit))
    assert drawn[3:] == [(None, (2.0, 2.5)), (2.0, (1.95, 2.05))]


def test_a_bound_leaves_a_number_of_quanta_open(tmp_path: Path) -> None:
    """More than 25 kg in quanta of about 6 kg may be any number of them: no fit, and nothing breaks."""
    path = tmp_path / "quanta.yaml"
    path.write_text(
        "scenario: quanta\nquantities: {b: {unit: kg}, c: {unit: kg}}\nkinds: {thing: {}}\n"
        "rules:\n  counted:\n    claim: c is some b.\n    applies_to: thing\n"
        "    quantum: {of: c, is: b, number: whole}\n    status: hypothesis\n"
        'systems: {it: {is: thing}}\ngiven: {it.b: 6 ± 0.3 kg, it.c: "> 25 kg"}\n',
        encoding="utf-8",
    )
    report = check_scenario(load_scenario(path), Options())
    assert (report.contradictions, report.fits) == ((), ())


def test_bounds_narrow_a_quantity_with_other_claims(check: Check) -> None:
    """The report tells which bound makes which end of what is left."""
    report = check('two.a.mass: ">= 1 kg"', 'two.b.mass: ">= 2 kg"', "two.mass: < 4 kg")
    assert report.verdict == "no contradiction"
    told = {
        one.quantity: [end and (end.shown, {*end.premises} - {"masses-add"}) for end in (one.low, one.high)]
        for one in report.narrowed
        if one.quantity.endswith(".mass")
    }
    a, b, whole = {"two.a.mass"}, {"two.b.mass"}, {"two.mass"}
    assert told == {
        "two.mass": [("3.000 kg", a | b), ("4.000 kg", whole)],
        "two.a.mass": [("1.000 kg", a), ("2.000 kg", b | whole)],
        "two.b.mass": [("2.000 kg", b), ("3.000 kg", a | whole)],
    }


# ---------------------------------------------------------------- uncertainties


def test_components_of_an_uncertainty_strain_as_their_square_root(check: Check) -> None:
    """3 and 4 in quadrature are 5, and two such values 50 apart are 50/√50 deviations apart."""
    values = ("100 ± 3 ± 4 kg", "100(3)(4) kg", "100 kg, uncertainty: [3 kg, 4 %]", "(10 ± 0.5)e1 kg")
    for value in values:
        report = check(f"it.mass: [{{name: a, value: {value}}}, {{name: b, value: 150 ± 5 kg}}]")
        (only,) = report.contradictions
        assert only.occurrences[0].sigma == pytest.approx(50 / 50**0.5, rel=1e-6)


def test_a_value_may_be_less_than_its_uncertainty(check: Check) -> None:
    """0.3 ± 0.5 and -0.4 ± 0.5 are one deviation apart, although one is positive and one is negative."""
    apart = "it.shift: [{{name: a, value: 0.3 ± 0.5 m}}, {{name: b, value: {} ± 0.5 m}}]"
    assert check(apart.format("-0.4")).verdict == "no contradiction"
    (tension,) = check(apart.format("-2.4")).tensions
    assert tension.occurrences[0].sigma == pytest.approx(2.7 / 0.5**0.5, rel=1e-6)


# ---------------------------------------------------------------- temperatures


def test_a_temperature_is_compared_in_kelvin_and_shown_as_it_was_given(check: Check) -> None:
    """68 °F is 20 °C; 72 °F is not, and is shown in degrees Celsius beside it."""
    same = "it.temperature: [{name: a, value: 20 °C}, {name: b, value: 68 °F}, {name: c, value: 293.15 K}]"
    assert check(same).verdict == "no contradiction"
    report = check("it.temperature: [{name: a, value: 20 °C}, {name: b, value: 72 °F}]")
    assert sides(report) == {"20 °C", "22.222 °C (72 °F)"}
    in_kelvin = check("it.temperature: [{name: a, value: 20 °C}, {name: b, value: 295.15 K}]")
    assert sides(in_kelvin) == {"20 °C", "22.000 °C (295.15 K)"}
    (only,) = report.contradictions
    assert [side.unit for side in only.occurrences[0].sides] == ["K", "K"]
    assert only.occurrences[0].ratio == pytest.approx((72 + 459.67) * 5 / 9 / 293.15)


def test_the_doubt_of_a_temperature_is_a_difference(check: Check) -> None:
    """20.0 °C within 2 °C reaches to 22 °C, and one at 22.1(2) °C is 2.1/0.2 deviations from 20 °C."""
    twice = "it.temperature: [{{name: a, value: {}}}, {{name: b, value: {}}}]"
    assert check(twice.format("20.0 °C, within: 2 °C", "22 °C")).verdict == "no contradiction"
    assert check(twice.format("20.0 °C, within: 2 °C", "22.1 °C, exact: true")).verdict == "contradiction"
    assert check(twice.format("20.0 °C", "20.06 °C, exact: true")).verdict == "contradiction"
    assert check(twice.format("20.0 °C", "20.04 °C, exact: true")).verdict == "no contradiction"
    (only,) = check(twice.format("20 °C", "22.1(2) °C")).contradictions
    assert only.occurrences[0].sigma == pytest.approx(10.5)


def test_temperatures_are_fitted_and_drawn(tmp_path: Path, check: Check) -> None:
    """The mean of two is shown with its uncertainty in the scale of the first, and so is a plot's axis."""
    line = "it.temperature: [{name: a, value: 20.0(2) °C}, {name: b, value: 20.4(2) °C}]"
    (fit,) = check(line).fits
    assert fit.adjusted["it.temperature"].shown == "20.20(14) °C"
    path = tmp_path / "plot.yaml"
    path.write_text(f"{PREAMBLE}  {line}\n", encoding="utf-8")
    drawn = estimates(path, "it.temperature")
    assert (drawn.unit, drawn.factor, drawn.zero) == ("°C", 1.0, 273.15)
    assert drawn.estimates[0].value == 293.15
    assert "20.2" in plot(drawn, "svg").decode()  # on the axis


def test_examples_and_kinds_may_be_in_degrees(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A rule's examples are tried in kelvin, and a kind's temperature is compared with a constant in °C."""
    path = tmp_path / "warm.yaml"
    path.write_text(
        "quantities: {temperature: {symbol: T, unit: K}}\n"
        "constants: {warm: 20.0 °C, length: 2 to 3 m}\n"
        "kinds: {room: {temperature: 25 °C}}\n"
        "rules:\n"
        "  is-warm:\n"
        "    claim: It is warm.\n"
        "    applies_to: room\n"
        "    equation: T = warm\n"
        "    status: model\n"
        "    examples: [{holds: {T: 20.0 °C}}, {fails: {T: 21 °C}}, {fails: {T: -300 °C}}]\n",
        encoding="utf-8",
    )
    assert main(["test", str(path)]) == 0
    scenario = tmp_path / "room.yaml"
    text = "scenario: a room\nuse: [warm.yaml]\nsystems: {it: {is: room}}\n"
    scenario.write_text(text, encoding="utf-8")
    assert main([str(scenario)]) == 1
    assert "25 °C" in capsys.readouterr().out


@settings(max_examples=20, deadline=None)
@given(st.integers(-200, 2000), st.integers(1, 40).filter(lambda apart: apart != 20))
def test_a_scale_changes_no_verdict(check: Check, degrees: int, apart: int) -> None:
    """Two temperatures agree within 20 steps or not, in degrees of either scale as in kelvin."""
    scales = {"°C": (1, Fraction("273.15")), "°F": (Fraction(5, 9), Fraction("459.67") * 5 / 9)}
    verdicts = set()
    for unit, (step, zero) in scales.items():
        one, other = (float(number * step + zero) for number in (degrees, degrees + apart))
        for a, b, within in (
            (f"{degrees} {unit}", f"{degrees + apart} {unit}", f"20 {unit}"),
            (f"{one!r} K, exact: true", f"{other!r} K", f"{float(20 * step)!r} K"),
        ):
            values = f"[{{name: a, value: {a}}}, {{name: b, value: {b}, within: {within}}}]"
            verdicts.add(check(f"it.temperature: {values}").verdict)
    assert verdicts == {"no contradiction" if apart < 20 else "contradiction"}
