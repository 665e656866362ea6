"""Solved claims → what they say of every quantity, and of every given value without it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from functools import partial

from checker.derivation import Deriver
from checker.expression import Name
from checker.model import Consequence, Gives, Occurrence, Predicted
from checker.ways_out import consequence, digits_of

MAX_TERMS = 300_000
"""Quantities are worked out among claims with so many terms, all in all; the others are left out."""


def values(deriver: Deriver, claims: frozenset[int]) -> tuple[dict[str, Consequence], int]:
    """The quantities that claims without conflict among them determine, or kinds supply, by name; and how
    many were left out."""
    tied, asked, left_out = deriver.oracle.tied(claims), 0, 0
    known = {}
    for name in deriver.grounded.quantities:
        unknown = deriver.unknown(name)
        around = sorted(tied.get(unknown, ())) if unknown is not None else []
        asked += deriver.oracle.terms(around)
        if asked > MAX_TERMS:
            left_out += 1
            continue
        found = consequence(deriver, name, around, _quantum(deriver, name))
        if found.value is not None or found.exact or found.range:
            known[".".join(name.parts)] = found
    return known, left_out


def predictions(
    deriver: Deriver,
    consistent: frozenset[int],
    agreeing: Collection[int],
    misfits: Mapping[int, tuple[str, Occurrence]],
    case: Mapping[str, float | int],
) -> Iterator[Predicted]:
    """What the other claims make of each given value: those that are `consistent`, the rules alone where
    these suffice; or, for one among the `misfits`, the other side of its worst one."""
    claims = deriver.grounded.claims
    rules = [i for i in sorted(consistent) if not any(isinstance(one, Gives) for one in claims[i].relations)]
    for index, claim in enumerate(claims):
        (relation, *_) = claim.relations or (None,)
        if not isinstance(relation, Gives):
            continue
        of, value = relation.of, relation.value
        predicted = partial(Predicted, claim.premise, ".".join(of.parts), value.text, case)
        digits = digits_of(value)
        if index in misfits:
            status, worst = misfits[index]
            own = worst.quantity == ".".join(of.parts)  # else it is another value that shows what is wrong
            against = next((side for side in worst.sides if own and claim.premise not in side.claims), None)
            if against is None:
                yield predicted(status, None, worst.ratio if own else None, worst.sigma if own else None)
            else:
                number = None if against.bound else against.value
                shown = against.shown
                if number is not None and not against.uncertainty:
                    shown = deriver.show(number, of, digits=digits)
                yield predicted(status, (shown, against.exact), worst.ratio, worst.sigma)
        elif index in agreeing:
            found = consequence(deriver, of, rules, digits=digits)
            if found.value is None:
                found = consequence(deriver, of, sorted(consistent - {index}), digits=digits)
            shown = found.shown
            known = found.value is not None or found.exact or found.range
            yield predicted("agrees", (shown, found.exact) if known else None, None, None)
        else:
            yield predicted("open", None, None, None)


def _quantum(deriver: Deriver, name: Name) -> Name | None:
    """ħ where the quantity is an angular momentum that some rule counts in it."""
    quanta = deriver.grounded.quanta.values()
    same = (one for one in quanta if isinstance(one, Name) and len(one.parts) == 1)
    dimension = deriver.dimension(name)
    return next((one for one in same if deriver.dimension(one) == dimension), None)
