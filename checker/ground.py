"""Rules × entities → claims: every name in a rule replaced by the quantity of a particular entity.

One claim per entity that fits, and per combination of distinct parts for a rule's roles.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product
from linecache import getline
from math import prod

from checker.dimension import Dimension
from checker.errors import InputError, Mistake
from checker.expression import (
    Call,
    Equation,
    Expression,
    Name,
    Number,
    Product,
    Sum,
    dimension_of,
    names,
    normal,
    substitute,
)
from checker.model import (
    AdditiveRelation,
    AttributeRelation,
    Claim,
    Constant,
    Entity,
    Equates,
    EquationRelation,
    Given,
    Gives,
    Grounded,
    Kind,
    NotApplied,
    Premise,
    Quantity,
    Quantizes,
    QuantumRelation,
    Relation,
    Requires,
    Role,
    Rule,
    Scenario,
    Stated,
    Vocabulary,
)
from checker.value import Value

ON_TRIAL = frozenset({"postulate", "hypothesis"})
HELD_BY_DEFAULT = frozenset({"definition", "law"})
MAX_COMBINATIONS = 20_000
AGGREGATES = frozenset({"sum", "min", "max", "count"})


def ground(scenario: Scenario, case: Mapping[str, Value]) -> Grounded:
    """The claims that `scenario` makes when its parameters have the values of `case`."""
    return _Grounding(scenario, case).result()


def entities(systems: tuple[Entity, ...]) -> Iterator[Entity]:
    """All entities, each before its parts."""
    waiting = list(reversed(systems))
    while waiting:
        entity = waiting.pop()
        yield entity
        waiting.extend(reversed(entity.parts))


def dimensions(grounded: Grounded) -> Callable[[Name], Dimension]:
    """The dimension of each grounded name."""
    shared: dict[str, Dimension] = {}

    def dimension(name: Name) -> Dimension:
        if len(name.parts) == 2:
            return grounded.quantities[name].unit.dimension
        (one,) = name.parts
        if one not in shared:
            value = grounded.parameters.get(one) or grounded.constants[one].value
            if value.unit is not None:
                shared[one] = value.unit.dimension
            else:
                assert value.expression is not None
                shared[one] = dimension_of(value.expression, dimension)
        return shared[one]

    return dimension


def expressions(relation: Relation) -> Iterator[Expression]:
    """What a grounded relation is written in."""
    match relation:
        case Equates(left=left, right=right):
            yield from (left, right)
        case Quantizes(of=of, quantum=quantum):
            yield from (of, quantum)
        case Gives(value=value) if value.expression is not None:
            yield value.expression


def kind_chain(vocabulary: Vocabulary, kind: str) -> tuple[str, ...]:
    """A kind and its ancestors, nearest first."""
    chain = [kind]
    while (parent := vocabulary.kinds[chain[-1]].parent) is not None:
        chain.append(parent)
    return tuple(chain)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a rule is applied: the entity, its containing system and the parts in its roles."""

    entity: Entity
    whole: Entity | None
    roles: Mapping[str, Entity]


class _MisfitError(Exception):
    """Why a rule makes no claim for an entity that it would fit."""


