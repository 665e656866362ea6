"""Contradictions that somebody accepts: in the scenario with a reason, or all of an earlier report."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from checker.cli import main

LAMPS = """\
scenario: Two lamps' labels against the meter
quantities:
  voltage: {symbol: U, unit: V, sign: any}
  current: {symbol: I, unit: A, sign: any}
  resistance: {symbol: R, unit: ohm}
  power: {symbol: P, unit: W}
kinds: {resistor: {}}
rules:
  ohms-law:
    claim: The voltage across a resistor is its resistance times its current.
    applies_to: resistor
    equation: U = R*I
    status: model
  power-law:
    claim: The power of a resistor is its voltage times its current.
    applies_to: resistor
    equation: P = U*I
    status: law
systems: {left: {is: resistor}, right: {is: resistor}}
given:
  left.voltage: 12 V
  left.resistance: 24 ohm
  left.current: 0.6 A
  right.voltage: 12 V
  right.resistance: 24 ohm
"""
LEFT = "left.voltage, left.resistance, left.current, ohms-law"
IGNORED = f"ignore:\n  - contradiction: [{LEFT}]\n    reason: the left label is known to be wrong\n"
RIGHT = "  right.current: 0.9 A\n"


def written(folder: Path, text: str, name: str = "lamps.yaml") -> str:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return str(path)


def reported(path: str, *options: str) -> tuple[int, dict[str, object]]:
    """The exit status, and the one scenario's entry in the JSON report."""
    output = Path(path).with_suffix(".out.json")
    status = main([path, *options, "--output", str(output)])
    return status, json.loads(output.read_text(encoding="utf-8"))["scenarios"][0]


def test_an_accepted_contradiction_is_told_and_fails_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It keeps its verdict, is listed with its reason, needs no way out, and the status is 0."""
    path = written(tmp_path, LAMPS + IGNORED)
    assert main([path]) == 0
    text = capsys.readouterr().out
    assert text.startswith("CONTRADICTION, ACCEPTED")
    assert "the left label is known to be wrong" in text
    assert "Fix it" not in text
    _, scenario = reported(path)
    assert scenario["verdict"] == "contradiction"
    assert [one["accepted"] for one in scenario["contradictions"]] == ["the left label is known to be wrong"]


def test_what_is_not_accepted_still_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A second contradiction beside the accepted one is told in full, and the status is 1."""
    assert main([written(tmp_path, LAMPS + RIGHT + IGNORED)]) == 1
    text = capsys.readouterr().out
    assert text.startswith("CONTRADICTION  ")
    assert "right.resistance" in text.partition("Accepted")[0]
    assert "left.current" not in text.partition("Accepted")[0]


def test_a_part_of_a_contradiction_accepts_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Three of the four claims in dispute are another contradiction: this one fails, that one is stale."""
    ignored = IGNORED.replace(", ohms-law", "")
    assert main([written(tmp_path, LAMPS + ignored)]) == 1
    said = " ".join(capsys.readouterr().out.split())
    assert "nothing to ignore here" in said
    assert f"; there is one of {', '.join(sorted(LEFT.split(', ')))}" in said


def test_what_is_no_longer_there_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Once the meter is read rightly, the entry is stale: a warning at its place, and nothing fails."""
    mended = (LAMPS + IGNORED).replace("left.current: 0.6 A", "left.current: 0.5 A")
    path = written(tmp_path, mended)
    assert main([path]) == 0
    text = " ".join(capsys.readouterr().out.split())
    line = mended.splitlines().index(f"  - contradiction: [{LEFT}]") + 1
    assert f"{path}:{line}:5: nothing to ignore here" in text


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        (f"{{contradiction: [{LEFT}]}}", "an ignored contradiction has no 'reason'"),
        (f"{{contradiction: [{LEFT}], reason: ''}}", "the reason to ignore a contradiction is empty"),
        ("{reason: it is old}", "an ignored contradiction has one of contradiction and tension"),
        (f"{{contradiction: [{LEFT}], tension: [{LEFT}], reason: it is old}}", "has one of contradiction"),
        ("{contradiction: [], reason: it is old}", "'contradiction' names no claim"),
        ("{contradiction: [ohm-law], reason: it is old}", "did you mean 'ohms-law'?"),
        ("everything", "an ignored contradiction is a mapping"),
    ],
)
def test_nothing_is_accepted_without_a_name_and_a_reason(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], entry: str, message: str
) -> None:
    """An entry that does not say what or why is a mistake of the file."""
    assert main([written(tmp_path, f"{LAMPS}ignore:\n  - {entry}\n")]) == 2
    assert message in capsys.readouterr().err


