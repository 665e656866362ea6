"""The text report: what a person reads on a terminal."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sample_reports import cooper_and_helium, flux_of_n, helium

from checker.errors import Mistake
from checker.model import Broken, Case, Judged, Report, Step, Unsettled, WayOut
from checker.report.text import STEPS_AT_EACH_END, summary, to_text
from checker.report.wording import typeset


def told(report: Report, width: int = 100) -> str:
    return to_text(report, width, colour=False)


def statistical() -> Report:
    """Helium's claims with a gap counted in standard uncertainties."""
    report = helium()
    found = report.contradictions[0]
    worst = replace(found.occurrences[0], ratio=1.044, sigma=7.164)
    return replace(report, contradictions=(replace(found, proof="statistical", occurrences=(worst,)),))


def test_helium_fits_a_screen_and_tells_all_in_order() -> None:
    """Verdict, quantity, both values, the derivation, places, ways out and coverage follow each other in
    at most 44 lines of 100 columns."""
    text = told(helium())
    lines = text.splitlines()
    assert len(lines) <= 44
    assert max(map(len, lines)) <= 100
    assert lines[0].startswith("CONTRADICTION  Helium")
    landmarks = (
        "helium.radius comes out two ways, a factor 4.10 apart",
        "7.560 pm = a₀/7  derived in 5 steps",
        "31 pm            helium.radius: Clementi",
        "1  helium.pair.angular_momentum = ħ",
        "5  helium.radius = a₀/7 = 7.560 pm   two-electron-atom @ helium",
        "helium.radius                       stated            scenarios/helium.yaml:16",
        "Fix it by any one of",
        "give up quantum-per-system  then helium.pair.angular_momentum = 2.03 ħ",
        "6 of 14 claims were cross-checked: 6 in conflict.",
        "1 not applied, no system states mean_free_path: pairs-need-a-short-path",
    )
    places = [text.index(landmark) for landmark in landmarks]
    assert places == sorted(places)


def test_each_step_shows_the_equation_it_comes_from() -> None:
    """An equation stands under its conclusion, except where it says no more than the conclusion."""
    lines = [line.strip() for line in told(helium()).splitlines()]
    assert "from angular_momentum = mass·speed·orbit_radius" in lines
    assert "from angular_momentum = ħ" not in lines


@pytest.mark.parametrize("width", [40, 60, 80, 100])
@pytest.mark.parametrize("report", [helium(), flux_of_n(), cooper_and_helium()], ids=lambda r: r.path)
def test_no_line_is_wider_than_the_terminal(report: Report, width: int) -> None:
    """Text is wrapped to the width asked for, down to 40 columns."""
    assert max(map(len, told(report, width).splitlines())) <= width


def test_wrapping_loses_no_word() -> None:
    """A narrow terminal shows the same ids and numbers as a wide one."""
    narrow, wide = (set(told(helium(), width).split()) for width in (60, 100))
    assert wide <= narrow | {"helium.pair.electron"}


def test_statistical_gap_is_told_in_sigma() -> None:
    """Where standard uncertainties decide, the gap is counted in them and not as a factor."""
    text = told(statistical())
    assert "comes out two ways, 7.2 σ apart" in text
    assert "factor" not in text.split("Where")[0]


def test_parametric_scenario_is_told_in_general_and_by_case() -> None:
    """The n electrons give a factor n², none for one electron, and a line for each n."""
    text = told(flux_of_n())
    assert "a factor n² apart (16 at most); none at n = 1" in text
    assert re.search(r"n = 1 +no contradiction\n +n = 2 +contradiction\n", text)


def test_other_occurrences_are_named_in_a_line() -> None:
    """The worst occurrence is told in full, the others by their quantity and gap."""
    text = told(flux_of_n())
    assert "Also at other.magnetic_flux (a factor 9 apart)." in text
    assert text.count("step by step") == 1


