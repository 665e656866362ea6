"""A minimal conflict → its certificate as a record: which relations, how often, and what they leave."""

from __future__ import annotations

import math
from collections.abc import Collection
from fractions import Fraction

from checker import certificate
from checker.certificate import certify
from checker.derivation import Deriver
from checker.expression import Name, names, to_text
from checker.ground import expressions
from checker.model import Certificate, Claim, Equates, Gives, Multiplied, Quantizes, Relation


def proven(deriver: Deriver, claims: Collection[int]) -> Certificate | None:
    """The certificate of claims that cannot hold together; None where no single combination shows it."""
    system = deriver.system
    equations = [index for claim in sorted(claims) for index in system.of_claim.get(claim, ())]
    found = certify(system, equations)
    if found is None:
        return None
    relations = []
    for index, multiplier in found.multipliers.items():
        number = system.equations[index].claim
        claim = deriver.oracle.claims[number]
        place = system.of_claim[number].index(index)
        if len(claim.relations) != len(system.of_claim[number]):
            return None  # a relation that took several equations is not told by one
        text = _text(claim.relations[place], deriver)
        relations.append(Multiplied(claim.premise, claim.entity, text, multiplier))
    return Certificate(found.form, tuple(relations), _conclusion(found), _values(deriver, claims))


def _text(relation: Relation, deriver: Deriver) -> str:
    match relation:
        case Equates(left=left, relation=comparison, right=right, within=within):
            about = f" (within {within:.4g})" if within else ""
            return f"{to_text(left)} {comparison} {to_text(right)}{about}"
        case Quantizes(of=of, quantum=quantum, number=number):
            half = "/2" if number == "half-whole" else ""
            return f"{to_text(of)} = k{half}·({to_text(quantum)})"
        case Gives(of=of, value=value):
            if value.expression is None:
                return value.says_of(to_text(of))
            return f"{to_text(of)} {value.relation} {to_text(value.expression)}"
    raise AssertionError("an attribute has no equation")


def _conclusion(found: certificate.Certificate) -> str:
    if found.whole is not None:
        power = Fraction(1) / -found.whole
        low, high = sorted((found.low ** float(power), found.high ** float(power)))
        return f"k = {_between(low, high)}, which is no whole number"
    nothing = "1" if found.form == "product" else "0"
    return f"{_between(found.low, found.high)} {found.relation} {nothing}"


def _between(low: float, high: float) -> str:
    """A number, or the ends of what doubt leaves of it."""
    middle = (low + high) / 2
    if high - low <= 1e-9 * max(abs(middle), 1e-300):
        return f"{middle:.6g}"
    digits = max(4, 2 - math.floor(math.log10((high - low) / max(abs(low), abs(high)))))
    return f"{low:.{digits}g} … {high:.{digits}g}"


def _values(deriver: Deriver, claims: Collection[int]) -> dict[str, float]:
    """What stands for itself in the relations: constants, parameters and the defaults of kinds."""
    grounded = deriver.grounded
    found: dict[str, float] = {}
    waiting = [
        name
        for index in claims
        for relation in deriver.oracle.claims[index].relations
        for expression in expressions(relation)
        for name in names(expression)
    ]
    for name in waiting:
        key = ".".join(name.parts)
        if len(name.parts) == 1:
            found[key] = deriver.constant(key)
        elif name in grounded.defaults and name not in _stated(deriver.oracle.claims):
            number = deriver.derive(name, ()).number
            if number is not None:
                found[key] = number
    return found


def _stated(claims: Collection[Claim]) -> set[Name]:
    return {one.of for claim in claims for one in claim.relations if isinstance(one, Gives)}