def test_a_contradiction_is_ignored_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Two reasons for one contradiction, in whatever order its claims are named, are a mistake."""
    again = f"  - {{contradiction: [{', '.join(reversed(LEFT.split(', ')))}], reason: again}}\n"
    assert main([written(tmp_path, LAMPS + IGNORED + again)]) == 2
    assert "ignored twice" in capsys.readouterr().err


def test_a_tension_is_accepted_like_a_contradiction(tmp_path: Path) -> None:
    """The 4.1 σ between beam and bottles, once accepted, no longer fail with --fail-on tension."""
    neutron = """\
scenario: The neutron's lifetime, in a beam and in bottles
quantities: {mean_lifetime: {symbol: τ, unit: s}}
kinds: {neutron: {}}
systems: {neutron: {is: neutron}}
given:
  neutron.mean_lifetime:
    - {name: beam, value: 887.7 s, uncertainty: 2.25 s, status: measurement}
    - {name: bottles, value: 878.35(43) s, status: measurement}
"""
    both = "neutron.mean_lifetime@beam, neutron.mean_lifetime@bottles"
    assert main([written(tmp_path, neutron), "--fail-on", "tension"]) == 1
    accepted = f"{neutron}ignore:\n  - {{contradiction: [{both}], reason: under discussion since 2005}}\n"
    assert main([written(tmp_path, accepted), "--fail-on", "tension"]) == 0


# ---------------------------------------------------------------- against an earlier report


def test_only_what_is_new_fails_against_a_baseline(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What the earlier report has is listed as known; a contradiction elsewhere is new and fails."""
    path, baseline = written(tmp_path, LAMPS), str(tmp_path / "baseline.json")
    assert main([path, "--output", baseline]) == 1
    assert main([path, "--baseline", baseline]) == 0
    assert f"known in {baseline}" in capsys.readouterr().out
    written(tmp_path, LAMPS + RIGHT)
    assert main([path, "--baseline", baseline]) == 1
    new, _, known = capsys.readouterr().out.partition("Accepted")
    assert "right.voltage comes out two ways" in " ".join(new.split())
    assert "left.voltage comes out two ways" in " ".join(known.split())


BULBS = """\
scenario: What a bulb takes
quantities: {power: {symbol: P, unit: W}}
constants: {low: {value: 6 W}, high: {value: 10 W}}
attributes: {hot: [yes]}
kinds: {bulb: {}}
rules:
  a-bulb-takes-little: {claim: It is six watts., applies_to: bulb, equation: P = low, status: model}
  a-hot-bulb-takes-more:
    claim: It is ten watts once it is hot.
    applies_to: bulb
    when: {hot: yes}
    equation: P = high
    status: model
systems: {left: {is: bulb, hot: yes}, right: {is: bulb}}
hold: [left.hot]
"""


def test_a_baseline_goes_by_claims_and_places_not_by_lines(tmp_path: Path) -> None:
    """Lines may move and numbers come closer; the same rules in conflict at a further entity are new."""
    path, baseline = written(tmp_path, BULBS), str(tmp_path / "baseline.json")
    assert main([path, "--output", baseline]) == 1
    written(tmp_path, "# moved\n\n" + BULBS.replace("10 W", "9 W"))
    assert main([path, "--baseline", baseline]) == 0
    elsewhere = BULBS.replace("right: {is: bulb}", "right: {is: bulb, hot: yes}")
    written(tmp_path, elsewhere.replace("[left.hot]", "[left.hot, right.hot]"))
    assert main([path, "--baseline", baseline]) == 1


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (BULBS, BULBS.replace("10 W", "12 W")),  # further apart
        (BULBS.replace("equation: P = low", "equation: P = low^2"), BULBS),  # had been out of balance
        (BULBS, BULBS.replace("status: model", "status: law").replace("[left.hot]", "[left.hot, law]")),
    ],
)
def test_what_is_worse_than_a_baseline_knows_fails(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], before: str, after: str
) -> None:
    """The same claims further apart, in another way, or held by now, are not what was accepted."""
    path, baseline = written(tmp_path, before), str(tmp_path / "baseline.json")
    assert main([path, "--output", baseline]) == 1
    written(tmp_path, after)
    assert main([path, "--baseline", baseline]) == 1
    assert "ACCEPTED" not in capsys.readouterr().out


