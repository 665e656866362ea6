"""A scenario as located YAML → systems, given values, parameters and what is asked about them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from checker.errors import Location, TextError
from checker.expression import normal
from checker.givens import read_givens
from checker.layout import ENTITY, EXPECT, EXPECTED, IGNORED, PARAMETER, VERDICT
from checker.lexicon import Lexicon
from checker.model import (
    STATUSES,
    Entity,
    Expect,
    ExpectedContradiction,
    Given,
    GivenPath,
    Ignored,
    Proposal,
    Rule,
    Stated,
    Withheld,
)
from checker.packs import is_id, is_word, read_attribute, read_kind, section, whole
from checker.reading import Fields, Reader, did_you_mean, is_blank
from checker.value import Value, sign_is_certain
from checker.value_text import parse_single
from checker.yaml_text import Node, Table, Text

ON_TRIAL = ("postulate", "hypothesis")
MAX_CASES = 1_000


def read_parameters(fields: Fields, reader: Reader, lexicon: Lexicon) -> None:
    """Enter the scenario's parameters, each with its values."""
    cases = 1
    for key, node in section(fields, "parameters", reader):
        entries = reader.fields(node, f"parameter '{key.value}'", PARAMETER)
        found = parameter_values(key, entries["values"][1], reader) if "values" in entries else ()
        cases *= max(len(found), 1)
        if is_word(key, "a parameter", reader) and found:
            lexicon.parameters[normal(key.value)] = found
        else:
            reader.notes.broken.add(normal(key.value))
    if cases > MAX_CASES:
        message = f"the parameters make {cases} cases, more than {MAX_CASES}"
        reader.notes.add("too-many-combinations", message, fields["parameters"][0].location)


def parameter_values(key: Text, node: Node, reader: Reader) -> tuple[Value, ...]:
    """The values of a parameter, all of one dimension."""
    what = f"parameter '{key.value}'"
    listed = list(reader.items(node, f"'values' of {what}"))
    values = [reader.parsed(item, f"a value of {what}", _number) for item in listed]
    found = [value for value in values if value is not None]
    if not listed:
        reader.notes.add("empty-value", f"{what} has no values", key.location)
    for item, value in zip(listed, values, strict=True):
        if value is not None and dimension(value) != dimension(found[0]):
            message = f"the values of {what} differ in dimension"
            reader.notes.add("mixed-dimensions", message, item.location, f"the first one is {found[0].text}")
    return tuple(found)


def _number(text: str) -> Value:
    value = parse_single(text)
    if value.number is None or not sign_is_certain(value):
        raise TextError(
            "missing-number", "a parameter's value is a number, with a unit or without", 0, len(text)
        )
    return value


def dimension(value: Value) -> object:
    return value.unit and value.unit.dimension


# ---------------------------------------------------------------- systems


def read_systems(fields: Fields, reader: Reader, lexicon: Lexicon) -> tuple[Entity, ...]:
    entries = list(section(fields, "systems", reader))
    outside = [key for key, _ in entries if key.value in ENTITY.keys]
    if outside:
        message = f"'{outside[0].value}' stands beside the systems, not in one"
        reader.notes.add("wrong-indentation", message, outside[0].location, "indent it below its system")
        entries = [(key, node) for key, node in entries if key not in outside and not is_blank(node)]
    found = (_entity(key, node, "", reader, lexicon) for key, node in entries)
    return tuple(entity for entity in found if entity is not None)


def walk(systems: Iterable[Entity]) -> Iterator[Entity]:
    """All entities, each before its parts."""
    for entity in systems:
        yield entity
        yield from walk(entity.parts)


def _entity(key: Text, node: Node, prefix: str, reader: Reader, lexicon: Lexicon) -> Entity | None:
    """An entity with its parts; as deep as YAML may nest."""
    path = f"{prefix}{key.value}"
    hint = None
    if isinstance(node, Text) and node.value in lexicon.kinds:
        hint = f"write {{is: {node.value}}}"
    fields = reader.entries(node, path, hint)
    is_id(key, "an entity", reader)
    if normal(key.value) in lexicon.quantities:
        reader.notes.add(
            "reserved-name",
            f"an entity cannot be named like the quantity '{key.value}'",
            key.location,
            "choose another name",
        )
    kind = read_kind(fields["is"][1], f"'is' of {path}", reader, lexicon) if "is" in fields else None
    if "is" not in fields and (isinstance(node, Table) or is_blank(node)):
        reader.notes.add("missing-key", f"{path} has no 'is'", key.location, "say of which kind it is")
    count = _count(fields["count"][1], path, reader, lexicon) if "count" in fields else 1
    parts = []
    if "parts" in fields:
        for name, part in reader.entries(fields["parts"][1], f"'parts' of {path}").values():
            parts.append(_entity(name, part, f"{path}.", reader, lexicon))
    attributes: dict[str, Stated] = {}
    quantities: dict[str, tuple[Given, ...]] = {}
    for name, value in fields.values():
        if name.value in ENTITY.keys:
            continue
        if name.value in lexicon.attributes:
            text = read_attribute(name.value, value, reader, lexicon)
            if text is not None:
                attributes[name.value] = Stated(text.value, name.location)
            continue
        _own_quantity(name, value, path, quantities, reader, lexicon)
    return Entity(
        path,
        key.value,
        kind or "",
        attributes,
        quantities,
        count,
        tuple(part for part in parts if part is not None),
        key.location,
    )


