"""Every derivation says where the numbers in it come from."""

from __future__ import annotations

from pathlib import Path

from checker.pipeline import check
from checker.report.text import to_text

SCENARIOS = Path(__file__).parent.parent / "scenarios"


def test_helium_names_its_constants_and_what_its_kinds_supply() -> None:
    """ħ, ε₀, m_e and e are CODATA's; the electron's mass and charge are what its kind says, in that file."""
    (found,) = check(SCENARIOS / "helium.yaml").contradictions
    constants = {one.name: one.source for one in found.origins if one.of == "constant"}
    assert constants == {
        "hbar": "CODATA 2022, reduced Planck constant",
        "epsilon_0": "CODATA 2022, vacuum electric permittivity",
        "m_e": "CODATA 2022, electron mass",
        "e": "CODATA 2022, elementary charge",
    }
    supplied = {one.name: (one.value, Path(one.source.rpartition(":")[0]).name) for one in found.origins}
    assert supplied["helium.pair.electron.mass"] == ("m_e", "particles.yaml")
    assert supplied["helium.nucleus.charge"] == ("2*e", "semiclassical.yaml")


def test_the_report_names_the_table_that_constants_are_from() -> None:
    """A reader of the text sees which edition was used."""
    text = to_text(check(SCENARIOS / "helium.yaml"), width=100, colour=False)
    assert "ħ, ε₀, m_e and e: CODATA 2022\n" in text


def test_a_number_of_mathematics_has_no_origin(tmp_path: Path) -> None:
    """π is in both claims, and nobody measured it; k comes from the scenario's own line."""
    file = tmp_path / "scenario.yaml"
    file.write_text(
        "scenario: s\nquantities: {x: {}}\nconstants: {k: {value: 2.0}}\nkinds: {thing: {}}\n"
        "rules: {r: {claim: c, applies_to: thing, status: postulate, equation: x = pi*k}}\n"
        "systems: {it: {is: thing}}\ngiven: {it.x: 7.5}\n"
    )
    (found,) = check(file).contradictions
    assert [(one.name, one.source) for one in found.origins] == [("k", f"{file}:3")]
