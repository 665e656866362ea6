"""A solved scenario → what became of each claim: cross-checked, in conflict, or not checked and why."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from checker.conflicts import Conflict
from checker.consistency import Oracle, Outcome
from checker.fits import Fitted
from checker.grouping import overlapping
from checker.model import Grounded, Unsettled

COUNTED = ("holds", "tension", "conflict", "misfit", "unchecked", "undetermined", "not_applied", "withheld")


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many claims ended in each status, and those that nothing has cross-checked; the status of each
    grounded claim."""

    counts: Mapping[str, int]
    unsettled: tuple[Unsettled, ...]
    standing: tuple[str, ...]


def coverage(
    grounded: Grounded,
    oracle: Oracle,
    outcome: Outcome,
    conflicts: Sequence[Conflict],
    tensions: Sequence[Conflict],
    faulty: frozenset[int],
    weakest: float,
    tied: frozenset[int],
    fits: Sequence[Fitted],
) -> Coverage:
    """The status of every claim.

    `outcome` is that of claims without conflict among them (below χ² `weakest`, what they leave over is
    agreement), `fits` are their joint fits; `faulty` are claims that failed the dimension check, `tied` those
    that something speaks about when all claims stand.
    """
    in_conflict = _claims_of(conflicts) | faulty
    in_tension = _claims_of(tensions) - in_conflict
    misfits = _misfits(oracle, outcome, weakest, fits)
    checked = _cross_checked(grounded, oracle, outcome, weakest, fits) - misfits
    doubtful = {**outcome.doubtful, **oracle.system.too_large}
    counts = Counter(dict.fromkeys(COUNTED, 0))
    unsettled, standing = [], []
    for index, claim in enumerate(grounded.claims):
        if index in in_conflict:
            standing.append("conflict")
        elif index in in_tension:
            standing.append("tension")
        elif index in checked:
            standing.append("holds")
        elif index in misfits:
            standing.append("misfit")
        else:
            status = "undetermined" if index in doubtful else "unchecked"
            standing.append(status)
            alone = (
                "only claims in conflict speak about it" if index in tied else "nothing else speaks about it"
            )
            why = doubtful.get(index, alone)
            unsettled.append(Unsettled(status, claim.premise, claim.entity, why))
    counts.update(standing)
    for missing in grounded.not_applied:
        counts["not_applied"] += 1
        unsettled.append(Unsettled("not_applied", missing.rule, missing.entity, missing.why))
    for exception in grounded.withheld:
        counts["withheld"] += 1
        unsettled.append(Unsettled("withheld", exception.rule, exception.entity, exception.reason))
    return Coverage({"claims": counts.total(), **counts}, tuple(unsettled), tuple(standing))


def _misfits(oracle: Oracle, outcome: Outcome, weakest: float, fits: Sequence[Fitted]) -> frozenset[int]:
    """Claims that fit each other badly, but only all together: that is no conflict, and no agreement."""
    fitted = [one.claims for one in fits if one.fit.agreement is not None]
    found = [one.claims for one in fits if one.fit.agreement is not None and one.fit.agreement.misfit]
    for one in outcome.refutations:
        if weakest < oracle.strain(one) < math.inf and not any(one.claims <= each for each in fitted):
            found.append(one.claims)
    return frozenset().union(*found)


def _claims_of(conflicts: Iterable[Conflict]) -> frozenset[int]:
    return frozenset(i for conflict in conflicts for one in conflict.occurrences for i in one.claims)


def _cross_checked(
    grounded: Grounded, oracle: Oracle, outcome: Outcome, weakest: float, fits: Sequence[Fitted]
) -> set[int]:
    """The claims in a redundant set with a disputed premise or a given in it.

    Redundant sets that overlap are one: each claim of one then takes part in a set with any claim of the
    other (the elements of a connected matroid share circuits pairwise; Oxley, Matroid Theory, 4.1).
    """
    supports = list(outcome.checks)
    supports += [one.claims for one in outcome.refutations if oracle.strain(one) <= weakest]
    supports += [each.claims for each in fits if each.fit.agreement is not None]
    supports += _agreeing_attributes(oracle)
    sets = [frozenset().union(*(supports[i] for i in group)) for group in overlapping(supports)]
    premises = grounded.premises

    def counts(index: int) -> bool:
        premise = premises[grounded.claims[index].premise]
        return premise.kind != "rule" or not premise.held

    return {index for inside in sets if any(counts(i) for i in inside) for index in inside}


def _agreeing_attributes(oracle: Oracle) -> list[frozenset[int]]:
    """Stated attributes with the rules that demand just that."""
    places: dict[tuple[str, str, str], set[int]] = {}
    for index, requirements in oracle.required.items():
        for one in requirements:
            places.setdefault((one.entity, one.attribute, one.value), set()).add(index)
    return [frozenset(inside) for inside in places.values() if len(inside) > 1]
