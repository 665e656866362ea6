"""A name of the vocabulary, or the code of a mistake → what there is to say about it, for a terminal."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from textwrap import fill, indent

from checker.findings import FINDINGS
from checker.ground import HELD_BY_DEFAULT, ON_TRIAL
from checker.mistakes import CATALOGUE, Entry
from checker.model import (
    AdditiveRelation,
    Attribute,
    AttributeRelation,
    Constant,
    EquationRelation,
    Example,
    Kind,
    Quantity,
    QuantumRelation,
    RelationSpec,
    Role,
    Rule,
    Vocabulary,
)
from checker.report.wording import one_line
from checker.rules import sorts_of, speaks_of
from checker.value import Value

_Lines = list[tuple[str, str]]
PackOf = Callable[[str], str]


WIDTH = 90
MANY = 8
"""Of so many rules each is named."""


def explain(vocabulary: Vocabulary, name: str, pack_of: PackOf = str) -> str | None:
    """Everything that goes by this id, name, symbol or code, what is in a file with its place there; None for
    nothing. `pack_of` tells the name that a file has where it is used."""
    quantities = (*vocabulary.quantities.get(name, ()), *vocabulary.quantity_symbols.get(name, ()))
    constants = (*vocabulary.constants.get(name, ()), *vocabulary.constant_symbols.get(name, ()))
    entries = [
        *([_rule(vocabulary.rules[name], vocabulary, pack_of)] if name in vocabulary.rules else []),
        *(_quantity(each, vocabulary, pack_of) for each in dict.fromkeys(quantities)),
        *([_kind(vocabulary.kinds[name], vocabulary, pack_of)] if name in vocabulary.kinds else []),
        *([_attribute(vocabulary.attributes[name], vocabulary)] if name in vocabulary.attributes else []),
        *(_constant(each) for each in _distinct(constants)),
    ]
    codes = [
        _coded(what, name, catalogue[name])
        for what, catalogue in (("mistake", CATALOGUE), ("finding", FINDINGS))
        if name in catalogue
    ]
    return "\n".join([*codes, *map(_entry, entries)]) or None


def known_names(vocabulary: Vocabulary) -> frozenset[str]:
    """All that `explain` has an answer for."""
    return frozenset(CATALOGUE).union(
        FINDINGS,
        vocabulary.rules,
        vocabulary.quantities,
        vocabulary.quantity_symbols,
        vocabulary.kinds,
        vocabulary.attributes,
        vocabulary.constants,
        vocabulary.constant_symbols,
    )


def _coded(what: str, code: str, entry: Entry) -> str:
    told = fill(f"{entry.means} {entry.why} {entry.mend}", WIDTH)
    shown = [("wrong", entry.wrong), ("right", entry.right)] if entry.wrong else []
    return f"{what}  {code}\n\n{told}\n" + "".join(f"\n{label}:\n{indent(x, '    ')}\n" for label, x in shown)


def _distinct(constants: tuple[Constant, ...]) -> list[Constant]:
    """A constant whose name is also its symbol is found twice."""
    return list({each.location: each for each in constants}.values())


def _rule(rule: Rule, vocabulary: Vocabulary, pack_of: PackOf) -> _Lines:
    when = [f"{name}: {value}" for name, value in rule.when.items()]
    sorts = sorts_of(rule.applies_to, vocabulary.kinds)
    return [
        ("rule", rule.id),
        ("claim", rule.claim),
        ("applies to", rule.applies_to + (f", and so to {', '.join(sorts)}" if sorts else "")),
        ("when", ", ".join(when)),
        *(("with", _role(role)) for role in rule.roles),
        *(("asserts", text) for text in assertions(rule.relation)),
        ("within", "" if rule.within is None else f"{100 * rule.within:g} %"),
        *(("valid for", equation.text) for equation in rule.validity),
        ("quantities", ", ".join(map(_in_short, speaks_of(rule, vocabulary)))),
        ("status", rule.status),
        ("to use it", _to_use(rule, pack_of)),
        ("source", rule.source or ""),
        ("note", rule.note or ""),
        *(("holds" if each.holds else "fails", _example(each)) for each in rule.examples),
        ("stands at", str(rule.location)),
    ]


def _role(role: Role) -> str:
    what = f"the part {role.part}" if role.part else f"any {role.kind} among the parts"
    return f"{role.name}, {what}" if role.count is None else f"{role.name}, {role.count} of {role.kind}"


def assertions(relation: RelationSpec) -> tuple[str, ...]:
    """What a relation says, as it is written."""
    match relation:
        case EquationRelation(equations=equations):
            return tuple(equation.text for equation in equations)
        case AdditiveRelation(quantity=quantity):
            return (f"{quantity} = sum(parts.{quantity})",)
        case QuantumRelation(text=text):
            return (text,)
        case AttributeRelation(required=required):
            return tuple(f"{name} is {value}" for name, value in required.items())


def _example(example: Example) -> str:
    groups = [_assignments(example.values), *(f"part {_assignments(part)}" for part in example.parts)]
    return "; ".join(filter(None, groups))


def _assignments(values: Mapping[str, Value]) -> str:
    return ", ".join(f"{name} = {value.text}" for name, value in values.items())


def _to_use(rule: Rule, pack_of: PackOf) -> str:
    """What a scenario has to say so that the rule speaks about its things."""
    use = f"use: [{pack_of(rule.pack)}]"
    if rule.status in ON_TRIAL:
        return f"{use} and assume: [{rule.id}]"
    return f"{use}, and it always applies" + (
        "; it is disputed unless hold names it" if rule.validity and rule.status in HELD_BY_DEFAULT else ""
    )


def _in_short(quantity: Quantity) -> str:
    inside = filter(None, (quantity.symbol, quantity.unit.text or "a pure number"))
    return f"{quantity.name} ({', '.join(inside)})"


def _some(rules: Sequence[str]) -> str:
    """Ids, of many the first ones."""
    return ", ".join(rules[:MANY]) + (f" and {len(rules) - MANY} more" if len(rules) > MANY else "")


def _attribute(attribute: Attribute, vocabulary: Vocabulary) -> _Lines:
    rules = vocabulary.rules.values()
    demands = [
        rule.id
        for rule in rules
        if isinstance(rule.relation, AttributeRelation) and attribute.name in rule.relation.required
    ]
    return [
        ("attribute", attribute.name),
        ("is one of", ", ".join(attribute.values)),
        ("asked for by", _some([rule.id for rule in rules if attribute.name in rule.when])),
        ("demanded by", _some(demands)),
        ("stands at", str(attribute.location)),
    ]


def _quantity(quantity: Quantity, vocabulary: Vocabulary, pack_of: PackOf) -> _Lines:
    rules = [rule.id for rule in vocabulary.rules.values() if quantity in speaks_of(rule, vocabulary)]
    forced = f", as {quantity.forced_by}" if quantity.forced_by else ""
    return [
        ("quantity", quantity.name),
        ("symbol", quantity.symbol or ""),
        ("unit", f"{quantity.unit.text or 'none: a pure number'}{forced}"),
        ("dimension", str(quantity.unit.dimension)),
        ("sign", quantity.sign),
        ("description", quantity.description or ""),
        ("to use it", f"use: [{pack_of(quantity.location.path)}]"),
        ("in rules", _some(rules)),
        ("stands at", str(quantity.location)),
    ]


def _kind(kind: Kind, vocabulary: Vocabulary, pack_of: PackOf) -> _Lines:
    """The kind with its parents up to the root, and the defaults that it has from each of them."""
    lineage = [kind]
    while (parent := lineage[-1].parent) in vocabulary.kinds and parent is not None:
        lineage.append(vocabulary.kinds[parent])
    defaults = {
        quantity: f"{quantity} = {given.value.text}"
        + (f" (from {ancestor.name})" if ancestor != kind else "")
        for ancestor in reversed(lineage)
        for quantity, given in ancestor.defaults.items()
    }
    return [
        ("kind", kind.name),
        ("is", " → ".join(ancestor.name for ancestor in lineage[1:])),
        ("sorts of it", ", ".join(sorts_of(kind.name, vocabulary.kinds))),
        *(("default", text) for text in defaults.values()),
        ("to use it", f"use: [{pack_of(kind.location.path)}]"),
        *(
            (f"rules of {ancestor.name}", _some(rules))
            for ancestor in lineage
            if (rules := [rule.id for rule in vocabulary.rules.values() if rule.applies_to == ancestor.name])
        ),
        ("stands at", str(kind.location)),
    ]


def _constant(constant: Constant) -> _Lines:
    value = constant.value
    doubt = value.uncertainty
    size = (
        ""
        if doubt is None
        else f"{100 * doubt.size} %"
        if doubt.relative
        else f"{float(doubt.size):.3g} in SI"
    )
    return [
        ("constant", constant.name),
        ("symbol", constant.symbol or ""),
        ("value", value.text),
        ("uncertainty", size),
        ("source", constant.source or ""),
        ("stands at", str(constant.location)),
    ]


def _entry(lines: _Lines) -> str:
    told = [(label, one_line(text)) for label, text in lines if text]
    width = max(len(label) for label, _ in told)
    return "".join(
        fill(
            text,
            max(WIDTH, width + 40),
            initial_indent=f"{label:<{width}}  ",
            subsequent_indent=" " * (width + 2),
            break_on_hyphens=False,
            break_long_words=False,
        )
        + "\n"
        for label, text in told
    )
