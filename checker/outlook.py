"""Solved claims → what they say of every quantity, and of every given value without it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from checker.derivation import Deriver
from checker.expression import Name
from checker.model import Consequence, Gives, Occurrence, Predicted
from checker.ways_out import consequence

MAX_TERMS = 300_000
"""Quantities are worked out among claims with so many terms, all in all; the others are left out."""


def values(deriver: Deriver, claims: frozenset[int]) -> Iterator[tuple[str, Consequence]]:
    """The quantities that claims without conflict among them determine, by name."""
    terms, asked = deriver.oracle.terms(claims), 0
    for name in deriver.grounded.quantities:
        if deriver.unknown(name) is None:
            continue
        asked += terms
        if asked > MAX_TERMS:
            return
        found = consequence(deriver, name, sorted(claims), _quantum(deriver, name))
        if found.value is not None or found.exact or found.range:
            yield ".".join(name.parts), found


def predictions(
    deriver: Deriver,
    consistent: frozenset[int],
    agreeing: Collection[int],
    conflicts: Mapping[int, Occurrence],
) -> Iterator[Predicted]:
    """What the other claims make of each given value: those that are `consistent`, or, for one in conflict,
    the other side of its worst one."""
    for index, claim in enumerate(deriver.grounded.claims):
        (relation, *_) = claim.relations or (None,)
        if not isinstance(relation, Gives):
            continue
        premise, quantity = claim.premise, ".".join(relation.of.parts)
        text = relation.value.text
        if index in conflicts:
            worst = conflicts[index]
            if worst.quantity != quantity:  # it is another value that shows what is wrong
                yield Predicted(premise, quantity, text, "contradicts", None, None, None)
                continue
            against = next((side for side in worst.sides if premise not in side.claims), None)
            shown = None if against is None else (against.shown, against.exact)
            yield Predicted(premise, quantity, text, "contradicts", shown, worst.ratio, worst.sigma)
            continue
        if index in agreeing:
            found = consequence(deriver, relation.of, sorted(consistent - {index}))
            known = found.value is not None or found.exact or found.range
            shown = (found.shown, found.exact) if known else None
            yield Predicted(premise, quantity, text, "agrees", shown, None, None)
        else:
            yield Predicted(premise, quantity, text, "open", None, None, None)


def _quantum(deriver: Deriver, name: Name) -> Name | None:
    """ħ where the quantity is an angular momentum that some rule counts in it."""
    quanta = deriver.grounded.quanta.values()
    same = (one for one in quanta if isinstance(one, Name) and len(one.parts) == 1)
    dimension = deriver.dimension(name)
    return next((one for one in same if deriver.dimension(one) == dimension), None)
