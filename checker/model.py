"""The records that pass between the stages. All are immutable; none knows how it was made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from checker.errors import Location, Mistake
from checker.expression import Equation, Expression, Name
from checker.units import Unit
from checker.value import Value

STATUSES = ("definition", "law", "measurement", "model", "stated", "postulate", "hypothesis")
"""From most to least entrenched."""

SIGNS = ("positive", "nonnegative", "any")

# ---------------------------------------------------------------- what files say


@dataclass(frozen=True, slots=True)
class Quantity:
    """A named magnitude. The name fixes dimension (by `unit`), symbol and sign. Where its declaration states
    no unit, `forced_by` says what forces one on it: "rule 'fall' forces"; None for a pure number."""

    name: str
    symbol: str | None
    unit: Unit
    sign: str
    description: str | None
    location: Location
    forced_by: str | None = None


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
    """A case of a rule. `values` maps names as the equation writes them to values;
    `parts` is one such mapping for each direct part."""

    holds: bool
    values: Mapping[str, Value]
    parts: tuple[Mapping[str, Value], ...]
    location: Location


@dataclass(frozen=True, slots=True)
class Rule:
    """A general claim about every entity that fits. `within` is the relative goodness of the relation itself
    (0.1 for 10 %), None where it is exact; `validity` says, in inequalities, where it holds. `pack` is the
    path of the file it stands in."""

    id: str
    claim: str
    applies_to: str
    when: Mapping[str, str]
    roles: tuple[Role, ...]
    relation: RelationSpec
    within: float | None
    validity: tuple[Equation, ...]
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
class Withheld:
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
class Ignored:
    """A contradiction that the scenario's author accepts, by the premises that it disputes (all of its claims
    where none is disputed), and why; with `strong` false, it is accepted as a tension alone."""

    premises: frozenset[str]
    strong: bool
    reason: str
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
    tensions: tuple[ExpectedContradiction, ...] | None
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
    exceptions: tuple[Withheld, ...]
    proposals: tuple[Proposal, ...]
    ignored: tuple[Ignored, ...]
    expect: Expect | None
    warnings: tuple[str, ...] = field(default=())


# ---------------------------------------------------------------- what grounding makes of it


@dataclass(frozen=True, slots=True)
class Premise:
    """Anything that may be given up. `kind` is "rule", "given" or "attribute"; `text` its claim in words or
    the value as written."""

    id: str
    kind: str
    status: str
    held: bool
    source: str | None
    text: str
    location: Location


@dataclass(frozen=True, slots=True)
class Equates:
    """left `relation` right over grounded names, good to `within` (relative) where it is a model."""

    left: Expression
    relation: str
    right: Expression
    within: float | None
    text: str


@dataclass(frozen=True, slots=True)
class Gives:
    """The quantity `of` has this value, with the doubt that its status implies."""

    of: Name
    value: Value
    status: str


@dataclass(frozen=True, slots=True)
class Quantizes:
    """`of` is a whole number of quanta ("whole": 1, 2, 3 …; "half-whole": ½, 1, 3/2 …)."""

    of: Expression
    quantum: Expression
    number: str
    text: str


@dataclass(frozen=True, slots=True)
class Requires:
    """The attribute of an entity has this value, as stated or as a rule demands."""

    entity: str
    attribute: str
    value: str


Relation = Equates | Gives | Quantizes | Requires


@dataclass(frozen=True, slots=True)
class Claim:
    """A premise as it stands for one entity. `rests_on` holds every premise that must stand for the claim to
    apply: its own, and the stated attributes of its `when`. `limits` are the inequalities within which its
    rule holds; they are not claimed."""

    premise: str
    entity: str
    rests_on: frozenset[str]
    relations: tuple[Relation, ...]
    limits: tuple[Equates, ...] = ()


@dataclass(frozen=True, slots=True)
class NotApplied:
    """A rule that makes no claim: anywhere (`entity` None), or for one entity that it would fit."""

    rule: str
    entity: str | None
    why: str


@dataclass(frozen=True, slots=True)
class Grounded:
    """A scenario's claims for one case of its parameters.

    `signs` gives each quantity's sign by grounded name, `defaults` the values that kinds supply (held, no
    premises), `constants` and `parameters` those that the claims use, `quanta` the quantum of each rule that
    counts in one.
    """

    claims: tuple[Claim, ...]
    premises: Mapping[str, Premise]
    defaults: Mapping[Name, Given]
    constants: Mapping[str, Constant]
    parameters: Mapping[str, Value]
    quantities: Mapping[Name, Quantity]
    quanta: Mapping[str, Expression]
    not_applied: tuple[NotApplied, ...]
    withheld: tuple[Withheld, ...]
    warnings: tuple[str, ...]


# ---------------------------------------------------------------- what the report says


@dataclass(frozen=True, slots=True)
class ClaimRef:
    """A premise that takes part in a contradiction, and at which entities. `text` is its claim in words, the
    value as written or what is stated."""

    id: str
    status: str
    held: bool
    entities: tuple[str, ...]
    path: str
    line: int
    column: int
    source: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a derivation: the claim, its equation, and what it gives: a value of `quantity`, where that
    is one and no expression."""

    claim: str
    entity: str
    equation: str
    gives: str
    quantity: str = ""


