"""A rule → its relation in a form that does not depend on how it is written.

The rule is put to a thing with the parts that it asks for, and what it says there is brought into normal
form: sums of products of powers of quantities by name, divided by whatever all terms share.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from checker.expression import Expression, Name, names, normal, substitute, to_text
from checker.ground import ground, kind_chain
from checker.model import (
    AdditiveRelation,
    AttributeRelation,
    Entity,
    Equates,
    Example,
    Quantizes,
    Relation,
    Rule,
    Vocabulary,
)
from checker.rules import kinds_of, relations, speaks_of
from checker.terms import NormalForm, System, log_of, system, times
from checker.value import Value
from checker.verify import scene

_FLIPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "="}


@dataclass(frozen=True, slots=True)
class Said:
    """What a rule says: two rules with equal `forms` say the same. `cannot_fail` where it is true of all
    values that its quantities can have."""

    forms: frozenset[Hashable]
    cannot_fail: bool


def said(rule: Rule, vocabulary: Vocabulary, case: Mapping[str, Value]) -> Said:
    """What a rule says of a thing, its parameters being those of the `case`."""
    if isinstance(rule.relation, AttributeRelation):
        return Said(frozenset(rule.relation.required.items()), False)
    quantities = speaks_of(rule, vocabulary)
    kinds = {name for kind in kinds_of(rule) for name in kind_chain(vocabulary, kind)}
    bare = replace(  # what the rule needs alone, so that many rules take no longer each
        vocabulary,
        quantities={one.name: (one,) for one in quantities},
        quantity_symbols={normal(one.symbol): (one,) for one in quantities if one.symbol},
        kinds={name: replace(vocabulary.kinds[name], defaults={}) for name in kinds},
    )
    over_parts = isinstance(rule.relation, AdditiveRelation) or any(
        "parts" in name.parts[:1] for one in relations(rule) for name in names(one)
    )
    example = Example(True, {}, ({}, {}) if over_parts else (), rule.location)
    put = scene(bare, replace(rule, within=None, validity=()), example)
    grounded = ground(put, case)
    number = next((i for i, claim in enumerate(grounded.claims) if claim.premise == rule.id), None)
    if number is None:  # it needs what no thing can have
        return Said(frozenset({rule.id}), False)
    compiled, claim = system(grounded), grounded.claims[number]
    owners = _owners(rule, put.systems[0])
    forms = [compiled.equations[i] for i in compiled.of_claim.get(number, ())]
    plain = [one for one in forms if isinstance(one, NormalForm) and _is_plain(one, compiled)]
    if number in compiled.too_large or len(plain) < len(forms):
        return Said(frozenset(_text(relation, owners) for relation in claim.relations), False)
    return Said(
        frozenset(_key(one, compiled, owners) for one in plain),
        all(_cannot_fail(one, compiled) for one in plain),
    )


def _owners(rule: Rule, whole: Entity) -> dict[str, str]:
    """What the entities of the scene are to the rule, whatever it calls its roles."""
    (inner,) = whole.parts
    roles = {role.part or role.name: f"{role.kind} {role.part} {role.count}" for role in rule.roles}
    seen: list[str] = []
    owners = {whole.path: "whole", inner.path: "it"}
    for part in inner.parts:
        what = roles.get(part.name, part.name)
        seen.append(what)
        owners[part.path] = f"{what} {seen.count(what)}"
    return owners


def _is_plain(form: NormalForm, compiled: System) -> bool:
    """Whether it holds quantities alone: no functions or roots of sums, no numbers that are to be whole."""
    return not form.function and all(compiled.names[i] for i in form.unknowns())


def _text(relation: Relation, owners: Mapping[str, str]) -> str:
    """What the relation says, as it is written but for the names in it."""

    def written(expression: Expression) -> str:
        return to_text(
            substitute(expression, lambda name: Name((owners.get(name.parts[0], ""), *name.parts[-1:])))
        )

    match relation:
        case Equates(left, comparison, right):
            return f"{written(left)} {comparison} {written(right)}"
        case Quantizes(of, quantum, number):
            return f"{written(of)} is a {number} number of {written(quantum)}"
    raise AssertionError(relation)


def _key(form: NormalForm, compiled: System, owners: Mapping[str, str]) -> Hashable:
    """The relation between powers of quantities and constants by name, without what is arbitrary in it."""

    def word(key: int) -> Hashable:
        if key < 0:
            atom = compiled.atoms[-1 - key]
            return atom.name or atom.number
        name = compiled.names[key]
        assert name is not None  # it is plain
        return owners[name.parts[0]], name.parts[1]

    if form.row is not None:  # a product that is 1: any power of it says the same
        product = {word(key): Fraction(power) for key, power in (*form.row.unknowns, *form.row.atoms)}
        if not product:
            return form.relation, form.row.number
        first = product[min(product, key=repr)]
        relation = form.relation if first > 0 else _FLIPPED[form.relation]
        number = round(log_of(form.row.number) / float(first), 12)
        return relation, number, frozenset((one, power / first) for one, power in product.items())
    terms = [
        (dict(times(group.unknowns, atoms)), Fraction(factor))
        for group in form.groups
        for factor, atoms in group.coefficient
    ]
    cancels = {key for powers, _ in terms for key in powers if key < 0 or compiled.positive[key]}
    for key in cancels:
        least = min(powers.get(key, 0) for powers, _ in terms)
        for powers, _ in terms:
            powers[key] = powers.get(key, 0) - least
    found = {
        frozenset((word(key), Fraction(power)) for key, power in powers.items() if power): factor
        for powers, factor in terms
    }
    first = found[min(found, key=lambda term: sorted(map(repr, term)))] if found else Fraction(1)
    relation = form.relation if first > 0 else _FLIPPED[form.relation]
    return relation, frozenset((term, factor / first) for term, factor in found.items())


def _cannot_fail(form: NormalForm, compiled: System) -> bool:
    """Whether nothing is left of it, or nothing but terms of the sign that it demands."""
    if not form.groups:
        return form.relation in ("=", "<=", ">=")
    if form.relation == "=" or not all(compiled.positive[key] for key in form.unknowns()):
        return False
    wanted = 1 if form.relation in (">", ">=") else -1
    return all(factor * wanted > 0 for group in form.groups for factor, _ in group.coefficient)
