"""A set of claims → its values, or a proof that it has none.

Claims are consistent where values exist that satisfy every relation, each given value within its rounding
and bound. Standard uncertainties are not used up here: `strain` says afterwards how many of them a
refutation would need.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from math import prod
from operator import itemgetter

from checker import polyhedron, structure
from checker.boxes import decide
from checker.farkas import infeasible
from checker.grouping import overlapping
from checker.model import Claim, Gives, Requires
from checker.propagate import EQUAL, propagate
from checker.solution import Combination, Number, Residual, Solution, is_zero
from checker.strain import least_shift, least_strain
from checker.terms import NormalForm, Range, System

WIDEST = 250.0
"""No undetermined quantity is further from 1 in coherent SI units than e to this power."""
STRICT = 1e-6
"""By how much, relatively, an undetermined quantity must be less than another to be less at all."""
MAX_BRANCHES = 64
"""How many combinations of solutions are tried before a set of claims is left undecided."""
MAX_BOXED = 60
"""How many equations of a connected part are looked at as boxes."""
MAX_WHOLE = 20
"""How many whole numbers are tried where doubt leaves several."""
CONSTANTS_STRAIN = 100.0
"""χ² up to which the uncertainties of constants alone may account for a disagreement."""


@dataclass(frozen=True, slots=True)
class Row:
    """A residual as a condition on doubts: value + Σ slope·doubt `relation` 0, and where it comes from. In an
    inequality, logarithms of undetermined unknowns may stand as well: `torn` with their slopes. Where
    several whole numbers would do, `others` are the values against those after the first. `claims` are those
    it rests on, `blur` is what rounding may have changed in it."""

    value: float
    slopes: Mapping[int, float]
    torn: Mapping[int, float]
    relation: str
    remainder: float
    multipliers: Mapping[int, Number]
    residual: Residual
    claims: frozenset[int]
    others: tuple[float, ...] = ()
    blur: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Refutation:
    """Claims that cannot hold together. `kind` is value, quantum, bound or attribute. `minimal` tells that
    leaving any one out is known to mend it; `exact` that it rests on exact arithmetic alone.
    `row` is the impossible condition where there is a single one."""

    claims: frozenset[int]
    kind: str
    minimal: bool
    exact: bool
    row: Row | None


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


class Oracle:
    """Decides sets of claims of one system."""

    def __init__(self, system: System, claims: Sequence[Claim], held: frozenset[int]) -> None:
        self.system = system
        self.claims = claims
        self.held = held
        self.strains: dict[Refutation, float] = {}
        self.verdicts: dict[frozenset[int], tuple[bool, Refutation | None]] = {}
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
        parts = self._curved(chosen)
        apart = self._apart(outcome.doubtful, parts)
        if not parts and not apart:
            return outcome
        doubtful = dict(outcome.doubtful)
        refutations = list(outcome.refutations)
        checks, conditions = list(outcome.checks), list(outcome.conditions)
        for equations in [*parts, *apart]:
            claims = self.claims_of(equations)
            inside = [one for one in refutations if one.claims & claims]
            verdict, refutation = self._decided(equations, outcome.solution)
            if refutation is not None:
                if refutation.exact:  # it makes what propagation says of the part needless
                    refutations = [
                        one for one in refutations if one not in inside or self._is_statistical(one)
                    ]
                refutations.append(refutation)
            elif verdict and equations not in apart:
                kept = [one for one in inside if one.minimal]
                refutations = [one for one in refutations if one not in inside or one in kept]
                if claims & doubtful.keys():
                    doubtful = {index: why for index, why in doubtful.items() if index not in claims}
                    checks += self._overdetermined(equations)
            if any(claims & one.claims for one in refutations):
                conditions.append(claims)  # where one is refuted, another may be hidden
        return replace(
            outcome,
            refutations=tuple(refutations),
            checks=tuple(checks),
            conditions=tuple(conditions),
            doubtful=doubtful,
        )

    def _decided(self, equations: frozenset[int], solution: Solution) -> tuple[bool, Refutation | None]:
        """Whether the equations of a part are known to have a common solution, or why they have none."""
        if equations not in self.verdicts:
            self.verdicts[equations] = self._decide_part(equations, solution)
        return self.verdicts[equations]

    def _decide_part(self, equations: frozenset[int], solution: Solution) -> tuple[bool, Refutation | None]:
        linear = polyhedron.decide(self.system, equations)
        if linear is not None:
            if linear.feasible:
                return True, None
            kind = "bound" if linear.needs_signs else self._kind(linear.equations)
            claims = self.claims_of(linear.equations)
            single = all(len(self.system.of_claim.get(index, ())) == 1 for index in claims)
            return False, Refutation(claims, kind, single and linear.minimal, True, None)
        unknowns = {unknown for index in equations for unknown in self.system.unknowns[index]}
        numbers = {unknown: solution.number(unknown) for unknown in unknowns}
        near = {unknown: number for unknown, number in numbers.items() if number is not None}
        verdict = decide(self.system, equations, near)
        if verdict.empty is None:
            return verdict.point is not None, None
        kind = self._kind(verdict.empty)
        if kind == "value" and decide(self.system, verdict.empty, signed=False).empty is None:
            kind = "bound"  # it needs the signs
        return False, Refutation(self.claims_of(verdict.empty), kind, False, False, None)

    def _is_statistical(self, refutation: Refutation) -> bool:
        return refutation.kind == "attribute" or math.isfinite(self.strain(refutation))

    def _curved(self, chosen: set[int]) -> list[frozenset[int]]:
        """The connected parts of the equations, none too large, in which not all are products of powers."""
        equations = [e for index in chosen for e in self.system.of_claim.get(index, ())]
        if all(map(self._is_product, equations)):
            return []
        return [part for part in self._parts(self._peeled(equations)) if not all(map(self._is_product, part))]

    def _peeled(self, equations: list[int]) -> list[int]:
        """The equations without products that an unknown of their own satisfies whatever the rest is."""
        using: dict[int, set[int]] = {}
        for index in equations:
            for unknown in self.system.unknowns[index]:
                using.setdefault(unknown, set()).add(index)
        waiting = [unknown for unknown, inside in using.items() if len(inside) == 1]
        peeled: set[int] = set()
        while waiting:
            unknown = waiting.pop()
            if len(using[unknown]) != 1 or unknown in self.system.whole:
                continue
            (index,) = using[unknown]
            if not self._is_product(index):
                continue
            peeled.add(index)
            for other in self.system.unknowns[index]:
                using[other].discard(index)
                if len(using[other]) == 1:
                    waiting.append(other)
        return [index for index in equations if index not in peeled]

    def _apart(self, doubtful: Iterable[int], curved: list[frozenset[int]]) -> list[frozenset[int]]:
        """The same for claims left open in parts that are too large as a whole."""
        looked_at = frozenset[int]().union(*curved)
        equations = [e for index in doubtful for e in self.system.of_claim.get(index, ())]
        return self._parts([index for index in equations if index not in looked_at])

    def _parts(self, equations: list[int]) -> list[frozenset[int]]:
        tied = [[*self.system.unknowns[index], *self.system.doubts[index]] for index in equations]
        parts = (frozenset(equations[number] for number in group) for group in overlapping(tied))
        return [part for part in parts if len(part) <= MAX_BOXED]

    def _overdetermined(self, equations: frozenset[int]) -> list[frozenset[int]]:
        """The claims of those among satisfiable equations that check each other, if there are any."""
        over = structure.parts({index: self.system.unknowns[index] for index in equations}).over
        return [self.claims_of(over)] if over else []

    def _kind(self, equations: Iterable[int]) -> str:
        """What a proof from these equations needs: whole numbers, inequalities, or values alone."""
        equations = list(equations)
        if any(
            unknown in self.system.whole for index in equations for unknown in self.system.unknowns[index]
        ):
            return "quantum"
        return "bound" if any(self.system.is_inequality(index) for index in equations) else "value"

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
            refuted, satisfiable = self._decide_whole(group, doubtful)
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
        if all(self._is_product(index) for index in multipliers):
            return self.claims_of(multipliers)
        used = set(multipliers) | residual.multipliers.keys()
        if residual.whole is not None:
            used |= solution.source(residual.whole)
        return self.claims_of(solution.ancestors(used))

    def _is_function(self, equation: int) -> bool:
        found = self.system.equations[equation]
        return isinstance(found, NormalForm) and found.function is not None

    def _is_product(self, equation: int) -> bool:
        found = self.system.equations[equation]
        return isinstance(found, NormalForm) and found.row is not None

    # -------------------------------------------------------- attributes

    def _attribute_refutations(self, chosen: set[int]) -> list[Refutation]:
        seen: dict[tuple[str, str], dict[str, int]] = {}
        found = []
        for index in sorted(chosen & self.required.keys()):
            for relation in self.required[index]:
                values = seen.setdefault((relation.entity, relation.attribute), {})
                for value, other in values.items():
                    if value != relation.value:
                        pair = self._with_conditions({index, other})
                        found.append(Refutation(pair, "attribute", len(pair) == 2, True, None))
                values.setdefault(relation.value, index)
        return found

    # -------------------------------------------------------- residuals

    def _rows(self, solution: Solution, doubtful: dict[int, str]) -> tuple[list[Row], list[Refutation]]:
        rows, broken = [], []
        for residual in solution.residuals:
            if math.isinf(residual.value) and not _holds(residual.value, residual.relation):
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
            low, high = _span(slopes, self.system)
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

    def _decide_whole(self, rows: list[Row], doubtful: dict[int, str]) -> tuple[list[Refutation], list[Row]]:
        """`_decide` for the first combination of whole numbers that works out, if any does."""
        numbers = [(row.value, *row.others) for row in rows]
        if prod(len(one) for one in numbers) > MAX_BRANCHES:
            return self._decide([row for row in rows if not row.others], doubtful)
        tried = []
        for values in product(*numbers):
            refuted, satisfiable = self._decide(
                [replace(row, value=value, others=()) for row, value in zip(rows, values, strict=True)],
                doubtful,
            )
            if not refuted:
                return refuted, satisfiable
            tried.append(refuted[0])
        if len(tried) == 1:
            return refuted, satisfiable
        claims = frozenset().union(*(one.claims for one in tried), *(r.claims for r in rows if r.others))
        return [Refutation(claims, "quantum", False, False, None)], satisfiable

    def _decide(self, rows: list[Row], doubtful: dict[int, str]) -> tuple[list[Refutation], list[Row]]:
        """The rows that no doubts within their bounds satisfy, refuted, and the others; where each alone can
        be satisfied, whether all can together."""
        refuted = [row for row in rows if not self._satisfiable(row, doubtful)]
        others = [row for row in rows if row not in refuted]
        if refuted:
            return [self._refutation(row) for row in refuted], others
        if (none := self._no_whole_number(rows)) is not None:
            return [none], others
        alone = len(rows) < 2 or all(_holds(row.value, row.relation) for row in rows)
        if alone and not any(row.torn for row in rows):
            return [], rows
        together = self._decide_together(rows)
        if together is None and any(row.remainder for row in rows):
            # taken as straight, the rows can all be met; bent as they are, perhaps not
            for row in rows:
                doubtful.update(dict.fromkeys(row.claims, "several doubts act on it together"))
        return [] if together is None else [together], rows

    def _no_whole_number(self, rows: list[Row]) -> Refutation | None:
        """Conditions between which no whole number lies: each on the logarithm of one unknown alone."""
        ends: dict[int, tuple[list[tuple[float, Row]], list[tuple[float, Row]]]] = {}
        for row in rows:
            if len(row.torn) != 1 or row.remainder or row.relation == "=":
                continue
            ((unknown, slope),) = row.torn.items()
            if unknown not in self.system.whole:
                continue
            below = (row.relation[0] == "<") == (slope > 0)
            low, high = _span(row.slopes, self.system)
            margin = -2 * EQUAL if len(row.relation) == 1 else EQUAL
            least = (row.value + (low if row.relation[0] == "<" else high)) / -slope
            end = least + margin if below else least - margin
            ends.setdefault(unknown, ([], []))[below].append((end, row))
        for lower, upper in ends.values():
            if not lower or not upper:
                continue
            (low_end, one), (high_end, other) = max(lower, key=itemgetter(0)), min(upper, key=itemgetter(0))
            if high_end < 36 and math.ceil(math.exp(low_end)) > math.exp(high_end):
                return Refutation(one.claims | other.claims, "quantum", False, False, None)
        return None

    def _satisfiable(self, row: Row, doubtful: dict[int, str]) -> bool:
        if row.torn or _holds(row.value, row.relation):  # the nominal values lie within every bound
            return True
        low, high = _span(row.slopes, self.system)
        low, high = row.value + low - EQUAL - row.blur, row.value + high + EQUAL + row.blur
        if not _possible(low - row.remainder, high + row.remainder, row.relation):
            return False
        if _possible(low + row.remainder, high - row.remainder, row.relation):
            return True
        possible = self._possible_at_corner(row)
        if possible is None:
            doubtful.update(dict.fromkeys(row.claims, "its doubts are too large to decide it"))
        return possible is not False

    def _possible_at_corner(self, row: Row) -> bool | None:
        """Whether the doubts at the ends that bring a row nearest to holding make it hold.

        Where they do, values in between satisfy it exactly. Where they do not, and the row changes in the
        same direction with every doubt there as at the nominal values, none do. None: it cannot be said.
        """
        up = row.value < 0
        ends = {
            atom: self.system.atoms[atom].high if (slope > 0) == up else self.system.atoms[atom].low
            for atom, slope in row.slopes.items()
        }
        equations = [e for index in sorted(row.claims) for e in self.system.of_claim.get(index, ())]
        solution = propagate(self.system, equations, shifts=ends)
        for residual in solution.residuals:
            if (
                residual.multipliers.keys() == row.residual.multipliers.keys()
                and residual.whole == row.residual.whole
                and residual.relation == row.residual.relation
            ):
                if row.residual.relation in ("in", "whole") or math.isinf(residual.value):
                    return None
                if _holds(residual.value, row.relation) or residual.value * row.value < 0:
                    return True
                slopes = solution.combination(residual).atoms
                same = all(float(slopes.get(atom, 0)) * slope > 0 for atom, slope in row.slopes.items())
                return False if same else None
        return None

    def _decide_together(self, rows: list[Row]) -> Refutation | None:
        atoms = sorted({atom for row in rows for atom in row.slopes if self._doubted(atom)})
        torn = sorted({unknown for row in rows for unknown in row.torn})
        signs = [-1.0 if row.relation.startswith(">") else 1.0 for row in rows]
        matrix = [
            [s * row.slopes.get(atom, 0.0) for atom in atoms] + [s * row.torn.get(one, 0.0) for one in torn]
            for s, row in zip(signs, rows, strict=True)
        ]
        strict = [STRICT if row.relation in ("<", ">") and row.torn else 0.0 for row in rows]
        right = [-s * row.value - less for s, row, less in zip(signs, rows, strict, strict=True)]
        low = [self.system.atoms[atom].low for atom in atoms]
        low += [0.0 if one in self.system.whole else -WIDEST for one in torn]
        high = [self.system.atoms[atom].high for atom in atoms] + [WIDEST] * len(torn)
        equal = [row.relation == "=" for row in rows]
        weights = infeasible(matrix, equal, right, low, high)
        if weights is None:
            return None
        multipliers: dict[int, Number] = {}
        value, slopes, least = 0.0, dict[int, float](), 0.0
        for column in range(len(atoms), len(atoms) + len(torn)):
            slope = sum(weight * line[column] for weight, line in zip(weights, matrix, strict=True))
            least += min(slope * low[column], slope * WIDEST) if abs(slope) > 1e-9 else 0.0
        for weight, sign, row in zip(weights, signs, rows, strict=True):
            value += weight * sign * row.value
            for atom, slope in row.slopes.items():
                slopes[atom] = slopes.get(atom, 0.0) + weight * sign * slope
            for index, times in row.multipliers.items():
                multipliers[index] = multipliers.get(index, 0) + weight * sign * float(times)
        span = _span(slopes, self.system)
        remainder = sum(abs(w) * row.remainder for w, row in zip(weights, rows, strict=True))
        margin = sum(abs(weight) * less for weight, less in zip(weights, strict, strict=True))
        if value + span[0] + least + margin - remainder <= EQUAL:
            return None
        used = {index: times for index, times in multipliers.items() if not is_zero(times)}
        relation = "=" if all(row.relation == "=" for row in rows) else "<="
        claims = frozenset().union(*(r.claims for w, r in zip(weights, rows, strict=True) if not is_zero(w)))
        combined = Row(
            value + least + margin, slopes, {}, relation, remainder, used, rows[0].residual, claims
        )
        return self._refutation(combined, alone=False)

    def _refutation(self, row: Row, alone: bool = True) -> Refutation:
        equations = [e for index in row.claims for e in self.system.of_claim.get(index, ())]
        kind = self._kind(equations)
        rational = not any(isinstance(times, float) for times in row.multipliers.values())
        products = all(self._is_product(index) for index in row.multipliers)
        single = all(len(self.system.of_claim.get(index, ())) == 1 for index in row.claims)
        minimal = alone and products and rational and single and kind != "quantum"
        return Refutation(row.claims, kind, minimal, (rational and products) or row.residual.exact, row)

    def terms(self, claims: Iterable[int]) -> int:
        """How many terms the equations of some claims have, a measure of the work to solve them."""
        equations = (index for claim in claims for index in self.system.of_claim.get(claim, ()))
        return sum(len(self.system.unknowns[index]) + 1 for index in equations)

    def claims_of(self, equations: Iterable[int]) -> frozenset[int]:
        """The claims that these equations belong to, with the conditions they rest on."""
        return self._with_conditions({self.system.equations[index].claim for index in equations})

    def _with_conditions(self, claims: set[int]) -> frozenset[int]:
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
        if refutation not in self.strains:
            self.strains[refutation] = self._strain(refutation)
        return self.strains[refutation]

    def _strain(self, refutation: Refutation) -> float:
        equations = [e for index in refutation.claims for e in self.system.of_claim.get(index, ())]
        stated = any(self.system.is_uncertain(index) for index in equations)
        row = refutation.row
        if all(map(self._is_product, equations)) and row is not None and not math.isinf(row.value):
            low, high = _span(row.slopes, self.system)
            pulls = [
                (slope, self.system.atoms[atom].sigma)
                for atom, slope in row.slopes.items()
                if self.system.atoms[atom].sigma and not is_zero(slope)
            ]
            found = least_shift(_gap(row.value + low, row.value + high, row.relation), pulls)
        elif stated and len(equations) <= MAX_BOXED:
            found = least_strain(self.system, equations, self.nominal(refutation.claims))
        else:
            found = math.inf
        return found if stated or found <= CONSTANTS_STRAIN else math.inf

    def nominal(self, claims: Iterable[int]) -> dict[int, float]:
        """The values that some claims give where nothing is in doubt."""
        equations = [e for index in sorted(claims) for e in self.system.of_claim.get(index, ())]
        solution = propagate(self.system, equations)
        unknowns = {unknown for index in equations for unknown in self.system.unknowns[index]}
        numbers = {unknown: solution.number(unknown) for unknown in unknowns}
        return {unknown: number for unknown, number in numbers.items() if number is not None}


def _span(slopes: Mapping[int, float], system: System) -> tuple[float, float]:
    """How far rounding and bounds let Σ slope·doubt lie below and above zero."""
    low = high = 0.0
    for atom, slope in slopes.items():
        ends = slope * system.atoms[atom].low, slope * system.atoms[atom].high
        low += min(ends)
        high += max(ends)
    return low, high


def _possible(low: float, high: float, relation: str) -> bool:
    """Whether some value in [low, high] stands in `relation` to zero."""
    if relation == "=":
        return low <= 0 <= high
    if relation in ("<", ">"):  # `low` and `high` are already widened by EQUAL
        return low < -2 * EQUAL if relation == "<" else high > 2 * EQUAL
    return low <= 0 if relation == "<=" else high >= 0


def _gap(low: float, high: float, relation: str) -> float:
    """What is missing, with its sign, for [low, high] to meet the relation."""
    if low > 0 and not relation.startswith(">"):
        return low
    if high < 0 and not relation.startswith("<"):
        return high
    return 0.0


def _holds(value: float, relation: str) -> bool:
    if relation in ("=", "sign"):
        return abs(value) <= EQUAL
    if relation == "<":
        return value < -EQUAL
    if relation == ">":
        return value > EQUAL
    return value <= EQUAL if relation == "<=" else value >= -EQUAL
