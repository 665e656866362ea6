"""What if: a scenario with premises dropped, assumed or restated, and what that makes of the report."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from checker.changes import Changes
from checker.cli import main
from checker.difference import difference
from checker.errors import InputError
from checker.model import Report
from checker.pipeline import Options, check

SCENARIOS = Path(__file__).parent.parent / "scenarios"
HELIUM = SCENARIOS / "helium.yaml"


def conflicts(report: Report) -> set[frozenset[str]]:
    return {frozenset(c.id for c in one.claims if not c.held) for one in report.contradictions}


def ratios(report: Report) -> list[float]:
    return [one.occurrences[0].ratio or 0.0 for one in report.contradictions]


@pytest.mark.parametrize("premise", ["quantum-per-system", "two-electron-atom", "helium.radius"])
def test_dropping_any_premise_of_a_conflict_settles_it(premise: str) -> None:
    """Without the rule, the model or the table value nothing contradicts helium's radius."""
    assert check(HELIUM, changes=Changes(drop=(premise,))).contradictions == ()


def test_dropping_a_stated_attribute_takes_the_rules_that_rest_on_it() -> None:
    """Electrons that nobody calls correlated share no quantum."""
    assert check(HELIUM, changes=Changes(drop=("helium.pair.correlated",))).contradictions == ()


def test_assuming_a_postulate_puts_it_on_trial() -> None:
    """One ħ for each electron beside one for the pair is one contradiction more."""
    found = conflicts(check(HELIUM, changes=Changes(assume=("quantum-per-particle",))))
    assert {"quantum-per-system", "quantum-per-particle"} in found
    assert len(found) == 2


@pytest.mark.parametrize(
    ("path", "value", "ratio"),
    [
        ("helium.radius", "28 pm", 3.70),
        ("helium.r", "28 pm", 3.70),
        ("helium.radius", "{value: 46 pm, within: 1 %}", 6.09),
        ("helium.radius", "a_0", 7.0),
    ],
)
def test_setting_a_value_replaces_what_was_stated(path: str, value: str, ratio: float) -> None:
    """Another table's radius is off by another factor from a₀/7."""
    found = check(HELIUM, changes=Changes(set=((path, value),)))
    assert ratios(found) == [pytest.approx(ratio, rel=2e-3)]


def test_setting_an_attribute_or_a_parameter() -> None:
    """A pair that is not correlated shares nothing, and among nine electrons the flux is off by 81."""
    helium = check(HELIUM, changes=Changes(set=(("helium.pair.correlated", "false"),)))
    nine = check(SCENARIOS / "n-correlations.yaml", changes=Changes(set=(("n", "9"),)))
    assert helium.contradictions == ()
    assert (ratios(nine), len(nine.cases)) == ([pytest.approx(81)], 1)


def test_one_of_several_named_values_can_be_set_or_dropped(tmp_path: Path) -> None:
    """The lamp's label goes, or says something else; the meter stays."""
    path = tmp_path / "lamp.yaml"
    path.write_text(
        "scenario: A lamp\nquantities: {voltage: {unit: V}}\nkinds: {lamp: {}}\nsystems: {it: {is: lamp}}\n"
        "given:\n  it.voltage:\n    - {name: label, value: 12 V}\n    - {name: meter, value: 14 V}\n"
    )
    assert conflicts(check(path)) == {frozenset({"it.voltage@label", "it.voltage@meter"})}
    assert not check(path, changes=Changes(drop=("it.voltage@label",))).contradictions
    assert not check(path, changes=Changes(set=(("it.voltage@label", "14 V"),))).contradictions
    assert not check(path, changes=Changes(set=(("it.voltage", "13 V"),))).contradictions


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (Changes(drop=("quantum-per-sistem",)), "'quantum-per-sistem' is no premise"),
        (Changes(assume=("quantum-per-partcle",)), "rule 'quantum-per-partcle' is not known"),
        (Changes(assume=("kinetic-energy",)), "rule 'kinetic-energy' always applies: it is a law"),
        (Changes(set=(("helium.radis", "1 pm"),)), "quantity 'radis' is not known"),
        (Changes(set=(("neon.radius", "1 pm"),)), "'neon' is no entity"),
        (Changes(set=(("helium.radius@table", "1 pm"),)), "'helium.radius@table' is no premise"),
        (Changes(set=(("helium.radius", "1 kg"),)), "helium.radius is a length"),
        (Changes(drop=("quantum-per-particle",)), "rule 'quantum-per-particle' is not assumed"),
        (Changes(assume=("quantum-per-system",)), "rule 'quantum-per-system' is assumed already"),
        (
            Changes(drop=("helium.radius",), set=(("helium.radius", "28 pm"),)),
            "'helium.radius' is changed twice",
        ),
        (Changes(set=(("helium.pair.correlated", "maybe"),)), "attribute 'correlated' cannot be 'maybe'"),
    ],
)
def test_a_change_of_nothing_is_a_mistake(changes: Changes, message: str) -> None:
    """Changes are read like files: unknown names and wrong units are told, and nothing passes in silence."""
    with pytest.raises(InputError) as caught:
        check(HELIUM, changes=changes)
    (mistake,) = caught.value.mistakes
    assert mistake.message.startswith(message) or "kg" in mistake.message