@dataclass(frozen=True, slots=True)
class Side:
    """One of the values a quantity comes out as. `value` is coherent SI, None where only a symbolic form
    exists; `bound` marks the nearest end of a range; `uncertainty` is the standard uncertainty that stated
    ones leave in it."""

    value: float | None
    unit: str
    shown: str
    exact: str | None
    claims: tuple[str, ...]
    steps: tuple[Step, ...]
    bound: bool = False
    uncertainty: float | None = None


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a number comes from that no claim states: that of a "constant", or one that a "kind" supplies.
    `source` is what its file says, or else the place in it."""

    name: str
    value: str
    source: str
    of: str


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A place where a conflict occurs."""

    entities: tuple[str, ...]
    quantity: str
    sides: tuple[Side, ...]
    ratio: float | None
    ratio_exact: str | None
    sigma: float | None


@dataclass(frozen=True, slots=True)
class Multiplied:
    """A relation's part in a certificate; `equation` over full names, to be taken `multiplier` times."""

    claim: str
    entity: str
    equation: str
    multiplier: int


@dataclass(frozen=True, slots=True)
class Certificate:
    """The proof of an exact contradiction: relations that leave `conclusion`, which is impossible, when each
    is raised to its multiplier and all are multiplied ("product"), or each is taken that many times and all
    are added ("linear"). `values` are what names in them stand for that are no unknowns, in coherent SI."""

    form: str
    relations: tuple[Multiplied, ...]
    conclusion: str
    values: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Limit:
    """A claim whose rule holds only where `condition` is met: `status` is "outside" where it is not,
    "unknown" where that could not be told. `shown` is what its sides come out as."""

    rule: str
    entity: str
    condition: str
    status: str
    shown: str | None


@dataclass(frozen=True, slots=True, repr=False)
class Contradiction:
    """A conflict of premises with its proof; `occurrences` are worst first, the first is the one shown, and
    the one that the certificate is for, in which laws are used `outside` their limits, and whose numbers have
    the `origins`. `case` has the values of the parameters for its numbers. `accepted` is the reason that
    somebody gives for living with it."""

    id: str
    kind: str
    proof: str
    claims: tuple[ClaimRef, ...]
    occurrences: tuple[Occurrence, ...]
    vanishes_when: str | None = None
    note: str | None = None
    certificate: Certificate | None = None
    outside: tuple[Limit, ...] = ()
    origins: tuple[Origin, ...] = ()
    case: Mapping[str, float | int] = field(default_factory=dict)
    accepted: str | None = None

    def __repr__(self) -> str:
        worst = self.occurrences[0]
        sides = " | ".join(side.shown for side in worst.sides)
        size = (worst.sigma, "σ apart") if worst.sigma is not None else (worst.ratio, "times")
        distance = "" if size[0] is None else f", {size[0]:.3g} {size[1]}"
        return f"<{self.id} {self.kind} {worst.quantity}: {sides}{distance}>"


@dataclass(frozen=True, slots=True)
class Consequence:
    """What a quantity comes out as once premises are given up; `value` None where it is not determined, and
    then the `range` that is left, if it is known, None for an end that is open. `uncertainty` is the standard
    uncertainty that stated ones leave in it."""

    value: float | None
    unit: str
    exact: str | None
    shown: str
    range: tuple[float | None, float | None] | None = None
    uncertainty: float | None = None