def _own_quantity(
    name: Text,
    node: Node,
    path: str,
    quantities: dict[str, tuple[Given, ...]],
    reader: Reader,
    lexicon: Lexicon,
) -> None:
    try:
        quantity = lexicon.find_quantity(name.value)
    except TextError as error:
        reader.notes.add_text(error, name)
        return
    if quantity is None:
        known = (*ENTITY.keys, *lexicon.attributes, *lexicon.quantities, *lexicon.quantity_symbols)
        message = f"'{name.value}' is neither an attribute nor a quantity"
        hint = did_you_mean(name.value, known)
        reader.notes.add("unknown-property", message, name.location, hint or _belongs_in_parts(node))
        return
    if quantity.name in quantities:
        reader.notes.add("duplicate-statement", f"{path}.{quantity.name} is stated twice", name.location)
        return
    what = f"{path}.{quantity.name}"
    quantities[quantity.name] = read_givens(node, what, quantity, name.location, reader, lexicon)


def _belongs_in_parts(node: Node) -> str | None:
    return (
        "parts of a system stand under 'parts'" if isinstance(node, Table) and "is" in node.entries else None
    )


def _count(node: Node, path: str, reader: Reader, lexicon: Lexicon) -> int | str:
    text = reader.text(node, f"'count' of {path}")
    if text is None:
        return 1
    parameter = normal(text.value)
    values = lexicon.parameters.get(parameter)
    if values is not None:
        if all(map(is_count, values)):
            return parameter
        message = f"parameter '{parameter}' counts parts, but has values that are no positive whole numbers"
        reader.notes.add("invalid-count", message, text.location)
        return 1
    try:
        return whole(text.value)
    except TextError:
        if parameter in reader.notes.broken:
            return 1
        hint = did_you_mean(text.value, lexicon.parameters)
        message = f"a count is a positive whole number or a parameter, not '{text.value}'"
        reader.notes.add("invalid-count", message, text.location, hint)
        return 1


def is_count(value: Value) -> bool:
    number, unit = value.number, value.unit
    whole_number = number is not None and number > 0 and number.denominator == 1
    return whole_number and value.uncertainty is None and (unit is None or unit.dimension.is_dimensionless)


# ---------------------------------------------------------------- given values


def read_given_paths(
    fields: Fields, entities: Mapping[str, Entity], reader: Reader, lexicon: Lexicon
) -> Iterator[GivenPath]:
    first_of: dict[str, Location] = {
        f"{path}.{name}": given[0].location
        for path, entity in entities.items()
        for name, given in entity.quantities.items()
        if given
    }
    entries = list(section(fields, "given", reader))
    following = [*(key.value for key, _ in entries[1:]), ""]
    for (key, node), next_ in zip(entries, following, strict=False):  # the last has none
        owner, _, name = key.value.rpartition(".")
        if owner not in entities and key.value not in entities:
            reader.notes.add_text(_no_entity(key.value, entities), key)
            reader.notes.broken.add(key.value)
            continue
        if key.value in entities:
            message = f"'{key.value}' is an entity, not one of its quantities"
            hint = f"write {key.value}.mass for its mass, and so on"
            if isinstance(node, Table) and node.entries:
                hint = f"write {key.value}.{next(iter(node.entries))} and its value"
            reader.notes.add("missing-quantity", message, key.location, hint)
            continue
        try:
            quantity = lexicon.quantity(name, len(owner) + 1)
        except TextError as error:
            reader.notes.add_text(error, key)
            reader.notes.broken.add(key.value)
            continue
        path = f"{owner}.{quantity.name}"
        if path in first_of:
            first = first_of[path]
            reader.notes.add(
                "duplicate-statement", f"{path} is stated twice", key.location, f"first on line {first.line}"
            )
            continue
        first_of[path] = key.location
        if _REST_OF_NUMBER.match(next_):
            continue  # {lamp.voltage: 3,05 V} is told of at its comma
        values = read_givens(node, path, quantity, key.location, reader, lexicon)
        yield GivenPath(owner, quantity.name, values, key.location)


