"""Laws with limits: what is used outside them, what is within, and what is left open."""

from __future__ import annotations

from pathlib import Path

import pytest

from checker.errors import InputError
from checker.model import Report
from checker.pipeline import check
from checker.report.text import to_text

SCENARIO = """
scenario: Electrons and the energy of slow bodies
use: [motion]
{more}
systems:
  electron: {{is: electron}}
given: {{{given}}}
"""


def report_on(folder: Path, given: str, more: str = "") -> Report:
    path = folder / "electrons.yaml"
    path.write_text(SCENARIO.format(given=given, more=more), encoding="utf-8")
    return check(path)


def limits(report: Report) -> list[tuple[str, str]]:
    return [(one.rule, one.status) for one in report.limits]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("electron.speed: 0.96*c", [("kinetic-energy", "outside")]),
        ("electron.kinetic_energy: 1.5 MeV", [("kinetic-energy", "outside")]),
        ("electron.speed: 0.05*c", []),
        ("electron.kinetic_energy: 1.0 eV", []),
        ("electron.orbit_radius: 1 m", []),  # nothing speaks about the law
        (
            "electron.speed: {value: 0.1*c, within: 5 %}, electron.E: {value: 2.6 keV, within: 9 %}",
            [("kinetic-energy", "unknown")],
        ),
        ("electron.speed: 0.1*c", [("kinetic-energy", "outside")]),
    ],
)
def test_a_limit_is_met_or_not_or_left_open(
    tmp_path: Path, given: str, expected: list[tuple[str, str]]
) -> None:
    """Half the mass times the speed squared holds below 0.1 c, which the claims may say, or leave open."""
    assert limits(report_on(tmp_path, given)) == expected


def test_a_contradiction_says_that_it_rests_on_a_law_outside_its_limits(tmp_path: Path) -> None:
    """1.5 MeV at 0.96 c contradicts the slow bodies' law, which is disputed and told to be out of place."""
    given = "electron.speed: 0.96*c, electron.kinetic_energy: {value: 1.5 MeV, within: 5 %}"
    report = report_on(tmp_path, given)
    (found,) = report.contradictions
    assert "kinetic-energy" in {claim.id for claim in found.claims if not claim.held}
    assert {(one.rule, one.entity, one.condition) for one in found.outside} == {
        ("kinetic-energy", "electron", "speed < 0.1*c")
    }
    assert "Rests on a law used outside its limits" in to_text(report, 100, False)
    assert report.limits == ()  # it is not told twice


def test_what_no_conflict_disputes_tells_of_a_limit_too(tmp_path: Path) -> None:
    """The ratio that a limit is about follows from a definition beside the conflict: ten times 3 or 3.5, over
    the limit of 1 whichever claim is given up."""
    path = tmp_path / "ratio.yaml"
    path.write_text(
        "scenario: s\nquantities: {x: {unit: 1}, y: {unit: 1}, r: {unit: 1}}\nkinds: {k: {}}\nrules:\n"
        "  lin: {claim: c, applies_to: k, equation: y = 2*x, validity: r < 1, status: law}\n"
        "  ratio: {claim: c, applies_to: k, equation: r = 10*x, status: definition}\n"
        "systems: {b: {is: k}}\ngiven: {b.x: 3, b.y: 7}\n"
    )
    (found,) = check(path).contradictions
    (limit,) = found.outside
    assert (limit.rule, limit.condition, limit.status) == ("lin", "r < 1", "outside")
    assert limit.shown in ("r = 30.00", "r = 35.00")


def test_a_law_inside_its_limits_is_not_blamed_for_being_outside(tmp_path: Path) -> None:
    """At 0.01 c a wrong energy is a plain contradiction."""
    (found,) = report_on(
        tmp_path, "electron.speed: 0.01*c, electron.kinetic_energy: 1.0 MeV", "hold: [kinetic-energy]"
    ).contradictions
    assert not any(one.shown and "2.998" in one.shown.split(";")[0] for one in found.outside)


@pytest.mark.parametrize(
    ("hold", "held"),
    [("", False), ("hold: [definition, law]", False), ("hold: [definition, kinetic-energy]", True)],
)
def test_a_law_with_limits_is_held_only_by_its_name(tmp_path: Path, hold: str, held: bool) -> None:
    """The status `law` does not hold a law that says where it ends; its id does."""
    given = "electron.speed: 0.96*c, electron.kinetic_energy: 1.5 MeV"
    (found,) = report_on(tmp_path, given, hold).contradictions
    assert [claim.held for claim in found.claims if claim.id == "kinetic-energy"] == [held]


