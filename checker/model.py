"""The records that pass between the stages. All are immutable; none knows how it was made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from checker.errors import Location
from checker.expression import Equation, Expression
from checker.units import Unit
from checker.value import Value

STATUSES = ("definition", "law", "measurement", "model", "stated", "postulate", "hypothesis")
"""From most to least entrenched."""

SIGNS = ("positive", "nonnegative", "any")

# ---------------------------------------------------------------- what files say


@dataclass(frozen=True, slots=True)
class Quantity:
    """A named magnitude. The name fixes dimension (by `unit`), symbol and sign."""

    name: str
    symbol: str | None
    unit: Unit
    sign: str
    description: str | None
    location: Location


@dataclass(frozen=True, slots=True)
class Constant:
    """A value shared by all entities. `value` may be an expression of other constants."""

    name: str
    symbol: str | None
    value: Value
    source: str | None
    location: Location


@dataclass(frozen=True, slots=True)
class Given:
    """A value as somebody stated it, for an entity or as a kind's default."""

    value: Value
    status: str
    location: Location
    source: str | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Kind:
    """What an entity is. `defaults` are this kind's own, not its parent's."""

    name: str
    parent: str | None
    defaults: Mapping[str, Given]
    location: Location


@dataclass(frozen=True, slots=True)
class Role:
    """A part that a rule speaks of: by `kind` (children included; exactly `count` alike, if given) or by the
    part's own name."""

    name: str
    kind: str | None
    part: str | None
    count: int | None
    location: Location


@dataclass(frozen=True, slots=True)
class EquationRelation:
    """One or several equations or inequalities that hold together."""

    equations: tuple[Equation, ...]
    locations: tuple[Location, ...]


@dataclass(frozen=True, slots=True)
class AdditiveRelation:
    """The named quantity of a system is the sum over its direct parts."""

    quantity: str
    location: Location


@dataclass(frozen=True, slots=True)
class QuantumRelation:
    """`of` = number · `quantum`; `number` is "whole", "half-whole" or an expression."""

    of: Expression
    quantum: Expression
    number: str | Expression
    location: Location
    text: str


@dataclass(frozen=True, slots=True)
class AttributeRelation:
    """What stated attributes must be."""

    required: Mapping[str, str]
    location: Location


RelationSpec = EquationRelation | AdditiveRelation | QuantumRelation | AttributeRelation


@dataclass(frozen=True, slots=True)
class Example:
    """A case of a rule with exact values. `values` maps names as the equation writes them to values;
    `parts` is one such mapping for each direct part."""

    holds: bool
    values: Mapping[str, Value]
    parts: tuple[Mapping[str, Value], ...]
    location: Location


@dataclass(frozen=True, slots=True)
class Rule:
    """A general claim about every entity that fits. `within` is the relative goodness of the relation itself
    (0.1 for 10 %), None where it is exact. `pack` is the path of the file it stands in."""

    id: str
    claim: str
    applies_to: str
    when: Mapping[str, str]
    roles: tuple[Role, ...]
    relation: RelationSpec
    within: float | None
    status: str
    source: str | None
    examples: tuple[Example, ...]
    note: str | None
    location: Location
    pack: str


@dataclass(frozen=True, slots=True)
class Attribute:
    """A declared attribute and the values it may have."""

    name: str
    values: tuple[str, ...]
    location: Location


@dataclass(frozen=True, slots=True)
class Stated:
    """An attribute's value as a scenario states it."""

    value: str
    location: Location


@dataclass(frozen=True, slots=True)
class Entity:
    """A particle or a system. `path` is dotted from the root; `count` is how many alike it stands for: a
    number or a parameter's name. `quantities` are its own values."""

    path: str
    name: str
    kind: str
    attributes: Mapping[str, Stated]
    quantities: Mapping[str, tuple[Given, ...]]
    count: int | str
    parts: tuple[Entity, ...]
    location: Location


@dataclass(frozen=True, slots=True)
class GivenPath:
    """An entry of `given`: the quantity of an entity and the values stated for it."""

    entity: str
    quantity: str
    values: tuple[Given, ...]
    location: Location


@dataclass(frozen=True, slots=True)
class Exception_:
    """A rule withheld from an entity that it fits, and why."""

    rule: str
    entity: str
    reason: str
    location: Location


@dataclass(frozen=True, slots=True)
class Proposal:
    """A way out that somebody proposes: premises to give up."""

    name: str
    give_up: tuple[str, ...]
    location: Location


@dataclass(frozen=True, slots=True)
class ExpectedContradiction:
    disputed: frozenset[str]
    ratio: float | None = None
    sigma: float | None = None


@dataclass(frozen=True, slots=True)
class Expect:
    """What a scenario's author expects; None where nothing is said."""

    verdict: str
    contradictions: tuple[ExpectedContradiction, ...] | None
    ways_out: tuple[frozenset[str], ...] | None
    location: Location


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Everything the packs in use define, by name.

    `quantities` and `symbols` map to every distinct definition found, so that a name with two meanings is
    an error only where it is used. `rules` holds all rules of all packs, on trial or not.
    """

    quantities: Mapping[str, tuple[Quantity, ...]]
    quantity_symbols: Mapping[str, tuple[Quantity, ...]]
    constants: Mapping[str, tuple[Constant, ...]]
    constant_symbols: Mapping[str, tuple[Constant, ...]]
    attributes: Mapping[str, Attribute]
    kinds: Mapping[str, Kind]
    rules: Mapping[str, Rule]


@dataclass(frozen=True, slots=True)
class Scenario:
    """A scenario with the vocabulary it uses, every name in it known to exist.

    `assume`: ids of the packs' postulates and hypotheses on trial. `own_rules`: ids of the scenario's own
    rules, which always apply. `hold`: statuses and premise ids that may not be given up, None for the
    default (definitions and laws). `parameters`: name → values.
    """

    path: str
    title: str
    source: str | None
    vocabulary: Vocabulary
    own_rules: frozenset[str]
    assume: tuple[str, ...]
    systems: tuple[Entity, ...]
    given: tuple[GivenPath, ...]
    parameters: Mapping[str, tuple[Value, ...]]
    hold: tuple[str, ...] | None
    exceptions: tuple[Exception_, ...]
    proposals: tuple[Proposal, ...]
    expect: Expect | None
    warnings: tuple[str, ...] = field(default=())
