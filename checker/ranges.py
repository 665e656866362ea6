"""Claims → the range that they leave to a quantity or an expression, where they do not leave one value."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from functools import reduce

from checker.boxes import hull
from checker.derivation import Deriver
from checker.expression import Call, Expression, Name, Number, Power, Product, Sum, fold, names
from checker.intervals import Interval, image, of_number, outward, plus, power, times
from checker.parts import MAX_BOXED
from checker.terms import System

NARROW = 1e-9
"""A range no wider than this, relatively, is a value."""
SMALLEST = 1e-99
"""An end closer to zero than this only says which sign there is."""


def range_of(deriver: Deriver, wanted: Expression, claims: Iterable[int]) -> Interval | None:
    """The range that claims leave to an expression; None where that is not known."""
    system, claims = deriver.system, list(claims)

    def ends(node: Expression, operands: Sequence[Interval | None]) -> Interval | None:
        known = [one for one in operands if one is not None]
        if len(known) < len(operands):
            return None
        match node:
            case Number(value):
                return of_number(value)
            case Name(parts) if parts in system.index:
                equations = _connected(system, system.index[parts], claims)
                return None if equations is None else hull(system, equations, system.index[parts])
            case Name():
                number = deriver.derive(node, ()).number
                return None if number is None else outward(number, number)
            case Sum():
                return reduce(plus, known)
            case Product():
                return reduce(times, known)
            case Power(exponent=Number(value)):
                return power(known[0], value)
            case Call(function):
                return image(function, known)
        return None

    try:
        return fold(wanted, ends)
    except OverflowError:
        return None


def is_bounded(deriver: Deriver, wanted: Expression, claims: Iterable[int]) -> bool:
    """Whether a bound or an inequality stands among the claims that are tied to an expression."""
    system, claims = deriver.system, list(claims)
    unknowns = [system.index[name.parts] for name in names(wanted) if name.parts in system.index]
    tied = (index for one in unknowns for index in _connected(system, one, claims) or ())
    return any(index in system.in_doubt or system.is_inequality(index) for index in tied)


def is_value(ends: Interval) -> bool:
    """Whether a range is as narrow as a value."""
    return ends[1] - ends[0] <= NARROW * max(abs(ends[0]), abs(ends[1])) < math.inf


def _connected(system: System, unknown: int, claims: Iterable[int]) -> set[int] | None:
    """The equations of claims that unknowns tie to one; None where they are too many."""
    using: dict[int, list[int]] = {}
    for claim in claims:
        for index in system.of_claim.get(claim, ()):
            for one in system.unknowns[index]:
                using.setdefault(one, []).append(index)
    found: set[int] = set()
    waiting, seen = [unknown], {unknown}
    while waiting:
        for index in using.get(waiting.pop(), ()):
            if index in found:
                continue
            found.add(index)
            if len(found) > MAX_BOXED:
                return None
            fresh = system.unknowns[index] - seen
            seen |= fresh
            waiting += fresh
    return found
