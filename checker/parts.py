"""Connected equations that are not all products → a common solution, or why there is none.

Where propagation goes from one unknown to the next, here all equations of a part are looked at together:
linear ones exactly, others as boxes of values.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from checker import polyhedron, structure
from checker.boxes import decide
from checker.grouping import overlapping
from checker.refutation import Refutation, is_product, kind_of
from checker.solution import Solution
from checker.terms import NormalForm, System

MAX_BOXED = 60
"""How many equations of a connected part are looked at together."""

Part = frozenset[int]


class Parts:
    """The parts of sets of equations of one system. `claims_of` tells the claims that equations stand for."""

    def __init__(self, system: System, claims_of: Callable[[Iterable[int]], frozenset[int]]) -> None:
        self.system = system
        self.claims_of = claims_of
        self.verdicts: dict[Part, tuple[bool, Refutation | None]] = {}

    def curved(self, equations: list[int]) -> list[frozenset[int]]:
        """The connected parts of the equations, none too large, in which not all are products of powers."""
        if all(map(self._is_product, equations)):
            return []
        return [part for part in self._parts(equations) if not all(map(self._is_product, part))]

    def settled(self, equations: list[int]) -> set[int]:
        """The equations that an unknown of their own satisfies, whatever the rest is."""
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
            if not self._is_product(index) and not self.settles(unknown, index):
                continue
            peeled.add(index)
            for other in self.system.unknowns[index]:
                using[other].discard(index)
                if len(using[other]) == 1:
                    waiting.append(other)
        return peeled

    def settles(self, unknown: int, index: int) -> bool:
        """Whether an unknown can make up for whatever the rest of a sum is: it may have any sign, or stands
        against terms that are all positive."""
        equation, positive = self.system.equations[index], self.system.positive
        if not isinstance(equation, NormalForm) or equation.function:
            return False
        own = [group for group in equation.groups if any(one == unknown for one, _ in group.unknowns)]
        if len(own) != 1 or own[0].unknowns != ((unknown, 1),) or len(own[0].coefficient) != 1:
            return False
        if not self.system.nonnegative[unknown]:
            return True
        sign = own[0].coefficient[0][0] > 0
        others = [group for group in equation.groups if group is not own[0]]
        against = all((factor > 0) != sign for group in others for factor, _ in group.coefficient)
        certain = all(positive[one] for group in others for one, _ in group.unknowns)
        return bool(others) and against and certain and equation.relation == "="

    def apart(self, equations: Iterable[int], curved: list[frozenset[int]]) -> list[frozenset[int]]:
        """The same for claims left open in parts that are too large as a whole."""
        looked_at = frozenset[int]().union(*curved)
        return self._parts([index for index in equations if index not in looked_at])

    def _parts(self, equations: list[int]) -> list[frozenset[int]]:
        tied = [[*self.system.unknowns[index], *self.system.doubts[index]] for index in equations]
        parts = (frozenset(equations[number] for number in group) for group in overlapping(tied))
        return [part for part in parts if len(part) <= MAX_BOXED]

    def overdetermined(self, equations: frozenset[int]) -> list[frozenset[int]]:
        """The claims of those among satisfiable equations that check each other, if there are any."""
        over = structure.parts({index: self.system.unknowns[index] for index in equations}).over
        return [self.claims_of(over)] if over else []

    def decided(self, equations: frozenset[int], solution: Solution) -> tuple[bool, Refutation | None]:
        """Whether the equations of a part are known to have a common solution, or why they have none."""
        if equations not in self.verdicts:
            self.verdicts[equations] = self._decide_part(equations, solution)
        return self.verdicts[equations]

    def _decide_part(self, equations: frozenset[int], solution: Solution) -> tuple[bool, Refutation | None]:
        linear = polyhedron.decide(self.system, equations)
        if linear is not None:
            if linear.feasible:
                return True, None
            kind = "bound" if linear.needs_signs else kind_of(self.system, linear.equations)
            claims = self.claims_of(linear.equations)
            single = all(len(self.system.of_claim.get(index, ())) == 1 for index in claims)
            return False, Refutation(claims, kind, single and linear.minimal, True, None)
        unknowns = {unknown for index in equations for unknown in self.system.unknowns[index]}
        numbers = {unknown: solution.number(unknown) for unknown in unknowns}
        near = {unknown: number for unknown, number in numbers.items() if number is not None}
        verdict = decide(self.system, equations, near)
        if verdict.empty is None:
            return verdict.point is not None, None
        kind = kind_of(self.system, verdict.empty)
        if kind == "value" and decide(self.system, verdict.empty, signed=False).empty is None:
            kind = "bound"  # it needs the signs
        return False, Refutation(self.claims_of(verdict.empty), kind, False, False, None)

    def _is_product(self, equation: int) -> bool:
        return is_product(self.system, equation)
