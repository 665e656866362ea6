"""Value nodes → values and givens, checked against the quantity that they are stated for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from checker.errors import Location, TextError
from checker.lexicon import Lexicon
from checker.model import STATUSES, Given, Quantity
from checker.reading import Fields, Reader
from checker.units import Unit
from checker.value import Amount, Value, parse_amount, parse_value
from checker.yaml_text import List, Node, Table, Text

DOUBT_KEYS = ("value", "uncertainty", "within", "exact")
GIVEN_KEYS = (*DOUBT_KEYS, "status", "source", "name")


def read_givens(
    node: Node, what: str, quantity: Quantity, at: Location, reader: Reader, lexicon: Lexicon
) -> tuple[Given, ...]:
    """What is stated for a quantity: one value, or several that each have a name."""
    if not isinstance(node, List):
        given = read_given(node, what, quantity, at, reader, lexicon)
        return () if given is None else (given,)
    found = []
    first_of: dict[str, Location] = {}
    if not node.items:
        reader.notes.add(f"{what} has no value", node.location)
    for item in node.items:
        given = read_given(item, what, quantity, item.location, reader, lexicon)
        if given is None:
            continue
        if given.name is None and len(node.items) > 1:
            hint = "write {name: …, value: …}"
            reader.notes.add(f"one of several values for {what} has no name", item.location, hint)
        elif given.name is not None and given.name in first_of:
            hint = f"first on line {first_of[given.name].line}"
            reader.notes.add(f"two values for {what} are named '{given.name}'", item.location, hint)
        elif given.name is not None:
            first_of[given.name] = item.location
        found.append(given)
    return tuple(found)


def read_given(
    node: Node, what: str, quantity: Quantity, at: Location, reader: Reader, lexicon: Lexicon
) -> Given | None:
    """One stated value; None where it means nothing. `at` is the place that reports point to."""
    fields: Fields = {}
    status = "stated"
    if isinstance(node, Table):
        fields = reader.fields(node, what, GIVEN_KEYS, needed=("value",))
        status = reader.choice(fields, "status", STATUSES, "stated")
    value = read_value(node, fields, what, quantity.unit, reader)
    if value is None:
        return None
    check_value(value, _text_of(node, fields), quantity, reader, lexicon)
    name = reader.words(fields, "name", what)
    return Given(value, status, at, reader.words(fields, "source", what), name)


def read_value(node: Node, fields: Fields, what: str, unit: Unit | None, reader: Reader) -> Value | None:
    """The value with its stated doubt, of a scalar or of the `fields` of a mapping. `unit` is that of the
    quantity it is for, if there is one."""
    if not isinstance(node, Table):
        return reader.parsed(node, what, parse_value)
    if "value" not in fields:
        return None
    value = reader.parsed(fields["value"][1], what, parse_value)
    if value is None:
        return None
    doubts = {key: _doubt(key, fields, value.unit or unit, reader) for key in ("uncertainty", "within")}
    if "uncertainty" in fields and value.uncertainty is not None:
        message = f"{what} has an uncertainty in brackets and another one"
        reader.notes.add(message, fields["uncertainty"][0].location)
    exact = reader.choice(fields, "exact", ("true", "false"), "false") == "true"
    uncertainty = doubts["uncertainty"] or value.uncertainty
    if exact and (uncertainty is not None or doubts["within"] is not None):
        reader.notes.add(f"{what} is both exact and in doubt", fields["exact"][0].location)
    return replace(value, uncertainty=uncertainty, within=doubts["within"], exact=exact)


def check_value(value: Value, text: Text, quantity: Quantity, reader: Reader, lexicon: Lexicon) -> None:
    """Note what makes the value impossible for its quantity: unknown names, dimension, sign."""
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
        message = (
            f"a value of dimension {dimension} for {quantity.name}, "
            f"which has the dimension {quantity.unit.dimension}"
        )
        hint = f"write it in {quantity.unit.text}" if quantity.unit.text else "write a bare number"
        reader.notes.add_text(TextError(message, 0, end, hint), text)
    elif number is not None and _contradicts_sign(value, number, quantity.sign):
        sign = "greater than zero" if quantity.sign == "positive" else "zero or more"
        hint = f"declare {quantity.name} with `sign: any` if it may be otherwise"
        reader.notes.add_text(TextError(f"{quantity.name} is {sign}", 0, end, hint), text)


def _contradicts_sign(value: Value, number: float, sign: str) -> bool:
    exact = number if value.number is None else value.number
    return (sign == "positive" and exact <= 0) or (sign == "nonnegative" and exact < 0)


def _text_of(node: Node, fields: Mapping[str, tuple[Text, Node]]) -> Text:
    text = fields["value"][1] if fields else node
    assert isinstance(text, Text)  # a value has been read from it
    return text


def _doubt(key: str, fields: Fields, unit: Unit | None, reader: Reader) -> Amount | None:
    if key not in fields:
        return None
    return reader.parsed(fields[key][1], f"'{key}'", lambda text: parse_amount(text, unit))