@dataclass(frozen=True, slots=True, repr=False)
class WayOut:
    """A minimal set of premises to give up; `menu` counts groups of contradictions that share no premise.
    Where `left_open`, it could not be decided whether what remains of their claims holds together.
    `case` has the values of the parameters for the numbers in `then`."""

    menu: int
    settles: tuple[str, ...]
    give_up: tuple[str, ...]
    then: Mapping[str, Consequence]
    case: Mapping[str, float | int] = field(default_factory=dict)
    left_open: bool = False

    def __repr__(self) -> str:
        # what is said of an equation's left side is said of any expression, however long
        left = {quantity: "the left side" if " " in quantity else quantity for quantity in self.then}
        then = "; ".join(f"{left[quantity]} = {one.shown}" for quantity, one in self.then.items())
        return f"<give up {', '.join(self.give_up)}{f': {then}' if then else ''}>"


@dataclass(frozen=True, slots=True)
class Judged:
    """A proposal, tried: it works, or these contradictions remain."""

    name: str
    give_up: tuple[str, ...]
    works: bool
    leaves: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Predicted:
    """What the other claims make of a given value, as shown and in closed form, for a case of the parameters:
    it "agrees", is in "tension" with them or "contradicts" them by a `ratio` or so many standard deviations,
    or is left "open"."""

    premise: str
    quantity: str
    stated: str
    case: Mapping[str, float | int]
    status: str
    predicted: tuple[str, str | None] | None
    ratio: float | None
    sigma: float | None


@dataclass(frozen=True, slots=True)
class Pull:
    """A stated value in a joint fit: `pull` is how many standard deviations it lies above what all others
    make of its quantity, None where they say nothing. `premise` is that of a given, or a constant's name."""

    premise: str
    stated: str
    pull: float | None


@dataclass(frozen=True, slots=True)
class Adjusted:
    """A quantity's value and standard uncertainty in a joint fit, in coherent SI."""

    value: float
    uncertainty: float
    unit: str
    shown: str


@dataclass(frozen=True, slots=True)
class Agreement:
    """How well values fit: `chi2` is the least Σ(shift/σ)², to be expected near the degrees of freedom `dof`,
    and `p` the probability of a larger one by chance; `birge` is √(χ²/dof), the factor by which all
    uncertainties would have to be larger. A `misfit` is less probable than a tension."""

    chi2: float
    dof: int
    p: float
    birge: float
    misfit: bool


@dataclass(frozen=True, slots=True)
class JointFit:
    """The values that fit uncertain claims best which redundancy ties to each other, and how well they do.
    `pulls` has the largest first. Where no fit was found, `agreement` is None."""

    claims: tuple[str, ...]
    agreement: Agreement | None
    pulls: tuple[Pull, ...]
    adjusted: Mapping[str, Adjusted]


@dataclass(frozen=True, slots=True)
class End:
    """One end of a range, in coherent SI, and premises that make it, as few as one pass over them tells."""

    value: float
    shown: str
    premises: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Narrowed:
    """A quantity that claims leave a narrower range than any one of them; None for an end that is open."""

    quantity: str
    unit: str
    low: End | None
    high: End | None


@dataclass(frozen=True, slots=True)
class Case:
    parameters: Mapping[str, float | int]
    verdict: str


@dataclass(frozen=True, slots=True)
class Unsettled:
    """A claim that no residual has cross-checked, and why. `status` is one of unchecked, undetermined,
    not_applied, withheld."""

    status: str
    claim: str
    entity: str | None
    why: str


@dataclass(frozen=True, slots=True)
class QuantityNode:
    """A quantity in the dependency graph: `shown` is what it comes out as among claims that agree, None where
    that is open, `exact` its closed form; `contradictions` has the ids of those (tensions too) in which it
    comes out two ways."""

    path: str
    symbol: str | None
    shown: str | None
    exact: str | None
    contradictions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ClaimNode:
    """A claim in the dependency graph. `id` is `premise @ entity`, and has a number where several claims of a
    rule speak about one entity; `text` its equations or its value as written, `standing` what coverage says
    of it, `contradictions` the ids of those (tensions too) that it takes part in."""

    id: str
    premise: str
    entity: str
    text: str
    status: str
    held: bool
    standing: str
    contradictions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """A claim "gives" a quantity that follows from it, "needs" one that it takes to give or check another, or
    "checks" one that was known without it; it "ties" those that stay open or that are found together with
    others, by simultaneous claims."""

    claim: str
    quantity: str
    role: str