@pytest.mark.parametrize(
    ("validity", "message"),
    [
        ("speed = 0.1*c", "'validity' is an inequality"),
        ("speed < 0.1*h", "the two sides differ in dimension"),
        ("sped < 0.1*c", "'sped' is not known"),
        ("[]", "'validity' of rule 'slow' has no equation"),
    ],
)
def test_a_limit_that_means_nothing_is_a_mistake(tmp_path: Path, validity: str, message: str) -> None:
    """A limit is an inequality between known names that balances in dimension."""
    rule = (
        "rules: {slow: {claim: x, applies_to: body, equation: kinetic_energy = mass*speed²/2, status: law, "
        f"validity: {validity}}}}}"
    )
    with pytest.raises(InputError) as caught:
        report_on(tmp_path, "", rule)
    assert [mistake.message for mistake in caught.value.mistakes] == [message]


def test_a_limit_on_a_part_names_the_part(tmp_path: Path) -> None:
    """Of two parts that fill the role, the one that is too fast is named with its path."""
    path = tmp_path / "parts.yaml"
    path.write_text(
        "scenario: two bodies\nuse: [motion]\nkinds: {pair: {is: system}}\nrules:\n"
        "  slow-parts: {claim: x, applies_to: pair, roles: {it: body}, equation: E > it.E,"
        " validity: it.speed < 0.1*c, status: law}\n"
        "systems:\n  w: {is: pair, parts: {a: {is: electron, v: 0.5*c}, b: {is: electron, v: 0.05*c}}}\n"
        "given: {w.kinetic_energy: 1 J}\n"
    )
    found = [one for one in check(path).limits if one.rule == "slow-parts"]
    assert [(one.entity, one.status, one.shown and one.shown.split(" = ")[0]) for one in found] == [
        ("w", "outside", "w.a.speed")
    ]


def test_a_pendulum_swung_too_far_is_told_in_the_contradiction_itself() -> None:
    """That 90° are too many does not take part in the conflict, and is told with it all the same."""
    report = check(Path(__file__).parent.parent / "scenarios" / "pendulum.yaml")
    (found,) = report.contradictions
    assert [(one.rule, one.shown) for one in found.outside] == [
        ("pendulum-period", "angular_amplitude = 1.571 rad")
    ]
    assert report.limits == ()


def test_a_measured_speed_is_outside_by_its_standard_deviations(tmp_path: Path) -> None:
    """2.000(1)·10⁸ m/s is 1,700 standard deviations beyond a tenth of c; 3.0(1)·10⁷ m/s is not beyond."""
    measured = "electron.speed: {value: %s m/s, status: measurement}, electron.kinetic_energy: %s"
    far = report_on(tmp_path, "electron.speed: {value: 2.000(1)e8 m/s, status: measurement}")
    near = report_on(tmp_path, measured % ("3.0(1)e7", "{value: 2.6 keV, within: 20 %}"))
    slow = report_on(tmp_path, measured % ("2.0(1)e6", "{value: 11.4 eV, within: 20 %}"))
    assert limits(far) == [("kinetic-energy", "outside")]
    assert limits(near) == [("kinetic-energy", "unknown")]
    assert limits(slow) == []


def test_every_case_of_a_parameter_is_looked_at(tmp_path: Path) -> None:
    """At 0.01 c the law is in its place, at 0.5 c it is not."""
    found = report_on(tmp_path, "electron.speed: k*c", "parameters: {k: {values: [0.01, 0.5]}}")
    assert limits(found) == [("kinetic-energy", "outside")]


def test_a_limit_that_includes_its_end_is_kept_at_the_end(tmp_path: Path) -> None:
    """At 0.1 c exactly, a law for speeds up to 0.1 c is in its place, one for speeds below is not."""
    rule = (
        "rules: {{up-to: {{claim: x, applies_to: body, equation: E = m*v²/2, status: law, "
        "validity: v {} 0.1*c}}}}"
    )
    given = "electron.speed: 0.1*c, electron.kinetic_energy: m_e*c^2/200"
    upto = report_on(tmp_path, given, rule.format("<="))
    below = report_on(tmp_path, given, rule.format("<"))
    assert ("up-to", "outside") not in limits(upto) and ("up-to", "unknown") not in limits(upto)
    assert ("up-to", "outside") in limits(below)
