"""Value nodes → values and givens, checked against the quantity that they are stated for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TypeGuard

from checker.dimension import Dimension, aligned
from checker.errors import Location, TextError
from checker.layout import GIVEN, STATUS, YES_OR_NO
from checker.lexicon import Lexicon
from checker.model import Given, Quantity
from checker.reading import Fields, Reader, shortened
from checker.units import Unit, coherent, parse_unit
from checker.value import Amount, Value, absolute, in_quadrature, shown, sign_is_certain, to_last_digit
from checker.value_text import AN_AMOUNT, NOTHING_OF_ZERO, parse_amount, parse_given, parse_value
from checker.yaml_text import List, Node, Table, Text

SCALES = {"C": "°C: C is the coulomb", "F": "°F: F is the farad"}
"""What a temperature is mistakenly written in."""


def read_givens(
    node: Node, what: str, quantity: Quantity, at: Location, reader: Reader, lexicon: Lexicon
) -> tuple[Given, ...]:
    """What is stated for a quantity: one value or bound, or several that each have a name."""
    if not isinstance(node, List):
        given = read_given(node, what, quantity, at, reader, lexicon, parse_given)
        return () if given is None else (given,)
    if _is_range(node):
        reader.notes.add("unquoted-text", f"{what} is a list of two values", node.location, _quoted(node))
        reader.notes.broken.add(what)
        return ()
    found = []
    unnamed: list[Node] = []
    first_of: dict[str, Location] = {}
    if not node.items:
        reader.notes.add("empty-value", f"{what} has no value", node.location)
    for item in node.items:
        given = read_given(item, what, quantity, item.location, reader, lexicon, parse_given)
        if given is None:
            continue
        if given.name is None:
            unnamed.append(item)
        elif given.name in first_of:
            hint = f"first on line {first_of[given.name].line}"
            reader.notes.add(
                "unnamed-value", f"two values for {what} are named '{given.name}'", item.location, hint
            )
        else:
            first_of[given.name] = item.location
        found.append(given)
    if unnamed and len(node.items) > 1:
        message, hint = f"one of several values for {what} has no name", "write {name: …, value: …}"
        reader.notes.add("unnamed-value", message, unnamed[0].location, hint)
    return tuple(found)


def read_given(
    node: Node,
    what: str,
    quantity: Quantity,
    at: Location,
    reader: Reader,
    lexicon: Lexicon,
    parse: Callable[[str], Value] = parse_value,
) -> Given | None:
    """One stated value; None where it means nothing. `at` is the place that reports point to, `parse` reads
    what may stand there."""
    fields: Fields = {}
    status = "stated"
    if isinstance(node, Table):
        fields = reader.fields(node, what, GIVEN)
        status = reader.choice(fields, "status", STATUS, "stated")
    unknown = fields.keys() - GIVEN.keys.keys()
    comma = any(key[:1].isdigit() for key in unknown)  # {value: 3,05 s} has told of its comma
    value = None if comma else read_value(node, fields, what, quantity.unit, reader, parse)
    if value is None:
        reader.notes.broken.add(what)
        return None
    check_value(value, _text_of(node, fields), quantity, reader, lexicon)
    name = reader.words(fields, "name", what)
    return Given(value, status, at, reader.words(fields, "source", what), name)


def read_value(
    node: Node,
    fields: Fields,
    what: str,
    unit: Unit | None,
    reader: Reader,
    parse: Callable[[str], Value] = parse_value,
) -> Value | None:
    """The value with its doubt as the file is to be read, of a scalar or of the `fields` of a mapping. `unit`
    is that of the quantity it is for, if there is one."""
    if isinstance(node, Table) and "value" not in fields:
        return None
    stated = fields["value"][1] if isinstance(node, Table) else node
    value = _parsed(stated, what, reader, parse)
    if value is None:
        return None
    doubts = {
        key: _doubt(key, fields, value, value.unit or unit, reader) for key in ("uncertainty", "within")
    }
    for key, own in (("uncertainty", value.uncertainty), ("within", value.within)):
        if key in fields and (own or value.relation != "="):
            message, hint = f"{what} has an uncertainty beside its value and another one", "leave one out"
            if key == "within":
                message = f"{what} is a range, and has a bound besides"
            if value.relation != "=":
                message, hint = f"{what} is a bound, which has no doubt of its own", "state the bound alone"
            reader.notes.add("contradictory-doubt", message, fields[key][0].location, hint)
    exact = reader.choice(fields, "exact", YES_OR_NO, "false") == "true"
    uncertainty, within = doubts["uncertainty"] or value.uncertainty, doubts["within"] or value.within
    if exact and (uncertainty is not None or within is not None):
        reader.notes.add(
            "contradictory-doubt", f"{what} is both exact and in doubt", fields["exact"][0].location
        )
    value = replace(value, uncertainty=uncertainty, within=within, exact=exact or value.exact)
    if reader.agreement == "rounding":
        value = to_last_digit(value)
    if parse is parse_value and not sign_is_certain(value):
        hint = "only what is given for a thing may be on either side of zero"
        reader.notes.add(
            "sign-in-doubt", f"the doubt of {what} reaches zero or beyond", stated.location, hint
        )
    return value


def _parsed(node: Node, what: str, reader: Reader, parse: Callable[[str], Value]) -> Value | None:
    if _is_range(node):
        reader.notes.add("unquoted-text", f"{what} is a list of two values", node.location, _quoted(node))
        return None
    return reader.parsed(node, what, parse)


def _is_range(node: Node) -> TypeGuard[List]:
    """Whether it is the list that YAML makes of an unquoted [2.9, 3.1]."""
    return isinstance(node, List) and len(node.items) == 2 and all(isinstance(i, Text) for i in node.items)


def _quoted(node: List) -> str:
    ends = ", ".join(item.value for item in node.items if isinstance(item, Text))
    return f'put a range in quotes: "[{ends}]"'


def check_value(
    value: Value, text: Text, quantity: Quantity, reader: Reader, lexicon: Lexicon, any_sign: bool = False
) -> None:
    """Note what makes the value impossible for its quantity: unknown names, dimension, sign (unless
    `any_sign` is allowed)."""
    if value.expression is not None:
        for error in lexicon.misnamed_shared(value.expression):
            reader.notes.add_text(error, text)
    try:
        measured = lexicon.measure(value)
    except TextError as error:
        reader.notes.add_text(error, text)
        return
    if measured is None:
        return
    dimension, number = measured
    end = len(text.value)
    if dimension != quantity.unit.dimension:
        reader.notes.add_text(_wrong_dimension(value, dimension, quantity), text)
    elif value.unit and value.unit.zero and _is_difference(quantity):
        message = f"{quantity.name} is a difference, and {value.unit.text} a scale with a zero of its own"
        reader.notes.add_text(
            TextError("misplaced-scale", message, 0, end, "write it in K or delta_degC"), text
        )
    elif number is not None and not any_sign and _contradicts_sign(value, number, quantity.sign):
        sign = "greater than zero" if quantity.sign == "positive" else "zero or more"
        hint = f"declare {quantity.name} with `sign: any` if it may be otherwise"
        if value.unit and value.unit.zero:
            hint = f"this is below {shown(0.0, value.unit, 5)}"
        message = f"{quantity.name} is {sign}, and this value is not"
        reader.notes.add_text(TextError("impossible-sign", message, 0, end, hint), text)


def _wrong_dimension(value: Value, dimension: Dimension, quantity: Quantity) -> TextError:
    """A value in volts for a current: both units, both dimensions, and what would mend it."""
    wanted = quantity.unit
    own = value.unit.text if value.unit else coherent(dimension)
    is_, not_ = (
        "a pure number" if d.is_dimensionless else f"in {unit}"
        for unit, d in ((wanted.text, wanted.dimension), (own, dimension))
    )
    hint = f"write it in {wanted.text}" if wanted.text else "write a bare number"
    if value.unit is None:
        hint = f"it lacks a factor in {coherent(wanted.dimension / dimension)}"
    if quantity.forced_by:
        hint = f"{quantity.forced_by} that; state the unit of {quantity.name} if it is another"
    scale = value.unit and SCALES.get(value.unit.text)
    if scale and wanted.dimension == parse_unit("K").dimension:
        hint = f"write {scale}"
    details = aligned([(quantity.name, wanted.dimension), (shortened(value.text), dimension)])
    if wanted.dimension.is_dimensionless or dimension.is_dimensionless:
        details = ()
    message = f"{quantity.name} is {is_}, and this value {not_}"
    return TextError("wrong-dimension", message, 0, len(value.text), hint, details)


def _is_difference(quantity: Quantity) -> bool:
    """Whether a quantity of temperature is a change of it: it may be negative, or its symbol says so."""
    return quantity.sign != "positive" or (quantity.symbol or "").startswith(("Δ", "∆"))


def _contradicts_sign(value: Value, number: float, sign: str) -> bool:
    """Whether a quantity of this sign cannot have the value, or any value of the range or below the bound."""
    if value.relation in (">", ">="):
        return False
    most = number if value.number is None else value.number
    if value.is_range and value.number is not None:
        most += absolute(value.within, value.number)
    zero_is_less = value.relation == "<"
    return (sign == "positive" and most <= 0) or (
        sign == "nonnegative" and (most < 0 or (zero_is_less and not most))
    )


def _text_of(node: Node, fields: Mapping[str, tuple[Text, Node]]) -> Text:
    text = fields["value"][1] if fields else node
    assert isinstance(text, Text)  # a value has been read from it
    return text


def _doubt(key: str, fields: Fields, value: Value, unit: Unit | None, reader: Reader) -> Amount | None:
    """The doubt under a key; of several independent uncertainties, the one that they make together."""
    if key not in fields:
        return None
    _, node = fields[key]
    if key == "uncertainty" and isinstance(node, List) and not node.items:
        reader.notes.add("empty-value", "'uncertainty' has no components", node.location)
    components = list(node.items) if key == "uncertainty" and isinstance(node, List) else [node]

    def amount(text: str) -> Amount:
        found = parse_amount(text, unit)
        if found.relative and value.number == 0:
            raise TextError("misplaced-percentage", NOTHING_OF_ZERO, 0, len(text), AN_AMOUNT)
        return found

    amounts = [found for one in components if (found := reader.parsed(one, f"'{key}'", amount)) is not None]
    if len(amounts) < len(components) or not amounts:
        return None
    try:
        return in_quadrature(amounts, value.number)
    except ValueError:
        hint = "the value is an expression: write all components as percentages, or all as amounts"
        reader.notes.add("misplaced-percentage", "a percentage beside an amount", node.location, hint)
        return None
