"""A name of the vocabulary, or the code of a mistake → what there is to say about it, for a terminal."""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import fill, indent

from checker.mistakes import CATALOGUE
from checker.model import (
    AdditiveRelation,
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
from checker.value import Value

_Lines = list[tuple[str, str]]


WIDTH = 90


def explain(vocabulary: Vocabulary, name: str) -> str | None:
    """Everything that goes by this id, name, symbol or code, what is in a file with its place there; None for
    nothing."""
    quantities = (*vocabulary.quantities.get(name, ()), *vocabulary.quantity_symbols.get(name, ()))
    constants = (*vocabulary.constants.get(name, ()), *vocabulary.constant_symbols.get(name, ()))
    entries = [
        *([_rule(vocabulary.rules[name])] if name in vocabulary.rules else []),
        *(_quantity(each) for each in dict.fromkeys(quantities)),
        *([_kind(vocabulary.kinds[name], vocabulary)] if name in vocabulary.kinds else []),
        *(_constant(each) for each in _distinct(constants)),
    ]
    codes = [_mistake(name)] if name in CATALOGUE else []
    return "\n".join([*codes, *map(_entry, entries)]) or None


def known_names(vocabulary: Vocabulary) -> frozenset[str]:
    """All that `explain` has an answer for."""
    return frozenset(CATALOGUE).union(
        vocabulary.rules,
        vocabulary.quantities,
        vocabulary.quantity_symbols,
        vocabulary.kinds,
        vocabulary.constants,
        vocabulary.constant_symbols,
    )


def _mistake(code: str) -> str:
    entry = CATALOGUE[code]
    told = fill(f"{entry.means} {entry.why} {entry.mend}", WIDTH)
    shown = [("wrong", entry.wrong), ("right", entry.right)] if entry.wrong else []
    return f"mistake  {code}\n\n{told}\n" + "".join(
        f"\n{label}:\n{indent(x, '    ')}\n" for label, x in shown
    )


def _distinct(constants: tuple[Constant, ...]) -> list[Constant]:
    """A constant whose name is also its symbol is found twice."""
    return list({each.location: each for each in constants}.values())


def _rule(rule: Rule) -> _Lines:
    when = [f"{name}: {value}" for name, value in rule.when.items()]
    return [
        ("rule", rule.id),
        ("claim", rule.claim),
        ("applies to", rule.applies_to),
        ("when", ", ".join(when)),
        ("with", ", ".join(_role(role) for role in rule.roles)),
        *(("asserts", text) for text in _assertions(rule.relation)),
        ("within", "" if rule.within is None else f"{100 * rule.within:g} %"),
        *(("valid for", equation.text) for equation in rule.validity),
        ("status", rule.status),
        ("source", rule.source or ""),
        ("note", rule.note or ""),
        *(("holds" if each.holds else "fails", _example(each)) for each in rule.examples),
        ("stands at", str(rule.location)),
    ]


def _role(role: Role) -> str:
    what = f"the part {role.part}" if role.part else f"any {role.kind} among the parts"
    return f"{role.name}, {what}" if role.count is None else f"{role.name}, {role.count} of {role.kind}"


def _assertions(relation: RelationSpec) -> tuple[str, ...]:
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


def _quantity(quantity: Quantity) -> _Lines:
    return [
        ("quantity", quantity.name),
        ("symbol", quantity.symbol or ""),
        ("unit", quantity.unit.text),
        ("dimension", str(quantity.unit.dimension)),
        ("sign", quantity.sign),
        ("description", quantity.description or ""),
        ("stands at", str(quantity.location)),
    ]


def _kind(kind: Kind, vocabulary: Vocabulary) -> _Lines:
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
        *(("default", text) for text in defaults.values()),
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
    return "".join(f"{label:<{width}}  {text}\n" for label, text in told)
