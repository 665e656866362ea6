"""A rule → what it is written in, which quantities it speaks of, and which kinds it applies to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from checker.expression import Expression, Name, names, normal
from checker.model import (
    AdditiveRelation,
    AttributeRelation,
    EquationRelation,
    Kind,
    Quantity,
    QuantumRelation,
    Rule,
    Vocabulary,
)


def relations(rule: Rule) -> Iterator[Expression]:
    """The expressions that a rule's relation and its limits are written in."""
    match rule.relation:
        case EquationRelation(equations):
            for equation in equations:
                yield from (equation.left, equation.right)
        case QuantumRelation(of, quantum, number):
            yield from (of, quantum)
            if not isinstance(number, str):
                yield number
        case AdditiveRelation(quantity):
            yield Name((quantity,))
        case AttributeRelation():
            pass
    for limit in rule.validity:
        yield from (limit.left, limit.right)


def speaks_of(rule: Rule, vocabulary: Vocabulary) -> tuple[Quantity, ...]:
    """The quantities in a rule's relation and limits, each once; a name with several meanings has none."""
    found: dict[str, Quantity] = {}
    for expression in relations(rule):
        for name in names(expression):
            word = normal(name.parts[-1])
            meanings = (
                *vocabulary.quantities.get(word, ()),
                *vocabulary.quantity_symbols.get(word, ()),
            )
            distinct = {one.name: one for one in meanings}
            if len(distinct) == 1:
                found |= distinct
    return tuple(found.values())


def kinds_of(rule: Rule) -> tuple[str, ...]:
    """The kinds that a rule speaks of: the one it applies to, and those of its roles."""
    return (rule.applies_to, *(role.kind for role in rule.roles if role.kind is not None))


def sorts_of(kind: str, kinds: Mapping[str, Kind]) -> tuple[str, ...]:
    """The kinds that are a sort of this one, itself not among them."""
    found = {kind}
    while new := {one.name for one in kinds.values() if one.parent in found} - found:
        found |= new
    return tuple(name for name in kinds if name in found and name != kind)
