"""A scenario and what to change in it → the scenario as it would then be written.

Changes are read like the files are: the same names, the same mistakes, at their place on the command line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from checker.errors import Location
from checker.expression import normal
from checker.lexicon import Lexicon
from checker.model import Entity, Given, GivenPath, Scenario, Stated
from checker.packs import read_attribute
from checker.reading import Fields, Reader
from checker.scenarios import (
    ON_TRIAL,
    dimension,
    is_count,
    parameter_values,
    premises,
    read_assumed,
    read_given_paths,
    walk,
)
from checker.yaml_text import List, Node, Table, Text, compose


@dataclass(frozen=True, slots=True)
class Changes:
    """Premises to `drop`, postulates and hypotheses to `assume` besides those of the scenario (or `only` them
    in its place), and values to set, as (path, value) in the words of a file."""

    drop: tuple[str, ...] = ()
    assume: tuple[str, ...] = ()
    only: tuple[str, ...] | None = None
    set: tuple[tuple[str, str], ...] = ()


def changed(scenario: Scenario, changes: Changes, reader: Reader, lexicon: Lexicon) -> Scenario:
    """The scenario with the changes made; mistakes in these are noted with the reader."""
    rules = scenario.vocabulary.rules
    stated = [path for path, _ in changes.set]
    for id_ in dict.fromkeys(stated + list(changes.drop)):
        if (*stated, *changes.drop).count(id_) > 1:
            place = _place("--set", [id_], id_, reader)
            if id_ in changes.drop:
                place = _place("--drop", changes.drop, id_, reader)
            reader.notes.add("duplicate-statement", f"'{id_}' is changed twice", place)
    if changes.only is not None:
        assume = read_assumed(_listed("--assume", changes.only, reader), rules, scenario.own_rules, reader)
        scenario = replace(scenario, assume=assume)
    if changes.assume:
        for id_ in changes.assume:
            if id_ in scenario.assume:
                place = _place("--assume", changes.assume, id_, reader)
                reader.notes.add("idle-request", f"rule '{id_}' is assumed already", place, "leave it out")
        more = read_assumed(_listed("--assume", changes.assume, reader), rules, scenario.own_rules, reader)
        scenario = replace(scenario, assume=tuple(dict.fromkeys((*scenario.assume, *more))))
    for path, value in changes.set:
        scenario = _set(scenario, path, value, reader, lexicon)
    for id_ in changes.drop:
        scenario = _dropped(scenario, id_, _place("--drop", changes.drop, id_, reader), reader)
    return scenario


def _place(option: str, words: Sequence[str], word: str, reader: Reader) -> Location:
    """Where a word stands among those of an option, which messages show with commas between them."""
    before = "".join(f"{other}, " for other in words[: words.index(word)])
    reader.notes.show(option, [", ".join(words)])
    return Location(option, 1, len(before) + 1, len(word))


def _listed(option: str, words: Sequence[str], reader: Reader) -> Fields:
    items: list[Node] = [Text(word, _place(option, words, word, reader), False) for word in words]
    at = Location(option, 1, 1)
    return {"assume": (Text("assume", at, True), List(items, at))}


# ---------------------------------------------------------------- leaving premises out


def _dropped(scenario: Scenario, id_: str, at: Location, reader: Reader) -> Scenario:
    """The scenario without a premise: a rule, a given value or a stated attribute."""
    known = premises(scenario.vocabulary.rules, walk(scenario.systems), scenario.given)
    if id_ not in known:
        reader.notes.add("unknown-premise", f"'{id_}' is no premise", at, known.hint(id_))
        return scenario
    if id_ in scenario.vocabulary.rules:
        on_trial = (*scenario.assume, *scenario.own_rules)
        if scenario.vocabulary.rules[id_].status in ON_TRIAL and id_ not in on_trial:
            reader.notes.add("idle-request", f"rule '{id_}' is not assumed", at, "leave it out")
        rules = {name: rule for name, rule in scenario.vocabulary.rules.items() if name != id_}
        return replace(
            scenario,
            vocabulary=replace(scenario.vocabulary, rules=rules),
            assume=tuple(one for one in scenario.assume if one != id_),
            exceptions=tuple(one for one in scenario.exceptions if one.rule != id_),
        )
    return _without(scenario, lambda premise: premise == id_)


def _without(scenario: Scenario, dropped: Callable[[str], bool]) -> Scenario:
    """The scenario without the given values and stated attributes whose ids are to be dropped."""

    def kept(path: str, values: Iterable[Given]) -> tuple[Given, ...]:
        return tuple(v for v in values if not dropped(f"{path}@{v.name}" if v.name else path))

    def pruned(entity: Entity) -> Entity:
        quantities = {name: kept(f"{entity.path}.{name}", v) for name, v in entity.quantities.items()}
        return replace(
            entity,
            attributes={n: v for n, v in entity.attributes.items() if not dropped(f"{entity.path}.{n}")},
            quantities={name: values for name, values in quantities.items() if values},
            parts=tuple(map(pruned, entity.parts)),
        )

    given = [replace(one, values=kept(f"{one.entity}.{one.quantity}", one.values)) for one in scenario.given]
    return replace(
        scenario,
        systems=tuple(map(pruned, scenario.systems)),
        given=tuple(one for one in given if one.values),
    )


# ---------------------------------------------------------------- stating something else


def _set(scenario: Scenario, path: str, value: str, reader: Reader, lexicon: Lexicon) -> Scenario:
    """The scenario with another value for a quantity, an attribute or a parameter."""
    if value.lstrip().startswith(">"):  # a bound, on the command line without YAML's quotes
        value = "'" + value.replace("'", "''") + "'"
    document = compose(f"{path}: {value}", "--set")
    reader.notes.add_document(document)
    if not isinstance(document.root, Table) or [*document.root.entries] != [path]:
        hint = "write --set helium.radius='31 pm'"
        reader.notes.add("wrong-option", f"'{path}' is no path with one value", Location("--set", 1, 1), hint)
        return scenario
    key, node = document.root.entries[path]
    if normal(path) in scenario.parameters:
        listed = node if isinstance(node, List) else List([node], node.location)
        values = parameter_values(key, listed, reader)
        first = scenario.parameters[normal(path)][0]
        if values and dimension(values[0]) != dimension(first):
            message = f"the values of parameter '{path}' differ in dimension from those of the scenario"
            reader.notes.add(
                "mixed-dimensions", message, node.location, f"the first one there is {first.text}"
            )
        counted = any(entity.count == normal(path) for entity in walk(scenario.systems))
        if counted and not all(is_count(value) for value in values):
            message = f"parameter '{path}' counts parts, and takes positive whole numbers"
            reader.notes.add("invalid-count", message, node.location)
            return scenario
        return replace(
            scenario,
            parameters={**scenario.parameters, normal(path): values} if values else scenario.parameters,
        )
    owner, _, name = path.rpartition(".")
    entities = {entity.path: entity for entity in walk(scenario.systems)}
    if owner in entities and name in lexicon.attributes:
        text = read_attribute(name, node, reader, lexicon)
        stated = None if text is None else Stated(text.value, key.location)
        return scenario if stated is None else _with_attribute(scenario, owner, name, stated)
    return _with_value(scenario, key, node, entities, reader, lexicon)


def _with_attribute(scenario: Scenario, owner: str, name: str, stated: Stated) -> Scenario:
    def restated(entity: Entity) -> Entity:
        attributes = {**entity.attributes, name: stated} if entity.path == owner else entity.attributes
        return replace(entity, attributes=attributes, parts=tuple(map(restated, entity.parts)))

    return replace(scenario, systems=tuple(map(restated, scenario.systems)))


def _with_value(
    scenario: Scenario,
    key: Text,
    node: Node,
    entities: Mapping[str, Entity],
    reader: Reader,
    lexicon: Lexicon,
) -> Scenario:
    """The value takes the place of what was stated, of one of several where it is named after an @. Written
    alone, without doubt of its own, it keeps their status and doubt."""
    path, at, label = key.value.partition("@")
    if at and (not label or isinstance(node, List)):
        hint = "write --set it.mass@label='2 kg'"
        reader.notes.add("wrong-option", f"'{key.value}' takes one value of one name", key.location, hint)
        return scenario
    entry = Table(
        {"given": (key, Table({path: (replace(key, value=path), node)}, node.location))}, node.location
    )
    bare = {name: replace(entity, quantities={}) for name, entity in entities.items()}
    (new,) = tuple(read_given_paths(entry.entries, bare, reader, lexicon)) or (None,)
    if new is None:
        return scenario
    full = f"{new.entity}.{new.quantity}"
    before = [
        given
        for one in (*scenario.given, *_own(entities))
        if (one.entity, one.quantity) == (new.entity, new.quantity)
        for given in one.values
        if not label or given.name == label
    ]
    if label and not before:
        reader.notes.add(
            "unknown-premise",
            f"'{key.value}' is no premise",
            key.location,
            f"no value of {full} is named '{label}'",
        )
        return scenario
    alone = before[0] if before and not isinstance(node, Table | List) else None
    values = tuple(_in_place_of(alone, given) if alone else given for given in new.values)
    values = tuple(replace(given, name=label or given.name) for given in values)
    rest = _without(scenario, lambda id_: id_ == key.value if label else id_.partition("@")[0] == full)
    return replace(rest, given=(*rest.given, replace(new, values=values)))


def _in_place_of(before: Given, given: Given) -> Given:
    value = given.value
    in_doubt = value.uncertainty or value.within or value.relation != "="
    if not in_doubt and not before.value.exact:
        value = replace(value, uncertainty=before.value.uncertainty, within=before.value.within)
    return replace(given, status=before.status, value=value)


def _own(entities: Mapping[str, Entity]) -> Iterable[GivenPath]:
    for path, entity in entities.items():
        for quantity, values in entity.quantities.items():
            yield GivenPath(path, quantity, values, entity.location)
