"""Declarations of all files → what a name means: a quantity, a parameter or a constant, in that order."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import TypeAlias, TypeVar

from checker.dimension import Dimension
from checker.errors import Location, TextError
from checker.expression import (
    MINUS_ONE,
    Call,
    DimensionMismatch,
    Expression,
    Name,
    Number,
    Product,
    dimension_of,
    evaluate,
    names,
    normal,
    walk,
)
from checker.model import Attribute, Constant, Kind, Quantity, Rule, Vocabulary
from checker.order import ordered
from checker.reading import did_you_mean
from checker.units import Unit, parse_scale
from checker.value import Value

T = TypeVar("T")
Meaning: TypeAlias = tuple[object, ...]

MAX_PRODUCT = 4
"""A longer unknown name is rather a slip than two symbols without an operator."""

OVER_PARTS = frozenset({"sum", "min", "max", "count"})


@dataclass(slots=True)
class Lexicon:
    """Everything that has a name, by the normal form of names and of symbols.

    A name holds every distinct meaning that the files give it; two are a mistake where the name is used.
    `kinds` are the names of all kinds declared anywhere; `left_out` tells of constants that have no meaning
    here why they have none; `has_unit`, of each quantity's name, whether a declaration states its unit.
    """

    quantities: dict[str, dict[Meaning, Quantity]] = field(default_factory=dict)
    quantity_symbols: dict[str, dict[Meaning, Quantity]] = field(default_factory=dict)
    constants: dict[str, dict[Meaning, Constant]] = field(default_factory=dict)
    constant_symbols: dict[str, dict[Meaning, Constant]] = field(default_factory=dict)
    attributes: dict[str, Attribute] = field(default_factory=dict)
    kinds: set[str] = field(default_factory=set)
    parameters: dict[str, tuple[Value, ...]] = field(default_factory=dict)
    left_out: dict[str, str] = field(default_factory=dict)
    has_unit: dict[str, bool] = field(default_factory=dict)
    _built_in: dict[str, Constant] = field(default_factory=dict)
    _measured: dict[str, tuple[Dimension, float | None]] = field(default_factory=dict)

    # ------------------------------------------------------------ filling

    def add_quantity(self, quantity: Quantity, has_unit: bool = True) -> None:
        self.has_unit[quantity.name] = has_unit or self.has_unit.get(quantity.name, False)
        _add(self.quantities, quantity.name, _of_quantity(quantity), quantity)
        if quantity.symbol is not None:
            _add(self.quantity_symbols, normal(quantity.symbol), _of_quantity(quantity), quantity)

    def without_unit(self) -> frozenset[str]:
        """The names of quantities that no declaration states the unit of; without those of two meanings."""
        return frozenset(
            name for name, has in self.has_unit.items() if not has and len(self.quantities[name]) == 1
        )

    def words_for(self, quantities: Iterable[str]) -> frozenset[str]:
        """The names and symbols that these quantities are written by."""
        declared = [one for name in quantities for one in self.quantities[name].values()]
        return frozenset(normal(word) for one in declared for word in (one.name, one.symbol) if word)

    def give_unit(self, name: str, unit: Unit, why: str) -> None:
        """Let a quantity of one meaning have this unit, for this reason."""
        ((meaning, quantity),) = self.quantities[name].items()
        given = replace(quantity, unit=unit, forced_by=why)
        self.quantities[name] = {meaning: given}
        if quantity.symbol is not None:
            self.quantity_symbols[normal(quantity.symbol)][meaning] = given

    def add_constant(self, constant: Constant) -> None:
        _add(self.constants, constant.name, _of_constant(constant), constant)
        if constant.symbol is not None:
            _add(self.constant_symbols, normal(constant.symbol), _of_constant(constant), constant)

    def fix_constants(self) -> None:
        """Let the constants entered so far be the built-in ones, whose words keep their meaning."""
        self._built_in = {
            word: next(iter(found.values()))
            for table in (self.constant_symbols, self.constants)
            for word, found in table.items()
        }

    def taken_by_built_in(self, constant: Constant) -> str | None:
        """The name or symbol of a constant that is a built-in one of another value."""
        for word in (constant.name, constant.symbol):
            built_in = self._built_in.get(normal(word)) if word else None
            if built_in is not None and _of_constant(built_in) != _of_constant(constant):
                return word
        return None

    def vocabulary(self, kinds: Mapping[str, Kind], rules: Mapping[str, Rule]) -> Vocabulary:
        return Vocabulary(
            quantities=_frozen(self.quantities),
            quantity_symbols=_frozen(self.quantity_symbols),
            constants=_frozen(self.constants),
            constant_symbols=_frozen(self.constant_symbols),
            attributes=self.attributes,
            kinds=kinds,
            rules=rules,
        )

    # ------------------------------------------------------------ looking up

    def find_quantity(self, name: str, start: int = 0) -> Quantity | None:
        """The quantity of this name or symbol, None where there is none. Raises TextError where it has two
        meanings; `start` is where the name stands in its text."""
        found = _meanings(self.quantities, self.quantity_symbols, normal(name))
        if len(found) > 1:
            said = [f"{q.name} ({q.unit.text or 1}, {q.sign})" for q in found]
            raise _ambiguous(name, start, said, [q.location for q in found])
        return found[0] if found else None

    def quantity(self, name: str, start: int = 0) -> Quantity:
        """The quantity of this name or symbol. Raises TextError where there is none, or more than one."""
        found = self.find_quantity(name, start)
        if found is None:
            hint = did_you_mean(name, (*self.quantities, *self.quantity_symbols))
            raise TextError(
                "unknown-quantity", f"quantity '{name}' is not known", start, start + len(name), hint
            )
        return found

    def find_constant(self, name: str, start: int = 0) -> Constant | None:
        found = _meanings(self.constants, self.constant_symbols, normal(name))
        if len(found) > 1:
            raise _ambiguous(name, start, [c.value.text for c in found], [c.location for c in found])
        return found[0] if found else None

    def misnamed_shared(self, expression: Expression) -> Iterator[TextError]:
        """What is wrong with the names in a value, where parameters and constants have a meaning."""
        calls = [node for node in walk(expression) if isinstance(node, Call)]
        counted = [node for node in calls if node.function in ("count", "sum")]
        parts = {id(name) for node in counted for name in names(node) if name.parts[0] == "parts"}
        for name in names(expression):
            if id(name) in parts:
                continue
            text = ".".join(name.parts)
            try:
                if text in self.parameters or self.find_constant(text, name.start):
                    continue
            except TextError as error:
                yield error
                continue
            known = (*self.parameters, *self.constants, *self.constant_symbols)
            hint = self.left_out.get(normal(text)) or did_you_mean(text, known)
            if hint is None and (text in self.quantities or text in self.quantity_symbols):
                hint = "a value has no quantities in it; write a rule"
            message = f"'{text}' is neither a constant nor a parameter"
            yield TextError("unknown-name", message, name.start, name.start + len(text), hint)
        for node in counted:
            doing, hint = ("sum over", "write + between terms") if node.function == "sum" else ("count", None)
            yield TextError("misplaced-parts", f"a value has no parts to {doing}", node.start, node.end, hint)

    def misnamed(self, expression: Expression, roles: Sequence[str]) -> Iterator[TextError]:
        """What is wrong with the names in an equation of a rule with these roles."""
        counted = {
            id(name)
            for node in walk(expression)
            if isinstance(node, Product)
            for number, name in pairwise(node.factors)
            if isinstance(number, Number) and number != MINUS_ONE
        }
        for name, within in _names_within(expression):
            try:
                self._check_name(name, roles, within, id(name) in counted)
            except TextError as error:
                yield error
        for node in walk(expression):
            if isinstance(node, Call) and node.function in OVER_PARTS and _is_over_parts(node):
                if len(node.arguments) > 1:
                    message = f"{node.function} over parts takes one argument"
                    yield TextError("wrong-call", message, node.start, node.end)
            elif isinstance(node, Call) and node.function == "count":
                yield TextError(
                    "misplaced-parts", "only parts can be counted", node.start, node.end, "write count(parts)"
                )
            elif isinstance(node, Call) and node.function == "sum":
                hint = "write sum(parts.mass), or + between terms"
                yield TextError("misplaced-parts", "sum runs over parts", node.start, node.end, hint)

    def _check_name(self, name: Name, roles: Sequence[str], aggregates: Sequence[str], counted: bool) -> None:
        head, *rest = name.parts
        end = name.end or name.start + len(".".join(name.parts))
        if aggregates[-1:] == ("count",) and name.parts == ("parts",):
            return
        if len(rest) > 1:
            hint = "give the part a role of its own"
            raise TextError("invalid-name", "a name has at most one dot", name.start, end, hint)
        if not rest:
            self._check_plain(head, name.start, roles, counted)
            return
        if head == "parts" and len(aggregates) != 1:
            hint = f"write sum(parts.{rest[0]}), or min or max"
            raise TextError(
                "misplaced-parts", "'parts' has a meaning inside one sum, min or max", name.start, end, hint
            )
        if head not in ("whole", "parts", *roles):
            similar = did_you_mean(head, ("whole", "parts", *roles))
            hint = similar or f"give the rule a role '{head}'"
            raise TextError(
                "unknown-role", f"role '{head}' is not known", name.start, name.start + len(head), hint
            )
        self.quantity(rest[0], name.start + len(head) + 1)

    def _check_plain(self, name: str, start: int, roles: Sequence[str], counted: bool) -> None:
        """`counted` tells of a name behind a number, as units are."""
        if self.find_quantity(name, start) or name in self.parameters or self.find_constant(name, start):
            return
        if name in (*roles, "whole", "parts"):
            way = f"write {name}.mass for its mass, and so on"
            raise TextError("missing-quantity", f"'{name}' is no quantity", start, start + len(name), way)
        known = (
            *(*self.quantities, *self.quantity_symbols, *self.parameters),
            *(*self.constants, *self.constant_symbols),
        )
        halves = [(name[:n], name[n:]) for n in range(1, len(name))] if len(name) <= MAX_PRODUCT else []
        factors = [(a, b) for a, b in halves if a in known and b in known]
        hint = self.left_out.get(normal(name)) or did_you_mean(name, known)
        if factors:
            hint = f"write {'*'.join(factors[0])} for a product"
        if counted and _is_unit(name):
            hint = f"equations hold no units: declare a constant of so many {name}, and write its name"
        raise TextError("unknown-name", f"'{name}' is not known", start, start + len(name), hint)

    # ------------------------------------------------------------ measuring values

    def measure(self, value: Value) -> tuple[Dimension, float | None] | None:
        """A value's dimension, and its size in coherent SI units where no parameter decides it.

        None where it rests on names that mean nothing. Raises TextError where terms differ in dimension, or
        there is no finite number.
        """
        expression = value.expression
        if expression is None:
            return _measured_number(value)
        if next(self.misnamed_shared(expression), None) is not None:
            return None
        shared = {name.parts: self._shared(".".join(name.parts)) for name in names(expression)}
        known = {parts: found for parts, found in shared.items() if found is not None}
        if len(known) < len(shared):
            return None
        try:
            dimension = dimension_of(expression, lambda name: known[name.parts][0])
            numbers = {parts: number for parts, (_, number) in known.items() if number is not None}
            if len(numbers) < len(known):
                return dimension, None
            return dimension, evaluate(expression, lambda name: numbers[name.parts])
        except DimensionMismatch as mismatch:
            code, details = "mixed-dimensions", mismatch.table()
            raise TextError(code, mismatch.message, 0, len(value.text), None, details) from None
        except ValueError as error:
            raise TextError("infinite-value", str(error), 0, len(value.text)) from None

    def dimension(self, name: Name) -> Dimension:
        """The dimension of a name in a rule. Raises TextError or KeyError where it has none."""
        quantity = self.find_quantity(name.parts[-1])
        if quantity is not None:
            return quantity.unit.dimension
        shared = self._shared(name.parts[0])
        if shared is None:
            raise KeyError(name.parts[0])
        return shared[0]

    def measure_constants(self) -> Iterator[tuple[Constant, TextError]]:
        """Measure all constants, those that others are defined by first; yields what hinders, by constant."""
        all_ = {name: next(iter(found.values())) for name, found in self.constants.items()}
        order, circle = ordered({name: self._defined_by(constant) for name, constant in all_.items()})
        if circle:
            message = f"a constant is defined by itself: {' is defined by '.join(circle)}"
            yield (
                all_[circle[0]],
                TextError("circular-definition", message, 0, len(all_[circle[0]].value.text)),
            )
        for name in order:
            try:
                measured = self.measure(all_[name].value)
            except TextError as error:
                yield all_[name], error
            else:
                if measured is not None:
                    self._measured[name] = measured

    def _defined_by(self, constant: Constant) -> list[str]:
        if constant.value.expression is None:
            return []
        words = (".".join(name.parts) for name in names(constant.value.expression))
        found = (_meanings(self.constants, self.constant_symbols, word) for word in words)
        return [meanings[0].name for meanings in found if len(meanings) == 1]

    def _shared(self, name: str) -> tuple[Dimension, float | None] | None:
        """Dimension and size of a parameter or constant."""
        if name in self.parameters:
            unit = self.parameters[name][0].unit
            return None if unit is None else (unit.dimension, None)
        constant = self.find_constant(name)
        return None if constant is None else self._measured.get(constant.name)


def _measured_number(value: Value) -> tuple[Dimension, float]:
    """Of a number with a unit. Beyond all floats it is zero or infinite, with its sign."""
    assert value.number is not None and value.unit is not None
    try:
        number = float(value.number)
    except OverflowError:
        number = math.inf if value.number > 0 else -math.inf
    return value.unit.dimension, number


# ---------------------------------------------------------------- meanings


def _of_quantity(quantity: Quantity) -> Meaning:
    return quantity.name, quantity.unit.dimension, quantity.sign


def _of_constant(constant: Constant) -> Meaning:
    value = constant.value
    dimension = value.unit and value.unit.dimension
    return constant.name, value.number, dimension, value.expression, value.uncertainty, value.within


def _add(table: dict[str, dict[Meaning, T]], key: str, meaning: Meaning, thing: T) -> None:
    """Enter a thing under its key, unless one of the same meaning stands there."""
    table.setdefault(key, {}).setdefault(meaning, thing)


def _meanings(
    by_name: Mapping[str, dict[Meaning, T]], by_symbol: Mapping[str, dict[Meaning, T]], key: str
) -> list[T]:
    """What a word means, as a name or as a symbol."""
    return list((by_symbol.get(key, {}) | by_name.get(key, {})).values())


def _ambiguous(name: str, start: int, meanings: Sequence[str], places: Sequence[Location]) -> TextError:
    """A name with several meanings, each with its place."""
    message = f"'{name}' has two meanings: {' and '.join(meanings[:3])}"
    details = tuple(f"{meaning} at {place}" for meaning, place in zip(meanings, places, strict=True))
    return TextError("ambiguous-name", message, start, start + len(name), None, details[:3])


def _frozen(table: Mapping[str, dict[Meaning, T]]) -> dict[str, tuple[T, ...]]:
    return {key: tuple(found.values()) for key, found in table.items()}


def _is_unit(name: str) -> bool:
    try:
        parse_scale(name)
    except TextError:
        return False
    return True


# ---------------------------------------------------------------- aggregates over parts


def _is_over_parts(call: Call) -> bool:
    return any(name.parts[0] == "parts" for name in names(call))


def _names_within(expression: Expression) -> Iterator[tuple[Name, tuple[str, ...]]]:
    """Each name with the functions over parts that it stands in, from the outermost inwards."""
    around: dict[int, tuple[str, ...]] = {}
    for node in walk(expression):
        if isinstance(node, Call) and node.function in OVER_PARTS:
            for name in names(node):
                around[id(name)] = (*around.get(id(name), ()), node.function)
    for name in names(expression):
        yield name, around.get(id(name), ())
