"""A set of claims → its values, or a proof that it has none.

Claims are consistent where values exist that satisfy every relation, each given value within its rounding
and bound. Standard uncertainties are not used up here: `strain` says afterwards how many of them a
refutation would need.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from checker.adjustment import adjust
from checker.doubts import decide
from checker.grouping import overlapping
from checker.model import Claim, Gives, Requires
from checker.parts import MAX_BOXED, Parts
from checker.propagate import propagate
from checker.refutation import Refutation, Row, gap, holds, is_product, span
from checker.solution import EQUAL, Combination, Number, Residual, Solution, is_zero
from checker.strain import DOUBTFUL, least_shift, least_strain, strain_at_most
from checker.terms import NormalForm, Range, System

MAX_BRANCHES = 64
"""How many combinations of solutions are tried before a set of claims is left undecided."""
MAX_WHOLE = 20
"""How many whole numbers are tried where doubt leaves several."""
CONSTANTS_STRAIN = 100.0
"""χ² up to which the uncertainties of constants alone may account for a disagreement."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a set of claims comes to. `checks` are the claims of rows that hold, `conditions` what else has to
    be met (signs, inequalities that leave room), as the claims behind it; `doubtful` maps claims that could
    not be decided to the reason."""

    solution: Solution
    refutations: tuple[Refutation, ...]
    checks: tuple[frozenset[int], ...]
    conditions: tuple[frozenset[int], ...]
    doubtful: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class Stated:
    """A value of an unknown as a claim states it: between `low` and `high`, with a standard deviation."""

    unknown: int
    low: float
    high: float
    sigma: float


class Oracle:
    """Decides sets of claims of one system."""

    def __init__(self, system: System, claims: Sequence[Claim], held: frozenset[int]) -> None:
        self.system = system
        self.claims = claims
        self.held = held
        self.strains: dict[tuple[frozenset[int], bool], float] = {}
        self.parts = Parts(system, self.claims_of)
        stated = {next(iter(c.rests_on)): i for i, c in enumerate(claims) if len(c.rests_on) == 1}
        self.conditions = {
            index: frozenset(stated[premise] for premise in claim.rests_on if premise != claim.premise)
            for index, claim in enumerate(claims)
            if len(claim.rests_on) > 1
        }
        self.required = {
            index: [relation for relation in claim.relations if isinstance(relation, Requires)]
            for index, claim in enumerate(claims)
            if any(isinstance(relation, Requires) for relation in claim.relations)
        }
        self.given = {i for i, claim in enumerate(claims) if isinstance(claim.relations[0], Gives)}

    def outcome(self, active: Iterable[int]) -> Outcome:
        """Solve the claims `active` (those resting on an absent attribute are left out).

        Where equations have several solutions, claims are refuted only if they are with every one of them.
        """
        chosen = set(active)
        chosen -= {index for index in chosen & self.conditions.keys() if not self.conditions[index] <= chosen}
        return self._proven(chosen, self._propagated(chosen))

    def _propagated(self, chosen: set[int]) -> Outcome:
        """What propagation says, over all solutions that its equations have."""
        tried: list[Outcome] = []
        waiting: list[tuple[int, ...]] = [()]
        while waiting and len(tried) < MAX_BRANCHES:
            choices = waiting.pop()
            outcome = self._outcome(chosen, choices)
            options = outcome.solution.options
            if not outcome.refutations:
                return outcome
            tried.append(outcome)
            for place in range(len(choices), len(options)):
                taken = (*choices, *[0] * (place - len(choices)))
                waiting += [(*taken, other) for other in range(1, options[place])]
        if len(tried) == 1:
            return tried[0]
        if waiting:
            why = dict.fromkeys(chosen, "its equations have too many solutions to try")
            return replace(tried[0], refutations=(), doubtful={**tried[0].doubtful, **why})
        return replace(tried[0], refutations=self._in_every_branch(tried))

    def _in_every_branch(self, tried: list[Outcome]) -> tuple[Refutation, ...]:
        """What is refuted whichever solutions are taken: alike in all branches, or else one refutation of
        each branch together with the claims that make the branches."""
        alike = set.intersection(*({one.claims for one in outcome.refutations} for outcome in tried))
        if alike:
            return tuple(one for one in tried[0].refutations if one.claims in alike)
        smallest = [min(outcome.refutations, key=lambda one: len(one.claims)) for outcome in tried]
        claims: frozenset[int] = frozenset().union(*(one.claims for one in smallest))
        for outcome in tried:
            branching = outcome.solution.branching
            claims |= self.claims_of(outcome.solution.ancestors(branching))
        kind = "bound" if any(one.kind == "bound" for one in smallest) else smallest[0].kind
        return (Refutation(claims, kind, False, False, None),)

    # -------------------------------------------------------- what propagation cannot prove

    def _proven(self, chosen: set[int], outcome: Outcome) -> Outcome:
        """The outcome with each part that is not all products of powers decided by other means as well:
        linear ones exactly, others as boxes of values. Refutations that some values disprove are dropped,
        what was left open is decided, what was overlooked is found."""
        everything = self._equations(chosen)
        if not outcome.doubtful and all(is_product(self.system, index) for index in everything):
            return outcome
        settled = self.parts.settled(everything)
        doubtful = {
            index: why
            for index, why in outcome.doubtful.items()
            if not settled.issuperset(self.system.of_claim.get(index, (-1,)))
        }
        parts = self.parts.curved([index for index in everything if index not in settled])
        apart = self.parts.apart(self._equations(doubtful), parts)
        if not parts and not apart:
            return replace(outcome, doubtful=doubtful)
        refutations = list(outcome.refutations)
        checks, conditions = list(outcome.checks), list(outcome.conditions)
        for equations in [*parts, *apart]:
            claims = self.claims_of(equations)
            inside = [one for one in refutations if one.claims & claims]
            verdict, refutation = self.parts.decided(equations, outcome.solution)
            if refutation is not None:
                if refutation.exact:  # it makes what propagation says of the part needless
                    refutations = [
                        one
                        for one in refutations
                        if one not in inside
                        or (self._is_statistical(one) and one.claims != refutation.claims)
                    ]
                refutations.append(refutation)
            elif not verdict and equations not in apart and not inside:
                checked = frozenset[int]().union(*checks)
                why = "it is not decided whether its equations have a common solution"
                doubtful = {**dict.fromkeys(claims - checked, why), **doubtful}
            elif verdict and equations not in apart:
                kept = [one for one in inside if one.minimal]
                refutations = [one for one in refutations if one not in inside or one in kept]
                if claims & doubtful.keys():
                    doubtful = {index: why for index, why in doubtful.items() if index not in claims}
                    checks += self.parts.overdetermined(equations)
            if any(claims & one.claims for one in refutations):
                conditions.append(claims)  # where one is refuted, another may be hidden
        return replace(
            outcome,
            refutations=tuple(refutations),
            checks=tuple(checks),
            conditions=tuple(conditions),
            doubtful=doubtful,
        )

    def _is_statistical(self, refutation: Refutation) -> bool:
        return refutation.kind == "attribute" or math.isfinite(self.strain(refutation))

    def _outcome(self, chosen: set[int], choices: tuple[int, ...]) -> Outcome:
        of_claim = self.system.of_claim
        equations = [equation for index in sorted(chosen) for equation in of_claim.get(index, ())]
        first = [equation for index in chosen & self.held for equation in of_claim.get(index, ())]
        solution = propagate(self.system, equations, first, choices=choices)
        refutations = self._attribute_refutations(chosen)
        doubtful = {
            index: why
            for opened, why in solution.open.items()
            for index in self.claims_of(solution.ancestors([opened]))
        }
        rows, broken = self._rows(solution, doubtful)
        refutations += broken
        checks: list[frozenset[int]] = []
        doubts = [[*filter(self._doubted, row.slopes), *(-1 - torn for torn in row.torn)] for row in rows]
        for numbers in overlapping(doubts):
            group = [rows[number] for number in numbers]
            refuted, satisfiable = decide(self.system, group, doubtful)
            refutations += refuted
            checks += [
                row.claims
                for row in satisfiable
                if not row.torn and (not doubtful or not row.claims <= doubtful.keys())
            ]
        conditions = []
        for numbers in overlapping(doubts):
            if any(rows[number].torn for number in numbers):
                conditions.append(frozenset().union(*(rows[number].claims for number in numbers)))
        conditions += [self.claims_of(solution.ancestors([index])) for index in solution.differences]
        return Outcome(solution, tuple(refutations), tuple(checks), tuple(conditions), doubtful)

    def _support(
        self, multipliers: Mapping[int, Number], residual: Residual, solution: Solution
    ) -> frozenset[int]:
        """The claims that a row rests on: those in its certificate where all its equations are products. In
        other equations a slope may vanish where the dependence does not, so there it is all that was used."""
        if all(is_product(self.system, index) for index in multipliers):
            return self.claims_of(multipliers)
        used = set(multipliers) | residual.multipliers.keys()
        if residual.whole is not None:
            used |= solution.source(residual.whole)
        return self.claims_of(solution.ancestors(used))

    def _is_function(self, equation: int) -> bool:
        found = self.system.equations[equation]
        return isinstance(found, NormalForm) and found.function is not None

    def _equations(self, claims: Iterable[int]) -> list[int]:
        return [index for claim in claims for index in self.system.of_claim.get(claim, ())]

    # -------------------------------------------------------- attributes

    def _attribute_refutations(self, chosen: set[int]) -> list[Refutation]:
        seen: dict[tuple[str, str], dict[str, int]] = {}
        found = []
        for index in sorted(chosen & self.required.keys()):
            for relation in self.required[index]:
                values = seen.setdefault((relation.entity, relation.attribute), {})
                for value, other in values.items():
                    if value != relation.value:
                        pair = self.with_conditions({index, other})
                        found.append(Refutation(pair, "attribute", len(pair) == 2, True, None))
                values.setdefault(relation.value, index)
        return found

    # -------------------------------------------------------- residuals

    def _rows(self, solution: Solution, doubtful: dict[int, str]) -> tuple[list[Row], list[Refutation]]:
        rows, broken = [], []
        for residual in solution.residuals:
            if math.isinf(residual.value) and not holds(residual.value, residual.relation):
                used = solution.ancestors(residual.multipliers)
                claims = self.claims_of(used)
                unsolved = residual.relation == "sign" and any(map(self._is_function, used))
                if unsolved or any(equation in self.system.in_doubt for equation in used):
                    doubtful.update(dict.fromkeys(claims, "it is left open whether it has a solution"))
                    continue
                kind = "value" if residual.relation == "=" else "bound"
                broken.append(Refutation(claims, kind, False, False, None))
                continue
            combination = solution.combination(residual)
            row = self._row(residual, combination, solution)
            if row is not None and not (is_zero(row.value) and not row.multipliers):
                rows.append(row)
        return rows, broken

    def _row(self, residual: Residual, combination: Combination, solution: Solution) -> Row | None:
        slopes = {atom: float(slope) for atom, slope in combination.atoms.items()}
        value, relation, others = residual.value, residual.relation, list[float]()
        if relation == "in":
            return self._range_row(residual, combination, slopes, solution)
        if relation == "whole":
            low, high = span(slopes, self.system)
            assert residual.whole is not None
            known = solution.value(residual.whole)
            assert known is not None
            if known.log > 36:
                return None  # beyond 2^52 every double is a whole number
            size = math.exp(known.log)
            first = max(1, math.ceil(size * math.exp(low) * (1 - EQUAL)))
            last = math.floor(size * math.exp(high) * (1 + EQUAL))
            if last - first >= MAX_WHOLE:
                return None  # too many whole numbers would do to say anything
            targets = range(first, last + 1) if first <= last else [residual.target or 1]
            value, *others = [known.log - math.log(target) for target in targets]
            relation = "="
        torn = {unknown: float(slope) for unknown, slope in combination.torn.items()}
        multipliers = combination.multipliers
        claims = self._support(multipliers, residual, solution)
        remainder = combination.remainder
        blur = combination.blur
        if abs(value) <= blur and relation == "=":
            value = 0.0  # as far as double precision can tell
        return Row(
            value, slopes, torn, relation, remainder, multipliers, residual, claims, tuple(others), blur
        )

    def _range_row(
        self, residual: Residual, combination: Combination, slopes: dict[int, float], solution: Solution
    ) -> Row | None:
        """A bound near zero, in logarithms at the end that is nearest; None where it holds anyway."""
        (index,) = residual.multipliers
        bounds = self.system.equations[index]
        assert isinstance(bounds, Range)
        claims = self._support(combination.multipliers, residual, solution)
        number = solution.number(bounds.unknown)
        if number is None or bounds.low <= number <= bounds.high:
            return Row(0.0, {}, {}, "=", 0.0, combination.multipliers, residual, claims)
        end = bounds.high if number > bounds.high else bounds.low
        if end * number <= 0:
            value, relation = math.inf, "<="
        elif abs(number) > abs(end):
            value, relation = math.log(number / end), "<="
        else:
            value, relation = math.log(number / end), ">="
        return Row(value, slopes, {}, relation, 0.0, combination.multipliers, residual, claims)

    def stated(self, claim: int) -> Stated | None:
        """The value that a claim states, if it states a number and nothing else."""
        equations = self.system.of_claim.get(claim, ())
        if claim not in self.given or claim in self.conditions or len(equations) != 1:
            return None
        equation = self.system.equations[equations[0]]
        if isinstance(equation, Range):
            return Stated(equation.unknown, equation.low, equation.high, equation.sigma)
        own = [group for group in equation.groups if group.unknowns]
        if len(own) != 1 or equation.relation != "=":
            return None
        ((unknown, power), *others), ((factor, named), *more) = own[0].unknowns, own[0].coefficient
        if others or more or named or (power, factor) != (1, 1):
            return None
        numbers = [member for group in equation.groups if not group.unknowns for member in group.coefficient]
        if not numbers:
            return Stated(unknown, 0.0, 0.0, 0.0)
        ((negative, atoms), *more) = numbers
        if more or len(atoms) != 1 or atoms[0][1] != 1:
            return None
        atom = self.system.atoms[-1 - atoms[0][0]]
        if atom.name is not None:
            return None  # others may share its doubt
        size = -float(negative) * float(atom.number)
        low, high = sorted((size * math.exp(atom.low), size * math.exp(atom.high)))
        return Stated(unknown, low, high, abs(size) * atom.sigma)

    def is_uncertain(self, claim: int) -> bool:
        """Whether a value in a claim has a standard deviation."""
        return any(map(self.system.is_uncertain, self.system.of_claim.get(claim, ())))

    def in_series(self, claims: Collection[int]) -> dict[int, int]:
        """Claims between which an unknown stands that no other of these claims knows, each mapped to the
        first of its series: a conflict has all of a series or none, as without one the others say nothing."""
        using: dict[int, set[int]] = {}
        for claim in claims:
            for index in self.system.of_claim.get(claim, ()):
                for unknown in self.system.unknowns[index]:
                    using.setdefault(unknown, set()).add(claim)
        pairs = [tuple(pair) for unknown, pair in using.items() if self._is_link(unknown, pair)]
        found: dict[int, int] = {}
        for numbers in overlapping(pairs):
            inside = sorted({claim for number in numbers for claim in pairs[number]})
            found |= dict.fromkeys(inside, inside[0])
        return found

    def _is_link(self, unknown: int, pair: Collection[int]) -> bool:
        """Whether each of two claims is one equation, which the unknown satisfies whatever the rest is."""
        if len(pair) != 2 or unknown in self.system.whole:
            return False
        equations = [self.system.of_claim[claim] for claim in pair]
        return all(
            len(one) == 1 and (is_product(self.system, one[0]) or self.parts.settles(unknown, one[0]))
            for one in equations
        )

    def terms(self, claims: Iterable[int]) -> int:
        """How many terms the equations of some claims have, a measure of the work to solve them."""
        equations = (index for claim in claims for index in self.system.of_claim.get(claim, ()))
        return sum(len(self.system.unknowns[index]) + 1 for index in equations)

    def claims_of(self, equations: Iterable[int]) -> frozenset[int]:
        """The claims that these equations belong to, with the conditions they rest on."""
        return self.with_conditions({self.system.equations[index].claim for index in equations})

    def tied(self, claims: Iterable[int]) -> dict[int, frozenset[int]]:
        """For each unknown that some claims speak of, those of them that unknowns tie to it."""
        numbers = sorted(claims)
        unknowns = [
            [u for e in self._equations([number]) for u in self.system.unknowns[e]] for number in numbers
        ]
        found: dict[int, frozenset[int]] = {}
        for group in overlapping(unknowns):
            inside = frozenset(numbers[position] for position in group)
            found |= dict.fromkeys((u for position in group for u in unknowns[position]), inside)
        return found

    def with_conditions(self, claims: Collection[int]) -> frozenset[int]:
        """Some claims with the stated attributes that they rest on."""
        return frozenset(claims).union(*(self.conditions.get(index, ()) for index in claims))

    def _doubted(self, atom: int) -> bool:
        return bool(self.system.atoms[atom].low or self.system.atoms[atom].high)

    # -------------------------------------------------------- standard uncertainties

    def strain(self, refutation: Refutation) -> float:
        """χ²: the least Σ(shift/σ)² that makes the refuted claims possible; ∞ where no shift of measured
        values can.

        Constants alone never make a disagreement statistical: one beyond their uncertainty is a plain one.
        """
        if refutation.kind == "attribute":
            return math.inf
        key = refutation.claims, refutation.row is None
        if key not in self.strains:
            self.strains[key] = self._strain(refutation)
        return self.strains[key]

    def _strain(self, refutation: Refutation) -> float:
        equations = [e for index in refutation.claims for e in self.system.of_claim.get(index, ())]
        stated = any(self.system.is_uncertain(index) for index in equations)
        row = refutation.row
        if (
            all(is_product(self.system, index) for index in equations)
            and row is not None
            and not math.isinf(row.value)
            and not (row.joint and refutation.kind == "quantum")
        ):
            found = min(self._shifted(row, value) for value in self._nearest_values(row))
        else:
            near = self.nominal(refutation.claims)
            looked_for = stated and len(equations) <= MAX_BOXED
            found = least_strain(self.system, equations, near) if looked_for else math.inf
            adjusted = adjust(self.system, equations, near) if found > DOUBTFUL else None
            if adjusted is not None and adjusted.firm:
                found = min(found, adjusted.chi2)
        return found if stated or found <= CONSTANTS_STRAIN else math.inf

    def joint_strain(self, claims: Collection[int]) -> float:
        """χ² of all claims together, or more; ∞ where it is not found."""
        equations = self._equations(claims)
        settled = self.parts.settled(equations)
        left = [index for index in equations if index not in settled]
        return strain_at_most(self.system, left, self.nominal(claims)) if len(left) <= MAX_BOXED else math.inf

    def _shifted(self, row: Row, value: float) -> float:
        """χ² with which a condition between products is met, `value` being what it leaves over."""
        low, high = span(row.slopes, self.system)
        missing = gap(value + low, value + high, row.relation)
        pulls = []
        for atom, slope in row.slopes.items():
            if (doubt := self.system.atoms[atom]).sigma and not is_zero(slope):
                # shifts start where the bound ends, and are measured against the value as stated
                end = doubt.low if (slope > 0) == (missing > 0) else doubt.high
                pulls.append((slope, doubt.sigma * math.exp(-end)))
        return least_shift(missing, pulls) if pulls else math.inf

    def _nearest_values(self, row: Row) -> list[float]:
        """What a condition leaves over: against the whole numbers below and above, where one is needed."""
        residual = row.residual
        if residual.relation != "whole":
            return [row.value]
        assert residual.target is not None
        low, high = span(row.slopes, self.system)
        log = residual.value + math.log(residual.target)
        below, above = math.floor(math.exp(log + low)), math.ceil(math.exp(log + high))
        return [log - math.log(number) for number in (below, above) if number >= 1]

    def nominal(self, claims: Iterable[int]) -> dict[int, float]:
        """The values that some claims give where nothing is in doubt."""
        equations = [e for index in sorted(claims) for e in self.system.of_claim.get(index, ())]
        solution = propagate(self.system, equations)
        unknowns = {unknown for index in equations for unknown in self.system.unknowns[index]}
        numbers = {unknown: solution.number(unknown) for unknown in unknowns}
        return {unknown: number for unknown, number in numbers.items() if number is not None}
