"""Claims whose rules hold only within limits → which of them are used outside, and where that is unknown.

A limit is no claim: a scenario may use a law outside its limits, and is told so. Whether it does is asked of
the oracle: beside claims that can all be true, the limit is refuted, or its opposite is, or neither.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from checker.conflicts import Occurrence
from checker.consistency import Oracle
from checker.derivation import Deriver
from checker.expression import Expression, Name, constant, to_text
from checker.model import Claim, Equates, Limit

MAX_TERMS_ASKED = 100_000
"""Limits are looked at among claims with so many terms, all in all; the others are left unknown."""

_OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}


@dataclass(frozen=True, slots=True)
class Probe:
    """A limit of the claim number `claim`, and the numbers of two claims that nobody makes: that it is met,
    and that it is not."""

    claim: int
    limit: Equates
    met: int
    unmet: int


def probes(claims: Sequence[Claim]) -> tuple[list[Claim], list[Probe]]:
    """The claims to add behind these ones so that the oracle can be asked about limits."""
    added: list[Claim] = []
    found = []
    for index, claim in enumerate(claims):
        for limit in claim.limits:
            met = len(claims) + len(added)
            opposite = replace(limit, relation=_OPPOSITE[limit.relation])
            added += [replace(claim, relations=(one,), limits=()) for one in (limit, opposite)]
            found.append(Probe(index, limit, met, met + 1))
    return added, found


def outside(
    deriver: Deriver,
    probes: Iterable[Probe],
    conflict: Occurrence,
    consistent: frozenset[int],
    certain: float,
) -> Iterator[Limit]:
    """The limits that are not met where a conflict's claims say what matters: without one of them, the others
    can all be true beside what no conflict disputes, and refute the limit, with a χ² above `certain`."""
    oracle, asked = deriver.oracle, 0
    concerned = [probe for probe in probes if probe.claim in conflict.claims]
    tied = (
        oracle.tied({*conflict.claims, *consistent, *(probe.met for probe in concerned)}) if concerned else {}
    )
    for probe in concerned:
        unknowns = [u for e in oracle.system.of_claim.get(probe.met, ()) for u in oracle.system.unknowns[e]]
        beside = frozenset[int]().union(*(tied[unknown] for unknown in unknowns)) & consistent
        for left_out in sorted(conflict.claims - {probe.claim}):
            rest = conflict.claims - {left_out}
            around = rest | beside
            asked += oracle.terms(around)
            if asked > MAX_TERMS_ASKED:
                return
            if beside <= rest or oracle.outcome(around).refutations:
                around = rest
            if _refuted(oracle, around, probe.met, certain):
                yield _limit(deriver, probe, "outside", around)
                break


def standing(
    deriver: Deriver, probes: Sequence[Probe], consistent: frozenset[int], certain: float
) -> Iterator[tuple[int, Limit]]:
    """The limits that are not met, or are left open, by the claim itself beside claims without conflict among
    them; each with the number of the claim. A χ² above `certain` tells."""
    oracle, asked = deriver.oracle, 0
    tied = oracle.tied({*consistent, *(number for probe in probes for number in (probe.claim, probe.met))})
    for probe in probes:
        unknowns = [u for e in oracle.system.of_claim.get(probe.met, ()) for u in oracle.system.unknowns[e]]
        around = frozenset[int]().union(*(tied[unknown] for unknown in unknowns))
        beside = oracle.with_conditions(around & (consistent | {probe.claim}))
        asked += oracle.terms(beside)
        if asked <= MAX_TERMS_ASKED and _refuted(oracle, beside, probe.met, certain):
            yield probe.claim, _limit(deriver, probe, "outside", beside)
        elif asked > MAX_TERMS_ASKED or not _refuted(oracle, beside, probe.unmet, certain):
            yield probe.claim, _limit(deriver, probe, "unknown", beside)


def _refuted(oracle: Oracle, claims: frozenset[int], probe: int, certain: float) -> bool:
    """Whether no values satisfy the claims together with a limit, or only ones that strain them too much."""
    refutations = oracle.outcome({*claims, probe}).refutations
    return any(probe in one.claims and oracle.strain(one) > certain for one in refutations)


def _limit(deriver: Deriver, probe: Probe, status: str, claims: frozenset[int]) -> Limit:
    claim = deriver.oracle.claims[probe.claim]
    sides = [_shown(deriver, side, claim.entity, claims) for side in (probe.limit.left, probe.limit.right)]
    shown = "; ".join(one for one in sides if one)
    return Limit(claim.premise, claim.entity, probe.limit.text, status, shown or None)


def _shown(deriver: Deriver, side: Expression, entity: str, claims: frozenset[int]) -> str | None:
    """What a side comes out as, in the unit that its quantity is declared in; None where that is open, or
    stands in the condition already."""
    number = None if constant(side) is not None else deriver.derive(side, claims).number
    if number is None:
        return None
    declared = (
        deriver.grounded.quantities[side].unit if isinstance(side, Name) and len(side.parts) > 1 else None
    )
    if isinstance(side, Name):
        name = side.parts[-1] if side.parts[0] == entity else ".".join(side.parts)
    else:
        name = to_text(side)
    return f"{name} = {deriver.show(number, side, declared)}"
