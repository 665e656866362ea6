"""One quantity of solved claims → what is said of it: each stated value, each derived one, the fitted one."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction

from checker.derivation import Deriver
from checker.expression import Name
from checker.fits import Fitted
from checker.model import Claim, Estimate, Forest, Gives, Occurrence
from checker.ranges import is_value, range_of
from checker.value import Value, absolute, rounding
from checker.ways_out import consequence


def forest(
    deriver: Deriver,
    title: str,
    name: Name,
    consistent: frozenset[int],
    places: Iterable[tuple[frozenset[int], Occurrence]],
    fits: Sequence[Fitted],
    case: Mapping[str, float | int],
) -> Forest:
    """All estimates of a quantity: what is stated for it, what `consistent` claims make of it apart from
    that, and what it comes out as in the `places` where that is more than one value, each with its claims."""
    quantity, unit = ".".join(name.parts), deriver.unit(name)
    fit = next((one.fit for one in fits if quantity in one.fit.adjusted), None)
    adjusted, agreement = (fit.adjusted[quantity], fit.agreement) if fit else (None, None)
    estimates = [*_stated(deriver, name), *_derived(deriver, name, consistent, places)]
    factor, zero = float(unit.factor), float(unit.zero)
    return Forest(title, quantity, unit.text, factor, zero, tuple(estimates), adjusted, agreement, case)


def _stated(deriver: Deriver, name: Name) -> Iterator[Estimate]:
    for claim in deriver.grounded.claims:
        for relation in claim.relations:
            if isinstance(relation, Gives) and relation.of == name:
                yield _estimate(deriver, claim, name, relation.value, relation.status)
    if name in deriver.grounded.defaults:
        given = deriver.grounded.defaults[name]
        number = deriver.derive(name, ()).number
        yield Estimate("by its kind", True, number, None, None, given.value.text, None, given.source, ())


def _estimate(deriver: Deriver, claim: Claim, name: Name, value: Value, status: str) -> Estimate:
    premise = deriver.grounded.premises[claim.premise]
    label = claim.premise.partition("@")[2] or status
    number = value.number
    if number is None:
        alone = [i for i, one in enumerate(deriver.grounded.claims) if one is claim]
        found = deriver.derive(name, alone, tight=value.relation != "=")
        number = None if found.number is None else Fraction(found.number)
    if number is None:
        return Estimate(label, True, None, None, None, value.text, None, premise.source, (claim.premise,))
    half = absolute(value.within, number) + (rounding(value, status) or 0)
    uncertainty = float(absolute(value.uncertainty, number)) or None
    ends: tuple[float | None, float | None] | None = None
    if value.relation != "=":
        ends = (None, float(number)) if "<" in value.relation else (float(number), None)
    elif half:
        ends = float(number - half), float(number + half)
    nominal = None if value.relation != "=" or value.is_range else float(number)
    return Estimate(
        label, True, nominal, uncertainty, ends, value.text, None, premise.source, (claim.premise,)
    )


def _derived(
    deriver: Deriver,
    name: Name,
    consistent: frozenset[int],
    places: Iterable[tuple[frozenset[int], Occurrence]],
) -> Iterator[Estimate]:
    """What follows without any value stated for the quantity itself."""
    claims, quantity = deriver.grounded.claims, ".".join(name.parts)
    own = {
        index
        for index, claim in enumerate(claims)
        if any(isinstance(one, Gives) and one.of == name for one in claim.relations)
    }
    premises = {claims[i].premise for i in own}
    seen = set()
    for inside, place in places:
        for side in place.sides if place.quantity == quantity else ():
            # where one end of a range is met, the range itself follows below
            if side.value is None or side.bound or premises.intersection(side.claims) or side.shown in seen:
                continue
            seen.add(side.shown)
            label = _by(deriver, side.claims)
            shown = side.shown, side.exact
            ends = range_of(deriver, name, inside - own)
            known = ends if ends is not None and math.isfinite(sum(ends)) and not is_value(ends) else None
            yield Estimate(label, False, side.value, side.uncertainty, known, *shown, None, side.claims)
    others = sorted(consistent - own)
    found = consequence(deriver, name, others)
    if found.shown in seen or (found.value is None and not found.range):
        return
    reasons = deriver.derive(name, others).premises() if found.value is not None else ()
    shown = found.shown, found.exact
    label = _by(deriver, reasons)
    yield Estimate(label, False, found.value, found.uncertainty, found.range, *shown, None, reasons)


def _by(deriver: Deriver, premises: Sequence[str]) -> str:
    """The rules on trial that a value follows from, else just that the other claims say so."""
    disputed = [one for one in premises if not deriver.grounded.premises[one].held]
    return "by " + ", ".join(disputed) if disputed else "by the other claims"