def test_a_value_set_alone_keeps_the_doubt_of_the_one_it_replaces() -> None:
    """A speed stated within 1 % is restated without contradiction; as exact, it would not be."""
    tower = SCENARIOS / "drop-tower.yaml"
    same = check(tower, changes=Changes(set=(("capsule.speed", "168 km/h"),)))
    exact = check(tower, changes=Changes(set=(("capsule.speed", "{value: 168 km/h, exact: true}"),)))
    assert (same.verdict, exact.verdict) == ("no contradiction", "contradiction")


@pytest.mark.parametrize("value", ["0", "1.5", "-1"])
def test_a_parameter_that_counts_parts_stays_a_count(value: str) -> None:
    """There is no half an electron."""
    with pytest.raises(InputError) as caught:
        check(SCENARIOS / "n-correlations.yaml", changes=Changes(set=(("n", value),)))
    assert "takes positive whole numbers" in caught.value.mistakes[0].message


def test_the_difference_tells_what_appears_disappears_and_changes() -> None:
    """Without the quantum of the pair its conflict goes, and a value comes; 28 pm changes the factor."""
    options = Options(outlook=True)
    before = check(HELIUM, options)
    without = difference(before, check(HELIUM, options, Changes(drop=("quantum-per-system",))))
    smaller = difference(before, check(HELIUM, options, Changes(set=(("helium.radius", "28 pm"),))))
    more = difference(before, check(HELIUM, options, Changes(assume=("quantum-per-particle",))))
    assert without.verdicts == ("contradiction", "undetermined")
    assert [one.occurrences[0].quantity for one in without.disappear] == ["helium.radius"]
    assert without.appear == without.change == ()
    assert "helium.pair.angular_momentum" in without.determined
    assert [[side.shown for side in new.occurrences[0].sides] for _, new in smaller.change] == [
        ["28 pm", "7.560 pm"]
    ]
    assert [one.occurrences[0].quantity for one in more.appear] == ["helium.pair.angular_momentum"]


def test_the_difference_tells_which_laws_come_to_be_used_outside_their_limits() -> None:
    """A swing of 10° is within the pendulum's law, one of 90° is not."""
    options = Options(outlook=True)
    pendulum = SCENARIOS / "pendulum.yaml"
    small = Changes(set=(("wide.angular_amplitude", "10 deg"),))
    wide, narrow = check(pendulum, options), check(pendulum, options, small)
    assert [one.rule for one in difference(wide, narrow).inside] == ["pendulum-period"]
    assert [one.rule for one in difference(narrow, wide).outside] == ["pendulum-period"]


def test_a_difference_with_itself_is_empty() -> None:
    """Nothing changes where nothing is changed."""
    report = check(SCENARIOS / "double-standards.yaml", Options(outlook=True))
    found = difference(report, report)
    assert not any(
        [found.appear, found.disappear, found.change, found.determined, found.undetermined, found.values]
    )