def test_a_tension_that_becomes_a_contradiction_fails(tmp_path: Path) -> None:
    """Known or ignored as a tension of 3.5 σ, the same values 600 σ apart are a contradiction."""
    lengths = """\
scenario: Two lengths
quantities: {size: {unit: m}}
kinds: {rod: {}}
systems: {rod: {is: rod}}
given:
  rod.size:
    - {name: one, value: 1.00(1) m, status: measurement}
    - {name: two, value: OTHER, status: measurement}
"""
    ignore = "ignore:\n  - {tension: [rod.size@one, rod.size@two], reason: it is small}\n"
    near, far = lengths.replace("OTHER", "1.05(1) m"), lengths.replace("OTHER", "9.99(1) m")
    path, baseline = written(tmp_path, near), str(tmp_path / "baseline.json")
    assert main([path, "--output", baseline]) == 0
    assert main([path, "--baseline", baseline, "--fail-on", "tension"]) == 0
    assert main([path, "--baseline", baseline, "--sigma", "3,3.2"]) == 1  # no further apart, but no tension
    assert main([written(tmp_path, near + ignore), "--fail-on", "tension"]) == 0
    assert main([written(tmp_path, far), "--baseline", baseline]) == 1
    assert main([written(tmp_path, far + ignore)]) == 1


def test_nothing_hides_behind_an_accepted_contradiction(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A value that contradicts two held laws is reported with one of them: accepted with that one, it would
    pass against the other, so it is not accepted."""
    text = """\
scenario: One length against two laws
quantities: {size: {symbol: x, unit: m}}
kinds: {rod: {}}
constants: {small: {value: 6 m}, large: {value: 1e9 m}}
rules:
  over-six: {claim: It is over six metres., applies_to: rod, equation: x >= small, status: law}
  over-a-million-km: {claim: It is far longer., applies_to: rod, equation: x >= large, status: law}
systems: {rod: {is: rod}}
given: {rod.size: 5 m}
ignore: [{contradiction: [rod.size], reason: five or six is all the same}]
"""
    assert main([written(tmp_path, text)]) == 1
    said = " ".join(capsys.readouterr().out.split())
    assert "not accepted: over-a-million-km contradict" in said or "not accepted: over-six contradict" in said
    alone = "\n".join(line for line in text.splitlines() if "over-a-million" not in line)
    assert main([written(tmp_path, alone)]) == 0


def test_what_a_baseline_has_and_is_gone_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A contradiction that was mended is a warning, so that the baseline can be written anew."""
    path, baseline = written(tmp_path, LAMPS), str(tmp_path / "baseline.json")
    main([path, "--output", baseline])
    written(tmp_path, LAMPS.replace("0.6 A", "0.5 A"))
    assert main([path, "--baseline", baseline]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert f"a contradiction of {', '.join(sorted(LEFT.split(', ')))} is gone" in said


ODD = (
    '{"scenarios": [{"path": "a.yaml", "tensions": [], "contradictions": [{"kind": "value", "sigma": null,'
    ' "ratio": 2, "claims": [{"id": 5, "held": 0}], "occurrences": [{"entities": ["a"]}]}]}]}'
)


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", ODD, '{"scenarios": 3}', '{"scenarios": [{"path": 1}]}', "[" * 5000]
)
def test_what_is_no_report_is_no_baseline(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str
) -> None:
    """A file of another kind is refused with the command that writes one."""
    baseline = tmp_path / "baseline.json"
    baseline.write_text(text, encoding="utf-8")
    assert main([written(tmp_path, LAMPS), "--baseline", str(baseline)]) == 2
    said = capsys.readouterr().err
    assert "is no JSON report of check" in said
    assert "--output FILE.json" in said
    assert main([written(tmp_path, LAMPS), "--baseline", str(tmp_path / "none.json")]) == 2
