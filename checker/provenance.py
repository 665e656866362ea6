"""Claims → where the numbers come from that nobody stated in them: constants, and what kinds supply."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from checker.expression import Name, Number, names
from checker.ground import expressions
from checker.model import Claim, Grounded, Origin


def origins(grounded: Grounded, claims: Iterable[Claim]) -> tuple[Origin, ...]:
    """Each constant and each value of a kind in some claims, in the order in which they come up.

    What is neither measured nor defined by anybody, such as π, is left out.
    """
    found: dict[Name, Origin] = {}
    relations = [relation for claim in claims for relation in claim.relations]
    waiting = [name for one in relations for expression in expressions(one) for name in names(expression)]
    for name in waiting:  # grows by what the values of kinds are made of
        if name in found:
            continue
        if name in grounded.defaults:
            given = grounded.defaults[name]
            place = f"{given.location.path}:{given.location.line}"
            found[name] = Origin(".".join(name.parts), given.value.text, given.source or place, "kind")
            waiting += names(given.value.expression or Number(Fraction(0)))
        elif len(name.parts) == 1 and (constant := grounded.constants.get(name.parts[0])) is not None:
            value = constant.value
            if not (value.exact and value.unit is not None and not value.unit.text):
                place = f"{constant.location.path}:{constant.location.line}"
                found[name] = Origin(constant.name, value.text, constant.source or place, "constant")
    return tuple(found.values())