def _no_entity(path: str, entities: Mapping[str, Entity]) -> TextError:
    """What is wrong with a path of a given value that begins with no entity."""
    owner, dot, name = path.rpartition(".")
    if _REST_OF_NUMBER.match(path):
        return TextError("decimal-comma", _NO_COMMA, 0, len(path), "write a decimal point")
    if not dot:
        way = f"write {next(iter(entities), 'entity')}.{name if name.isidentifier() else 'quantity'}"
        return TextError("unknown-entity", f"'{name}' is no entity", 0, len(name), way)
    return TextError(
        "unknown-entity", f"'{owner}' is no entity", 0, len(owner), did_you_mean(owner, entities)
    )


_REST_OF_NUMBER = re.compile(r"[0-9]+(?:[eE(]|\s|$)[^.]*$")
"""What YAML makes a key of in {lamp.voltage: 3,05 V}; no path of a value looks like it."""
_NO_COMMA = "a number has a decimal point, not a comma"


# ---------------------------------------------------------------- what is asked


@dataclass(frozen=True, slots=True)
class Premises:
    """The ids that a scenario may speak of: rules, given values and stated attributes."""

    rules: Mapping[str, Rule]
    others: Collection[str]

    def __contains__(self, id_: str) -> bool:
        return id_ in self.rules or id_ in self.others

    def hint(self, id_: str, *more: str) -> str | None:
        named = [other for other in self.others if other.startswith(f"{id_}@")]
        if named:
            return f"write {' or '.join(named)}"
        owner, _, what = id_.rpartition(".")
        beside = [other for other in self.others if owner and other.rpartition(".")[0] == owner]
        if beside and not did_you_mean(what, [other.rpartition(".")[2] for other in beside]):
            return f"of {owner} there is {', '.join(sorted(beside)[:5])}"
        return did_you_mean(id_, (*more, *self.rules, *self.others))


def premises(rules: Mapping[str, Rule], entities: Iterable[Entity], given: Iterable[GivenPath]) -> Premises:
    ids: dict[str, None] = {}
    for entity in entities:
        ids.update((f"{entity.path}.{name}", None) for name in entity.attributes)
        for quantity, values in entity.quantities.items():
            ids.update((_id(f"{entity.path}.{quantity}", value), None) for value in values)
    for entry in given:
        ids.update((_id(f"{entry.entity}.{entry.quantity}", value), None) for value in entry.values)
    return Premises(rules, ids.keys())


def _id(path: str, given: Given) -> str:
    return f"{path}@{given.name}" if given.name else path


def read_assumed(
    fields: Fields, rules: Mapping[str, Rule], own: Collection[str], reader: Reader
) -> tuple[str, ...]:
    """Which postulates and hypotheses of the packs are on trial."""
    if "assume" not in fields:
        return ()
    choices = [id_ for id_, rule in rules.items() if rule.status in ON_TRIAL and id_ not in own]
    found = []
    for text in reader.texts(fields["assume"][1], "'assume'"):
        rule = rules.get(text.value)
        if rule is None:
            hint = did_you_mean(text.value, choices)
            reader.notes.add("unknown-rule", f"rule '{text.value}' is not known", text.location, hint)
        elif rule.id not in choices:
            why = "it is the scenario's own" if rule.id in own else f"it is a {rule.status}"
            reader.notes.add(
                "idle-request", f"rule '{rule.id}' always applies: {why}", text.location, "leave it out"
            )
        else:
            found.append(rule.id)
    return tuple(dict.fromkeys(found))


def read_hold(fields: Fields, known: Premises, reader: Reader) -> tuple[str, ...] | None:
    """Statuses and premises that may not be given up; None where the scenario leaves the default."""
    if "hold" not in fields:
        return None
    texts = reader.texts(fields["hold"][1], "'hold'")
    for text in texts:
        if text.value not in STATUSES and text.value not in known:
            message = f"'{text.value}' is neither a status nor a premise"
            reader.notes.add("unknown-premise", message, text.location, known.hint(text.value, *STATUSES))
    return tuple(text.value for text in texts)


