"""Equations and stated values → the units of quantities that are declared without one.

The dimension of such a quantity is unknown to begin with. If what is said of it forces one, it has the
coherent SI unit of that; if nothing does, or where somebody states a bare number for it, it is a pure number.
All rules of the packs in use take part, on
trial or not, so that a unit does not depend on what is assumed. An equation that would be out of balance
whatever the unknown dimensions are takes no part; the dimension check finds it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import prod

from checker.dimension import DIMENSIONLESS, SUPERSCRIPTS, Dimension
from checker.errors import Location, TextError
from checker.exponents import Constraint, Solved, solve
from checker.expression import (
    Call,
    Expression,
    Name,
    Number,
    Power,
    Product,
    Sum,
    constant,
    fold,
    normal,
    parse,
    parse_equation,
    to_text,
)
from checker.lexicon import Lexicon
from checker.reading import Fields, Reader
from checker.units import Unit, coherent
from checker.value_text import parse_given
from checker.yaml_text import List, Node, Table, Text

_WORD = re.compile(rf"[^\W\d{SUPERSCRIPTS}][^\W{SUPERSCRIPTS}]*")


@dataclass(frozen=True, slots=True)
class _Said:
    """A constraint, what says so, in words, and where."""

    constraint: Constraint
    by: str
    location: Location


def infer_units(files: Sequence[tuple[Fields, Reader]], lexicon: Lexicon) -> None:
    """Give every quantity without a unit the one that is forced on it. Notes what forces different ones, and
    what forces some together whose units nothing tells."""
    without = lexicon.without_unit()
    words = lexicon.words_for(without)
    if not words:
        return
    reader = files[0][1]
    values = [one for fields, _ in files for one in _values(fields, words, lexicon)]
    pure = {
        name for one in values if one.constraint.dimension.is_dimensionless for name in one.constraint.powers
    }
    open_ = without - pure
    words = lexicon.words_for(open_)
    said = [one for fields, _ in files for one in _equations(fields, words, open_, lexicon)]
    forced = solve([one.constraint for one in said]).forced
    given: dict[str, _Said] = {}
    for one in values:
        (name,) = one.constraint.powers
        if name in open_ - forced.keys():
            given.setdefault(name, one)
    said += given.values()
    solved = solve([one.constraint for one in said])
    for name, found in solved.forced.items():
        if not found.dimension.is_dimensionless:
            unit = Unit(coherent(found.dimension), Fraction(1), found.dimension)
            lexicon.give_unit(name, unit, _as(said[index] for index in sorted(found.because)))
    _note(solved, said, lexicon, reader)


def _as(because: Iterable[_Said]) -> str:
    who = list(dict.fromkeys(one.by for one in because))
    return f"{' and '.join(who)} {'forces' if len(who) == 1 else 'force'}"


def _note(solved: Solved, said: Sequence[_Said], lexicon: Lexicon, reader: Reader) -> None:
    disagreeing, known = set[str](), len(reader.notes.found)
    for indexes in solved.disagreeing:
        names = [name for index in sorted(indexes) for name in said[index].constraint.powers]
        name = max(dict.fromkeys(names), key=names.count)
        (quantity, *_) = lexicon.quantities[name].values()
        message = f"quantity '{name}' states no unit, and what is said of it forces different ones"
        hint = "state it, `unit: 1` if it is a pure number; then what is wrong will show"
        reader.notes.add("disagreeing-units", message, quantity.location, hint)
        disagreeing.update(names)
        for index in sorted(indexes):
            reader.notes.add("disagreeing-units", _forces(said[index]), said[index].location)
    for indexes in solved.open:
        names = [name for index in sorted(indexes) for name in said[index].constraint.powers]
        if disagreeing.isdisjoint(names):
            hint = f"state the unit of '{names[0]}', `unit: 1` if it is a pure number"
            for index in sorted(indexes):
                message = f"{_forces(said[index])}, and nothing tells the unit of each"
                reader.notes.add("undetermined-unit", message, said[index].location, hint)
    if len(reader.notes.found) > known:  # every value in a unit that nobody knows would be one more mistake
        reader.notes.raise_if_any()


def _forces(one: _Said) -> str:
    powers = [Power(Name((name,)), Number(power)) for name, power in one.constraint.powers.items()]
    return f"{one.by} forces {one.constraint.dimension} on {to_text(Product(tuple(powers)))}"


# ---------------------------------------------------------------- what equations say


def _equations(
    fields: Fields, words: frozenset[str], unknown: frozenset[str], lexicon: Lexicon
) -> Iterator[_Said]:
    """The constraints on unknown dimensions of the relations and limits in a file's rules that have any of
    the words in them."""
    for key, rule in _entries(fields, "rules"):
        for texts, sides in _relations(rule):
            if all(words.isdisjoint(map(normal, _WORD.findall(text.value))) for text in texts):
                continue
            try:
                found = _Constraints(lexicon, unknown)
                found.alike(*map(found.measure, sides(*texts)))
            except (TextError, KeyError, _WrongAnywayError):
                continue  # who reads it tells what is wrong, or the dimension check does
            if not solve(found.constraints).disagreeing:
                for one in found.constraints:
                    yield _Said(one, f"rule '{key.value}'", texts[0].location)


def _relations(rule: Node) -> Iterator[tuple[list[Text], Callable[..., list[Expression]]]]:
    """What a rule relates: texts, and what makes of them expressions of one dimension."""
    fields = rule.entries if isinstance(rule, Table) else {}
    for key in ("equation", "validity"):
        if key in fields:
            node = fields[key][1]
            for item in node.items if isinstance(node, List) else [node]:
                if isinstance(item, Text):
                    yield [item], _sides
    if "quantum" in fields:
        entries = {key.value: node for key, node in _inside(fields["quantum"][1])}
        found = [entries.get(key) for key in ("of", "is", "number")]
        texts = [node for node in found if isinstance(node, Text)]
        if len(texts) > 1:
            yield texts, _quantized


def _sides(text: Text) -> list[Expression]:
    equation = parse_equation(text.value)
    return [equation.left, equation.right]


def _quantized(of: Text, unit: Text, number: Text | None = None) -> list[Expression]:
    quanta = parse(unit.value)
    if number is not None and number.value not in ("whole", "half-whole"):
        quanta = Product((parse(number.value), quanta))
    return [parse(of.value), quanta]


class _WrongAnywayError(Exception):
    """Two known dimensions that would have to be equal, and are not."""


@dataclass(frozen=True, slots=True)
class _Measured:
    """A dimension: a known one times powers of unknown ones."""

    powers: Mapping[str, Fraction]
    known: Dimension

    def __mul__(self, other: _Measured) -> _Measured:
        powers = dict(self.powers)
        for name, power in other.powers.items():
            powers[name] = powers.get(name, Fraction(0)) + power
        return _Measured({name: power for name, power in powers.items() if power}, self.known * other.known)

    def __pow__(self, exponent: Fraction) -> _Measured:
        powers = {name: power * exponent for name, power in self.powers.items() if exponent}
        return _Measured(powers, self.known**exponent)


_NONE = _Measured({}, DIMENSIONLESS)


class _Constraints:
    """What an equation demands of unknown dimensions, as `dimension_of` demands it of known ones."""

    def __init__(self, lexicon: Lexicon, unknown: frozenset[str]) -> None:
        self.lexicon = lexicon
        self.unknown = unknown
        self.constraints: list[Constraint] = []

    def measure(self, expression: Expression) -> _Measured | None:
        """The dimension; None for a literal 0, which fits any."""
        return fold(expression, self._measure)

    def alike(self, *several: _Measured | None) -> _Measured | None:
        """Demand that all of them are the same, and return it."""
        known = [one for one in several if one is not None]
        for other in known[1:]:
            quotient = known[0] * other ** Fraction(-1)
            if quotient.powers:
                self.constraints.append(Constraint(quotient.powers, quotient.known ** Fraction(-1)))
            elif not quotient.known.is_dimensionless:
                raise _WrongAnywayError
        return known[0] if known else None

    def _measure(self, node: Expression, operands: Sequence[_Measured | None]) -> _Measured | None:
        match node:
            case Number(value):
                return _NONE if value else None
            case Name(parts):
                quantity = self.lexicon.find_quantity(parts[-1])
                if quantity is not None and quantity.name in self.unknown:
                    return _Measured({quantity.name: Fraction(1)}, DIMENSIONLESS)
                return _Measured({}, self.lexicon.dimension(node))
            case Sum() | Call("sum" | "min" | "max"):
                return self.alike(*operands)
            case Product():
                known = [one for one in operands if one is not None]
                return prod(known, start=_NONE) if len(known) == len(operands) else None
            case Power(_, exponent):
                base, of_exponent = operands
                self.alike(_NONE, of_exponent)
                number = constant(exponent)
                if base is None or number is None:
                    self.alike(_NONE, base)
                    return base
                return base**number
            case Call("count"):
                return _NONE
            case Call("abs"):
                return operands[0]
        self.alike(_NONE, operands[0])
        return _NONE


# ---------------------------------------------------------------- what values say


def _values(fields: Fields, words: frozenset[str], lexicon: Lexicon) -> Iterator[_Said]:
    """What the values in a file say of quantities without a unit; a bare 0 says nothing."""
    for key, node in _stated(fields):
        if normal(key.value.rpartition(".")[2]) not in words:
            continue
        for text in _texts(node):
            try:
                quantity = lexicon.find_quantity(key.value.rpartition(".")[2])
                value = parse_given(text.value)
                measured = lexicon.measure(value)
            except TextError:
                continue
            if quantity is None or measured is None:
                continue
            if value.number != 0 or not measured[0].is_dimensionless:
                constraint = Constraint({quantity.name: Fraction(1)}, measured[0])
                yield _Said(constraint, f"the value at {text.location}", text.location)


def _stated(fields: Fields) -> Iterator[tuple[Text, Node]]:
    """What a file states values for: kinds, systems and their parts, given paths, examples."""
    yield from _entries(fields, "given")
    for _, kind in _entries(fields, "kinds"):
        yield from _inside(kind)
    for _, rule in _entries(fields, "rules"):
        listed = rule.entries.get("examples", (None, None))[1] if isinstance(rule, Table) else None
        for example in listed.items if isinstance(listed, List) else ():
            for _, case in _inside(example):
                yield from _inside(case)
    waiting = [entity for _, entity in _entries(fields, "systems")]
    while waiting:
        for key, node in _inside(waiting.pop()):
            if key.value == "parts":
                waiting += [part for _, part in _inside(node)]
            else:
                yield key, node


def _texts(node: Node) -> Iterator[Text]:
    """The texts of the values under a key: one, that of a mapping, or those of a list."""
    for one in node.items if isinstance(node, List) else [node]:
        stated = one.entries.get("value", (None, None))[1] if isinstance(one, Table) else one
        if isinstance(stated, Text):
            yield stated


def _entries(fields: Fields, key: str) -> Iterator[tuple[Text, Node]]:
    if key in fields:
        yield from _inside(fields[key][1])


def _inside(node: Node) -> Iterator[tuple[Text, Node]]:
    if isinstance(node, Table):
        yield from node.entries.values()
