"""Rule packs as located YAML → quantities, constants, attributes, kinds and rules."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction

from checker.errors import Location, TextError
from checker.expression import (
    FUNCTIONS,
    Equation,
    Expression,
    Name,
    Number,
    Product,
    names,
    normal,
    parse,
    parse_equation,
    to_text,
)
from checker.givens import check_value, read_given, read_value
from checker.homogeneity import Imbalance, imbalance
from checker.layout import CONSTANT, ENTITY, EXAMPLE, QUANTITY, QUANTUM, ROLE, RULE, SIGN, STATUS
from checker.lexicon import Lexicon
from checker.model import (
    STATUSES,
    AdditiveRelation,
    Attribute,
    AttributeRelation,
    Constant,
    EquationRelation,
    Example,
    Given,
    Kind,
    Quantity,
    QuantumRelation,
    RelationSpec,
    Role,
    Rule,
)
from checker.reading import Fields, Reader, did_you_mean
from checker.units import ONE, parse_unit
from checker.value import Value
from checker.value_text import parse_single
from checker.yaml_text import List, Node, Table, Text

NUMBERS = ("whole", "half-whole")

_ID = re.compile(r"[^\W_][\w'-]*")


def section(fields: Fields, key: str, reader: Reader) -> Iterator[tuple[Text, Node]]:
    """The entries under a top-level key."""
    if key in fields:
        yield from reader.entries(fields[key][1], f"'{key}'").values()


def is_id(key: Text, what: str, reader: Reader) -> bool:
    """Whether the key can name a rule, a kind, an attribute or a part; a mistake is noted where it cannot."""
    if _ID.fullmatch(key.value):
        return True
    hint = "names have letters, digits, - and _"
    reader.notes.add("invalid-name", f"'{key.value}' cannot name {what}", key.location, hint)
    return False


def is_word(text: Text, what: str, reader: Reader) -> bool:
    """Whether the text can be written in an equation; a mistake is noted where it cannot."""
    try:
        expression = parse(text.value)
    except TextError:
        expression = None
    taken = normal(text.value) in {*FUNCTIONS, "parts", "whole", *ENTITY.keys}
    if isinstance(expression, Name) and len(expression.parts) == 1 and not taken:
        return True
    code, hint = "invalid-name", "names in equations have letters, digits and _"
    if taken:
        code, hint = "reserved-name", "it has a meaning of its own"
    reader.notes.add(code, f"'{text.value}' cannot name {what}", text.location, hint)
    return False


# ---------------------------------------------------------------- what names there are


def declare(fields: Fields, reader: Reader, lexicon: Lexicon) -> dict[Location, Text]:
    """Enter what a file declares. Returns the texts of its constants' values, by the constants' places."""
    for key, node in section(fields, "quantities", reader):
        quantity = _quantity(key, node, reader)
        if quantity is not None:
            lexicon.add_quantity(quantity, isinstance(node, Table) and "unit" in node.entries)
        else:
            reader.notes.broken |= _words(key, node)
    texts = {}
    for key, node in section(fields, "constants", reader):
        constant = _constant(key, node, reader)
        if constant is None:
            reader.notes.broken |= _words(key, node)
            continue
        taken = lexicon.taken_by_built_in(constant)
        if taken is not None:
            message = f"'{taken}' is a built-in constant of another value"
            reader.notes.add("reserved-name", message, constant.location, "choose another name")
        else:
            lexicon.add_constant(constant)
            text = node.entries["value"][1] if isinstance(node, Table) else node
            assert isinstance(text, Text)  # the constant's value has been read from it
            texts[constant.location] = text
    for key, node in section(fields, "attributes", reader):
        if is_id(key, "an attribute", reader):
            _enter_attribute(_attribute(key, node, reader), reader, lexicon)
    lexicon.kinds.update(key.value for key, _ in section(fields, "kinds", reader))
    return texts


def _words(key: Text, node: Node) -> set[str]:
    """The name and the symbol of what is declared."""
    _, symbol = node.entries.get("symbol", (key, key)) if isinstance(node, Table) else (key, key)
    return {normal(text.value) for text in (key, symbol) if isinstance(text, Text)}


def leave_out(fields: Fields, why: str, reader: Reader, lexicon: Lexicon) -> None:
    """Remember the constants of a pack that is not in use, and why, for the names that nothing else has."""
    for key, node in section(fields, "constants", reader):
        constant = _constant(key, node, reader)
        if constant is not None:
            lexicon.left_out |= dict.fromkeys(
                map(normal, filter(None, (constant.name, constant.symbol))), why
            )


def _quantity(key: Text, node: Node, reader: Reader) -> Quantity | None:
    what = f"quantity '{key.value}'"
    fields = reader.fields(node, what, QUANTITY)
    unit = reader.parsed(fields["unit"][1], f"the unit of {what}", parse_unit) if "unit" in fields else ONE
    if unit is not None and unit.text.strip() == "1":
        unit = ONE
    if not is_word(key, "a quantity", reader) or unit is None:
        return None
    return Quantity(
        normal(key.value),
        _symbol(fields, what, reader),
        unit,
        reader.choice(fields, "sign", SIGN, "positive"),
        reader.words(fields, "description", what),
        key.location,
    )


def _constant(key: Text, node: Node, reader: Reader) -> Constant | None:
    what = f"constant '{key.value}'"
    fields: Fields = {}
    if isinstance(node, Table):
        fields = reader.fields(node, what, CONSTANT)
    value = read_value(node, fields, what, None, reader)
    if not is_word(key, "a constant", reader) or value is None:
        return None
    source = reader.words(fields, "source", what)
    return Constant(normal(key.value), _symbol(fields, what, reader), value, source, key.location)


def _symbol(fields: Fields, what: str, reader: Reader) -> str | None:
    if "symbol" not in fields:
        return None
    text = reader.text(fields["symbol"][1], f"the symbol of {what}")
    return text.value if text is not None and is_word(text, "anything in an equation", reader) else None


def _attribute(key: Text, node: Node, reader: Reader) -> Attribute:
    values = tuple(text.value for text in reader.texts(node, f"attribute '{key.value}'"))
    if isinstance(node, List) and not node.items:
        reader.notes.add("empty-value", f"attribute '{key.value}' has no values", key.location)
    return Attribute(key.value, values, key.location)


def _enter_attribute(attribute: Attribute, reader: Reader, lexicon: Lexicon) -> None:
    name = attribute.name
    first = lexicon.attributes.setdefault(name, attribute)
    if set(first.values) != set(attribute.values):
        hint = f"first at {first.location}"
        reader.notes.add(
            "conflicting-declaration",
            f"attribute '{name}' has other values elsewhere",
            attribute.location,
            hint,
        )
    if name in ENTITY.keys:
        reader.notes.add(
            "reserved-name",
            f"an attribute cannot be named '{name}'",
            attribute.location,
            "choose another name",
        )


# ---------------------------------------------------------------- kinds


def read_kinds(fields: Fields, reader: Reader, lexicon: Lexicon) -> Iterator[Kind]:
    for key, node in section(fields, "kinds", reader):
        what = f"kind '{key.value}'"
        parent = None
        defaults: dict[str, Given] = {}
        is_id(key, "a kind", reader)
        for entry, value in reader.entries(node, what).values():
            if entry.value == "is":
                parent = read_kind(value, f"'is' of {what}", reader, lexicon)
                continue
            try:
                quantity = lexicon.quantity(entry.value)
            except TextError as error:
                reader.notes.add_text(error, entry)
                continue
            given = read_given(
                value, f"{key.value}.{quantity.name}", quantity, entry.location, reader, lexicon
            )
            if quantity.name in defaults:
                reader.notes.add(
                    "duplicate-statement", f"{quantity.name} is stated twice for {what}", entry.location
                )
            elif given is not None:
                defaults[quantity.name] = given
        yield Kind(key.value, parent, defaults, key.location)


def read_kind(node: Node, what: str, reader: Reader, lexicon: Lexicon) -> str | None:
    """The name of a declared kind."""
    text = reader.text(node, what)
    if text is None:
        return None
    if text.value not in lexicon.kinds:
        hint = did_you_mean(text.value, lexicon.kinds)
        reader.notes.add("unknown-kind", f"kind '{text.value}' is not known", text.location, hint)
        return None
    return text.value


# ---------------------------------------------------------------- rules


def read_rules(fields: Fields, path: str, reader: Reader, lexicon: Lexicon) -> Iterator[Rule]:
    for key, node in section(fields, "rules", reader):
        rule = _rule(key, node, path, reader, lexicon)
        if is_id(key, "a rule", reader) and rule is not None:
            yield rule
        else:
            reader.notes.broken.add(key.value)


def _rule(key: Text, node: Node, path: str, reader: Reader, lexicon: Lexicon) -> Rule | None:
    what = f"rule '{key.value}'"
    if key.value in STATUSES:
        reader.notes.add(
            "reserved-name",
            f"a rule cannot be named like the status '{key.value}'",
            key.location,
            "choose another name",
        )
    fields = reader.fields(node, what, RULE)
    if "applies_to" not in fields:
        return None
    kind = read_kind(fields["applies_to"][1], f"'applies_to' of {what}", reader, lexicon)
    roles = tuple(_roles(fields, what, reader, lexicon))
    when = {}
    if "when" in fields:
        when = read_attributes(fields["when"][1], f"'when' of {what}", reader, lexicon)
    claim = reader.words(fields, "claim", what)
    status = reader.choice(fields, "status", STATUS, "stated")
    relation = _relation(key, fields, what, reader, lexicon)
    if kind is None or relation is None:
        return None
    return Rule(
        id=key.value,
        claim=claim or "",
        applies_to=kind,
        when=when,
        roles=roles,
        relation=relation,
        within=_within(fields, relation, reader),
        validity=_validity(fields, what, roles, reader, lexicon),
        status=status,
        source=reader.words(fields, "source", what),
        examples=tuple(_examples(fields, what, relation, reader, lexicon)),
        note=reader.words(fields, "note", what),
        location=key.location,
        pack=path,
    )


def read_attributes(node: Node, what: str, reader: Reader, lexicon: Lexicon) -> dict[str, str]:
    """Attributes with values that are declared for them."""
    found = {}
    for key, value in reader.entries(node, what).values():
        if key.value not in lexicon.attributes:
            hint = did_you_mean(key.value, lexicon.attributes)
            reader.notes.add(
                "unknown-attribute", f"attribute '{key.value}' is not declared", key.location, hint
            )
        elif (text := read_attribute(key.value, value, reader, lexicon)) is not None:
            found[key.value] = text.value
    return found


def read_attribute(name: str, node: Node, reader: Reader, lexicon: Lexicon) -> Text | None:
    """The value of a declared attribute."""
    text = reader.text(node, f"attribute '{name}'")
    values = lexicon.attributes[name].values
    if text is not None and values and text.value not in values:
        hint = did_you_mean(text.value, values) or f"it is {' or '.join(values)}"
        reader.notes.add("unknown-word", f"attribute '{name}' cannot be '{text.value}'", text.location, hint)
        return None
    return text


def _roles(fields: Fields, what: str, reader: Reader, lexicon: Lexicon) -> Iterator[Role]:
    if "roles" not in fields:
        return
    for key, node in reader.entries(fields["roles"][1], f"'roles' of {what}").values():
        role = f"role '{key.value}'"
        named = is_word(key, "a role", reader)
        if not isinstance(node, Table):
            kind = read_kind(node, role, reader, lexicon)
            if named and kind is not None:
                yield Role(normal(key.value), kind, None, None, key.location)
            continue
        entries = reader.fields(node, role, ROLE)
        kind = read_kind(entries["is"][1], f"'is' of {role}", reader, lexicon) if "is" in entries else None
        part = reader.words(entries, "part", role)
        count = (
            reader.parsed(entries["count"][1], f"'count' of {role}", whole) if "count" in entries else None
        )
        if not entries.keys() - {"count"}:
            reader.notes.add("missing-key", f"{role} says neither which kind nor which part", key.location)
        elif named:
            yield Role(normal(key.value), kind, part, count, key.location)


def whole(text: str) -> int:
    """A positive whole number."""
    if not re.fullmatch(r"[0-9]{1,18}", text) or int(text) == 0:
        raise TextError("invalid-count", f"'{text}' is no positive whole number", 0, len(text))
    return int(text)


def _within(fields: Fields, relation: RelationSpec, reader: Reader) -> float | None:
    if "within" not in fields:
        return None
    key, node = fields["within"]
    if isinstance(relation, AttributeRelation):
        reader.notes.add("numberless-rule", "an attribute is not good to a percentage", key.location)
    return reader.parsed(node, "'within'", _fraction)


def _fraction(text: str) -> float:
    value = parse_single(text)
    hint = "write it as in 10 % or 0.1"
    if value.number is None or value.unit is None or not value.unit.dimension.is_dimensionless:
        raise TextError(
            "missing-number", "'within' of a rule is a percentage or a fraction", 0, len(text), hint
        )
    if value.number <= 0 or (value.number >= 1 and not value.unit.text):
        message = "'within' is greater than zero and, as a bare number, less than one"
        raise TextError("missing-number", message, 0, len(text), hint)
    return float(value.number)


def _validity(
    fields: Fields, what: str, roles: tuple[Role, ...], reader: Reader, lexicon: Lexicon
) -> tuple[Equation, ...]:
    """The inequalities within which a rule holds, each balanced in dimension."""
    if "validity" not in fields:
        return ()
    _, node = fields["validity"]
    found = _equations(node, f"'validity' of {what}", [role.name for role in roles], reader, lexicon)
    if found is None:
        return ()
    for equation, location in zip(found.equations, found.locations, strict=True):
        if equation.relation == "=":
            hint = "write it as in speed < 0.1*c"
            reader.notes.add("missing-comparison", "'validity' is an inequality", location, hint)
        elif (mismatch := _imbalance(equation, lexicon)) is not None:
            message, *table = mismatch.message.splitlines()
            details = tuple(line.strip() for line in table)
            reader.notes.add("mixed-dimensions", message, location, mismatch.suggestion, details)
    return found.equations


def _imbalance(equation: Equation, lexicon: Lexicon) -> Imbalance | None:
    """What is wrong with the dimensions, None where all is well or a name means nothing."""
    try:
        return imbalance(equation, lexicon.dimension)
    except (KeyError, TextError):
        return None  # noted already


# ---------------------------------------------------------------- relations


def _relation(key: Text, fields: Fields, what: str, reader: Reader, lexicon: Lexicon) -> RelationSpec | None:
    stated = [relation for relation in RULE.one_of if relation in fields]
    if len(stated) != 1:
        place = fields[stated[1]][0].location if stated else key.location
        has = f"has {' and '.join(stated)}" if stated else "has no relation"
        hint = f"it needs exactly one of {', '.join(RULE.one_of)}"
        reader.notes.add("not-one-relation", f"{what} {has}", place, hint)
        return None
    at, node = fields[stated[0]]
    roles = fields["roles"][1] if "roles" in fields else None
    names_of_roles = [normal(name) for name in roles.entries] if isinstance(roles, Table) else []
    match stated[0]:
        case "equation":
            return _equations(node, what, names_of_roles, reader, lexicon)
        case "additive":
            quantity = reader.parsed(node, f"'additive' of {what}", lexicon.quantity)
            return None if quantity is None else AdditiveRelation(quantity.name, node.location)
        case "quantum":
            return _quantum(node, what, names_of_roles, reader, lexicon)
    required = read_attributes(node, f"'attribute' of {what}", reader, lexicon)
    if isinstance(node, Table) and not node.entries:
        reader.notes.add("empty-value", f"{what} demands no attribute", at.location)
    return AttributeRelation(required, at.location) if required else None


def _equations(
    node: Node, what: str, roles: list[str], reader: Reader, lexicon: Lexicon
) -> EquationRelation | None:
    items = node.items if isinstance(node, List) else [node]
    equations, locations = [], []
    for item in items:
        equation = reader.parsed(item, f"an equation of {what}", parse_equation)
        if equation is None or not isinstance(item, Text):
            continue
        for side in (equation.left, equation.right):
            for error in lexicon.misnamed(side, roles):
                reader.notes.add_text(error, item)
        equations.append(equation)
        locations.append(item.location)
    if not items:
        reader.notes.add("empty-value", f"{what} has no equation", node.location)
    return EquationRelation(tuple(equations), tuple(locations)) if equations else None


def _quantum(
    node: Node, what: str, roles: list[str], reader: Reader, lexicon: Lexicon
) -> QuantumRelation | None:
    fields = reader.fields(node, f"'quantum' of {what}", QUANTUM)

    def expression(key: str) -> Expression | None:
        _, item = fields[key]
        found = reader.parsed(item, f"'{key}' of a quantum", parse)
        if found is not None and isinstance(item, Text):
            for error in lexicon.misnamed(found, roles):
                if key == "number":
                    error.hint = error.hint or did_you_mean(item.value, NUMBERS)
                reader.notes.add_text(error, item)
        return found

    if "of" not in fields or "is" not in fields:
        return None
    of, quantum = expression("of"), expression("is")
    number: str | Expression | None = Number(Fraction(1))
    if "number" in fields:
        _, item = fields["number"]
        kind_of_number = item.value if isinstance(item, Text) else ""
        number = kind_of_number if kind_of_number in NUMBERS else expression("number")
    if of is None or quantum is None or number is None:
        return None
    if isinstance(number, str):
        text = f"{to_text(of)} is a {number} number of {to_text(quantum)}"
    else:
        total = quantum if number == Number(Fraction(1)) else Product((number, quantum))
        text = f"{to_text(of)} = {to_text(total)}"
    return QuantumRelation(of, quantum, number, node.location, text)


# ---------------------------------------------------------------- examples


def _examples(
    fields: Fields, what: str, relation: RelationSpec, reader: Reader, lexicon: Lexicon
) -> Iterator[Example]:
    if "examples" not in fields:
        return
    key, node = fields["examples"]
    if isinstance(relation, AttributeRelation):
        reader.notes.add(
            "numberless-rule", "an attribute rule has no numbers to try in examples", key.location
        )
        return
    used = _example_names(relation, lexicon)
    if used is None:
        return
    own = {name: quantity for name, quantity in used.items() if not name.startswith("parts.")}
    of_parts = {name[6:]: quantity for name, quantity in used.items() if name.startswith("parts.")}
    for item in reader.items(node, f"'examples' of {what}"):
        if isinstance(item, Table) and not any(
            key in EXAMPLE.one_of or did_you_mean(key, EXAMPLE.one_of) for key in item.entries
        ):
            hint = "write {holds: {…}} or {fails: {…}}"
            reader.notes.add("incomplete-example", "an example either holds or fails", item.location, hint)
            continue
        outcome = reader.fields(item, "an example", EXAMPLE)
        if not isinstance(item, Table) or not outcome.keys() & set(EXAMPLE.one_of):
            continue
        if len(outcome) != 1:
            reader.notes.add("incomplete-example", "an example either holds or fails", item.location)
            continue
        (verdict, case), *_ = outcome.values()
        entries = dict(reader.entries(case, "an example"))
        parts: list[Mapping[str, Value]] = []
        if "parts" in entries:
            _, listed = entries.pop("parts")
            for part in reader.items(listed, "'parts'"):
                values = reader.entries(part, "a part in an example")
                parts.append(_case(values, of_parts, part.location, reader, lexicon))
        elif of_parts:
            reader.notes.add(
                "incomplete-example",
                "the example has no 'parts'",
                verdict.location,
                "write parts: [{…}, {…}]",
            )
        yield Example(
            verdict.value == "holds",
            _case(entries, own, verdict.location, reader, lexicon),
            tuple(parts),
            verdict.location,
        )


def _example_names(relation: RelationSpec, lexicon: Lexicon) -> dict[str, Quantity] | None:
    """The quantities of the relation by the names that it writes, None where one of these means nothing."""
    match relation:
        case AdditiveRelation(quantity):
            summed = lexicon.quantity(quantity)
            return {quantity: summed, f"parts.{quantity}": summed}
        case EquationRelation(equations):
            expressions = [side for equation in equations for side in (equation.left, equation.right)]
        case QuantumRelation(of, quantum, number):
            expressions = [of, quantum, *([] if isinstance(number, str) else [number])]
        case _:
            expressions = []
    used: dict[str, Quantity] = {}
    for name in (name for expression in expressions for name in names(expression)):
        word = name.parts[-1]
        if name.parts == ("parts",):
            continue
        try:
            found = lexicon.find_quantity(word)
            known = found is not None or word in lexicon.parameters or lexicon.find_constant(word) is not None
        except TextError:
            known = False
        if not known:
            return None
        if found is not None:
            used[".".join(name.parts)] = found
    return used


def _case(
    entries: Fields, expected: Mapping[str, Quantity], at: Location, reader: Reader, lexicon: Lexicon
) -> dict[str, Value]:
    """The values of an example: one for each quantity of the relation."""
    values = {}
    stated = set()
    for key, node in entries.values():
        name = normal(key.value)
        stated.add(name)
        if name not in expected:
            hint = did_you_mean(name, expected) or "write names as the relation does"
            reader.notes.add(
                "unknown-quantity", f"'{key.value}' is no quantity in this relation", key.location, hint
            )
            continue
        value = reader.parsed(node, f"'{key.value}' of an example", parse_single)
        if value is not None and isinstance(node, Text):
            # a case that fails may fail by its sign
            check_value(value, node, expected[name], reader, lexicon, any_sign=True)
            values[name] = replace(value, uncertainty=None)
    for name in expected:
        if name not in stated:
            reader.notes.add("incomplete-example", f"the example gives no value for {name}", at)
    return values
