"""The rule packs of the library: each rule is cross-checked in a scenario, and all load together."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from checker.ground import ground
from checker.load import load_scenario, load_vocabulary
from checker.pipeline import check

ROOT = Path(__file__).parent.parent
SCENARIOS = sorted((ROOT / "scenarios").rglob("*.yaml"))
PACKS = sorted(path.stem for path in (ROOT / "rules").glob("*.yaml") if "rules:" in path.read_text("utf-8"))


def settled_in(path: Path) -> Iterator[str]:
    """The rules that make a claim in this scenario which holds or is in a conflict."""
    scenario = load_scenario(path)
    case = {name: values[0] for name, values in scenario.parameters.items()}
    unsettled = {(one.claim, one.entity) for one in check(path).unsettled}
    for claim in ground(scenario, case).claims:
        if (claim.premise, claim.entity) not in unsettled:
            yield claim.premise


@pytest.fixture(scope="module")
def settled() -> frozenset[str]:
    return frozenset(rule for path in SCENARIOS for rule in settled_in(path))


@pytest.mark.parametrize("pack", PACKS)
def test_every_rule_is_cross_checked_in_some_scenario(pack: str, settled: frozenset[str]) -> None:
    """No rule of a pack ships without a scenario in which something else speaks about what it says."""
    rules = {name for name, rule in load_vocabulary([pack]).rules.items() if Path(rule.pack).stem == pack}
    assert rules
    assert rules - settled == set()


def test_all_packs_load_together() -> None:
    """The built-in packs do not get in each other's way: every rule of each is there when all are in use."""
    together = load_vocabulary(()).rules
    assert {Path(rule.pack).stem for rule in together.values()} >= set(PACKS)
