"""The checker's own side: scenario files → claims, and claims → conflicts and ways out."""

from __future__ import annotations

import resource
import tempfile
from math import prod
from pathlib import Path

from checker.conflicts import find
from checker.consistency import Oracle
from checker.ground import ground
from checker.load import load_scenario
from checker.model import Grounded
from checker.terms import system
from checker.ways_out import menus

Premises = frozenset[str]
SIGMA = (3.0, 5.0)
LIMIT = 10_000


def load(text: str) -> Grounded:
    """The claims of a scenario given as text."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "scenario.yaml"
        path.write_text(text, encoding="utf-8")
        return load_file(path)


def load_file(path: Path) -> Grounded:
    return ground(load_scenario(path), {})


def minimal_conflicts(grounded: Grounded) -> frozenset[Premises]:
    """The premises of every minimal conflict."""
    claims, premises = grounded.claims, grounded.premises
    held = frozenset(i for i, claim in enumerate(claims) if all(premises[p].held for p in claim.rests_on))
    oracle = Oracle(system(grounded), claims, held)
    found = find(oracle, oracle.outcome(range(len(claims))), SIGMA, LIMIT)
    assert found.complete
    return frozenset(conflict.premises for conflict in found.conflicts)


def conflicts_and_ways_out(grounded: Grounded) -> tuple[frozenset[Premises], int]:
    """The premises of every minimal conflict, and how many ways out the menus stand for."""
    conflicts = minimal_conflicts(grounded)
    statuses = {id_: premise.status for id_, premise in grounded.premises.items()}
    found = menus(list(enumerate(conflicts)), statuses, LIMIT)
    return conflicts, prod(len(menu.ways) for menu in found)


def peak_memory(text: str) -> tuple[float, float]:
    """The most memory this process has taken, in MB: with the scenario loaded, and when its conflicts are
    found. For a process of its own."""
    grounded = load(text)
    loaded = _peak()
    minimal_conflicts(grounded)
    return loaded, _peak()


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