def read_exceptions(
    fields: Fields, rules: Mapping[str, Rule], entities: Mapping[str, Entity], reader: Reader
) -> Iterator[Withheld]:
    for key, node in section(fields, "except", reader):
        if key.value not in rules:
            hint = did_you_mean(key.value, rules)
            reader.notes.add("unknown-rule", f"rule '{key.value}' is not known", key.location, hint)
        for path, why in reader.entries(node, f"'except' for '{key.value}'").values():
            reason = reader.text(why, f"the reason to withhold '{key.value}' from {path.value}")
            if path.value not in entities:
                hint = did_you_mean(path.value, entities)
                reader.notes.add("unknown-entity", f"'{path.value}' is no entity", path.location, hint)
            elif reason is not None:
                yield Withheld(key.value, path.value, reason.value, path.location)


def read_proposals(fields: Fields, known: Premises, reader: Reader) -> Iterator[Proposal]:
    for key, node in section(fields, "proposals", reader):
        texts = reader.texts(node, f"proposal '{key.value}'")
        _check_premises(texts, known, reader)
        yield Proposal(key.value, tuple(text.value for text in texts), key.location)


def read_ignored(fields: Fields, known: Premises, reader: Reader) -> Iterator[Ignored]:
    """The contradictions that are accepted, each with its reason."""
    if "ignore" not in fields:
        return
    first: dict[frozenset[str], Location] = {}
    for item in reader.items(fields["ignore"][1], "'ignore'"):
        entries = reader.fields(item, "an ignored contradiction", IGNORED)
        stated = [key for key in IGNORED.one_of if key in entries]
        if entries and len(stated) != 1:
            message = f"an ignored contradiction has one of {' and '.join(IGNORED.one_of)}"
            reader.notes.add("missing-key", message, item.location, "name its claims under one of them")
        if len(stated) != 1 or "reason" not in entries:
            continue
        (key,) = stated
        place = entries[key][0].location
        premises = _premise_set(entries[key][1], f"'{key}'", known, reader)
        reason = reader.text(entries["reason"][1], "the reason to ignore a contradiction")
        if premises in first:
            hint = f"first on line {first[premises].line}"
            reader.notes.add("duplicate-statement", "this contradiction is ignored twice", place, hint)
        elif not premises:
            hint = "name its disputed claims, or all of its claims where all are held"
            reader.notes.add("empty-value", f"'{key}' names no claim", place, hint)
        elif reason is not None:
            first[premises] = place
            yield Ignored(premises, key == "contradiction", reason.value.strip(), place)


def read_expect(fields: Fields, known: Premises, reader: Reader) -> Expect | None:
    if "expect" not in fields:
        return None
    key, node = fields["expect"]
    if not isinstance(node, Table):
        verdict = reader.choice(fields, "expect", VERDICT, VERDICT.choices[0], "verdict")
        return Expect(verdict, None, None, None, key.location)
    entries = reader.fields(node, "'expect'", EXPECT)

    def misfits(key: str) -> tuple[ExpectedContradiction, ...] | None:
        if key not in entries:
            return None
        return tuple(_expected(item, known, reader) for item in reader.items(entries[key][1], f"'{key}'"))

    contradictions, tensions, ways_out = misfits("contradictions"), misfits("tensions"), None
    if "ways_out" in entries:
        ways_out = tuple(
            _premise_set(item, "a way out", known, reader)
            for item in reader.items(entries["ways_out"][1], "'ways_out'")
        )
    verdict = reader.choice(entries, "verdict", VERDICT, VERDICT.choices[0])
    return Expect(verdict, contradictions, tensions, ways_out, key.location)


def _expected(node: Node, known: Premises, reader: Reader) -> ExpectedContradiction:
    fields = reader.fields(node, "an expected contradiction", EXPECTED)
    disputed: frozenset[str] = frozenset()
    if "disputed" in fields:
        disputed = _premise_set(fields["disputed"][1], "'disputed'", known, reader)
    sizes = ("ratio", "sigma")
    numbers = {key: reader.parsed(fields[key][1], f"'{key}'", _positive) for key in sizes if key in fields}
    return ExpectedContradiction(disputed, numbers.get("ratio"), numbers.get("sigma"))


def _premise_set(node: Node, what: str, known: Premises, reader: Reader) -> frozenset[str]:
    texts = reader.texts(node, what)
    _check_premises(texts, known, reader)
    return frozenset(text.value for text in texts)


def _check_premises(texts: Iterable[Text], known: Premises, reader: Reader) -> None:
    for text in texts:
        if text.value not in known:
            reader.notes.add(
                "unknown-premise", f"'{text.value}' is no premise", text.location, known.hint(text.value)
            )


def _positive(text: str) -> float:
    value = parse_single(text)
    if value.number is None or value.number <= 0 or (value.unit and value.unit.text):
        raise TextError("missing-number", "a positive number is needed", 0, len(text))
    return float(min(value.number, Fraction(10**300)))