class _Grounding:
    def __init__(self, scenario: Scenario, case: Mapping[str, Value]) -> None:
        self.scenario = scenario
        self.vocabulary = scenario.vocabulary
        self.case = case
        self.entities = {entity.path: entity for entity in entities(scenario.systems)}
        self.wholes = {part.path: whole for whole in self.entities.values() for part in whole.parts}
        self.chains = {
            kind: kind_chain(self.vocabulary, kind) for kind in {e.kind for e in self.entities.values()}
        }
        self.by_name = {name: found[0] for name, found in self.vocabulary.quantities.items()}
        self.by_symbol = {normal(name): found[0] for name, found in self.vocabulary.quantity_symbols.items()}
        self.constants_by_any_name: dict[str, Constant] = {
            normal(name): found[0]
            for names in (self.vocabulary.constant_symbols, self.vocabulary.constants)
            for name, found in names.items()
        }
        self.used_quantities: dict[Name, Quantity] = {}
        self.used_constants: dict[str, Constant] = {}
        self.used_parameters: set[str] = set()
        self.quanta: dict[str, Expression] = {}
        self.warnings: list[str] = []

    def result(self) -> Grounded:
        rules = [
            rule
            for rule in self.vocabulary.rules.values()
            if rule.id in self.scenario.own_rules
            or rule.status not in ON_TRIAL
            or rule.id in self.scenario.assume
        ]
        exceptions = {(e.rule, e.entity): e for e in self.scenario.exceptions}
        withheld, not_applied = [], []
        applied: list[tuple[Rule, _Place]] = []
        for rule in rules:
            misfits: list[NotApplied] = []
            count = len(applied)
            for entity in self.entities.values():
                if rule.applies_to not in self.chains[entity.kind]:
                    continue
                try:
                    places = list(self._places(rule, entity))
                except _MisfitError as misfit:
                    misfits.append(NotApplied(rule.id, entity.path, str(misfit)))
                    continue
                exception = exceptions.pop((rule.id, entity.path), None)
                if exception:
                    withheld.append(exception)
                else:
                    applied.extend((rule, place) for place in places)
            if len(applied) == count and not any(e.rule == rule.id for e in withheld):
                why = misfits[0].why if misfits else f"no entity is of kind '{rule.applies_to}'"
                not_applied.append(NotApplied(rule.id, None, why))
            self.warnings.extend(
                f"rule '{misfit.rule}' fits {misfit.entity}, but {misfit.why}"
                for misfit in misfits
                if misfit.why.startswith("it finds")
            )
        self.warnings.extend(
            f"'except' withholds '{e.rule}' from {e.entity}, to which it does not apply"
            for e in exceptions.values()
        )
        spoken_of = {
            (place.entity.path, attribute)
            for rule, place in applied
            if isinstance(rule.relation, AttributeRelation)
            for attribute in rule.relation.required
        }
        claims = [self._claim(rule, place, spoken_of) for rule, place in applied]
        given = list(self._given())
        stated = [
            (f"{entity.path}.{name}", entity, name, attribute)
            for entity in self.entities.values()
            for name, attribute in entity.attributes.items()
        ]
        claims += [claim for claim, _ in given]
        claims += [
            Claim(path, entity.path, frozenset({path}), (Requires(entity.path, name, attribute.value),))
            for path, entity, name, attribute in stated
        ]
        premises = {rule.id: self._rule_premise(rule) for rule, _ in applied}
        premises |= {premise.id: premise for _, premise in given}
        premises |= {path: self._attribute_premise(path, attribute) for path, _, _, attribute in stated}
        defaults = dict(self._defaults())
        constants = self._with_definitions(self.used_constants)
        self.warnings.extend(self._unused(constants))
        return Grounded(
            claims=tuple(claims),
            premises=premises,
            defaults=defaults,
            constants=constants,
            parameters=self.case,
            quantities=self.used_quantities,
            quanta=dict(self.quanta),
            not_applied=tuple(not_applied),
            withheld=tuple(withheld),
            warnings=tuple(self.warnings),
        )

    def _unused(self, constants: Mapping[str, Constant]) -> Iterator[str]:
        """What the scenario itself declares and neither its claims nor its rules speak of."""
        rules = self.vocabulary.rules.values()
        mentioned = {normal(part) for rule in rules for name in _names_of(rule) for part in name.parts}
        mentioned |= {one.relation.quantity for one in rules if isinstance(one.relation, AdditiveRelation)}
        mentioned |= {quantity.name for quantity in self.used_quantities.values()} | constants.keys()
        mentioned |= self.used_parameters
        applies = {rule.applies_to for rule in rules}
        mentioned |= applies.union(*(self.chains[entity.kind] for entity in self.entities.values()))
        declared: dict[str, Mapping[str, Sequence[Quantity | Constant | Kind]]] = {
            "quantity": self.vocabulary.quantities,
            "constant": self.vocabulary.constants,
            "kind": {name: (kind,) for name, kind in self.vocabulary.kinds.items()},
        }
        for what, table in declared.items():
            for name, (one, *_) in table.items():
                words = {name, normal(name), normal(getattr(one, "symbol", None) or name)}
                if one.location.path == self.scenario.path and not words & mentioned:
                    yield f"{what} '{name}' is declared, and nothing uses it"
        for name in self.case:
            if name not in mentioned:
                yield f"parameter '{name}' is declared, and nothing uses it"

    # -------------------------------------------------------- where a rule applies

    def _places(self, rule: Rule, entity: Entity) -> Iterator[_Place]:
        """The combinations of parts for which `rule` speaks about `entity`; none where `when` excludes it."""
        for name, value in rule.when.items():
            stated = entity.attributes.get(name)
            if stated is None or stated.value != value:
                raise _MisfitError(f"{name} is not {value}")
        whole = self.wholes.get(entity.path)
        if isinstance(rule.relation, AdditiveRelation) and not entity.parts:
            raise _MisfitError("it has no parts")
        if whole is None and any("whole" in name.parts[:1] for name in _names_of(rule)):
            raise _MisfitError("it is part of no system")
        if not entity.parts and any("parts" in name.parts[:1] for name in _names_of(rule)):
            raise _MisfitError("it has no parts")
        inner = list(entities(entity.parts))
        candidates = [[part for part in inner if self._fits(part, role)] for role in rule.roles]
        self._check_combinations(rule, candidates)
        enough = len({part.path for found in candidates for part in found}) >= len(candidates)
        combinations = (
            []
            if not enough
            else [chosen for chosen in product(*candidates) if len({p.path for p in chosen}) == len(chosen)]
        )
        if not combinations:
            unfilled = [role for role, found in zip(rule.roles, candidates, strict=True) if not found]
            wanted = ", ".join(_wanted(role) for role in unfilled or rule.roles)
            raise _MisfitError(f"it finds no part for {wanted}")
        for chosen in combinations:
            yield _Place(
                entity, whole, {role.name: part for role, part in zip(rule.roles, chosen, strict=True)}
            )

    def _check_combinations(self, rule: Rule, candidates: list[list[Entity]]) -> None:
        """Refuse a rule with more ways to fill its roles than anybody can mean."""
        if len({part.path for found in candidates for part in found}) < len(candidates):
            return
        if prod(len(found) for found in candidates) > MAX_COMBINATIONS:
            message = f"the roles of '{rule.id}' can be filled in more than {MAX_COMBINATIONS} ways"
            line = getline(rule.location.path, rule.location.line).rstrip("\n") or None
            raise InputError(
                [
                    Mistake(
                        "too-many-combinations",
                        message,
                        rule.location,
                        "let roles name parts, or fewer kinds",
                        line,
                    )
                ]
            )

    def _fits(self, part: Entity, role: Role) -> bool:
        if role.part is not None and part.name != role.part:
            return False
        if role.kind is not None and role.kind not in self.chains[part.kind]:
            return False
        return role.count is None or role.count == self._count_number(part)

    def _count_number(self, part: Entity) -> Fraction | None:
        return Fraction(part.count) if isinstance(part.count, int) else self.case[part.count].number

    # -------------------------------------------------------- what it claims there

    def _claim(self, rule: Rule, place: _Place, spoken_of: set[tuple[str, str]]) -> Claim:
        path = place.entity.path
        conditions = {f"{path}.{name}" for name in rule.when if (path, name) in spoken_of}
        rests_on = frozenset({rule.id, *conditions})
        relations = tuple(self._relations(rule, place))
        limits = tuple(self._equates(equation, place, None) for equation in rule.validity)
        return Claim(rule.id, path, rests_on, relations, limits)

    def _relations(self, rule: Rule, place: _Place) -> Iterator[Relation]:
        match rule.relation:
            case EquationRelation(equations=equations):
                yield from (self._equates(equation, place, rule.within) for equation in equations)
            case AdditiveRelation(quantity=quantity):
                whole = self._quantity(place.entity, quantity)
                parts = Call("sum", (Name(("parts", quantity)),))
                text = f"{quantity} = sum(parts.{quantity})"
                yield Equates(whole, "=", self._grounded(parts, place), rule.within, text)
            case QuantumRelation(of=of, quantum=quantum, number=number, text=text):
                of, quantum = self._grounded(of, place), self._grounded(quantum, place)
                self.quanta[rule.id] = quantum
                if isinstance(number, str):
                    yield Quantizes(of, quantum, number, text)
                else:
                    total = quantum
                    if number != Number(Fraction(1)):
                        total = Product((self._grounded(number, place), quantum))
                    yield Equates(of, "=", total, rule.within, text)
            case AttributeRelation(required=required):
                for name, value in required.items():
                    yield Requires(place.entity.path, name, value)

    def _equates(self, equation: Equation, place: _Place, within: float | None) -> Equates:
        left, right = (self._grounded(side, place) for side in (equation.left, equation.right))
        return Equates(left, equation.relation, right, within, equation.text)

    def _grounded(self, expression: Expression, place: _Place, part: Entity | None = None) -> Expression:
        """`expression` with every name replaced; inside an aggregate `part` is the part at hand."""
        match expression:
            case Name():
                return self._name(expression, place, part)
            case Number():
                return expression
            case Sum(terms=terms):
                return Sum(tuple(self._grounded(term, place, part) for term in terms))
            case Product(factors=factors):
                return Product(tuple(self._grounded(factor, place, part) for factor in factors))
            case Call(function=function, arguments=arguments) if function in AGGREGATES and _over_parts(
                expression
            ):
                parts = place.entity.parts
                counts = tuple(self._count(one) for one in parts)
                if function == "count":
                    return Sum(counts)
                values = tuple(self._grounded(arguments[0], place, one) for one in parts)
                if function == "sum":
                    return Sum(tuple(_times(n, value) for n, value in zip(counts, values, strict=True)))
                return Call(function, values)
            case Call(function=function, arguments=arguments):
                return Call(function, tuple(self._grounded(one, place, part) for one in arguments))
            case _:
                base = self._grounded(expression.base, place, part)
                return type(expression)(base, self._grounded(expression.exponent, place, part))

    def _name(self, name: Name, place: _Place, part: Entity | None) -> Name:
        head, *rest = name.parts
        if not rest:
            return self._plain(head, place.entity)
        owner = place.roles.get(head) or {"whole": place.whole, "parts": part}.get(head)
        assert owner is not None, name  # the loader has looked every name up
        return self._quantity(owner, rest[0])

    def _plain(self, name: str, entity: Entity) -> Name:
        if name in self.by_name or name in self.by_symbol:
            return self._quantity(entity, name)
        return self._shared(name)

    def _quantity(self, entity: Entity, name: str) -> Name:
        quantity = self.by_name.get(name) or self.by_symbol[name]
        grounded = Name((entity.path, quantity.name))
        self.used_quantities[grounded] = quantity
        return grounded

    def _shared(self, name: str) -> Name:
        if name in self.case:
            self.used_parameters.add(name)
            return Name((name,))
        constant = self.constants_by_any_name[name]
        self.used_constants[constant.name] = constant
        return Name((constant.name,))

    def _count(self, part: Entity) -> Expression:
        return Number(Fraction(part.count)) if isinstance(part.count, int) else self._shared(part.count)

    # -------------------------------------------------------- what is given

    def _given(self) -> Iterator[tuple[Claim, Premise]]:
        for entity in self.entities.values():
            for quantity, values in entity.quantities.items():
                yield from self._givens(entity, quantity, values)
        for entry in self.scenario.given:
            yield from self._givens(self.entities[entry.entity], entry.quantity, entry.values)

    def _givens(
        self, entity: Entity, quantity: str, values: tuple[Given, ...]
    ) -> Iterator[tuple[Claim, Premise]]:
        of = self._quantity(entity, quantity)
        for given in values:
            path = ".".join(of.parts)
            id_ = f"{path}@{given.name}" if given.name else path
            relation = Gives(of, self._value(given.value), given.status)
            held = self._held(id_, given.status)
            premise = Premise(
                id_, "given", given.status, held, given.source, given.value.text, given.location
            )
            yield Claim(id_, entity.path, frozenset({id_}), (relation,)), premise

    def _value(self, value: Value) -> Value:
        """A value with the names in its expression looked up."""
        if value.expression is None:
            return value
        expression = substitute(value.expression, lambda name: self._shared(name.parts[0]))
        return replace(value, expression=expression)

    def _defaults(self) -> Iterator[tuple[Name, Given]]:
        """The kinds' values for quantities that claims use; what a scenario gives itself replaces them."""
        stated = {(entry.entity, entry.quantity) for entry in self.scenario.given}
        for entity in self.entities.values():
            seen: set[str] = set()
            for kind in self.chains[entity.kind]:
                for quantity, given in self.vocabulary.kinds[kind].defaults.items():
                    quantity = (self.by_name.get(quantity) or self.by_symbol[quantity]).name
                    if quantity in seen:
                        continue
                    seen.add(quantity)
                    name = Name((entity.path, quantity))
                    if quantity in entity.quantities or (entity.path, quantity) in stated:
                        self.warnings.append(
                            f"{entity.path}.{quantity}: the value given replaces the default of kind '{kind}'"
                        )
                    elif name in self.used_quantities:
                        yield (
                            name,
                            Given(
                                self._value(given.value),
                                given.status,
                                given.location,
                                given.source,
                                given.name,
                            ),
                        )

    def _with_definitions(self, used: dict[str, Constant]) -> dict[str, Constant]:
        """The constants used, and those that their defining expressions use, names looked up."""
        found: dict[str, Constant] = {}
        waiting = list(used)
        while waiting:
            name = waiting.pop()
            if name in found:
                continue
            constant = self.vocabulary.constants[name][0]
            value = self._value(constant.value)
            found[name] = replace(constant, value=value)
            if value.expression is not None:
                waiting.extend(one.parts[0] for one in names(value.expression))
        return found

    # -------------------------------------------------------- premises

    def _rule_premise(self, rule: Rule) -> Premise:
        # the limits of a law are part of what is claimed: it is beyond dispute only where somebody says so
        held = self._held(rule.id, "" if rule.validity else rule.status)
        return Premise(rule.id, "rule", rule.status, held, rule.source, rule.claim, rule.location)

    def _attribute_premise(self, path: str, stated: Stated) -> Premise:
        held = self._held(path, "stated")
        return Premise(path, "attribute", "stated", held, None, stated.value, stated.location)

    def _held(self, id_: str, status: str) -> bool:
        hold = self.scenario.hold
        return status in HELD_BY_DEFAULT if hold is None else status in hold or id_ in hold


def _wanted(role: Role) -> str:
    """What a role looks for, in words: `'electron' (an electron with count: 2)`."""
    what = f"a part named '{role.part}'" if role.part else f"kind '{role.kind}'"
    return f"role '{role.name}' ({what}{f', with count: {role.count}' if role.count else ''})"


def _times(count: Expression, value: Expression) -> Expression:
    return value if count == Number(Fraction(1)) else Product((count, value))


def _over_parts(call: Call) -> bool:
    return any("parts" in name.parts[:1] for name in names(call))


def _names_of(rule: Rule) -> Iterator[Name]:
    for equation in rule.validity:
        yield from names(equation.left)
        yield from names(equation.right)
    match rule.relation:
        case EquationRelation(equations=equations):
            for equation in equations:
                yield from names(equation.left)
                yield from names(equation.right)
        case QuantumRelation(of=of, quantum=quantum, number=number):
            for expression in (of, quantum) if isinstance(number, str) else (of, quantum, number):
                yield from names(expression)
