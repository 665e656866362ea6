"""Claims that bound one quantity → the range that all of them leave to it, and which of them made each end.

Where several bounds speak about a quantity, each end belongs to the claims that reach furthest in (Radul &
Sussman, The Art of the Propagator, MIT-CSAIL-TR-2009-002, narrow the height of a building so).
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from checker.boxes import excluded, hull
from checker.derivation import Deriver
from checker.expression import Name
from checker.intervals import Interval
from checker.model import End, Equates, Gives, Narrowed
from checker.parts import MAX_BOXED
from checker.ranges import SMALLEST, is_value

MAX_NARROWED = 60
"""So many quantities are looked at."""
BEYOND = 1e-6
"""What is asked about an end is whether values beyond it by this share of the range are excluded."""


def narrowings(deriver: Deriver, claims: frozenset[int]) -> Iterator[Narrowed]:
    """The quantities to which several bounds among claims that do not contradict each other leave a range.

    Claims with a standard uncertainty bound nothing, and are left out.
    """
    system, oracle = deriver.system, deriver.oracle
    certain = [i for i in claims if not any(map(system.is_uncertain, system.of_claim.get(i, ())))]
    bounds = {index for index in certain if _is_bound(deriver, index)}
    if len(bounds) < 2:
        return
    tied = oracle.tied(certain)
    parts = {inside for inside in tied.values() if len(inside & bounds) > 1}
    equations = {part: [e for i in sorted(part) for e in system.of_claim.get(i, ())] for part in parts}
    tried = 0
    for name in deriver.grounded.quantities:
        unknown = deriver.unknown(name)
        part = tied.get(unknown) if unknown is not None else None
        if part not in equations or len(equations[part]) > MAX_BOXED or tried == MAX_NARROWED:
            continue
        tried += 1
        found = _narrowed(deriver, name, equations[part], bounds)
        if found is not None:
            yield found


def _is_bound(deriver: Deriver, claim: int) -> bool:
    relations = deriver.oracle.claims[claim].relations
    return any(
        bool(one.value.within) or one.value.relation != "="
        if isinstance(one, Gives)
        else isinstance(one, Equates) and one.relation != "="
        for one in relations
    )


def _narrowed(deriver: Deriver, name: Name, equations: list[int], bounds: set[int]) -> Narrowed | None:
    """The range left to a quantity; None where it is a value, or where its own bound alone makes it."""
    unknown = deriver.system.index[name.parts]
    ends = hull(deriver.system, equations, unknown)
    if ends is None or is_value(ends):
        return None
    makers = [_makers(deriver, equations, unknown, ends, side) for side in (0, 1)]
    told = [made for made in makers if made is not None]
    own = {
        i
        for i in bounds
        for one in deriver.oracle.claims[i].relations
        if isinstance(one, Gives) and one.of == name
    }
    involved = frozenset[int]().union(*told) & bounds
    if not told or (own and all(made & bounds <= own for made in told)):
        return None
    if not own and (len(involved) < 2 or len({made & bounds for made in told}) < 2):
        return None
    low, high = (
        None if made is None else End(end, deriver.show(end, name), _premises(deriver, made))
        for made, end in zip(makers, ends, strict=True)
    )
    return Narrowed(".".join(name.parts), deriver.coherent_unit(name), low, high)


def _makers(
    deriver: Deriver, equations: list[int], unknown: int, ends: Interval, side: int
) -> frozenset[int] | None:
    """Claims by which an unknown lies on this side of an end, none of which can be left out, as far as one
    pass over their equations tells; None where the end is open."""
    end = ends[side]
    if not SMALLEST < abs(end) < 1 / SMALLEST:
        return None
    width = ends[1] - ends[0]
    step = BEYOND * (width if math.isfinite(width) and abs(ends[0]) > SMALLEST else abs(end))
    beyond = (-math.inf, end - step) if side == 0 else (end + step, math.inf)
    system = deriver.system
    reasons = excluded(system, equations, unknown, beyond)
    if reasons is None:
        return None
    needed = {system.equations[index].claim for index in reasons}
    for claim in sorted(needed):
        rest = [e for i in sorted(needed - {claim}) for e in system.of_claim[i]]
        if excluded(system, rest, unknown, beyond) is not None:
            needed.discard(claim)
    return frozenset(needed)


def _premises(deriver: Deriver, claims: frozenset[int]) -> tuple[str, ...]:
    """Values first, then rules."""
    found = {deriver.oracle.claims[index].premise: None for index in sorted(claims)}
    kinds = deriver.grounded.premises
    return tuple(sorted(found, key=lambda premise: kinds[premise].kind == "rule"))
