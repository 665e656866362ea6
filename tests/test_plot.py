"""A forest plot shows each claim about a quantity with its doubt, and what all of them make of it."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from checker.cli import main
from checker.pipeline import estimates
from checker.report.plot import plot

SCENARIOS = Path(__file__).parent.parent / "scenarios"
PROTON = SCENARIOS / "gallery" / "proton-radius-2010.yaml"


def texts(svg: bytes) -> str:
    """All text in a picture, as a reader would search it."""
    return "\n".join("".join(one.itertext()) for one in ElementTree.fromstring(svg).iter() if one.text)


def test_two_measurements_stand_with_their_uncertainties_and_their_mean() -> None:
    """0.8775(51) fm and 0.84087(39) fm, and the weighted mean of both."""
    found = estimates(PROTON, "proton.charge_radius")
    assert [(one.label, one.shown) for one in found.estimates] == [
        ("electronic", "0.8775(51) fm"),
        ("muonic", "0.84087(39) fm"),
    ]
    assert [one.uncertainty for one in found.estimates] == pytest.approx([5.1e-18, 3.9e-19])
    assert found.adjusted is not None
    weights = [5.1**-2, 0.39**-2]
    mean = (weights[0] * 0.8775 + weights[1] * 0.84087) / sum(weights)
    assert found.adjusted.value == pytest.approx(mean * 1e-15, rel=1e-9)


def test_what_follows_stands_beside_what_is_stated() -> None:
    """Helium's radius: 31 pm by the tables, a₀/7 by one quantum for the pair."""
    stated, derived = estimates(SCENARIOS / "helium.yaml", "helium.radius").estimates
    assert (stated.stated, derived.stated) == (True, False)
    assert (stated.value, derived.exact) == (pytest.approx(31e-12), "a_0/7")
    assert set(derived.label.removeprefix("by ").split(", ")) == {"quantum-per-system", "two-electron-atom"}


def test_a_bound_stands_with_its_end() -> None:
    """Nothing outruns light: the other claims leave the neutrino a range that is open below."""
    _, derived = estimates(SCENARIOS / "gallery" / "opera.yaml", "neutrino.speed").estimates
    assert derived.ends == (None, pytest.approx(299792458))


def test_a_picture_holds_names_values_and_sources_as_text() -> None:
    """So that it can be searched and read aloud; no letters are turned into outlines."""
    found = texts(plot(estimates(PROTON, "proton.charge_radius"), "svg"))
    for word in (
        "electronic",
        "0.8775(51) fm",
        "10.1126/science.1230016",
        "joint fit",
        "0.84108(39) fm",
        "χ² = 51.3 for 1: a misfit",
    ):
        assert word in found


def test_the_same_claims_make_the_same_picture() -> None:
    """No date and no random name in it: a picture under version control changes only where claims do."""
    found = estimates(PROTON, "proton.charge_radius")
    assert plot(found, "svg") == plot(found, "svg")


def test_names_from_files_are_no_formulas_and_no_markup(tmp_path: Path) -> None:
    """Dollars, tags, escapes for terminals and turned writing are drawn as they are written."""
    file = tmp_path / "scenario.yaml"
    file.write_text(
        "scenario: '$\\frac{a}{$ <script>alert(1)</script> ]]>'\nquantities: {x: {unit: m}}\n"
        "kinds: {k: {}}\nsystems: {it: {is: k}}\ngiven:\n  it.x:\n"
        '    - {name: "<script>$^", value: 1.0(1) m, source: "\\e[31m \\u202Ex 漢"}\n'
        "    - {name: b, value: 3 m, within: 5 %}\n",
        encoding="utf-8",
    )
    picture = plot(estimates(file, "it.x"), "svg")
    assert b"<script" not in picture
    assert "<script>$^" in texts(picture)
    assert "\\x1b[31m \\u202ex" in texts(picture)


@pytest.mark.parametrize("number", ["1e300", "-1e-300", "0", "1e-320", "123456789.5"])
def test_any_number_can_be_drawn(number: str, tmp_path: Path) -> None:
    """However large, small or zero it is."""
    file = tmp_path / "scenario.yaml"
    file.write_text(
        "scenario: s\nquantities: {x: {sign: any}}\nkinds: {k: {}}\nsystems: {it: {is: k}}\n"
        f"given: {{it.x: [{{name: a, value: {number}}}, {{name: b, value: 5.0(1)}}]}}\n"
    )
    assert plot(estimates(file, "it.x"), "png").startswith(b"\x89PNG")


def test_a_picture_goes_where_it_is_asked_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """By its ending as SVG or PNG; without a file, SVG to stdout."""
    words = ["plot", str(PROTON), "proton.charge_radius"]
    assert main([*words, "--output", str(tmp_path / "a.png")]) == 0
    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")
    assert main(words) == 0
    assert "electronic" in texts(capsys.readouterr().out.encode())


@pytest.mark.parametrize(
    ("quantity", "message"),
    [
        ("proton.charge_radus", "did you mean 'proton.charge_radius'?"),
        ("proton", "no claim speaks about a quantity 'proton'"),
    ],
)
def test_an_unknown_quantity_is_a_clear_mistake(
    quantity: str, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Status 2, what is wrong, and what was probably meant."""
    assert main(["plot", str(PROTON), quantity]) == 2
    assert message in capsys.readouterr().err


def test_a_quantity_without_any_value_is_no_picture(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A rule speaks about it, but nothing gives it a value to draw."""
    file = tmp_path / "scenario.yaml"
    file.write_text(
        "scenario: s\nquantities: {x: {}, y: {}}\nkinds: {k: {}}\nsystems: {it: {is: k}}\n"
        "rules: {r: {claim: c, applies_to: k, status: law, equation: x = 2*y}}\n"
    )
    assert main(["plot", str(file), "it.x"]) == 2
    assert f"no claim in {file} gives 'it.x' a value" in capsys.readouterr().err


@pytest.mark.parametrize("number", ["1e390", "1.7e308"])
def test_what_no_axis_can_show_is_a_clear_mistake(
    number: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A number beyond those of a double ends with status 2, not with a fault of the program."""
    file = tmp_path / "scenario.yaml"
    file.write_text(
        "scenario: s\nquantities: {x: {sign: any}}\nkinds: {k: {}}\nsystems: {it: {is: k}}\n"
        f"given: {{it.x: [{{name: a, value: {number}}}, {{name: b, value: -{number}}}]}}\n"
    )
    assert main(["plot", str(file), "it.x"]) == 2
    assert "too large to be drawn" in capsys.readouterr().err
