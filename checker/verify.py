"""Rules and their examples, scenarios and what they expect → what falls short."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from checker.consistency import Oracle
from checker.errors import Location
from checker.ground import ground
from checker.load import load_pack
from checker.model import (
    Contradiction,
    Entity,
    Example,
    ExpectedContradiction,
    Given,
    GivenPath,
    Kind,
    Report,
    Rule,
    Scenario,
    Stated,
    Vocabulary,
)
from checker.pipeline import Options, check_scenario, imbalances
from checker.terms import system
from checker.value import Value

TOLERANCE = 5e-3
"""How far, relatively, a ratio or a number of standard deviations may be from the expected one."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """An example that was tried; `failure` says what fell short, None if nothing did."""

    rule: str
    location: Location
    failure: str | None


def examples(paths: Iterable[Path], rule_folders: Sequence[Path] = ()) -> list[Outcome]:
    """Try every example of the rules in these packs."""
    outcomes = []
    for path in paths:
        vocabulary = load_pack(path, rule_folders)
        own = [rule for rule in vocabulary.rules.values() if Path(rule.location.path) == path]
        outcomes += [_tried(vocabulary, rule, example) for rule in own for example in rule.examples]
    return outcomes


def _tried(vocabulary: Vocabulary, rule: Rule, example: Example) -> Outcome:
    made = scene(vocabulary, rule, example)
    grounded = ground(made, {})
    oracle = Oracle(system(grounded), grounded.claims, frozenset())
    outcome = oracle.outcome(range(len(grounded.claims)))
    refuted = bool(outcome.refutations)
    subject = next((i for i, claim in enumerate(grounded.claims) if claim.premise == rule.id), None)
    checked = any(subject in claims for claims in outcome.checks)
    unbalanced = dict(imbalances(grounded)).get(rule.id)
    failure = None
    if unbalanced is not None:
        lines = unbalanced[0].message.replace("whole.it.", "").splitlines()
        failure = f"means nothing: {'; '.join(' '.join(line.split()) for line in lines)}"
    elif subject is None:
        failure = "does not apply: a part or an attribute that the rule needs is missing"
    elif not refuted and not checked:
        failure = "leaves a quantity of the rule open, so nothing is tried"
    elif example.holds == refuted:
        failure = f"should hold, but fails{_by_how_much(made)}" if refuted else "should fail, but holds"
    where = example.location
    return Outcome(rule.id, where, failure and f"{where}: example of '{rule.id}' {failure}")


def _by_how_much(made: Scenario) -> str:
    """What comes out two ways, both values and their ratio, where there are such."""
    for found in check_scenario(made, Options(limit=1)).contradictions:
        place = found.occurrences[0]
        if len(place.sides) == 2 and place.ratio is not None:
            told = " and ".join(side.shown for side in place.sides)
            name = place.quantity.removeprefix("whole.it.")
            return f": {name} comes out as {told}, a factor {place.ratio:.12g} apart"
    return ""


def scene(vocabulary: Vocabulary, rule: Rule, example: Example) -> Scenario:
    """The smallest scenario in which the rule speaks about the example's values, and nothing else does."""
    where = rule.location
    part_kind = Kind("part of an example", None, {}, where)
    parts = [_entity(f"part{n}", part_kind.name, 1, (), where) for n in range(1, len(example.parts) + 1)]
    for role in rule.roles:
        parts.append(_entity(role.part or role.name, role.kind or part_kind.name, role.count or 1, (), where))
    inner = _entity("it", rule.applies_to, 1, parts, where, rule.when)
    whole = _entity("whole", part_kind.name, 1, [inner], where)
    names = {role.name: f"whole.it.{role.part or role.name}" for role in rule.roles} | {"whole": "whole"}
    given = list(_given(vocabulary, names, "whole.it", example, example.values))
    for number, values in enumerate(example.parts, start=1):
        given += _given(vocabulary, {}, f"whole.it.part{number}", example, values)
    scene = replace(
        vocabulary,
        rules={rule.id: rule},
        kinds={**vocabulary.kinds, part_kind.name: part_kind},
    )
    return Scenario(
        path=where.path,
        title=rule.id,
        source=None,
        vocabulary=scene,
        own_rules=frozenset({rule.id}),
        assume=(),
        systems=(_placed(whole, ""),),
        given=tuple(given),
        parameters={},
        hold=(),
        exceptions=(),
        proposals=(),
        ignored=(),
        expect=None,
    )


def _entity(
    name: str,
    kind: str,
    count: int,
    parts: Sequence[Entity],
    where: Location,
    attributes: Mapping[str, str] | None = None,
) -> Entity:
    stated = {key: Stated(value, where) for key, value in (attributes or {}).items()}
    return Entity(name, name, kind, stated, {}, count, tuple(parts), where)


def _placed(entity: Entity, path: str) -> Entity:
    """The entity with its path and those of its parts written out."""
    path = f"{path}.{entity.name}" if path else entity.name
    return replace(entity, path=path, parts=tuple(_placed(part, path) for part in entity.parts))


def _given(
    vocabulary: Vocabulary,
    roles: Mapping[str, str],
    entity: str,
    example: Example,
    values: Mapping[str, Value],
) -> Iterator[GivenPath]:
    """The values of an example: as good as they are written where it holds, exact where it fails, so that
    neither is so by a lack of digits."""
    where = example.location
    for key, value in values.items():
        owner, _, quantity = key.rpartition(".")
        found = vocabulary.quantities.get(quantity) or vocabulary.quantity_symbols[quantity]
        given = Given(value if example.holds else replace(value, exact=True), "stated", where)
        yield GivenPath(roles[owner] if owner else entity, found[0].name, (given,), where)


# ---------------------------------------------------------------- what scenarios expect


def expectations(report: Report, scenario: Scenario) -> list[str]:
    """Where a report differs from what its scenario expects; empty if nowhere."""
    expect = scenario.expect
    if expect is None:
        return []
    faults = []
    if report.verdict != expect.verdict:
        faults.append(f"the verdict is '{report.verdict}', not '{expect.verdict}'")
    if expect.contradictions is not None:
        faults += _compared("contradiction", report.contradictions, expect.contradictions)
    if expect.tensions is not None:
        faults += _compared("tension", report.tensions, expect.tensions)
    if expect.ways_out is not None:
        found = {frozenset(way.give_up) for way in report.ways_out}
        faults += [f"not a way out: {_set(way)}" for way in expect.ways_out if way not in found]
        faults += [f"way out not expected: {_set(way)}" for way in found - set(expect.ways_out)]
    return faults


def _compared(
    what: str, reported: Iterable[Contradiction], wanted: Iterable[ExpectedContradiction]
) -> Iterator[str]:
    found = {_disputed(one): one for one in reported}
    expected = {one.disputed: one for one in wanted}
    for disputed, one in expected.items():
        if disputed not in found:
            yield f"{what} not found: {_set(disputed)}"
            continue
        worst = found[disputed].occurrences[0]
        for name, size, got in (("ratio", one.ratio, worst.ratio), ("sigma", one.sigma, worst.sigma)):
            if size is not None and (got is None or not math.isclose(got, size, rel_tol=TOLERANCE)):
                yield f"{_set(disputed)}: the {name} is {got}, not {size:g}"
    for disputed in found.keys() - expected.keys():
        yield f"{what} not expected: {_set(disputed)}"


def _disputed(contradiction: Contradiction) -> frozenset[str]:
    return frozenset(claim.id for claim in contradiction.claims if not claim.held)


def _set(names: Iterable[str]) -> str:
    return "{" + ", ".join(sorted(names)) + "}"