def test_two_derived_sides_have_letters() -> None:
    """Where both values are derived, a letter ties each to its derivation."""
    report = flux_of_n()
    found = report.contradictions[0]
    worst = found.occurrences[0]
    sides = (worst.sides[1], worst.sides[1])
    text = told(replace(report, contradictions=(replace(found, occurrences=(replace(worst, sides=sides),)),)))
    assert "A  16.5 fWb" in text and "B  16.5 fWb" in text
    assert "A, step by step" in text and "B, step by step" in text


def test_menus_that_share_nothing_stay_apart() -> None:
    """Two independent contradictions have a menu each, which says what it settles."""
    report = helium()
    second = replace(report.contradictions[0], id="c2")
    other = WayOut(1, ("c2",), ("flux-adds", "flux-energy"), {})
    text = told(
        replace(
            report,
            contradictions=(*report.contradictions, second),
            ways_out=(*report.ways_out, other),
        )
    )
    assert "Fix 1 by any one of" in text
    assert "Fix 2 by any one of\n  give up flux-adds and flux-energy\n" in text


def test_proposals_say_what_they_leave() -> None:
    """A proposal that works says so; one that does not names what remains."""
    proposals = (
        Judged("one quantum each", ("quantum-per-system",), True, ()),
        Judged("smaller atoms", ("flux-adds",), False, ("c1",)),
    )
    text = told(replace(helium(), proposals=proposals))
    assert "one quantum each (give up quantum-per-system): works" in text
    assert "smaller atoms (give up flux-adds): leaves 1" in text


def test_double_standard_gives_its_reason() -> None:
    """A rule withheld where it fits is told with the reason stated for it."""
    text = told(cooper_and_helium())
    assert text.startswith("NO CONTRADICTION")
    assert "quantum-per-system is withheld from helium.pair: as is customary for helium" in text


def test_tensions_stand_apart() -> None:
    """A tension is told under its own heading and has no way out."""
    report = statistical()
    tense = replace(report, verdict="no contradiction", contradictions=(), ways_out=())
    text = told(replace(tense, tensions=report.contradictions))
    assert text.index("Tensions") < text.index("7.2 σ apart")
    assert "Fix" not in text


def test_long_derivation_shows_both_ends() -> None:
    """Of a thousand steps the first and last are shown, with the number of those between."""
    report = helium()
    found = report.contradictions[0]
    worst = found.occurrences[0]
    steps = tuple(Step("doubling", "chain", f"x{n} = 2*x{n - 1}", f"x{n} = {n}") for n in range(1, 1001))
    side = replace(worst.sides[0], steps=steps)
    long = replace(found, occurrences=(replace(worst, sides=(side, worst.sides[1])),))
    text = told(replace(report, contradictions=(long,)))
    assert f"{1000 - 2 * STEPS_AT_EACH_END} steps left out" in text
    assert re.search(r"^ +1  x1 = 1 ", text, re.MULTILINE)
    assert re.search(r"^ +1000  x1000 = 1000 ", text, re.MULTILINE)


def test_many_claims_unchecked_for_one_reason_take_one_line() -> None:
    """What could not be checked is grouped by reason, however many claims there are."""
    unsettled = tuple(
        Unsettled("unchecked", f"rule-{n % 7}", f"e{n}", "nothing else speaks about it") for n in range(7000)
    )
    text = told(replace(helium(), unsettled=unsettled))
    assert "7,000 unchecked, nothing else speaks about it: rule-0 (1000 times)," in text
    assert "and 3 more" in text


def test_incomplete_search_is_admitted() -> None:
    """Where the search stopped at its limit, the report says that more may exist."""
    assert "more may exist" in told(replace(helium(), incomplete=True))
    assert "more may exist" not in told(helium())


def test_dimensions_stand_under_each_other() -> None:
    """The note of a dimension error keeps its lines and columns, and replaces the table of sides."""
    report = helium()
    found = report.contradictions[0]
    note = "the two sides differ in dimension\n  radius³                m³\n  hbar²/(4·mass²·speed²)  m²"
    text = told(replace(report, contradictions=(replace(found, kind="dimension", note=note),)))
    assert "\n     radius³                m³\n     hbar²/(4·mass²·speed²)  m²\n" in text
    assert "step by step" not in text


