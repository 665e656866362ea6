"""Known disagreements come out at their published size, and settled ones not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from checker.pipeline import check

GALLERY = Path(__file__).parent.parent / "scenarios" / "gallery"


@pytest.mark.parametrize(
    ("case", "verdict", "sigma"),
    [
        ("proton-radius-2010", "contradiction", 7.16),
        ("neutron-lifetime", "no contradiction", 4.36),
        ("hubble", "no contradiction", 4.89),
        ("muon-anomaly-2021", "no contradiction", 4.22),
    ],
)
def test_measurements_are_as_far_apart_as_published(case: str, verdict: str, sigma: float) -> None:
    """7.2, 4.4, 4.9 and 4.2 standard deviations; from five on it is a contradiction, from three a tension."""
    report = check(GALLERY / f"{case}.yaml")
    (found,) = report.contradictions + report.tensions
    assert report.verdict == verdict
    assert found.occurrences[0].sigma == pytest.approx(sigma, abs=0.006)


@pytest.mark.parametrize("case", ["proton-radius-2022", "muon-anomaly-2025"])
def test_what_is_settled_is_not_found(case: str) -> None:
    """Later values of the same quantities neither contradict each other nor are in tension."""
    report = check(GALLERY / f"{case}.yaml")
    assert report.contradictions == report.tensions == ()
    assert report.verdict == "no contradiction"


def test_an_atom_of_138_protons_would_need_an_electron_faster_than_light() -> None:
    """Zα = 138/137.036 is 1.0070."""
    (found,) = check(GALLERY / "bohr-137.yaml").contradictions
    assert found.occurrences[0].ratio == pytest.approx(138 * 7.2973525643e-3, rel=1e-6)