def test_the_command_prints_the_changed_report_and_the_difference(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The exit status is that of the changed scenario; text ends with what changes, JSON carries it too."""
    assert main([str(HELIUM), "--drop", "quantum-per-system"]) == 3
    text = capsys.readouterr().out
    assert text.startswith("UNDETERMINED")
    assert "What changes with --drop quantum-per-system\n  verdict: contradiction → undetermined" in text
    assert main([str(HELIUM), "--set", "helium.radius=28 pm", "--format", "json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert found["difference"]["verdicts"] == ["contradiction", "contradiction"]
    assert found["scenarios"][0]["contradictions"][0]["ratio"] == pytest.approx(3.70, rel=1e-2)


@pytest.mark.parametrize(
    "words",
    [
        [str(HELIUM), str(HELIUM), "--drop", "helium.radius"],
        [str(SCENARIOS), "--drop", "helium.radius"],
        [str(HELIUM), "--set", "helium.radius"],
        [str(HELIUM), "--set", "=1 pm"],
        ["compare", str(HELIUM)],
        ["compare", str(HELIUM), "--assume", "nonsense"],
        ["compare", "missing.yaml", "--assume", "quantum-per-particle"],
    ],
)
def test_what_cannot_be_changed_is_refused(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """One scenario is changed at a time, in the words of a file."""
    assert main(words) == 2
    assert "error" in capsys.readouterr().err


def test_compare_shows_each_given_value_under_each_set(capsys: pytest.CaptureFixture[str]) -> None:
    """31 pm agrees with one ħ for each electron (4a₀/7) and contradicts one for the pair (a₀/7)."""
    status = main(
        ["compare", str(HELIUM), "--assume", "quantum-per-particle", "--assume", "quantum-per-system"]
    )
    lines = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]
    assert status == 1
    assert "A no contradiction quantum-per-particle" in lines
    assert "B contradiction quantum-per-system" in lines
    assert "A 30.24 pm = 4·a₀/7 agrees" in lines
    assert "B 7.560 pm = a₀/7 contradicts, a factor 4.10 apart" in lines


@pytest.mark.parametrize("text", ["\x1b[31m1 pm", "\x00", "1 pm\nhelium.pair: 2", "\ud800", "\ufffe pm"])
def test_a_value_that_is_no_text_of_one_line_is_a_mistake(text: str) -> None:
    """What no file may hold, no option may hold either."""
    with pytest.raises(InputError) as caught:
        check(HELIUM, changes=Changes(set=(("helium.radius", text),)))
    assert caught.value.mistakes[0].location is not None
    assert caught.value.mistakes[0].location.path == "--set"


def test_a_parameter_keeps_its_dimension() -> None:
    """A number cannot become a mass."""
    with pytest.raises(InputError) as caught:
        check(SCENARIOS / "n-correlations.yaml", changes=Changes(set=(("n", "3 kg"),)))
    assert "differ in dimension" in caught.value.mistakes[0].message


def test_compare_tells_a_tension_by_its_standard_deviations(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Four standard deviations are a tension, not a contradiction, in the table too."""
    path = tmp_path / "tension.yaml"
    path.write_text(
        "scenario: t\nquantities: {x: {}}\nkinds: {thing: {}}\nsystems: {it: {is: thing}}\n"
        "rules: {r: {claim: c, applies_to: thing, equation: x > 0, status: hypothesis}}\n"
        "given:\n  it.x:\n    - {name: p, value: 1.00(1)}\n    - {name: q, value: 1.0400(1)}\n"
    )
    pack = tmp_path / "pack.yaml"
    pack.write_text("rules: {s: {claim: c, applies_to: thing, equation: x > 0, status: hypothesis}}\n")
    path.write_text("use: [pack.yaml]\n" + path.read_text())
    assert main(["compare", str(path), "--assume", "s"]) == 0
    assert "in tension, 4.0 σ apart" in capsys.readouterr().out


def test_compare_shows_the_case_that_fits_worst(capsys: pytest.CaptureFixture[str]) -> None:
    """Among one to four electrons the flux of four is off by 16, and the table says for which."""
    main(["compare", str(SCENARIOS / "n-correlations.yaml"), "--assume", "quantum-per-particle,flux-adds"])
    assert "contradicts, a factor 16 apart, for n = 4" in capsys.readouterr().out


def test_quantities_that_are_too_much_work_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is not worked out is counted in a warning, so that no change passes in silence."""
    monkeypatch.setattr("checker.outlook.MAX_TERMS", 10)
    report = check(HELIUM, Options(outlook=True))
    assert any("quantities are not worked out" in warning for warning in report.warnings)
    assert not any("not worked out" in warning for warning in check(HELIUM).warnings)


def test_a_prediction_comes_from_the_others_alone(tmp_path: Path) -> None:
    """Of 12 V at 24 Ω and 0.49 A each is predicted from the other two: 11.76 V, 24.49 Ω, 0.5 A."""
    path = tmp_path / "lamp.yaml"
    path.write_text(
        "scenario: A lamp\nquantities: {U: {unit: V}, R: {unit: ohm}, I: {unit: A}}\nkinds: {lamp: {}}\n"
        "rules: {ohm: {claim: c, applies_to: lamp, equation: U = R*I, status: law}}\n"
        "systems: {it: {is: lamp}}\ngiven:\n  it.U: {value: 12 V, within: 5 %}\n"
        "  it.R: {value: 24 ohm, within: 5 %}\n  it.I: {value: 0.49 A, within: 5 %}\n"
    )
    told = {one.premise: one for one in check(path, Options(outlook=True)).predictions}
    shown = {premise: one.predicted and one.predicted[0] for premise, one in told.items()}
    nominal = {name: one.partition(" (")[0] for name, one in shown.items()}  # and their ranges
    assert nominal == {"it.U": "11.76 V", "it.R": "24.49 ohm", "it.I": "0.5000 A"}
    assert {one.status for one in told.values()} == {"agrees"}
