"""How many constants from another edition of CODATA are noticed among those of one.

`python -m benchmarks.swaps` takes each printed value that differs between two of five editions, states it in
place of the other one, and counts the contradictions: where the numbers are read as rounded, and where their
standard uncertainties are believed. `--every N` tries one in N.
"""

from __future__ import annotations

import argparse
import math
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from itertools import permutations
from pathlib import Path

from checker.conflicts import find
from checker.consistency import Oracle
from checker.ground import ground
from checker.load import load_scenario
from checker.terms import system
from scripts.codata_tables import EDITIONS, Entry
from scripts.generate_adjustments import scenario, stated

POLICIES = ("rounding", "uncertainty")
Swap = tuple[int, int, str]
"""An edition, the other one, and the path of the value that is taken from that."""


def swaps() -> Iterator[Swap]:
    """Every value that two editions print with different digits, both ways round."""
    for edition, other in permutations(EDITIONS, 2):
        theirs = stated(other)
        for path, (_, entry) in stated(edition).items():
            if path in theirs and _number(theirs[path][1]) != _number(entry):
                yield edition, other, path


def _number(entry: Entry) -> float:
    return float(entry.digits + entry.power)


def swapped(swap: Swap, agreement: str) -> str:
    """The scenario of an edition with a value of another one in it."""
    edition, other, path = swap
    return scenario(edition, agreement, {path: stated(other)[path]})


def contradicts(text: str, folder: Path) -> bool:
    """Whether a scenario has a contradiction; one is enough."""
    path = folder / "swapped.yaml"
    path.write_text(text, encoding="utf-8")
    grounded = ground(load_scenario(path), {})
    claims = grounded.claims
    held = {i for i, c in enumerate(claims) if all(grounded.premises[premise].held for premise in c.rests_on)}
    oracle = Oracle(system(grounded), claims, frozenset(held))
    outcome = oracle.outcome(range(len(claims)))
    if any(math.isinf(oracle.strain(one)) for one in outcome.refutations):
        return True  # no shift of measured values mends these claims, so that some of them are in conflict
    return bool(outcome.refutations) and bool(find(oracle, outcome, (3.0, 5.0), 1).conflicts)


def missed(chosen: Iterable[Swap], agreement: str, folder: Path) -> list[Swap]:
    """The swaps that nothing contradicts."""
    return [swap for swap in chosen if not contradicts(swapped(swap, agreement), folder)]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.swaps", description=__doc__)
    parser.add_argument("--every", type=int, default=1, metavar="N", help="try one swap in N")
    chosen = list(swaps())[:: parser.parse_args().every]
    with tempfile.TemporaryDirectory() as folder:
        for policy in POLICIES:
            begin = time.process_time()
            alarms = [one for one in EDITIONS if contradicts(scenario(one, policy), Path(folder))]
            left = missed(chosen, policy, Path(folder))
            share = 1 - len(left) / len(chosen)
            spent = (time.process_time() - begin) / (len(chosen) + len(EDITIONS))
            print(
                f"{policy}: {len(alarms)} of {len(EDITIONS)} editions raise an alarm; of {len(chosen)} swaps"
            )
            print(f"  {len(chosen) - len(left)} are caught, {share:.1%}, in {spent:.2f} s each")
            for edition, other, path in left if policy == "rounding" else ():
                print(f"  missed: {path} of {other} in {edition}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
