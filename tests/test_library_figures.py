"""The figures that the scenarios of the library are about."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from checker.model import Report
from checker.pipeline import check

ROOT = Path(__file__).parent.parent
SCENARIOS = (
    "air",
    "capacitors",
    "compton",
    "cyclotron-resonance",
    "electron-waves",
    "engines",
    "headlight",
    "hydrogen",
    "nuclear-electron",
    "paddle-wheel",
    "photoelectric",
    "pickering",
    "short-coil",
    "sun",
)


def path_of(scenario: str) -> Path:
    return ROOT / "scenarios" / f"{scenario}.yaml"


def sides_of(report: Report) -> list[float]:
    """The values, in SI units, that the only contradiction of a report has as its sides, lowest first."""
    (contradiction,) = report.contradictions
    (occurrence,) = contradiction.occurrences
    return sorted(side.value for side in occurrence.sides if side.value is not None)


@pytest.fixture(scope="module")
def reports() -> Mapping[str, Report]:
    return {name: check(path_of(name)) for name in SCENARIOS}


def test_no_engine_between_5_and_25_degrees_turns_ten_percent_into_work(
    reports: Mapping[str, Report],
) -> None:
    """Carnot's bound is 20 K / 298.15 K = 6.7 %, where 10 % are claimed."""
    assert sides_of(reports["engines"]) == pytest.approx([20 / 298.15, 0.10], rel=1e-3)


def test_a_cold_filament_would_take_411_watts(reports: Mapping[str, Report]) -> None:
    """12 V squared over 0.350 Ω are 411 W, where the label says 30 W."""
    assert sides_of(reports["headlight"]) == pytest.approx([30.0, 12**2 / 0.350], rel=1e-4)


def test_silver_needs_light_of_262_nanometres(reports: Mapping[str, Report]) -> None:
    """h·c over 4.73 eV is 262 nm, so that 300 nm free nothing."""
    limit = 6.62607015e-34 * 299792458 / (4.73 * 1.602176634e-19)
    assert sides_of(reports["photoelectric"]) == pytest.approx([limit, 300e-9], rel=2e-3)


def test_no_electron_waits_in_a_nucleus(reports: Mapping[str, Report]) -> None:
    """ħ/2 over the 7.1 fm of a nucleus is nearly nine times the momentum of the beta rays it sends out."""
    (contradiction,) = reports["nuclear-electron"].contradictions
    expected = 1.054571817e-34 / 2 / (7.1e-15 * 8.51e-22)
    assert contradiction.occurrences[0].ratio == pytest.approx(expected, rel=0.01)


def test_compton_measured_fifteen_standard_deviations_away_from_no_change(
    reports: Mapping[str, Report],
) -> None:
    """0.022 Å with 0.0015 Å of doubt are 14.7 standard deviations; the recoil's 0.0243 Å are 1.5 away."""
    (contradiction,) = reports["compton"].contradictions
    assert contradiction.occurrences[0].sigma == pytest.approx(0.022 / 0.0015, rel=1e-3)


def test_a_short_coil_is_told_to_be_outside_the_limit_of_the_long_ones_formula(
    reports: Mapping[str, Report],
) -> None:
    """A coil five radii long contradicts nothing, and the report says where its field's formula ends."""
    report = reports["short-coil"]
    assert report.verdict == "no contradiction"
    assert [(limit.rule, limit.entity) for limit in report.limits] == [("solenoid-field", "coil")]


def test_the_light_of_the_sun_and_the_lines_of_hydrogen_contradict_nothing(
    reports: Mapping[str, Report],
) -> None:
    """Stefan and Boltzmann's law at 5772 K, and Bohr's levels at 121.567 nm, agree with what is measured."""
    assert {reports[name].verdict for name in ("sun", "hydrogen", "electron-waves")} == {"no contradiction"}