@dataclass(frozen=True, slots=True)
class Network:
    """The dependency graph of claims and quantities. No names of nodes occur twice."""

    quantities: tuple[QuantityNode, ...]
    claims: tuple[ClaimNode, ...]
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A network, or what of it is near `center`: a quantity, or the quantity or claim in which the `sides` of
    the contradiction `found` meet, each with what it comes out as. `on` has the sides, by number, that nodes
    and links take part in. Of what belongs to it, `left_out` nodes that are further away are not in it."""

    network: Network
    center: str | None = None
    found: str | None = None
    kind: str = "value"
    sides: tuple[str, ...] = ()
    on: Mapping[str | Link, tuple[int, ...]] = field(default_factory=dict)
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class Report:
    """All there is to say about one scenario. `agreement` is that of all joint fits taken together; `symbols`
    are those of the quantities by name. `network` is there if it was asked for."""

    path: str
    title: str
    source: str | None
    verdict: str
    contradictions: tuple[Contradiction, ...] = ()
    tensions: tuple[Contradiction, ...] = ()
    ways_out: tuple[WayOut, ...] = ()
    proposals: tuple[Judged, ...] = ()
    double_standards: tuple[Withheld, ...] = ()
    coverage: Mapping[str, int] = field(default_factory=dict)
    unsettled: tuple[Unsettled, ...] = ()
    limits: tuple[Limit, ...] = ()
    fits: tuple[JointFit, ...] = ()
    agreement: Agreement | None = None
    narrowed: tuple[Narrowed, ...] = ()
    cases: tuple[Case, ...] = ()
    assumptions: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    incomplete: bool = False
    interrupted: bool = False
    assume: tuple[str, ...] = ()
    case: Mapping[str, float | int] = field(default_factory=dict)
    values: Mapping[str, Consequence] = field(default_factory=dict)
    predictions: tuple[Predicted, ...] = ()
    symbols: Mapping[str, str] = field(default_factory=dict)
    network: Network | None = None


@dataclass(frozen=True, slots=True)
class Broken:
    """A file that could not be checked, and the mistakes that are in the way."""

    path: str
    mistakes: tuple[Mistake, ...]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value of a quantity in coherent SI, as somebody states it or as it follows from `claims`: with its
    standard `uncertainty`, if it has one, and the `ends` between which rounding and bounds let it lie, None
    for an end that is open. `shown` is for people, `exact` the closed form, if there is one."""

    label: str
    stated: bool
    value: float | None
    uncertainty: float | None
    ends: tuple[float | None, float | None] | None
    shown: str
    exact: str | None
    source: str | None
    claims: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Forest:
    """All estimates of one quantity, and the value that a joint fit adjusts it to, with how well it fits.
    `unit` is the one people read it in: a magnitude in it times `factor`, plus `zero`, is coherent SI."""

    title: str
    quantity: str
    unit: str
    factor: float
    zero: float
    estimates: tuple[Estimate, ...]
    adjusted: Adjusted | None
    agreement: Agreement | None
    case: Mapping[str, float | int]


@dataclass(frozen=True, slots=True)
class WaysApart:
    """How two ways in which a quantity follows, by number, compare: they "agree", are in "tension" or
    "contradict" each other, by a `ratio` or by standard deviations, or by what they say of something else."""

    one: int
    other: int
    how: str
    ratio: float | None
    ratio_exact: str | None
    sigma: float | None


@dataclass(frozen=True, slots=True)
class Speaks:
    """A claim, `premise @ entity`, that speaks about a quantity, and the other quantities in it that are left
    open; where none is, `why` it gives no value, if that is known."""

    claim: str
    equation: str
    needs: tuple[str, ...]
    why: str | None


@dataclass(frozen=True, slots=True)
class Why:
    """Every way in which a quantity follows, each from a minimal set of claims, and the further claims that
    speak about it. Where not `complete`, more ways may exist, or a long one may rest on fewer claims.
    `by_kind` is its value where no claim but its kind gives it one."""

    path: str
    title: str
    quantity: str
    symbol: str | None
    ways: tuple[Side, ...]
    apart: tuple[WaysApart, ...]
    complete: bool
    speaking: tuple[Speaks, ...]
    sources: Mapping[str, str | None]
    by_kind: str | None
    case: Mapping[str, float | int]


@dataclass(frozen=True, slots=True)
class Difference:
    """What a change makes of a report: the verdicts before and after, the contradictions that appear,
    disappear or change (before, after), the quantities that get a value, lose it or change it, and the laws
    that are `outside` their limits now, or `inside` again."""

    verdicts: tuple[str, str]
    appear: tuple[Contradiction, ...]
    disappear: tuple[Contradiction, ...]
    change: tuple[tuple[Contradiction, Contradiction], ...]
    determined: Mapping[str, str]
    undetermined: Mapping[str, str]
    values: Mapping[str, tuple[str, str]]
    outside: tuple[Limit, ...]
    inside: tuple[Limit, ...]
