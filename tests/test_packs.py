"""The rule packs and scenarios that ship do what they say."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parent.parent
SCENARIOS = sorted((ROOT / "scenarios").rglob("*.yaml"))
PACKS = sorted((ROOT / "rules").glob("*.yaml"))
CHECK = Path(sys.executable).with_name("check")


def read(path: Path) -> dict[str, Any]:
    return dict(yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader))


def report(name: str) -> dict[str, Any]:
    run = subprocess.run(
        [CHECK, "--format", "json", f"scenarios/{name}"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return dict(json.loads(run.stdout)["scenarios"][0])


@pytest.mark.parametrize("path", PACKS, ids=lambda path: path.stem)
def test_every_rule_has_a_source_and_examples_of_both_kinds(path: Path) -> None:
    """A rule about numbers comes with a case that holds and one that fails, and every rule with a source."""
    for name, rule in read(path).get("rules", {}).items():
        kinds = {key for example in rule.get("examples", ()) for key in example}
        assert "source" in rule, name
        assert "attribute" in rule or kinds == {"holds", "fails"}, name


def test_examples_and_expectations_hold() -> None:
    """Every example of every rule, and every scenario against what it expects, passes `check test`."""
    run = subprocess.run(
        [CHECK, "test", "rules", "scenarios"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (run.returncode, run.stderr) == (0, ""), run.stdout
    assert f"{len(SCENARIOS)} scenarios" in run.stdout


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_every_scenario_has_a_source_and_an_expectation(path: Path) -> None:
    """A scenario that ships says where it comes from and what it expects."""
    scenario = read(path)
    assert {"scenario", "source", "expect"} <= scenario.keys()


def test_helium_is_a_seventh_of_the_bohr_radius_where_a_pair_shares_one_quantum() -> None:
    """Equations (6) and (7) give a₀/7 = 7.56 pm where a table says 31 pm, a factor 4.10."""
    (contradiction,) = report("helium.yaml")["contradictions"]
    values = sorted(side["value"] for side in contradiction["sides"])
    assert values == pytest.approx([5.29177210544e-11 / 7, 31e-12], rel=1e-6)
    assert {side["exact"] for side in contradiction["sides"]} >= {"a_0/7"}
    assert contradiction["ratio"] == pytest.approx(31e-12 * 7 / 5.29177210544e-11, rel=1e-6)


def test_flux_of_one_among_n_electrons_is_off_by_n_squared() -> None:
    """Equation (5) and adding fluxes leave each electron h/(n²e), a factor n² that is none at n = 1."""
    found = report("n-correlations.yaml")
    (contradiction,) = found["contradictions"]
    assert contradiction["ratio_exact"] == "n**2"
    assert contradiction["vanishes_when"] == "n = 1"
    verdicts = {case["parameters"]["n"]: case["verdict"] for case in found["cases"]}
    assert verdicts == {1: "no contradiction", 2: "contradiction", 3: "contradiction", 4: "contradiction"}


def test_neither_of_the_authors_ways_out_settles_everything() -> None:
    """Either proposal leaves the contradiction of adding fluxes with the flux that was measured."""
    found = report("double-standards.yaml")
    disputed = {
        contradiction["id"]: {claim["id"] for claim in contradiction["claims"] if not claim["held"]}
        for contradiction in found["contradictions"]
    }
    left = {tuple(p["give_up"]): [disputed[one] for one in p["leaves"]] for p in found["proposals"]}
    flux = {"flux-adds", "cooper_pair.magnetic_flux"}
    assert not any(proposal["works"] for proposal in found["proposals"])
    assert left == {
        ("quantum-per-system",): [{"quantum-per-particle", *flux}],
        ("quantum-per-particle", "helium.radius"): [{"quantum-per-system", *flux}],
    }


def test_exceptions_remove_the_contradiction_and_are_reported_as_double_standards() -> None:
    """Different rules for the pair and for helium contradict nothing; the report names both exceptions."""
    found = report("exceptions.yaml")
    assert found["verdict"] == "no contradiction"
    assert {(one["rule"], one["entity"]) for one in found["double_standards"]} == {
        ("quantum-per-system", "helium.pair"),
        ("quantum-per-particle", "cooper_pair.electron"),
    }


def test_the_misprint_is_a_mistake_of_dimension() -> None:
    """r³ = ħ²/(4·m²·v²) is refuted by its dimensions alone."""
    (contradiction,) = report("misprint.yaml")["contradictions"]
    assert (contradiction["kind"], contradiction["proof"]) == ("dimension", "exact")