def test_given_is_told_with_its_source_and_a_rule_with_its_equation() -> None:
    """A value that takes one step names its origin: a given its source, a rule its equation."""
    report = helium()
    found = report.contradictions[0]
    worst = found.occurrences[0]
    ruled = replace(
        worst.sides[0],
        steps=(Step("ring", "helium", "radius = speed*period/(2*pi)", "helium.radius = 7 pm"),),
    )
    sides = replace(worst, sides=(ruled, worst.sides[1]))
    text = told(replace(report, contradictions=(replace(found, occurrences=(sides,)),)))
    assert "ring: radius = speed·period/(2·π)" in text
    assert "helium.radius: Clementi, Raimondi & Reinhardt 1967" in text


def test_colour_only_adds_styles() -> None:
    """Without its ANSI styles, the coloured report is the plain one."""
    coloured = to_text(helium(), 100, colour=True)
    assert coloured != told(helium())
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == told(helium())


def test_hostile_title_cannot_reach_the_terminal() -> None:
    """Escape sequences, line ends and writing directions from a file are shown, never sent."""
    hostile = "clear \x1b[2J screen\r\nno contradiction \u202egnihton \x07"
    text = told(replace(helium(), title=hostile, warnings=(hostile,)))
    assert not set("\x1b\r\x07\u202e") & set(text)
    assert r"\x1b[2J" in text and r"\u202e" in text


@given(st.text(), st.integers(-5, 200))
def test_any_text_is_printable_at_any_width(text: str, width: int) -> None:
    """Whatever a file says, the report consists of printable lines."""
    report = replace(helium(), title=text, source=text, warnings=(text,), cases=(Case({text: 1}, text),))
    assert all(line.isprintable() for line in to_text(report, width, colour=False).split("\n"))


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("hbar**2/(2*m_0)", "ħ²/(2·m₀)"),
        ("a_0/7", "a₀/7"),
        ("n**2", "n²"),
        ("hbar^2*k", "ħ²·k"),
        ("hbar²·k", "ħ²·k"),
        ("x^-1", "x⁻¹"),
        ("x^2^3", "x^2³"),
        ("2*pi*R - r", "2·π·R − r"),
        ("x**(1/2)", "x^(1/2)"),
        ("10^2.5", "10^2.5"),
        ("pair.hbar_like", "pair.hbar_like"),
        ("speed_2", "speed_2"),
    ],
)
def test_formulas_are_set_as_physicists_print_them(written: str, printed: str) -> None:
    """Powers, products, ħ and π are set; names that merely resemble them are left alone."""
    assert typeset(written) == printed
    assert typeset(printed) == printed


@pytest.mark.parametrize(
    ("ratio", "printed"),
    [(4.100705, "4.10"), (16.0, "16"), (1.00474, "1.005"), (1.0000012, "1.000001"), (2.5e9, "2.50·10⁹")],
)
def test_ratio_never_looks_like_one(ratio: float, printed: str) -> None:
    """A ratio has three digits, and as many more as it takes to differ from 1."""
    report = helium()
    found = report.contradictions[0]
    apart = replace(found.occurrences[0], ratio=ratio)
    text = told(replace(report, contradictions=(replace(found, occurrences=(apart,)),)))
    assert f"a factor {printed} apart" in text


def test_summary_has_a_line_for_each_file_and_a_total() -> None:
    """Of several files one reads the verdict, the path and what was found, then the totals."""
    broken = Broken("bad.yaml", (Mistake("empty-file", "empty file"),))
    lines = summary([helium(), cooper_and_helium(), broken], 100, colour=False).splitlines()
    assert lines[0].startswith("contradiction     scenarios/helium.yaml")
    assert lines[1].startswith("no contradiction  scenarios/double-standards.yaml  One rule for")
    assert lines[2].split() == ["error", "bad.yaml", "1", "mistake"]
    assert lines[-1] == "3 scenarios: 1 with a contradiction, 1 with none, 1 broken"
    assert len(lines) == 5
